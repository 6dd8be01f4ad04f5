#!/usr/bin/python3
"""Deep Taylor of a network from ONNX by hand-written PyTorch, to be timed beside
the library's.

    scripts/bench-torch-network.py NETWORK.onnx IMAGES.npy LOW HIGH THREADS

Reads a network of convolutions as GoogLeNet is, and IMAGES (N, channels, rows,
columns) of float32, its own input; LOW and HIGH bound each channel, as numbers
between commas. Then answers each line of standard input with one line of
numbers, until it ends:

    forward BATCH REPEATS    seconds
    explain BATCH REPEATS    seconds, sum of R_p, sum of R_p^2 (last repeat)
    memory                   peak resident bytes

The likeliest class of each image is explained: zB where pixels are read, z+
above, each as one convolution (none for zB, whose denominator follows from the
response) and one or two transposed ones; max(0, b) joins the denominator.
"""
import resource
import struct
import sys
import time

import numpy
import torch
from torch.nn import functional

# ---- ONNX, as much as is needed of it ----


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(data):
    """The fields of a message: number, and an int or bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(key & 7)
            if size is None:
                size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def every(message, number):
    return [value for n, value in message if n == number]


def text(message, number):
    return bytes(every(message, number)[0]).decode()


def numbers(values):
    """Repeated integers, packed or not."""
    found = []
    for value in values:
        at = 0
        while not isinstance(value, int) and at < len(value):
            number, at = varint(value, at)
            found.append(number)
        if isinstance(value, int):
            found.append(value)
    return found


def tensor(data):
    message = list(fields(data))
    kind = numpy.dtype({1: "<f4", 7: "<i8"}[every(message, 2)[0]])
    raw = every(message, 9) or every(message, 4)
    values = numpy.frombuffer(raw[0], kind) if raw else numpy.array(numbers(every(message, 7)))
    return torch.from_numpy(values.reshape(numbers(every(message, 1))).copy())


def attribute(data):
    message = list(fields(data))
    if every(message, 2):
        value = struct.unpack("<f", every(message, 2)[0])[0]
    else:
        value = every(message, 3)[0] if every(message, 3) else numbers(every(message, 8))
    return text(message, 1), value


class Node:
    def __init__(self, data):
        message = list(fields(data))
        self.kind = text(message, 4)
        self.inputs = [bytes(name).decode() for name in every(message, 1)]
        self.output = text(message, 2)
        self.attributes = dict(attribute(value) for value in every(message, 5))

    def get(self, name, default):
        return self.attributes.get(name, default)


# ---- the network ----

def around(node):
    """A node's padding, in functional.pad's order."""
    top, left, bottom, right = node.get("pads", [0, 0, 0, 0])
    return left, right, top, bottom


class Network:
    def __init__(self, path, low, high):
        with open(path, "rb") as file:
            graph = list(fields(every(fields(memoryview(file.read())), 7)[0]))
        constants = {}
        for data in every(graph, 5):
            constants[text(list(fields(data)), 8)] = tensor(data)
        self.input = next(name for name in (text(list(fields(v)), 1) for v in every(graph, 11))
                          if name not in constants)
        self.nodes = [Node(data) for data in every(graph, 1)]
        if self.nodes[-1].kind == "Softmax":
            self.nodes.pop()
        self.low, self.high = (torch.tensor(box).view(1, -1, 1, 1) for box in (low, high))
        for node in self.nodes:
            if node.kind in ("Conv", "Gemm"):
                self.prepare(node, constants)

    def prepare(self, node, constants):
        weight = constants[node.inputs[1]]
        if node.kind == "Gemm" and not node.get("transB", 0):
            weight = weight.t().contiguous()
        node.weight, node.bias = weight, constants[node.inputs[2]]
        node.above = weight.clamp(min=0)
        node.below = weight.clamp(max=0)
        node.kept = node.bias.clamp(min=0)
        node.offset = None  # of zB: l w+ + h w-, the same for all images
        pads = node.get("pads", [0, 0, 0, 0])
        node.window = {"stride": node.get("strides", [1, 1]), "padding": pads[:2],
                       "dilation": node.get("dilations", [1, 1]), "groups": node.get("group", 1)}

    def forward(self, x):
        values = {self.input: x}
        for node in self.nodes:
            values[node.output] = FORWARD[node.kind](node, *[
                values[name] for name in node.inputs if name in values])
        return values

    def explain(self, x):
        values = self.forward(x)
        scores = values[self.nodes[-1].output]
        best = scores.argmax(1, keepdim=True)
        relevance = {self.nodes[-1].output: torch.zeros_like(scores).scatter_(
            1, best, scores.gather(1, best).clamp(min=0))}
        for node in reversed(self.nodes):
            handed = relevance.pop(node.output)
            inputs = [name for name in node.inputs if name in values]
            if node.kind == "Concat":
                parts = handed.split([values[name].shape[1] for name in inputs], 1)
            elif node.kind == "Conv" and inputs[0] == self.input:
                parts = [self.box(node, values[self.input], values[node.output], handed)]
            else:
                parts = [RELEVANCE[node.kind](node, values[inputs[0]], values[node.output],
                                              handed)]
            for name, part in zip(inputs, parts):
                relevance[name] = relevance[name] + part if name in relevance else part
        return relevance[self.input]

    def box(self, node, x, z, relevance):
        """zB: N = z + b^- - l w+ - h w-, R = (x - l) (S w+') + (x - h) (S w-')."""
        if node.offset is None:
            one = torch.ones_like(x[:1])
            node.offset = (functional.conv2d(one * self.low, node.above, **node.window) +
                           functional.conv2d(one * self.high, node.below, **node.window) +
                           (node.bias - node.kept).view(1, -1, 1, 1))
        s = share(relevance, z - node.offset)
        return ((x - self.low) * transposed(node, node.above, s, x) +
                (x - self.high) * transposed(node, node.below, s, x))


def share(relevance, z):
    return torch.where(z > 0, relevance / z, torch.zeros_like(z))


def transposed(node, weight, s, x):
    window = dict(node.window)
    rest = [x.shape[d + 2] - ((s.shape[d + 2] - 1) * window["stride"][d] -
                              2 * window["padding"][d] +
                              window["dilation"][d] * (weight.shape[d + 2] - 1) + 1)
            for d in range(2)]
    return functional.conv_transpose2d(s, weight, output_padding=rest, **window)


# ---- nodes ----

def convolve(node, x):
    return functional.conv2d(x, node.weight, node.bias, **node.window)


def convolve_relevance(node, x, _z, relevance):
    s = share(relevance, functional.conv2d(x, node.above, node.kept, **node.window))
    return x * transposed(node, node.above, s, x)


def multiply(node, x):
    return functional.linear(x, node.weight, node.bias)


def multiply_relevance(node, x, _z, relevance):
    s = share(relevance, functional.linear(x, node.above, node.kept))
    return x * (s @ node.above)


def max_pool(node, x):
    padded = functional.pad(x, around(node), value=-numpy.inf) if any(around(node)) else x
    node.shape = padded.shape
    out, node.winner = functional.max_pool2d(
        padded, node.get("kernel_shape", None), node.get("strides", [1, 1]),
        ceil_mode=bool(node.get("ceil_mode", 0)), return_indices=True)
    return out


def max_pool_relevance(node, x, _z, relevance):
    padded = torch.zeros(node.shape)
    padded.flatten(2).scatter_add_(2, node.winner.flatten(2), relevance.flatten(2))
    left, _, top, _ = around(node)
    return padded[:, :, top:top + x.shape[2], left:left + x.shape[3]]


def average_pool(node, x):
    return functional.avg_pool2d(x, node.get("kernel_shape", None), node.get("strides", [1, 1]))


def average_pool_relevance(node, x, z, relevance):
    """In proportion to x, one window that is the whole map."""
    return x * share(relevance, z * x.shape[2] * x.shape[3])


def normalise(node, x):
    return functional.local_response_norm(x, node.get("size", 0), node.get("alpha", 1e-4),
                                          node.get("beta", 0.75), node.get("bias", 1.0))


def unchanged(_node, x, *_others):
    return x


def hand_on(_node, _x, _z, relevance):
    return relevance


FORWARD = {"Conv": convolve, "Gemm": multiply, "MaxPool": max_pool, "AveragePool": average_pool,
           "LRN": normalise, "Relu": lambda _node, x: functional.relu(x),
           "Concat": lambda _node, *x: torch.cat(x, 1), "Dropout": unchanged,
           "Reshape": lambda _node, x: x.flatten(1)}
RELEVANCE = {"Conv": convolve_relevance, "Gemm": multiply_relevance,
             "MaxPool": max_pool_relevance, "AveragePool": average_pool_relevance,
             "LRN": hand_on, "Relu": hand_on, "Dropout": hand_on,
             "Reshape": lambda _node, x, _z, relevance: relevance.view(x.shape)}


class Bench:
    def __init__(self, network, images, low, high, threads):
        torch.set_num_threads(int(threads))
        torch.set_grad_enabled(False)
        boxes = ([float(value) for value in box.split(",")] for box in (low, high))
        self.network = Network(network, *boxes)
        self.images = torch.from_numpy(numpy.load(images))

    def forward(self, batch, repeats):
        start = time.perf_counter()
        for _ in range(int(repeats)):
            self.network.forward(self.images[:int(batch)])
        return [time.perf_counter() - start]

    def explain(self, batch, repeats):
        start = time.perf_counter()
        for _ in range(int(repeats)):
            heatmap = self.network.explain(self.images[:int(batch)])
        seconds = time.perf_counter() - start
        return [seconds, float(heatmap.double().sum()), float(heatmap.double().square().sum())]

    def memory(self):
        return [1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]


def main():
    if len(sys.argv) != 6:
        print(__doc__, file=sys.stderr)
        sys.exit(0 if "--help" in sys.argv else 2)
    bench = Bench(*sys.argv[1:])
    for line in sys.stdin:
        command, *words = line.split()
        answer = getattr(bench, command)(*words)
        print(*(f"{number:.17g}" for number in answer), flush=True)


if __name__ == "__main__":
    main()
