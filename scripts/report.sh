#!/usr/bin/env bash
# Assembles DIR/report.html from the tables and figures of a result folder.
#
#   scripts/report.sh DIR
#
# The page is one file: figures inline as SVG, no script, nothing fetched. What
# evaluate writes must be there; training and its settings, the audit, Fig. 1 and
# the floor are shown when they are. A page newer than all it shows is kept.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
if [[ ${1-} == --help ]]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0"
  exit 0
fi
[[ $# == 1 ]] || { echo "report.sh: which result folder? (see --help)" >&2; exit 2; }
case $1 in /*) results=$1 ;; *) [[ -d $1 ]] && results=$1 || results=$here/$1 ;; esac

parts=scripts/report
report=$results/report.html

# ---- what there is to show ----

# The sections in their order: id, title, and the files of which one must be
# there.
sections=(
  "heatmaps|Heatmaps|figures/heatmaps.svg"
  "conservation|Conservation and positivity|figures/conservation.svg"
  "claims|The claims of section 6.1|claims.tsv"
  "table-1|Table 1, measured|table1.tsv"
  "ledger|Where relevance is lost|ledger.tsv figures/ledger.svg"
  "metrics|All metrics|metrics.tsv"
  "flipping|Faithfulness: taking pixels away|figures/flipping.svg"
  "randomisation|Robustness: random layers|figures/randomisation.svg"
  "roots|Nearest roots|roots.tsv"
  "audit|The roots that the rules stand for|audit.tsv figures/audit.svg"
  "floor|The floor of the heatmaps|floor.tsv figures/floor.svg"
  "figure-1|Two inputs: what the methods do|figures/figure1.svg"
  "training|Training|figures/training.svg metrics.tsv"
  "settings|Settings|config.ini"
  "provenance|Provenance|metrics.tsv"
)

# Where a file of the report is: the floor's may have a folder of their own, as
# scripts/reproduce.sh makes it. Nothing when it is nowhere.
found() {
  local place
  for place in "$results/$1" "$results/floor/$1"; do
    [[ ! -r $place ]] || { echo "$place" && return; }
  done
}

there_is() {
  local file
  for file; do [[ -z $(found "$file") ]] || return 0; done
  return 1
}

# shellcheck disable=SC2086 # a section's files are parted by spaces
present_sections() {
  local section id title files
  for section in "${sections[@]}"; do
    IFS='|' read -r id title files <<<"$section"
    ! there_is $files || echo "$id|$title"
  done
}

fresh=1
needed=(metrics.tsv claims.tsv table1.tsv figures/heatmaps.svg figures/conservation.svg)
[[ ! -e $results/training.tsv ]] || needed+=(figures/training.svg)
for input in "${needed[@]}"; do
  if [[ ! -r $results/$input ]]; then
    echo "report.sh: $results/$input: missing (run build/bin/evaluate and scripts/plot.sh first)" >&2
    exit 1
  fi
done
if [[ -d $report ]]; then
  echo "report.sh: $report: is a folder (move it away; the page goes there)" >&2
  exit 1
fi

# Stops at a figure that is older than a table it is drawn from, as its script
# in plots names them.
stop_at_stale_figure() {
  local script name svg table
  for script in plots/*.gp; do
    name=$(basename "$script" .gp)
    svg=$(found "figures/$name.svg")
    [[ -n $svg ]] || continue
    while read -r table; do
      table=${svg%/figures/*}/$table.tsv
      [[ $table -nt $svg ]] || continue
      echo "report.sh: $svg: older than $table (run scripts/plot.sh first)" >&2
      exit 1
    done < <(sed -n 's/^[^#]*[^a-z]table("\([^"]*\)").*/\1/p' "$script" | sort -u)
  done
}
stop_at_stale_figure

for input in "$results"/*.tsv "$results"/config.ini "$results"/figures/*.svg \
  "$results"/floor/floor.tsv "$results"/floor/figures/*.svg scripts/report.sh "$parts"/*; do
  [[ ! -e $input || $report -nt $input ]] || fresh=
done
if [[ $fresh ]]; then
  echo "report is up to date"
  exit 0
fi

# ---- pieces ----

escape() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'; }

# table NAME [FILE]: the rows of FILE (NAME.tsv) as scripts/report/NAME.awk sets
# them; nothing without that file.
table() {
  local file
  file=$(found "${2-$1.tsv}")
  [[ -z $file ]] || awk -f $parts/cells.awk -f "$parts/$1.awk" $parts/names.tsv "$file"
}

# figure NAME DESCRIPTION CAPTION: figures/NAME.svg with ids of its own, and a
# font at hand everywhere; DESCRIPTION is its text for who cannot see it.
figure() {
  local name=$1 description=$2 caption=$3 svg width # the style sheet goes by it
  svg=$(found "figures/$1.svg")
  [[ $svg ]] || return 0
  width=$(sed -n '/<svg/,/>/s/^ *width="\([0-9]*\)".*/\1/p' "$svg")
  echo "<figure><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Figure: $name\">"
  sed -e '/<?xml/d' -e '/<!DOCTYPE/,/>/d' -e '/<title>/d' -e '/<desc>/d' \
    -e 's/ id="gnuplot[^"]*"//; s/font-family="DejaVu Sans"/font-family="DejaVu Sans, Verdana, sans-serif"/' \
    -e "s/ id=\"/ id=\"$name-/g; s/ id='/ id='$name-/g" \
    -e "s/xlink:href='#/xlink:href='#$name-/g; s/xlink:href=\"#/xlink:href=\"#$name-/g; s/url(#/url(#$name-/g" \
    -e "0,/<svg/s/<svg/<svg role=\"img\" aria-label=\"$description\" style=\"--natural: ${width}px\"/" \
    "$svg"
  echo "</div><figcaption>$caption</figcaption></figure>"
}

