#!/usr/bin/env bash
# Exchanges networks, heatmaps and scores with Python.
#
#   scripts/check-interchange.sh
#
# Runs the PyTorch example of experiments/README.md, explains and evaluates the network that it
# writes, and reads the results back with NumPy, pandas, R and Python's onnx; takes about 20 s.
# What is not installed is skipped. One line a check, then counts; status 1 when
# one failed. BUILD says where the programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
takes_no_arguments "$@"
needs train evaluate explain export

# ---- a network from PyTorch ----

# The example as printed; then, in the same process, pairs and their f.
from_pytorch() {
  local python=$1
  # shellcheck disable=SC2016 # the backquotes are Markdown's
  sed -n '/^## From and to Python/,/^## /{/^```python/,/^```$/p}' experiments/README.md | sed '/^```/d' >"$work/example.py"
  [[ $(grep -c . "$work/example.py") == 15 ]] || because "the example is not 15 lines" || return 1
  mkdir "$work/python"
  cat "$work/example.py" - >"$work/whole.py" <<'PYTHON'
pairs = torch.cat([x[:30], x[30:60]], 2)
np.save("pairs.npy", pairs.numpy())
np.save("f.npy", f(pairs.flatten(1)).detach().numpy())
PYTHON
  ln -s "$PWD/data" "$work/python/data"
  works env -C "$work/python" OMP_NUM_THREADS=1 "$python" "$work/whole.py"
}
explains() {
  works explain --model "$work/python/model.safetensors" --method deep-taylor-free \
    --input "$work/python/pairs.npy" --output "$work/python/heatmaps.npy"
}
scores_agree() {
  works "$1" - "$work/python" <<'PYTHON'
import sys
import numpy as np
folder = sys.argv[1]
f = np.load(folder + "/f.npy")
r = np.load(folder + "/heatmaps.npy")
scores = np.loadtxt(folder + "/heatmaps.scores.tsv", skiprows=6)
assert r.shape == (30, 28, 56) and r.dtype == np.float32, r.shape
assert f.max() > 1, "the example has learnt nothing"
assert np.allclose(scores[:, 1], f, rtol=1e-4, atol=1e-4), abs(scores[:, 1] - f).max()
assert np.allclose(r.sum((1, 2), dtype=float), f, rtol=1e-4, atol=1e-3)
PYTHON
}
evaluates() {
  mkdir "$work/import"
  cp "$work/python/model.safetensors" "$work/import"
  works evaluate "$work/import" training.threads=1 evaluation.scores=50 evaluation.pairs=10 evaluation.roots=1 evaluation.flips=1 \
    evaluation.repeats=1 evaluation.slow_repeats=1 evaluation.bootstrap=20 explanation.root_starts=1 || return 1
  warns '^evaluate: deep-taylor-minmax: left out' || return 1
  grep -q '^deep-taylor-free	target_share	' "$work/import/metrics.tsv" || because "no target_share of deep-taylor-free"
}

torch=$(python_with torch,numpy)
if [[ ! $torch ]]; then
  skip "a network from PyTorch" "no python3 has torch (scripts/install-dependencies.sh --developer installs it on Debian)"
else
  check "the printed example trains a network in PyTorch and writes it" from_pytorch "$torch"
  if ((!failed)); then
    check "explain reads it" explains
    check "scores and sums of relevance are PyTorch's f" scores_agree "$torch"
    check "evaluate takes a folder with the model alone, and says what is left out" evaluates
  fi
fi

# ---- networks from PyTorch's own export to ONNX ----

# A regression on a table of five columns, and a residual network of pictures;
# their inputs, and the gradients that PyTorch has there.
to_onnx() {
  mkdir "$work/onnx"
  works env -C "$work/onnx" OMP_NUM_THREADS=1 "$1" - <<'PYTHON'
import numpy as np, torch
from torch import nn
torch.manual_seed(3)
class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inside = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, groups=width), nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, width, 1), nn.BatchNorm2d(width))
    def forward(self, x): return (x + self.inside(x)).relu()
