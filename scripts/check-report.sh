#!/usr/bin/env bash
# Draws and reports on a tiny run, and loads the page in headless Chromium.
#
#   scripts/check-report.sh [FILE.html]
#
# The run has all that a report can show but the floor; copies of it lack
# something. Of the page, or of FILE, the structure is checked, and, where
# chromium is installed, on a desktop's width and on a phone's: nothing is wider
# than the page, text is readable against its ground, nothing is fetched and the
# console stays silent. Screenshots go to build/report.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
source scripts/checking.sh
[[ ${1-} != --help ]] || { show_head && exit; }
(($# <= 1)) || { echo "$me: $2: takes one file (see --help)" >&2; exit 2; }
shots=$BUILD/report

# ---- a run, and copies that lack something ----

tiny_run() {
  local out=$work/tiny
  {
    train experiments/quick.ini --out "$out" training.threads=1 training.iterations=400 \
      training.evaluate_every=100 training.evaluation_pairs=50 training.learning_rate=2e-4 network.detection="40 40" network.pool="4 40" &&
      evaluate "$out" training.threads=1 evaluation.scores=100 evaluation.pairs=20 evaluation.roots=3 \
        evaluation.flips=4 evaluation.repeats=3 evaluation.slow_repeats=1 evaluation.bootstrap=50 &&
      audit "$out" training.threads=1 --pairs 5 && figure1 --out "$out" --grid 4 && scripts/plot.sh "$out"
  } >"$work/log" 2>&1 || { tail -n 3 "$work/log" >&2; echo "$me: a tiny run failed" >&2; exit 1; }
}

# variant NAME: a copy of the tiny run, with the times of its files.
variant() { folder=$work/$1 && cp -a "$work/tiny" "$folder"; }

# rewrite TABLE AWK: the rows that the AWK pattern or action prints, below the
# comments and the line of names.
rewrite() {
  awk -F'\t' -v OFS='\t' "/^#/ || !named++ { print; next } $2" "$1" >"$work/rows" && mv "$work/rows" "$1"
}

# draws FIGURE: anew, in the variant's folder.
draws() { rm -f "$folder/figures/$1".* && works scripts/plot.sh "$folder" "$1"; }

# shellcheck disable=SC2016 # the fields are awk's
draws_without_relevance_model() {
  variant unmodelled
  rewrite "$folder/training.tsv" '{ $8 = $9 = "NA"; print }'
  draws training || return 1
  grep -q 'no relevance model was trained' "$folder/figures/training.svg" || because "its panel does not say so"
}

# shellcheck disable=SC2016 # the fields are awk's
draws_sensitivity_alone() {
  variant sensitive
  rewrite "$folder/examples.tsv" '$3 == "sensitivity"'
  rewrite "$folder/histogram.tsv" '$1 == "sensitivity"'
  draws conservation
}

draws_with_apostrophe() { variant "it's" && draws flipping; }

# Of 14 metrics, each of two variants, one without any value and one without the
# baseline's.
draws_many_metrics() {
  variant many
  {
    printf 'subject\tmetric\tset\tvariant\tseeds\tmean\tlow\thigh\tdeviation\tbaseline\tpairs\tdifference\tdifference_low\tdifference_high\tp\tp_holm\n'
    awk -v OFS='\t' 'BEGIN {
      for (i = 1; i <= 14; i++)
        for (v = 1; v <= 2; v++)
          print "network", "m" i, "scores", "v" v, 1, i == 1 || i == 2 && v == 1 ? "NA" : i + v, "NA", "NA", "NA", "v1", 0, "NA", "NA", "NA", "NA", "NA"
    }'
  } >"$folder/compare.tsv"
  {
    printf 'kind\tname\ttitle\tsubject_title\n'
    printf 'metric\tnetwork:m%d:scores\tMetric %d\tNetwork\n' {1..14}{,}
    printf 'variant\tv%d\tv%d\t\n' 1 1 2 2
  } >"$folder/compare-names.tsv"
  draws compare || return 1
  grep -q 'the first 12 of 13 metrics' "$folder/figures/compare.svg" || because "it does not say how many it leaves out"
}

reports() {
  works report "$folder" && says "^  $folder/report.html" && says '^Network, Accuracy: ' &&
    works report "$folder" && says '^report is up to date'
}
reports_tiny_run() { folder=$work/tiny && reports; }
reports_without_config() {
  variant imported
  rm "$folder"/{config.ini,training.tsv,report.html} "$folder"/figures/training.*
  reports || return 1
  ! grep -q 'id="settings"' "$folder/report.html" || because "it has settings"
}
refuses_stale_figure() {
  variant stale
  touch "$folder/ledger.tsv"
  refuses 1 "figures/ledger.svg: older than " report "$folder"
}
refuses_script_in_figure() {
  variant scripted
  sed -i 's|</svg>|<script>alert(1)</script></svg>|' "$folder/figures/audit.svg"
  touch "$folder/figures/audit.svg"
  refuses 1 "figures/audit.svg: holds <script>" report "$folder"
}

# ---- the browser ----

# chromium_with OPTION... URL: a browser with an empty profile and no network.
chromium_with() {
  timeout 300 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --allow-file-access-from-files --hide-scrollbars --enable-logging=stderr \
    --host-resolver-rules="MAP * ~NOTFOUND" --user-data-dir="$work/profile" "$@"
}

# examine WIDTH: the page in a frame of that width, and what only a browser
# knows, a line a finding. Contrast is as WCAG 2 defines it.
examine() {
  cat <<HTML
<!DOCTYPE html>
<meta charset="utf-8"><title>examination</title>
<body style="margin:0"><iframe id="frame" style="border:0;width:${1}px;height:900px" src="file://$report"></iframe>
<pre id="findings"></pre>
<script>
function luminance(colour) {
  const [r, g, b] = colour.match(/[\d.]+/g).map((c) => (c /= 255, c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
}
function ground(e) {
  while (e && /, 0\)$/.test(getComputedStyle(e).backgroundColor)) e = e.parentElement;
  return e ? getComputedStyle(e).backgroundColor : "rgb(255, 255, 255)";
}
frame.onload = () => {
  const page = frame.contentDocument, wide = frame.clientWidth, lines = [];
  const found = (kind, e, what) => lines.push(kind + ": " + (e.id || e.textContent.trim().slice(0, 30)) + " " + what);
  for (const e of page.querySelectorAll("main, main *")) {
    if (!e.closest(".scroll, pre, svg") && e.getBoundingClientRect().right > wide + 1) found("width", e, "reaches beyond the page");
    const drawn = e.namespaceURI.endsWith("svg"), colour = getComputedStyle(e)[drawn ? "fill" : "color"];
    if (![...e.childNodes].some((c) => c.nodeType == 3 && c.textContent.trim()) || e.closest("defs") || !/^rgb/.test(colour)) continue;
    const [dark, bright] = [colour, drawn ? "rgb(255, 255, 255)" : ground(e)].map(luminance).sort((a, b) => a - b);
    if (bright / dark < 4.5) found("contrast", e, "has only " + (bright / dark).toFixed(2));
  }
  if (page.documentElement.scrollWidth > wide) found("width", page.body, "is wider than the page");
  for (const r of frame.contentWindow.performance.getEntriesByType("resource")) if (!r.name.startsWith("data:")) lines.push("alone: fetched " + r.name);
  findings.textContent = [...lines, "height: " + page.documentElement.scrollHeight, "examined"].join("\n");
};
</script>
HTML
}

nothing_is_found() { [[ -z $1 ]] || because $'\n      '"${1//$'\n'/$'\n      '}"; }
judge() { check "$1" nothing_is_found "$2"; }

# Requests that the page caused, with where to. The browser's own, for updates
# and accounts, have no page as their initiator.
requests() {
  grep '"initiator":' "$1" | grep -v '"initiator":"not an origin"' | sed 's/.*"url":"\([^"]*\)".*/\1/' | sort -u | head -n 5 || true
}

check_width() {
  local width=$1 name=$2 text='' kind height
  examine "$width" >"$work/$name.html"
  for _ in 1 2 3; do # a browser may fail on a busy machine
    chromium_with --window-size=1400,900 --virtual-time-budget=10000 --log-net-log="$work/$name.json" \
      --dump-dom "file://$work/$name.html" >"$work/$name.dom" 2>"$work/$name.log" || true
    text=$(sed -n '/<pre id="findings">/,/<\/pre>/p' "$work/$name.dom" | sed -e 's/<[^>]*>//g')
    ! grep -q '^examined' <<<"$text" || break
  done
  judge "$name: the page loads" "$(grep -q '^examined' <<<"$text" || echo "it does not, not even in five minutes")"
  for kind in "width nothing is wider than the page" "contrast text is readable" "alone nothing is fetched"; do
    judge "$name: ${kind#* }" "$(sed -n "s/^${kind%% *}: //p" <<<"$text" | head -n 5)"
  done
  judge "$name: the console is silent" "$(grep -a 'CONSOLE' "$work/$name.log" || true)"
  judge "$name: the page asks the network for nothing" "$(requests "$work/$name.json")"
  height=$(sed -n 's/^height: //p' <<<"$text")
  photograph "$width" "$name" "$((${height:-900} < 16000 ? ${height:-900} : 16000))"
}

# photograph WIDTH NAME HEIGHT: the page in one picture.
photograph() {
  printf '<body style="margin:0"><iframe style="border:0;width:%spx;height:%spx" src="file://%s"></iframe>' "$1" "$3" "$report" >"$work/picture.html"
  for _ in 1 2 3; do
    [[ -s $shots/$2.png ]] || chromium_with --window-size="$1,$3" --screenshot="$shots/$2.png" "file://$work/picture.html" >/dev/null 2>&1 || true
  done
  judge "$2: a screenshot in $shots/$2.png" "$([[ -s $shots/$2.png ]] || echo "none was taken")"
}

# ---- checks ----

needs train evaluate audit figure1 report
if (($#)); then
  case $1 in /*) report=$1 ;; *) report=$here/$1 ;; esac
  [[ -r $report ]] || { echo "$me: $1: cannot be read" >&2; exit 1; }
else
  tiny_run
  report=$work/tiny/report.html
  check "training without a relevance model is drawn" draws_without_relevance_model
  check "conservation of sensitivity alone is drawn" draws_sensitivity_alone
  check "a folder with an apostrophe is drawn" draws_with_apostrophe
  check "a comparison of more metrics than panels, some without values, is drawn" draws_many_metrics
  check "a run has a report, which is kept" reports_tiny_run
  check "a run without config.ini has a report" reports_without_config
  check "a figure older than its table is refused" refuses_stale_figure
  check "a figure with a script is refused" refuses_script_in_figure
fi
check "the page is sound" works env REPORT="$report" "$BUILD/test/src/runs/report_section_test"
if command -v chromium >/dev/null; then
  mkdir -p "$shots"
  rm -f "$shots"/{desktop,phone}.png
  check_width 1280 desktop
  check_width 390 phone
else
  skip "the page in a browser" "chromium is not installed (scripts/install-dependencies.sh --developer installs it)"
fi
close_checks
