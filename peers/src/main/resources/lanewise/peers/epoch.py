"""An epoch of mini-batch SGD on MNIST, written out as the first homework of 10-414 asks for it. A request a line."""
import base64
import gzip
import sys

import numpy as np

BATCH = 100
LEARNING_RATE = np.float32(0.2)


def idx(path, header):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


folder, kernel = sys.argv[1:3]
y = idx(folder + "/train-labels-idx1-ubyte.gz", 8)
x = (idx(folder + "/train-images-idx3-ubyte.gz", 16).reshape(len(y), -1) / np.float32(255)).astype(np.float32)
onehot = np.eye(10, dtype=np.float32)
weights = [np.zeros((x.shape[1], 10), np.float32)]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_epoch():
    (w,) = weights
    for i in range(0, len(y), BATCH):
        xb = x[i : i + BATCH]
        g = xb.T @ (softmax(xb @ w) - onehot[y[i : i + BATCH]])
        w -= LEARNING_RATE / BATCH * g


def network_epoch():
    w1, w2 = weights
    for i in range(0, len(y), BATCH):
        xb = x[i : i + BATCH]
        h = np.maximum(xb @ w1, 0)
        d = softmax(h @ w2) - onehot[y[i : i + BATCH]]
        g1 = xb.T @ ((h > 0) * (d @ w2.T))
        g2 = h.T @ d
        w1 -= LEARNING_RATE / BATCH * g1
        w2 -= LEARNING_RATE / BATCH * g2


def decode(text, inputs):
    return np.frombuffer(base64.b64decode(text), np.float32).reshape(inputs, -1).copy()


for line in sys.stdin:
    request, *arguments = line.split()
    answer = "done"
    if request == "start":
        weights = [decode(arguments[0], x.shape[1]), decode(arguments[1], 400)]
    elif request == "epoch":
        softmax_epoch() if kernel == "epoch-softmax" else network_epoch()
    elif request == "weights":
        answer = base64.b64encode(weights[0].tobytes()).decode()
    print(answer, flush=True)