def export(net, name, x, columns=None):
    for part in net.modules():
        if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d)):
            for values, low, high in (part.running_mean, -0.5, 0.5), (part.running_var, 0.5, 2), (part.weight.data, 0.5, 1.5), (part.bias.data, -0.5, 0.5): values.uniform_(low, high)
    net[-1].weight.data.abs_() # z > 0, which is relevance
    net.eval()
    torch.onnx.export(net, x, name + ".onnx", input_names=["x"], output_names=["z"], dynamic_axes={"x": {0: "N"}, "z": {0: "N"}}, opset_version=13)
    x.requires_grad_()
    z = net(x)
    z.max(1).values.sum().backward()
    np.save(name + ".x.npy", x.detach().numpy())
    np.save(name + ".z.npy", z.detach().numpy())
    np.save(name + ".gradient.npy", x.grad.numpy())
    if columns: np.savetxt(name + ".x.tsv", x.detach().numpy(), "%.9g", "\t", header="\t".join(columns), comments="")
export(nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 1)),
       "vectors", torch.rand(9, 5) * 2 - 1, ["speed", "angle of attack", "load", "flow", "temperature"])
export(nn.Sequential(nn.Conv2d(3, 8, 5, 2, 2), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1), Block(8), Block(8), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 6)),
       "pictures", torch.rand(4, 3, 24, 20) * 2 - 1)
open("pictures.ini", "w").write("[input]\norder = rgb\nlow = -1\nhigh = 1\n")
PYTHON
}
explains_onnx() { # METHOD NAME INPUT [OPTION...]
  local method=$1 name=$2 input=$3
  shift 3
  works explain --model "$work/onnx/$name.onnx" --method "$method" --input "$work/onnx/$input" --output "$work/onnx/$name.$method.npy" "$@"
}
gradients_agree() {
  explains_onnx gradient-x-input vectors vectors.x.tsv --low -1 --high 1 && explains_onnx gradient-x-input pictures pictures.x.npy --channels &&
    explains_onnx deep-taylor-free pictures pictures.x.npy --channels && works "$1" - "$work/onnx" <<'PYTHON'
import sys
import numpy as np
folder = sys.argv[1]
near = lambda a, b: abs(a - b).sum() < 1e-5 * abs(b).sum()
read = lambda name: np.load(f"{folder}/{name}.npy")
for name in "vectors", "pictures":
    x, z, r = read(name + ".x"), read(name + ".z").max(1), read(name + ".gradient-x-input")
    assert r.shape == x.shape and near(r, x * read(name + ".gradient")), name
    scores = np.genfromtxt(f"{folder}/{name}.gradient-x-input.scores.tsv", names=True, skip_header=5, delimiter="\t")
    assert near(scores["f"], z), name
table = open(folder + "/vectors.gradient-x-input.relevance.tsv").read().splitlines()
assert table[5].split("\t")[1:3] == ["speed", "angle_of_attack"], table[5]
r, scores = read("pictures.deep-taylor-free"), np.genfromtxt(folder + "/pictures.deep-taylor-free.scores.tsv", names=True, skip_header=5, delimiter="\t")
assert (r >= 0).all() and near(scores["sum_r"] + scores["kept"], np.maximum(scores["f"], 0))
PYTHON
}
torch=$(python_with torch,numpy)
if [[ ! $torch ]]; then
  skip "networks that PyTorch exports" "no python3 has torch"
else
  check "PyTorch exports a regression and a residual network" to_onnx "$torch"
  check "their scores and gradients are PyTorch's" gradients_agree "$torch"
fi

# ---- heatmaps, scores and tables to Python and R ----

