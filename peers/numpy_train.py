"""Times ./lanewise train against the same recipe in NumPy: whole processes, from the start to a model on disk, in turn.

    apt-get install python3-numpy libopenblas0-pthread
    OPENBLAS_CORETYPE=HASWELL /usr/bin/python3 peers/numpy_train.py

Both learn softmax regression on data/mnist in 10 epochs, measure the loss and the error of both sets after each, and end
with the same error, or this fails.
"""
import argparse
import gzip
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EPOCHS = 10
BATCH = 100
RATE = 0.2

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--pairs", type=int, default=9, help="how many times each runs (default 9)")
parser.add_argument("--train", metavar="FILE", help="only train, in NumPy, and write the weights there")
arguments = parser.parse_args()

try:
    import numpy as np
except ModuleNotFoundError:
    sys.exit(f"{sys.executable} has no numpy: apt-get install python3-numpy, and run this with /usr/bin/python3")


def train(out):
    def read(name, offset, *shape):
        with gzip.open(ROOT / "data" / "mnist" / name) as file:
            return np.frombuffer(file.read(), np.uint8, offset=offset).reshape(shape)

    def images(name):
        return read(name, 16, -1, 784).astype(np.float32) / np.float32(255)

    def measure(x, y):
        z = x @ w
        top = z.max(1, keepdims=True)
        losses = np.log(np.exp(z - top).sum(1)) + top[:, 0] - z[np.arange(len(y)), y]
        return losses.mean(), (z.argmax(1) != y).mean()

    x, y = images("train-images-idx3-ubyte.gz"), read("train-labels-idx1-ubyte.gz", 8, -1)
    test_x, test_y = images("t10k-images-idx3-ubyte.gz"), read("t10k-labels-idx1-ubyte.gz", 8, -1)
    w = np.zeros((784, 10), np.float32)
    rows = np.arange(BATCH)
    for epoch in range(EPOCHS):
        for i in range(0, len(x), BATCH):
            z = x[i:i + BATCH] @ w
            z -= z.max(1, keepdims=True)
            np.exp(z, out=z)
            z /= z.sum(1, keepdims=True)
            z[rows, y[i:i + BATCH]] -= 1
            w -= np.float32(RATE / BATCH) * (x[i:i + BATCH].T @ z)
        error = measure(x, y), measure(test_x, test_y)
        print("%d %.5f %.5f %.5f %.5f" % (epoch + 1, *error[0], *error[1]))
    np.save(out, w)


def timed(*command):
    began = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if ended.returncode:
        sys.exit(ended.stderr)
    return seconds, float(ended.stdout.replace("|", " ").split()[-1])


def compare():
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for pair in range(-1, arguments.pairs):
            a, error = timed(str(ROOT / "lanewise"), "train", "--quiet", "--epochs", str(EPOCHS), "--batch", str(BATCH),
                             "--lr", str(RATE), "--out", f"{folder}/model.safetensors")
            b, other = timed(sys.executable, __file__, "--train", f"{folder}/w.npy")
            if abs(error - other) > 0.0005:
                sys.exit(f"the test errors differ: {error} and {other}")
            # The first pair may build, and reads files that are not in memory yet.
            if pair >= 0:
                ours.append(a)
                theirs.append(b)
    ratios = [a / b for a, b in zip(ours, theirs)]
    for name, values in (("lanewise s", ours), ("numpy s", theirs), ("ratio", ratios)):
        print("%-10s  min %.2f  median %.2f  max %.2f" % (name, min(values), statistics.median(values), max(values)))


train(arguments.train) if arguments.train else compare()
