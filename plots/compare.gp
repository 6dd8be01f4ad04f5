# Do variants differ? Each metric's mean over the seeds with its 95 % interval.
#
# One panel a metric, one line a variant. The square and the band are the
# baseline; a dot is filled where the interval of the paired difference from it
# leaves out 0, and red where Holm's p is below 0.05 as well. Draws the first 12
# metrics that have values. Reads compare.tsv, as build/bin/compare writes it.
load "plots/tables.gp"
compare = table("compare")

# A name without its sections, and a metric's in words.
replaced(text, from, to) = strstrt(text, from) ? text[1:strstrt(text, from) - 1] . to . replaced(text[strstrt(text, from) + strlen(from):*], from, to) : text
sections = "data. network. training. relevance. minmax. explanation. evaluation."
without(text, n) = n ? without(replaced(text, word(sections, n), ""), n - 1) : text
short(name) = replaced(without(name, words(sections)), ",", ", ")
pretty(name) = short(name)[strlen(short(name)) > 44 ? strlen(short(name)) - 43 : 1:*]

# The metrics that have values, the variants, in the order of the table, and how
# many letters the longest variant has.
metrics = ""
names = ""
longest = 0
variants = 0
note_metric(m) = strstrt(" " . metrics . " ", " " . m . " ") ? 0 : (metrics = metrics . " " . m, 0)
note_variant(v) = strstrt("\t" . names . "\t", "\t" . v . "\t") ? 0 : (names = names . "\t" . v, variants = variants + 1, longest = strlen(pretty(v)) > longest ? strlen(pretty(v)) : longest, 0)
metric_of(unused) = strcol(1) . ":" . strcol(2) . ":" . strcol(3)
stats compare using ((!valid(6) ? 0 : note_metric(metric_of(0))) + note_variant(strcol(4))) nooutput
count = words(metrics)
drawn = count > 12 ? 12 : count

if (!count) { exit error "no metric has a value" }

columns = drawn < 3 ? drawn : 3
margin = 24.0 + 6.9 * longest
lines = (drawn + columns - 1) / columns
panel_height = 12.0 + 16.0 * variants
row_height = panel_height + 68.0
panel = columns == 1 ? 300.0 : 190.0
width = int(margin + columns * (panel + 36.0) + 10)
height = int(lines * row_height + 30)
load "plots/style.gp"
set datafile missing NaN

title_of(m) = word(metrics, m)[1:strstrt(word(metrics, m), ":") - 1]
rest_of(m) = word(metrics, m)[strstrt(word(metrics, m), ":") + 1:*]
measure_of(m) = rest_of(m)[1:strstrt(rest_of(m), ":") - 1]
in_words(m) = m eq "mse" || m eq "rms" ? (m eq "mse" ? "MSE" : "RMS") : replaced(m, "_", " ")
is(m) = metric_of(0) eq word(metrics, m)
line_of(row) = int(row) % int(variants) + 1
is_baseline(unused) = strcol(4) eq strcol(10)
is_apart(unused) = !is_baseline(0) && number(13) * number(14) > 0
is_clear(unused) = is_apart(0) && number(16) < 0.05
# $7 would drop the row where it says NA. A mean without an interval, of one
# seed, ends where it begins.
number(n) = strcol(n) eq "NA" ? NaN : real(strcol(n))
end_of(side) = number(strcol(side) eq "NA" ? 6 : side)
# 1, 2 or 5 times a power of ten, near x.
power(x) = 10 ** floor(log10(x))
rounded(x) = power(x) * (x < 1.5 * power(x) ? 1 : x < 3.5 * power(x) ? 2 : x < 7.5 * power(x) ? 5 : 10)

set border 1
set ytics scale 0 noenhanced
set xtics offset 0, 0.3 font ",8"
unset key
set bars 0.4
set multiplot
not_drawn = count > drawn ? sprintf("the first %d of %d metrics: ", drawn, count) : ""
set label 2 not_drawn . "means and 95 % intervals over seeds; square and band: the baseline\nfilled: the paired difference’s 95 % interval leaves out 0; red: Holm’s p < 0.05" at screen 8.0 / width, screen 22.0 / height left font ",8" textcolor rgb "#6b6b6b"
do for [m = 1:drawn] {
  place = (m - 1) % columns
  line = (m - 1) / columns
  set lmargin at screen (margin + place * (panel + 36.0)) / width
  set rmargin at screen (margin + place * (panel + 36.0) + panel) / width
  set tmargin at screen 1 - (line * row_height + 38.0) / height
  set bmargin at screen 1 - (line * row_height + 38.0 + panel_height) / height
  set label 1 in_words(measure_of(m)) at graph 0, screen 1 - (line * row_height + 14.0) / height left noenhanced textcolor rgb dark
  set label 3 title_of(m) at graph 0, screen 1 - (line * row_height + 28.0) / height left noenhanced font ",8" textcolor rgb "#6b6b6b"
  set xrange [*:*] # which stats would heed
  set yrange [*:*]
  stats compare using (is(m) ? end_of(7) : NaN) nooutput name "low"
  stats compare using (is(m) ? end_of(8) : NaN) nooutput name "high"
  stats compare using (is(m) && is_baseline(0) ? end_of(7) : NaN) nooutput name "left"
  stats compare using (is(m) && is_baseline(0) ? end_of(8) : NaN) nooutput name "right"
  span = high_max > low_min ? high_max - low_min : (abs(high_max) > 0 ? 0.1 * abs(high_max) : 1)
  set yrange [variants + 0.6:0.4]
  set xrange [low_min - 0.06 * span:high_max + 0.06 * span]
  if (high_max > low_min) {
    set xtics rounded(span / 2.5) format "%g"
  } else {
    set xtics (sprintf("%.4g", low_min) low_min)
  }
  unset object 1
  if (exists("left_min") && exists("right_max")) {
    set object 1 rectangle from left_min, graph 0 to right_max, graph 1 fillcolor rgb "#eeeeee" fillstyle solid noborder behind
  }
  label_of(name) = place ? "" : pretty(name)
  mean_if(shown) = is(m) && shown ? number(6) : NaN
  plot compare using (mean_if(1)):(line_of(column(0))):(end_of(7)):(end_of(8)):ytic(label_of(strcol(4))) with xerrorbars pt 6 ps 0.6 lw 1.1 dt 1 lc rgb dark notitle, \
    "" using (mean_if(is_apart(0))):(line_of(column(0))) with points pt 7 ps 0.6 lc rgb dark notitle, \
    "" using (mean_if(is_clear(0))):(line_of(column(0))) with points pt 7 ps 0.6 lc rgb positive notitle, \
    "" using (mean_if(is_baseline(0))):(line_of(column(0))) with points pt 5 ps 0.7 lc rgb dark notitle
  unset label 2
}
unset multiplot