results=$work/run
run_something() {
  works train experiments/quick.ini --out "$results" training.threads=1 training.iterations=200 training.evaluate_every=100 \
    training.evaluation_pairs=50 network.detection="16 8" network.pool="4 8" &&
    works evaluate "$results" training.threads=1 evaluation.scores=50 evaluation.pairs=10 evaluation.roots=2 evaluation.flips=2 \
      evaluation.repeats=2 evaluation.slow_repeats=1 evaluation.bootstrap=20 explanation.root_starts=1 &&
    works explain --model "$results/model.safetensors" --method deep-taylor-minmax \
      --input "$results/heatmaps/pairs.npy" --output "$results/r.npy"
}
numpy_reads() {
  works "$1" - "$results" <<'PYTHON'
import glob, sys
import numpy as np
folder = sys.argv[1]
x = np.load(folder + "/heatmaps/pairs.npy")
for path in glob.glob(folder + "/heatmaps/*.npy") + [folder + "/r.npy"]:
    r = np.load(path)
    assert r.dtype == np.float32 and r.shape[1:] == (28, 56) and np.isfinite(r).all(), path
    assert r.flags["C_CONTIGUOUS"], path
assert x.min() == -0.5 and x.max() <= 1.5
r = np.load(folder + "/r.npy")
assert r.shape == x.shape and (r >= 0).all() and (r == np.load(folder + "/heatmaps/deep-taylor-minmax.npy")).all()
scores = np.genfromtxt(folder + "/r.scores.tsv", names=True, skip_header=5)
assert len(scores) == len(x) and scores.dtype.names == ("example", "f", "sum_r")
assert np.allclose(r.reshape(len(r), -1).sum(1, dtype=float), scores["sum_r"], rtol=1e-5)
PYTHON
}
pandas_reads() {
  works "$1" - "$results" <<'PYTHON'
import glob, pandas, sys
folder = sys.argv[1]
for path in glob.glob(folder + "/*.tsv"):
    table = pandas.read_csv(path, sep="\t", comment="#")
    assert len(table) and not table.columns.str.startswith("Unnamed").any(), path
metrics = pandas.read_csv(folder + "/metrics.tsv", sep="\t", comment="#").set_index(["subject", "metric"])
examples = pandas.read_csv(folder + "/examples.tsv", sep="\t", comment="#")
own = examples[(examples["set"] == "one-target") & (examples["method"] == "deep-taylor-free")]
assert abs(own["target_share"].mean() - metrics.loc[("deep-taylor-free", "target_share"), "value"]) < 1e-5
PYTHON
}
r_reads() {
  # shellcheck disable=SC2016 # the dollar is R's
  works Rscript -e 'folder <- commandArgs(TRUE)[1]
    for (path in Sys.glob(file.path(folder, "*.tsv"))) stopifnot(nrow(read.delim(path, comment.char = "#")) > 0)
    scores <- read.delim(file.path(folder, "r.scores.tsv"), comment.char = "#")
    stopifnot(is.numeric(scores$f), nrow(scores) == 10)' "$results"
}

# The network in ONNX, computed node by node as the operators are defined.
onnx_reads() {
  works "$BUILD/bin/export" "$results" "$work/network.onnx" && works "$1" - "$work/network.onnx" "$results" <<'PYTHON'
import sys
import numpy as np, onnx
from onnx import numpy_helper as helper
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
onnx.shape_inference.infer_shapes(model, strict_mode=True)
x = np.load(sys.argv[2] + "/heatmaps/pairs.npy")[:, None]
value = {"x": x, **{t.name: helper.to_array(t) for t in model.graph.initializer}}
kinds = {
    "Flatten": lambda x: x.reshape(len(x), -1),
    "Gemm": lambda x, w, b: x @ w + b,
    "Relu": lambda x: np.maximum(x, 0),
    "Reshape": lambda x, shape: x.reshape([n or len(x) for n in shape]),
    "ReduceSum": lambda x, axes: x.sum(tuple(axes)),
}
for node in model.graph.node:
    value[node.output[0]] = kinds[node.op_type](*[value[name] for name in node.input])
f = np.genfromtxt(sys.argv[2] + "/r.scores.tsv", names=True, skip_header=5)["f"]
assert f.max() > 0 and np.allclose(value["f"][:, 0], f, rtol=1e-5, atol=1e-5), abs(value["f"][:, 0] - f).max()
assert {p.key: p.value for p in model.metadata_props}["config_digest"]
PYTHON
}

check "train, evaluate and explain write their results" run_something
for module in numpy pandas onnx; do
  python=$(python_with $module,numpy)
  if [[ $python ]]; then
    check "$module reads them" ${module}_reads "$python"
  else
    skip "$module reads them" "no python3 has $module"
  fi
done
if command -v Rscript >/dev/null; then
  check "R reads them" r_reads
else
  skip "R reads them" "Rscript is not installed"
fi

close_checks