summary() {
  local name inputs=()
  for name in metrics claims table1 roots audit; do
    [[ ! -r $results/$name.tsv ]] || inputs+=("table=$name" "$results/$name.tsv")
  done
  awk -f $parts/cells.awk -f $parts/summary.awk $parts/names.tsv "${inputs[@]}"
}

# The provenance that the tables open with, each different one once.
provenance() {
  local name previous='' text
  for name in training metrics audit floor figure1; do
    [[ -r $results/$name.tsv ]] || continue
    text=$(sed -n '/^#/!q; s/^# //p' "$results/$name.tsv")
    [[ $text != "$previous" ]] || continue
    previous=$text
    printf '%s.tsv\n%s\n\n' "$name" "$text"
  done
}

# ---- sections ----

section_heatmaps() {
  figure heatmaps "Two blocks of six test pairs, each pair above its heatmaps by sensitivity, Taylor, min-max and training-free deep Taylor." \
    "Twelve test pairs with exactly one target digit (0 to 3), the first of their stream, each above its heatmaps. Red: positive relevance, blue: negative, white: none. As Fig.&nbsp;5 of the paper."
}

section_conservation() {
  figure conservation "Above, four scatter plots of the sum of relevance against the score; below, four histograms of the relevance of single pixels. The metrics on conservation and positivity say the same in figures." \
    "Above: the sum of relevance against f(x), one point a test pair; on the dashed diagonal, relevance is conserved (sensitivity has a scale of its own). Below: how often a pixel&rsquo;s relevance takes a value; bars left of zero, in blue, are negative. As Fig.&nbsp;6 of the paper."
}

section_claims() { table claims; }

section_table-1() { table table1; }

section_ledger() {
  echo "<p>An explanation hands f down to the pixels; each step may keep all of it or not. The ledger says which step lost how much, and why.</p>"
  figure ledger "For each method, how much of the score is left after each step towards the pixels. The table below holds the same figures." \
    "What is left of f after each step, and what took the rest."
  table ledger
}

section_metrics() { table metrics; }

section_flipping() {
  echo "<p>If a heatmap is right about what f rests on, f falls fast when the most relevant pixels are turned black first. The areas under these curves are among the metrics, as pixel and block flipping.</p>"
  figure flipping "Two panels of curves of the score while pixels, or blocks, are taken away: four methods and random order. The metrics on faithfulness summarise them." \
    "The score relative to f(x) while pixels are taken away, the most relevant first; bands are 95&nbsp;% intervals of the mean."
}

section_randomisation() {
  echo "<p>An explanation of what was learned has to change when what was learned is replaced by noise, layer by layer from the top. One that stays alike explains the input more than the model.</p>"
  figure randomisation "Rank correlation of heatmaps with those of models whose top layer, or all layers, are random, for four methods. The metrics on robustness hold the figures." \
    "Rank correlation of the heatmap with the one after layers were re-drawn, mean and 95&nbsp;% interval."
}

