"""Trains the models of scikit-learn and of Lanewise alike and prints what they get wrong on the same rows to test with.

    apt-get install python3-sklearn dataset-fashion-mnist
    /usr/bin/python3 peers/sklearn_compare.py
    /usr/bin/python3 peers/sklearn_compare.py iris digits --seeds 30

docs/accuracy.md says what corresponds to what. The commands of Lanewise go to stderr.
"""
import argparse
import gzip
import json
import math
import os
import shlex
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FASHION = Path("/usr/share/datasets/fashion-mnist")

# Of each data set: the penalty of logistic regression, and the network: hidden units, rows a batch, learning rate, epochs.
RECIPES = {
    "mnist": (1e-3, (100, 200, 0.05, 10)),
    "fashion": (1e-3, (100, 200, 0.05, 10)),
    "digits": (1e-3, (50, 20, 0.01, 30)),
    "iris": (1e-2, (10, 10, 0.01, 60)),
}
ALPHA = 1e-4
MOMENTUM = 0.9

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("data", nargs="*", metavar="DATA", help=" ".join(RECIPES) + " (default all)")
parser.add_argument("--models", nargs="+", choices=["logistic", "mlp"], default=["logistic", "mlp"])
parser.add_argument("--seeds", type=int, default=10, help="networks of each side (default 10)")
parser.add_argument("--threads", type=int, default=1, help="of each side (default 1)")
arguments = parser.parse_args()
if unknown := set(arguments.data) - set(RECIPES):
    parser.error(f"no such data: {', '.join(sorted(unknown))}")
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(arguments.threads)

if not arguments.data or "fashion" in arguments.data:
    if not FASHION.is_dir():
        sys.exit(f"{FASHION} is missing: apt-get install dataset-fashion-mnist")
try:
    import numpy as np  # after the number of threads, which it reads
    from sklearn.datasets import load_digits, load_iris
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler
except ModuleNotFoundError as missing:
    sys.exit(f"{sys.executable} has no {missing.name}: apt-get install python3-sklearn, and run this with /usr/bin/python3")

warnings.filterwarnings("ignore", message=".*Maximum iterations")


def images(folder):
    """The rows of MNIST's four files as Lanewise scales them, and the options that name them."""

    def idx(name, header):
        with gzip.open(folder / name) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)

    parts = []
    for part in "train", "t10k":
        y = idx(f"{part}-labels-idx1-ubyte.gz", 8)
        parts += [idx(f"{part}-images-idx3-ubyte.gz", 16).reshape(len(y), -1) / 255, y]
    return parts, ["--data", str(folder)]


def table(bunch, folder):
    """A quarter of the rows to test with, drawn by class; both sides standardise by the others."""
    x, xt, y, yt = train_test_split(bunch.data, bunch.target, test_size=0.25, random_state=0, stratify=bunch.target)
    names = [f"x{i}" for i in range(x.shape[1])] + ["label"]
    for name, rows, labels in ("train", x, y), ("test", xt, yt):
        np.savetxt(folder / f"{name}.csv", np.c_[rows, labels], "%.9g", ",", header=",".join(names), comments="")
    scaler = StandardScaler().fit(x)
    options = ["--data", str(folder / "train.csv"), "--validation", str(folder / "test.csv"), "--scale", "standard"]
    return (scaler.transform(x), y, scaler.transform(xt), yt), options


def load(name, folder):
    if name in ("mnist", "fashion"):
        return images(ROOT / "data/mnist" if name == "mnist" else FASHION)
    return table(load_digits() if name == "digits" else load_iris(), folder)


def lanewise(**options):
    """The last line of the log of `lanewise train`. An option of the value True is a flag."""
    words = [str(ROOT / "lanewise"), "train", *options.pop("data")]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-")] + ([] if value is True else [str(value)])
    words += ["--threads", str(arguments.threads), "--json", "-", "--quiet"]
    print(shlex.join(words), file=sys.stderr, flush=True)
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])


def safetensors(path):
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, tensor in json.loads(data[8:start]).items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            tensors[name] = np.frombuffer(data[start + begin : start + end], "<f4").reshape(tensor["shape"])
    return tensors


def start_of_sklearn(sizes, seed, path):
    """A model whose weights and biases are drawn as MLPClassifier draws them: Glorot's uniform ones."""
    random = np.random.default_rng(seed)
    header, data = {}, b""
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        bound = math.sqrt(6 / (inputs + outputs))
        for name, shape in ("weight", [outputs, inputs]), ("bias", [outputs]):
            values = random.uniform(-bound, bound, shape).astype("<f4").tobytes()
            offsets = [len(data), len(data) + len(values)]
            header[f"{2 * layer}.{name}"] = {"dtype": "F32", "shape": shape, "data_offsets": offsets}
            data += values
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def objective(w, x, y, penalty):
    """Mean cross-entropy + penalty / 2 ||W||^2, in double."""
    z = x @ w.T
    z -= z.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean() + penalty / 2 * (w**2).sum()


