#!/usr/bin/env bash
# Assembles DIR/report.html from the tables and figures of a result folder.
#
#   scripts/report.sh DIR
#
# The page is one file: figures inline as SVG, no script, nothing fetched. A
# page newer than all it shows is kept.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
if [[ ${1-} == --help ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0"
  exit 0
fi
[[ $# == 1 ]] || { echo "report.sh: which result folder? (see --help)" >&2; exit 2; }
case $1 in /*) results=$1 ;; *) [[ -d $1 ]] && results=$1 || results=$here/$1 ;; esac

report=$results/report.html
fresh=1
for input in metrics.tsv claims.tsv table1.tsv config.ini training.tsv \
  figures/heatmaps.svg figures/conservation.svg figures/training.svg; do
  if [[ ! -r $results/$input ]]; then
    echo "report.sh: $results/$input: missing (run build/bin/evaluate and scripts/plot.sh first)" >&2
    exit 1
  fi
  [[ $report -nt $results/$input && $report -nt scripts/report.sh ]] || fresh=
done
if [[ $fresh ]]; then
  echo "report is up to date"
  exit 0
fi

escape() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'; }

# A figure: its SVG with ids of its own, an alternative text and a caption.
figure() {
  local name=$1 description=$2 caption=$3
  echo "<figure><div class=\"scroll\">"
  sed -e '/<?xml/d' -e '/<!DOCTYPE/,/>/d' \
    -e "s/ id=\"/ id=\"$name-/g; s/ id='/ id='$name-/g" \
    -e "s/xlink:href='#/xlink:href='#$name-/g; s/xlink:href=\"#/xlink:href=\"#$name-/g; s/url(#/url(#$name-/g" \
    -e "0,/<svg/s/<svg/<svg role=\"img\" aria-label=\"$description\"/" \
    -e '/<title>/d' -e '/<desc>/d' "$results/figures/$name.svg"
  echo "</div><figcaption>$caption</figcaption></figure>"
}

# A table of the columns given by number, numbers with four digits.
table() {
  local file=$1 columns=$2 caption=$3
  echo "<div class=\"scroll\"><table><caption>$caption</caption>"
  grep -v '^#' "$results/$file" | escape | awk -F'\t' -v columns="$columns" '
    function shown(text) {
      if (text == "NA") return "&ndash;"
      if (text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/) return sprintf("%.4g", text)
      return text
    }
    BEGIN { n = split(columns, column, " ") }
    NR == 1 {
      print "<thead><tr>"
      for (i = 1; i <= n; i++) { gsub(/_/, " ", $column[i]); print "<th scope=\"col\">" $column[i] "</th>" }
      print "</tr></thead><tbody>"; next
    }
    {
      print "<tr>"
      for (i = 1; i <= n; i++) {
        text = shown($column[i]); kind = text ~ /^-?[0-9&]/ ? " class=\"number\"" : ""
        if (text == "holds") text = "&#10003; holds"
        if (text == "does not hold") text = "&#10007; <strong>does not hold</strong>"
        if (text == "undecided") text = "? undecided"
        print "<td" kind ">" text "</td>"
      }
      print "</tr>"
    }
    END { print "</tbody></table></div>" }'
}

# One metric as "value (low to high)".
metric() {
  awk -F'\t' -v subject="$1" -v metric="$2" -v format="$3" '
    $1 == subject && $2 == metric {
      f = format " (" format " to " format ")"
      printf f, $4, $5, $6
    }' "$results/metrics.tsv"
}

partial=$report.partial
trap 'rm -f "$partial"' EXIT
{
  cat <<'HEAD'
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Deep Taylor decomposition on MNIST pairs</title>
<style>
body { font: 1rem/1.5 "DejaVu Sans", Verdana, sans-serif; color: #222; background: #fff; max-width: 54rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid #bbb; }
.scroll { overflow-x: auto; } figure { margin: 1rem 0 2rem; } figcaption, caption { color: #444; font-size: .875rem; text-align: left; padding: .4rem 0; }
svg { max-width: 100%; height: auto; } @media (max-width: 40rem) { figure svg { min-width: 38rem; } }
table { border-collapse: collapse; font-size: .85rem; } th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { margin: 0; }
pre { overflow-x: auto; background: #f5f5f5; padding: .6rem; font-size: .8rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dt { font-weight: bold; } }
@media print { body { max-width: none; } .scroll { overflow: visible; } figure, tr { break-inside: avoid; } }
</style>
</head>
<body>
<main>
<h1>Explaining pairs of MNIST digits with deep Taylor decomposition</h1>
<p>A detection-pooling network was trained to say whether an image of two
handwritten digits shows a target digit. Four methods explain its answer pixel by
pixel. This page reports what came out, beside what Montavon et al. (2017) state in
section 6.1.</p>
HEAD
  echo "<h2>In short</h2><dl>"
  echo "<dt>Test error, mean (f &minus; t)&sup2;</dt><dd>$(metric network mse %.1f)</dd>"
  echo "<dt>Test accuracy</dt><dd>$(metric network accuracy %.4f)</dd>"
  echo "<dt>Min&ndash;max model, RMS to f</dt><dd>$(metric minmax rms %.2f)</dd>"
  echo "<dt>Min&ndash;max model, correlation with f</dt><dd>$(metric minmax correlation %.4f)</dd>"
  for method in sensitivity taylor deep-taylor-minmax deep-taylor-free; do
    echo "<dt>On the target half, $method</dt><dd>$(metric $method target_share %.3f)</dd>"
  done
  echo "</dl><p>In parentheses: 95&nbsp;% bootstrap intervals over test pairs.</p>"
  echo "<h2>Heatmaps</h2>"
  figure heatmaps "Twelve pairs of digits, each above its heatmaps by four methods" \
    "Twelve test pairs with exactly one target digit, the first of their stream, each above its heatmaps. Red: positive relevance, blue: negative, white: none. As Fig. 5 of the paper."
  echo "<h2>Conservation and positivity</h2>"
  figure conservation "Four scatter plots of the sum of relevance against the score and four histograms of pixel relevance" \
    "Above: the sum of relevance against f(x), one point a test pair; on the dashed diagonal, relevance is conserved. Below: how often a pixel's relevance takes a value; red is positive, blue negative. As Fig. 6 of the paper."
  echo "<h2>Claims of section 6.1</h2>"
  table claims.tsv "2 4 5 6 7 8" "A claim holds when its whole interval lies on the claimed side of the threshold."
  echo "<h2>Table 1</h2>"
  table table1.tsv "1 2 3 4 5 6 7" "The paper's cell beside the measured one, the value that decided and its tolerance."
  echo "<h2>Training</h2>"
  figure training "Curves of training error, test accuracy, the relevance model's error and the share of active units" \
    "Errors of the network on training and test pairs, test accuracy, the fit of the min&ndash;max relevance model, and the share of units that are on for at least one of the test pairs."
  echo "<h2>All metrics</h2>"
  table metrics.tsv "1 2 3 4 5 6 7" "Each with its 95 % bootstrap interval and the number of pairs behind it."
  echo "<h2>Settings</h2><pre>"
  escape <"$results/config.ini"
  echo "</pre><h2>Provenance</h2><pre>"
  { sed -n 's/^# //p' "$results/training.tsv"; echo; sed -n 's/^# //p' "$results/metrics.tsv"; } | escape
  echo "</pre></main></body></html>"
} >"$partial"
mv "$partial" "$report"
trap - EXIT
echo "  $report"