section_roots() {
  echo "<p>Taylor decomposition expands f at the image nearest to x with f at most a tenth of f(x). Finding it is a search without a guarantee, so each answer is checked.</p>"
  table roots
}

section_audit() {
  echo "<p>A deep Taylor rule decomposes every unit at a root of its own. This is exact within the layer; through the whole network it holds as far as nothing else changes between x and that root. The audit visits the roots and looks.</p>"
  figure audit "Three panels, a line a rule and layer: share of roots in the domain and in the linear region of x, score at the roots, and drift of what is held constant. The table below holds the figures." \
    "Where the roots lie and what holds there: the share in the domain and in x&rsquo;s linear region, f at the root relative to f(x), and how far what section 5.2 holds constant drifts."
  table audit
}

section_floor() {
  echo "<p>Deep Taylor heatmaps stand on a diffuse floor: black pixels earn relevance through weights that training left as they were drawn. Short trainings show what raises it.</p>"
  figure floor "Share of relevance on the target&rsquo;s half against length of training, learning rate and deviation of the initial weights, with and without the floor. The table below holds the figures." \
    "The share on the target&rsquo;s half, of all relevance and of what stands above the floor, when one thing about training changes at a time."
  table floor
}

section_figure-1() {
  echo "<p>Functions of two inputs show at a glance what each method does: where it jumps, what it misses, and whether its relevances sum to f.</p>"
  figure figure1 "Rows of panels, a function of two inputs each, with the relevances of both inputs as arrows by sensitivity, natural, Taylor and deep Taylor decomposition." \
    "Functions of two inputs, explained at many points: the arrow at x is (R<sub>1</sub>, R<sub>2</sub>), contours show f. Under each panel: the largest error of the sum. As Fig.&nbsp;1 of the paper."
}

section_training() {
  figure training "Four panels over the iterations: squared error, test accuracy, the fit of the relevance model, and the share of active units. The table below holds where they end." \
    "Squared error on training and test pairs, accuracy on test pairs, the fit of the min&ndash;max relevance model, and the share of units that are on for at least one test pair."
  table network metrics.tsv
}

section_settings() {
  echo "<p>The configuration of this run; what is not listed has its default.</p>"
  echo "<pre>$(escape <"$results/config.ini")</pre>"
}

section_provenance() {
  echo "<p>What made each table, so that it can be made again.</p>"
  echo "<pre>$(provenance | escape)</pre>"
}

# ---- the page ----

head_of_page() {
  cat <<HEAD
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Deep Taylor decomposition on MNIST pairs</title>
<style>
$(<$parts/style.css)
</style>
</head>
<body>
<main>
<h1>Explaining pairs of MNIST digits with deep Taylor decomposition</h1>
<p>A detection-pooling network was trained to say whether an image of two
handwritten digits shows a target, a digit from 0 to 3: f(x) is to be 100 if it
does, and 0 if not. Four methods then explain its answers pixel by pixel. This page
sets what came out beside what Montavon et al. state in section 6.1 of
<em>Explaining nonlinear classification decisions with deep Taylor
decomposition</em> (Pattern Recognition 65, 2017).</p>
HEAD
}

contents() {
  local id title
  echo "<nav aria-labelledby=\"contents\"><h2 id=\"contents\">Contents</h2><ul>"
  while IFS='|' read -r id title; do echo "<li><a href=\"#$id\">$title</a></li>"; done <<<"$present"
  echo "</ul></nav>"
}

page() {
  local id title present
  present=$(present_sections)
  head_of_page
  echo "<section aria-labelledby=\"in-short\"><h2 id=\"in-short\">In short</h2>"
  summary
  echo "</section>"
  contents
  echo "<section aria-labelledby=\"methods\"><h2 id=\"methods\">The methods</h2>"
  table methods metrics.tsv
  echo "</section>"
  while IFS='|' read -r id title; do
    echo "<section aria-labelledby=\"$id\"><h2 id=\"$id\">$title</h2>"
    "section_$id"
    echo "</section>"
  done <<<"$present"
  echo "</main></body></html>"
}

partial=$report.partial
trap 'rm -f "$partial"' EXIT
page >"$partial"
mv "$partial" "$report"
trap - EXIT
echo "  $report"