def logistic(name, data, options, penalty, folder):
    """Full batches with the momentum of Nesterov's method for a function between two parabolas: nothing to tune."""
    x, y, xt, yt = data
    rows = len(y)
    c = 1 / (penalty * rows)
    free = LogisticRegression(C=c, tol=1e-6 / penalty, max_iter=10_000).fit(x, y)
    x = np.c_[x, np.ones(rows)]  # a bias that the penalty takes as well
    xt = np.c_[xt, np.ones(len(yt))]
    theirs = LogisticRegression(C=c, tol=1e-6 / penalty, max_iter=10_000, fit_intercept=False).fit(x, y).coef_

    steepest = np.linalg.eigvalsh(x.T @ x / rows)[-1] / 2 + penalty
    root = math.sqrt(penalty / steepest)
    model = folder / "model.safetensors"
    last = lanewise(
        data=options, bias=True, batch=rows, epochs=math.ceil(14 / root), lr=f"{1 / steepest:.6g}",
        momentum=f"{(1 - root) / (1 + root):.6g}", nesterov=True, weight_decay=penalty, out=model)
    tensors = safetensors(model)
    ours = np.c_[tensors["0.weight"], tensors["0.bias"]].astype(float)

    wrong = [int(((xt @ w.T).argmax(axis=1) != yt).sum()) for w in (theirs, ours)]
    assert wrong[1] == round(last["test_error"] * len(yt)), "Lanewise counts otherwise"
    differ = int(((xt @ theirs.T).argmax(axis=1) != (xt @ ours.T).argmax(axis=1)).sum())
    default = int((free.predict(xt[:, :-1]) != yt).sum())
    agree = abs(wrong[0] - wrong[1]) <= max(1, 0.002 * len(yt))
    return (f"| {name} | {rows} | {len(yt)} | {penalty:g} | {objective(theirs, x, y, penalty):.7f} "
            f"| {objective(ours, x, y, penalty):.7f} | {wrong[0]} | {wrong[1]} | {differ} | {default} | {verdict(agree)} |")


def mlp(name, data, options, recipe, folder):
    """Both as they are, and Lanewise from the random weights of scikit-learn, which are smaller."""
    hidden, batch, rate, epochs = recipe
    x, y, xt, yt = (part.astype(np.float32) if part.dtype == float else part for part in data)
    errors = np.empty((3, arguments.seeds))
    for seed in range(arguments.seeds):
        network = MLPClassifier(
            (hidden,), "relu", solver="sgd", alpha=ALPHA, batch_size=batch, learning_rate_init=rate, momentum=MOMENTUM,
            nesterovs_momentum=True, max_iter=epochs, n_iter_no_change=epochs + 1, random_state=seed)
        errors[0, seed] = (network.fit(x, y).predict(xt) != yt).mean()
        start = start_of_sklearn([x.shape[1], hidden, int(y.max()) + 1], seed, folder / "start.safetensors")
        for side, more in (1, {}), (2, {"init": start}):
            errors[side, seed] = lanewise(
                data=options, hidden=hidden, bias=True, batch=batch, lr=rate, momentum=MOMENTUM, nesterov=True,
                weight_decay=ALPHA / batch, shuffle=True, epochs=epochs, seed=seed, **more)["test_error"]
    means = 100 * errors.mean(axis=1)
    squares = (100 * errors).var(axis=1, ddof=1) / arguments.seeds
    apart = means[1] - means[0]
    allowed = 0.2 + 2 * math.sqrt(squares[:2].sum())
    cells = " | ".join(f"{mean:.2f} ± {math.sqrt(square):.2f}" for mean, square in zip(means, squares))
    return (f"| {name} | {hidden} | {batch} | {rate} | {epochs} | {cells} | {apart:+.2f} | {allowed:.2f} "
            f"| {verdict(abs(apart) <= allowed)} |")


def verdict(agree):
    return "yes" if agree else "**no**"


HEADERS = {
    "logistic": (
        "| data | rows | to test | penalty | objective: scikit-learn | Lanewise | errors: scikit-learn | Lanewise "
        "| other class | intercept free | agree |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"),
    "mlp": (
        "| data | hidden | batch | lr | epochs | error %: scikit-learn | Lanewise | from its start | apart | allowed "
        "| agree |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"),
}
for model in arguments.models:
    print(HEADERS[model])
    for name in arguments.data or RECIPES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            data, options = load(name, folder)
            penalty, network = RECIPES[name]
            if model == "logistic":
                print(logistic(name, data, options, penalty, folder), flush=True)
            else:
                print(mlp(name, data, options, network, folder), flush=True)
    print()
