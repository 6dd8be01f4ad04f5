# Do variants differ? Each metric's mean over the seeds with its 95 % interval.
#
# One panel a metric, one line a variant. The square and the band are the
# baseline; a dot is filled where the interval of the paired difference from it
# leaves out 0, and red where Holm's p is below 0.05 as well. Draws the first 12
# metrics that have values. Reads compare.tsv and compare-names.tsv, as
# build/bin/compare writes them.
load "plots/tables.gp"
compare = table("compare")
names = table("compare-names")

# The metrics that have values, in the order of the table.
metrics = ""
note_metric(m) = strstrt(" " . metrics . " ", " " . m . " ") ? 0 : (metrics = metrics . " " . m, 0)
metric_of(unused) = strcol(1) . ":" . strcol(2) . ":" . strcol(3)
stats compare using (valid(6) ? note_metric(metric_of(0)) : 0) nooutput
count = words(metrics)
drawn = count > 12 ? 12 : count

if (!count) { exit error "no metric has a value" }

# What the metrics and variants are called, and how many letters the longest
# variant has.
array title[12]; array subject_title[12]; array variant[1000]
note_title(m) = (title[m] = strcol(3), subject_title[m] = strcol(4), 0)
do for [m = 1:drawn] {
  stats names using (strcol(1) eq "metric" && strcol(2) eq word(metrics, m) ? note_title(m) : 0) nooutput
}
ended(text) = text[strlen(text) > 44 ? strlen(text) - 43 : 1:*]
variants = 0
longest = 0
note_variant(name) = (variants = variants + 1, variant[variants] = ended(name), longest = strlen(variant[variants]) > longest ? strlen(variant[variants]) : longest, 0)
stats names using (strcol(1) eq "variant" ? note_variant(strcol(3)) : 0) nooutput

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
  left = margin + place * (panel + 36.0)
  top = line * row_height + 38.0
  set margins at screen left / width, at screen (left + panel) / width, at screen 1 - (top + panel_height) / height, at screen 1 - top / height
  set label 1 title[m] at graph 0, screen 1 - (line * row_height + 14.0) / height left noenhanced font (strlen(title[m]) > 30 ? ",7" : ",9") textcolor rgb dark
  set label 3 subject_title[m] at graph 0, screen 1 - (line * row_height + 28.0) / height left noenhanced font ",8" textcolor rgb "#6b6b6b"
  set xrange [*:*] # stats leaves out what is beyond the ranges
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
  label_of(row) = place ? "" : variant[line_of(row)]
  mean_if(shown) = is(m) && shown ? number(6) : NaN
  plot compare using (mean_if(1)):(line_of(column(0))):(end_of(7)):(end_of(8)):ytic(label_of(column(0))) with xerrorbars pt 6 ps 0.6 lw 1.1 dt 1 lc rgb dark notitle, \
    "" using (mean_if(is_apart(0))):(line_of(column(0))) with points pt 7 ps 0.6 lc rgb dark notitle, \
    "" using (mean_if(is_clear(0))):(line_of(column(0))) with points pt 7 ps 0.6 lc rgb positive notitle, \
    "" using (mean_if(is_baseline(0))):(line_of(column(0))) with points pt 5 ps 0.7 lc rgb dark notitle
  unset label 2
}
unset multiplot
