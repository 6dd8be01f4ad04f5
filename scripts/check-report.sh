#!/usr/bin/env bash
# Loads a report in headless Chromium and checks what its readers rely on.
#
#   scripts/check-report.sh [FILE.html]
#
# On a desktop's width and on a phone's: nothing is wider than the page, nothing
# is fetched, the console stays silent; ids are unique, headings in order,
# figures and tables labelled, text readable against its ground. Screenshots go
# to build/report. Without a FILE, trains a tiny network in a temporary folder
# and reports on it, and on copies that lack something. Skips where chromium is
# not installed.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
source scripts/checking.sh
[[ ${1-} != --help ]] || { show_head && exit; }
(($# <= 1)) || { echo "$me: $2: takes one file (see --help)" >&2; exit 2; }
if ! command -v chromium >/dev/null; then
  skip report "chromium is not installed (scripts/install-dependencies.sh --developer installs it)"
  close_checks
  exit
fi
shots=$BUILD/report

# ---- the report ----

# A tiny run, with all that a report can show except the floor.
tiny_report() {
  local out=$work/tiny
  needs train evaluate audit figure1
  {
    train experiments/quick.ini --out "$out" training.threads=1 training.iterations=400 \
      training.evaluate_every=100 training.evaluation_pairs=50 training.learning_rate=2e-4 network.detection="40 40" network.pool="4 40" &&
      evaluate "$out" training.threads=1 evaluation.scores=100 evaluation.pairs=20 evaluation.roots=3 \
        evaluation.flips=4 evaluation.repeats=3 evaluation.slow_repeats=1 evaluation.bootstrap=50 &&
      audit "$out" training.threads=1 --pairs 5 &&
      figure1 --out "$out" --grid 4 &&
      scripts/plot.sh "$out" &&
      scripts/report.sh "$out"
  } >"$work/log" 2>&1 || { tail -n 3 "$work/log" >&2; echo "$me: no report came out of a tiny run" >&2; exit 1; }
  report=$out/report.html
}

# ---- folders that lack something ----

# rewrite TABLE AWK: the rows that the AWK pattern or action prints, below the
# comments and the line of names.
rewrite() {
  awk -F'\t' -v OFS='\t' "/^#/ || !named++ { print; next } $2" "$1" >"$work/rows" && mv "$work/rows" "$1"
}

# variant NAME: a copy of the tiny run, with the times of its files.
variant() {
  folder=$work/$1
  cp -a "$work/tiny" "$folder"
}

# draws FIGURE: anew, in the variant's folder.
draws() {
  rm -f "$folder/figures/$1".*
  scripts/plot.sh "$folder" "$1" >"$work/log" 2>&1 || because "$(tail -n 1 "$work/log")"
}

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

draws_with_apostrophe() {
  variant "it's"
  draws flipping
}

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
  draws compare || return 1
  grep -q 'the first 12 of 13 metrics' "$folder/figures/compare.svg" || because "it does not say how many it leaves out"
}

reports_without_config() {
  variant imported
  rm "$folder"/{config.ini,training.tsv,report.html} "$folder"/figures/training.*
  scripts/report.sh "$folder" >"$work/log" 2>&1 || because "$(tail -n 1 "$work/log")" || return 1
  ! grep -q 'id="settings"' "$folder/report.html" || because "it has settings"
}

# refuses_report WORDS: report.sh, with one line that has the words, and status 1.
refuses_report() {
  local status=0
  scripts/report.sh "$folder" >"$work/log" 2>&1 || status=$?
  ((status == 1)) || because "status $status" || return 1
  [[ $(wc -l <"$work/log") == 1 && $(<"$work/log") =~ $1 ]] || because "$(tail -n 1 "$work/log")"
}

refuses_stale_figure() {
  variant stale
  touch "$folder/ledger.tsv"
  refuses_report 'figures/ledger.svg: older than '
}

refuses_folder_as_page() {
  variant occupied
  rm "$folder/report.html"
  mkdir "$folder/report.html"
  refuses_report 'report.html: is a folder'
}

check_folders() {
  check "training without a relevance model is drawn" draws_without_relevance_model
  check "conservation of sensitivity alone is drawn" draws_sensitivity_alone
  check "a folder with an apostrophe is drawn" draws_with_apostrophe
  check "a comparison of more metrics than panels, some without values, is drawn" draws_many_metrics
  check "a run without config.ini has a report" reports_without_config
  check "a figure older than its table is refused" refuses_stale_figure
  check "a folder in the report's place is refused" refuses_folder_as_page
}

# ---- the browser ----

# chromium_with OPTION... URL: a browser that knows nobody and calls nobody.
chromium_with() {
  timeout 300 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --allow-file-access-from-files --hide-scrollbars --enable-logging=stderr \
    --host-resolver-rules="MAP * ~NOTFOUND" --user-data-dir="$work/profile" "$@"
}

# A page that holds the report in a frame of a width, waits until it is loaded
# and then writes what it finds, a line a finding, "NAME: what".
examine() {
  cat <<HTML
<!DOCTYPE html>
<meta charset="utf-8"><title>examination</title>
<body style="margin:0"><iframe id="frame" style="border:0;width:${1}px;height:900px" src="file://$report"></iframe>
<pre id="findings"></pre>
<script>
$(cat <<'SCRIPT'
const lines = [];
const found = (name, what) => lines.push(name + ": " + what);
const named = (e) => e.id ? "#" + e.id : e.tagName.toLowerCase() + " \"" + e.textContent.trim().slice(0, 30) + "\"";

function widths(page, wide) {
  const root = page.documentElement;
  if (root.scrollWidth > wide) found("width", "the page is " + root.scrollWidth + " px wide");
  for (const e of page.querySelectorAll("main *"))
    if (!e.closest(".scroll, pre, svg") && e.getBoundingClientRect().right > wide + 1) found("width", named(e) + " reaches beyond the page");
}

function structure(page) {
  const ids = new Set();
  for (const e of page.querySelectorAll("[id]")) {
    if (ids.has(e.id)) found("ids", e.id + " stands twice");
    ids.add(e.id);
  }
  for (const a of page.querySelectorAll("a[href^='#']"))
    if (!ids.has(a.getAttribute("href").slice(1))) found("ids", a.getAttribute("href") + " leads nowhere");
  for (const e of page.querySelectorAll("[aria-labelledby]"))
    if (!ids.has(e.getAttribute("aria-labelledby"))) found("labels", named(e) + ": its label is missing");
  let level = 0;
  for (const h of page.querySelectorAll("h1, h2, h3, h4")) {
    if (+h.tagName[1] > level + 1) found("headings", named(h) + " skips a level");
    level = +h.tagName[1];
  }
  if (page.querySelectorAll("h1").length != 1) found("headings", "not exactly one h1");
  if (!page.documentElement.lang || !page.title) found("headings", "no language or no title");
}

function labels(page) {
  for (const f of page.querySelectorAll("figure")) {
    const svg = f.querySelector("svg");
    if (!f.querySelector("figcaption")) found("labels", "a figure without a caption");
    if (!svg || svg.getAttribute("role") != "img" || !(svg.getAttribute("aria-label") || "").trim()) found("labels", "a figure without a text");
  }
  for (const t of page.querySelectorAll("table")) {
    if (!t.caption || !t.caption.textContent.trim()) found("labels", "a table without a caption");
    for (const th of t.querySelectorAll("th")) if (!th.scope) found("labels", named(th) + ": a head without a scope");
    columns(t);
  }
  for (const th of page.querySelectorAll("th, dt"))
    if (/[a-z]_[a-z]/.test(th.textContent)) found("labels", named(th) + ": has no name in scripts/report/names.tsv");
  for (const s of page.querySelectorAll(".scroll"))
    if (s.tabIndex != 0) found("labels", named(s) + " scrolls but not by keyboard");
}

/* Every row of a table fills all of its columns. */
function columns(table) {
  const open = [];
  let wanted = 0;
  [...table.rows].forEach((row, n) => {
    let width = open.reduce((sum, o) => sum + (o.until >= n ? o.columns : 0), 0);
    for (const c of row.cells) {
      width += c.colSpan;
      if (c.rowSpan > 1) open.push({until: n + c.rowSpan - 1, columns: c.colSpan, from: n});
    }
    wanted = wanted || width;
    if (width != wanted) found("labels", "row " + n + " of " + named(table.caption || table) + " has " + width + " columns of " + wanted);
  });
}

/* Relative luminance and contrast as WCAG 2 define them. */
function luminance(colour) {
  const [r, g, b] = colour.match(/[\d.]+/g).map((c) => (c /= 255, c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ground(e) {
  for (; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (!/, 0\)$/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
}
function contrast(page) {
  for (const e of page.querySelectorAll("body *")) {
    const drawn = e.namespaceURI.endsWith("svg");
    if (![...e.childNodes].some((c) => c.nodeType == 3 && c.textContent.trim()) || drawn && e.closest("defs")) continue;
    const colour = drawn ? getComputedStyle(e).fill : getComputedStyle(e).color;
    if (!/^rgb/.test(colour)) continue;
    const [a, b] = [luminance(colour), luminance(drawn ? "rgb(255, 255, 255)" : ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found("contrast", named(e) + " has only " + ((a + 0.05) / (b + 0.05)).toFixed(2));
  }
}

function content(page) {
  for (const e of page.querySelectorAll("script, link[rel=stylesheet], iframe, object, embed")) found("alone", named(e) + " has no place in the page");
  for (const e of page.querySelectorAll("[src], [href]")) {
    const to = e.getAttribute("src") || e.getAttribute("href") || "";
    if (!/^(#|data:)/.test(to)) found("alone", "refers to " + to.slice(0, 60));
  }
  for (const to of page.documentElement.outerHTML.match(/@import|url\((?!["']?(#|data:|&quot;#))[^)]*/g) || []) found("alone", "a style refers to " + to.slice(0, 60));
  for (const word of ["NaN", "undefined", "-nan", " inf"])
    if (page.querySelector("main").innerText.includes(word)) found("numbers", word + " stands in the text");
}

frame.onload = () => {
  const page = frame.contentDocument, wide = frame.clientWidth;
  for (const r of frame.contentWindow.performance.getEntriesByType("resource")) if (!r.name.startsWith("data:")) found("alone", "fetched " + r.name);
  widths(page, wide);
  structure(page);
  labels(page);
  contrast(page);
  content(page);
  lines.push("height: " + page.documentElement.scrollHeight, "examined");
  findings.textContent = lines.join("\n");
};
SCRIPT
)
</script>
HTML
}

# ---- checks ----

# judge NAME FINDINGS: passes when there are none.
nothing_is_found() { [[ -z $1 ]] || because $'\n      '"${1//$'\n'/$'\n      '}"; }
judge() { check "$1" nothing_is_found "$2"; }

# Requests that the page caused, with where to. The browser's own, for updates
# and accounts, have no page as their initiator.
requests() {
  grep '"initiator":' "$1" | grep -v '"initiator":"not an origin"' |
    sed 's/.*"url":"\([^"]*\)".*/\1/' | sort -u | head -n 5 || true
}

check_width() {
  local width=$1 name=$2 text='' kind trial
  examine "$width" >"$work/$name.html"
  for ((trial = 0; trial < 3; trial++)); do # a browser may stumble on a busy machine
    chromium_with --window-size=1400,900 --virtual-time-budget=10000 --log-net-log="$work/$name.json" \
      --dump-dom "file://$work/$name.html" >"$work/$name.dom" 2>"$work/$name.log" || true
    text=$(sed -n '/<pre id="findings">/,/<\/pre>/p' "$work/$name.dom" | sed -e 's/<[^>]*>//g')
    ! grep -q '^examined' <<<"$text" || break
  done
  judge "$name: the page loads" "$(grep -q '^examined' <<<"$text" || echo "it does not, not even in five minutes")"
  for kind in "width nothing is wider than the page" "ids ids are unique and links lead somewhere" \
    "headings headings are in order" "labels figures and tables are labelled" "contrast text is readable" \
    "alone nothing is referred to or fetched" "numbers no number is missing"; do
    judge "$name: ${kind#* }" "$(sed -n "s/^${kind%% *}: //p" <<<"$text" | head -n 5)"
  done
  judge "$name: the console is silent" "$(grep -a 'CONSOLE' "$work/$name.log" || true)"
  judge "$name: the page asks the network for nothing" "$(requests "$work/$name.json")"
  height=$(sed -n 's/^height: //p' <<<"$text")
  photograph "$width" "$name" "${height:-900}"
}

# The page as it looks at that width, in one picture.
photograph() {
  printf '<body style="margin:0"><iframe style="border:0;width:%spx;height:%spx" src="file://%s"></iframe>' "$1" "$3" "$report" >"$work/picture.html"
  local trial
  for ((trial = 0; trial < 3; trial++)); do
    chromium_with --window-size="$1,$(($3 < 16000 ? $3 : 16000))" --screenshot="$shots/$2.png" "file://$work/picture.html" >/dev/null 2>&1 || true
    [[ ! -s $shots/$2.png ]] || break
  done
  judge "$2: a screenshot in $shots/$2.png" "$([[ -s $shots/$2.png ]] || echo "none was taken")"
}

if (($#)); then
  case $1 in /*) report=$1 ;; *) report=$here/$1 ;; esac
  [[ -r $report ]] || { echo "$me: $1: cannot be read" >&2; exit 1; }
else
  tiny_report
  check_folders
fi
mkdir -p "$shots"
rm -f "$shots"/{desktop,phone}.png
check_width 1280 desktop
check_width 390 phone
close_checks
