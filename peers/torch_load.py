"""Checks that PyTorch takes the models of Lanewise, and Lanewise those of PyTorch: both predict the same of the images of MNIST,
or this fails.

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install numpy torch safetensors
    /tmp/torch/bin/python peers/torch_load.py
"""
import gzip
import subprocess
import sys
import tempfile
from itertools import pairwise, product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "data" / "mnist" / "t10k-images-idx3-ubyte.gz"

try:
    import numpy as np
    import torch
    from safetensors.torch import load_file, save_file
except ModuleNotFoundError as missing:
    sys.exit(f"{sys.executable} has no {missing.name}: pip install numpy torch safetensors")


def lanewise(*words):
    ended = subprocess.run([ROOT / "lanewise", *words], capture_output=True, text=True)
    if ended.returncode:
        sys.exit(ended.stderr)
    return ended.stdout


def network(hidden, bias):
    layers = []
    for inputs, outputs in pairwise([784, *hidden, 10]):
        layers += [torch.nn.Linear(inputs, outputs, bias=bias), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def compare(what, model, file):
    ours = np.loadtxt(lanewise("predict", file, IMAGES).splitlines(), delimiter=",", skiprows=1)[:, 1:]
    with torch.no_grad():
        theirs = model(pixels / 255).softmax(dim=1).numpy()
    difference = np.abs(ours - theirs).max()
    print("%-40s %.1e" % (what, difference))
    if not difference < 1e-5:
        sys.exit("the probabilities differ")


with gzip.open(IMAGES) as images:
    pixels = torch.tensor(np.frombuffer(images.read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float32))
print("largest difference of a probability")
with tempfile.TemporaryDirectory() as folder:
    for hidden, bias in product([[], [400], [40, 30]], [False, True]):
        options = ["--bias"] * bias + ["--hidden", ",".join(map(str, hidden))] * bool(hidden)
        name = " ".join(options) or "no option"
        file = Path(folder, "model.safetensors")
        lanewise("train", "--epochs", "1", "--out", file, *options)
        model = network(hidden, bias)
        model.load_state_dict(load_file(file))
        compare("of Lanewise, " + name, model, file)
        model = network(hidden, bias)
        save_file(model.state_dict(), file)
        compare("of PyTorch, " + name, model, file)
