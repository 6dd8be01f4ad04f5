#!/usr/bin/python3
"""The experiment's training step and heatmaps in PyTorch, to be timed beside
the library's.

    OPENBLAS_NUM_THREADS=N scripts/bench-torch.py MODEL PAIRS TARGETS IMAGES THREADS

THREADS are PyTorch's own; it is fastest with one of these and N of OpenBLAS's,
where Debian's build leaves products: with two of both they wait for each other.

Reads MODEL (safetensors), training PAIRS (N, 1568) with their TARGETS (N), and
IMAGES (N, 1568) to explain, all .npy of float32. Then answers each line of
standard input with one line of numbers, until it ends:

    reset RATE MINMAX_RATE     the weights of MODEL again: 0
    train VARIANT BATCH STEPS  VARIANT autograd or inplace: seconds, loss, error
    explain BATCH REPEATS      seconds, sum of R_p, sum of R_p^2 (last repeat)
    memory                     peak resident bytes

The loss is the network's and the error that of its min-max relevance model, on
the last step's pairs, before the step. Biases are projected, b := min(b, 0).
"""
import json
import resource
import sys
import time

import numpy
import torch
from torch import nn

LOW, HIGH, POOL = -0.5, 1.5, 4


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, about in header.items():
        first, last = about["data_offsets"]
        values = numpy.frombuffer(data[first:last], dtype="<f4").copy()
        tensors[name] = torch.from_numpy(values).reshape(about["shape"])
    return tensors


def upper_relevance(x_k, x_l, w2):
    """R_k from R_l = x_l by the z+-rule."""
    positive = w2.clamp(min=0)
    z = x_k @ positive
    share = torch.where(x_l > 0, x_l / z, torch.zeros_like(z))
    return x_k * (share @ positive.t())


class Autograd:
    """Forward as formulas, the rest by autograd and torch.optim.SGD."""

    def __init__(self, tensors, rate, minmax_rate):
        self.net = [tensors[n].clone().requires_grad_() for n in (
            "detection1.weight", "detection1.bias", "detection2.weight",
            "detection2.bias")]
        self.minmax = [tensors[n].clone().requires_grad_() for n in (
            "minmax.weight", "minmax.top_down", "minmax.top_down_bias")]
        self.sgd = torch.optim.SGD([
            {"params": self.net, "lr": rate},
            {"params": self.minmax, "lr": minmax_rate}], lr=rate)

    def step(self, x, t):
        w1, b1, w2, b2 = self.net
        v, top, d = self.minmax
        pools = (len(x), -1, POOL)
        x_j = torch.relu(nn.functional.linear(x, w1, b1))
        x_k = x_j.view(pools).sum(2)
        x_l = torch.relu(nn.functional.linear(x_k, w2, b2))
        loss = (x_l.sum(1) - t).square().mean()
        with torch.no_grad():
            r_k = upper_relevance(x_k, x_l, w2.t())
            r_l = x_l.detach()
        a = nn.functional.linear(r_l, top, d).clamp(max=0)
        y = torch.relu(nn.functional.linear(x, v) + a)
        error = (y.view(pools).sum(2) - r_k).square().sum(1).mean()
        self.sgd.zero_grad(set_to_none=True)
        (loss + error).backward()
        self.sgd.step()
        with torch.no_grad():
            b1.clamp_(max=0)
            b2.clamp_(max=0)
        return loss, error


class InPlace:
    """Derivatives by hand; every weight matrix is updated by its product."""

    def __init__(self, tensors, rate, minmax_rate):
        self.rate, self.minmax_rate = rate, minmax_rate

        def transposed(name):
            return tensors[name].t().contiguous()
        self.w1, self.b1 = transposed("detection1.weight"), tensors["detection1.bias"].clone()
        self.w2, self.b2 = transposed("detection2.weight"), tensors["detection2.bias"].clone()
        self.v, self.top = transposed("minmax.weight"), transposed("minmax.top_down")
        self.d = tensors["minmax.top_down_bias"].clone()

    @torch.no_grad()
    def step(self, x, t):
        count = len(x)
        pools = (count, -1, POOL)
        x_j = torch.addmm(self.b1, x, self.w1).relu_()
        x_k = x_j.view(pools).sum(2)
        x_l = torch.addmm(self.b2, x_k, self.w2).relu_()
        off = x_l.sum(1).sub_(t)
        r_k = upper_relevance(x_k, x_l, self.w2)

        before = torch.addmm(self.d, x_l, self.top)
        y = torch.addmm(before.clamp(max=0), x, self.v).relu_()
        miss = y.view(pools).sum(2).sub_(r_k)
        d_y = (y > 0).float().view(pools).mul_((2 / count * miss).unsqueeze(2)).view(y.shape)
        d_a = d_y * (before <= 0)
        self.v.addmm_(x.t(), d_y, alpha=-self.minmax_rate)
        self.top.addmm_(x_l.t(), d_a, alpha=-self.minmax_rate)
        self.d.sub_(d_a.sum(0), alpha=self.minmax_rate)

        d_l = (x_l > 0).float().mul_((2 / count * off).unsqueeze(1))
        d_k = d_l @ self.w2.t()
        d_j = (x_j > 0).float().view(pools).mul_(d_k.unsqueeze(2)).view(x_j.shape)
        self.w2.addmm_(x_k.t(), d_l, alpha=-self.rate)
        self.b2.sub_(d_l.sum(0), alpha=self.rate).clamp_(max=0)
        self.w1.addmm_(x.t(), d_j, alpha=-self.rate)
        self.b1.sub_(d_j.sum(0), alpha=self.rate).clamp_(max=0)
        return off.square().mean(), miss.square().sum(1).mean()


# ---- explanation: backward hooks put relevance in the place of gradients ----

class Rule:
    """Holds a Linear's input, and replaces its gradient by relevance."""

    def __init__(self, module):
        self.positive = module.weight.detach().clamp(min=0)
        self.negative = module.weight.detach().clamp(max=0)
        self.weight = module.weight.detach()
        module.register_forward_hook(self.keep)
        module.register_full_backward_hook(self.replace)

    def keep(self, _module, inputs, _output):
        self.x = inputs[0].detach()

    def replace(self, _module, _d_input, d_output):
        return (self.relevance(self.x, d_output[0]),)


def share(relevance, z):
    return torch.where(relevance > 0, relevance / z, torch.zeros_like(z))


class ZPlus(Rule):
    def relevance(self, x, relevance):
        s = share(relevance, x @ self.positive.t())
        return x * (s @ self.positive)


class ZBox(Rule):
    """x W - l W+ - h W-, as three products each way."""

    def relevance(self, x, relevance):
        low = LOW * self.positive.sum(1)
        high = HIGH * self.negative.sum(1)
        s = share(relevance, x @ self.weight.t() - low - high)
        return x * (s @ self.weight) - LOW * (s @ self.positive) - HIGH * (s @ self.negative)


class Pool(nn.Module):
    """Sums over pools; relevance is shared in proportion to x_j."""

    def __init__(self):
        super().__init__()
        self.register_forward_hook(self.keep)
        self.register_full_backward_hook(self.replace)

    def forward(self, x):
        return x.view(len(x), -1, POOL).sum(2)

    @staticmethod
    def keep(module, inputs, output):
        module.x, module.sum = inputs[0].detach(), output.detach()

    @staticmethod
    def replace(module, _d_input, d_output):
        each = share(d_output[0], module.sum).unsqueeze(2)
        return (module.x * each.expand(-1, -1, POOL).reshape(module.x.shape),)


class PassOn(torch.autograd.Function):
    """A rectifier that hands relevance down as it is."""

    @staticmethod
    def forward(_context, z):
        return z.clamp(min=0)

    @staticmethod
    def backward(_context, relevance):
        return relevance


class Explanation:
    def __init__(self, tensors):
        def linear(name):
            weight = tensors[name + ".weight"]
            layer = nn.Linear(weight.shape[1], weight.shape[0])
            layer.weight.data, layer.bias.data = weight, tensors[name + ".bias"]
            return layer.requires_grad_(False)
        self.first, self.second = linear("detection1"), linear("detection2")
        self.pool = Pool()
        self.rules = ZBox(self.first), ZPlus(self.second)

    def heatmaps(self, x):
        x = x.detach().requires_grad_()
        x_k = self.pool(PassOn.apply(self.first(x)))
        x_l = PassOn.apply(self.second(x_k))
        heatmap, = torch.autograd.grad(x_l, x, x_l.detach())
        return heatmap


class Bench:
    def __init__(self, model, pairs, targets, images, threads):
        torch.set_num_threads(int(threads))
        self.tensors = read_safetensors(model)
        self.pairs, self.targets, self.images = (
            torch.from_numpy(numpy.load(path)) for path in (pairs, targets, images))
        self.pairs, self.images = (x.reshape(len(x), -1) for x in (self.pairs, self.images))
        self.targets = self.targets.reshape(-1)
        self.explanation = Explanation(self.tensors)

    def reset(self, *rates):
        rates = [float(rate) for rate in rates]
        self.variant = {"autograd": Autograd(self.tensors, *rates),
                        "inplace": InPlace(self.tensors, *rates)}
        self.drawn = dict.fromkeys(self.variant, 0)
        return [0]

    def train(self, name, batch, steps):
        variant, batch = self.variant[name], int(batch)
        start = time.perf_counter()
        for _ in range(int(steps)):
            first = self.drawn[name]
            if first + batch > len(self.pairs):
                first = 0
            self.drawn[name] = first + batch
            loss, error = variant.step(self.pairs[first:first + batch],
                                       self.targets[first:first + batch])
        loss, error = float(loss), float(error)
        return [time.perf_counter() - start, loss, error]

    def explain(self, batch, repeats):
        images = self.images[:int(batch)]
        start = time.perf_counter()
        for _ in range(int(repeats)):
            heatmap = self.explanation.heatmaps(images)
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
