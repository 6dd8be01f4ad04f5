# The paper's Fig. 6: is relevance conserved, and is it positive?
#
# Above, sum_p R_p against f(x), one point a test pair, with the diagonal; below,
# how often a pixel's relevance takes a value. Reads examples.tsv, histogram.tsv.
width = 760
height = 400
load "plots/style.gp"

is_decomposition(method) = method eq "taylor" || method[:4] eq "deep"
left_of(m) = (74 + (m - 1) * 175.0) / width
panel = 142.0 / width

# Extremes, and what stands for them where no row counts: stats leaves its
# variables undefined then.
stats table("examples") using (strcol(1) eq "independent" ? $8 : NaN) nooutput name "score"
if (!exists("score_max")) score_max = 100
most = 20 * ceil(score_max / 20)
stats table("examples") using (strcol(1) eq "independent" && is_decomposition(strcol(3)) ? $9 : NaN) nooutput name "decomposed"
if (!exists("decomposed_max")) decomposed_max = 0
most_sum = decomposed_max > most ? 20 * ceil(decomposed_max / 20) : most
stats table("histogram") using (strcol(1) ne "sensitivity" && $4 > 0 ? $3 : NaN) nooutput name "high"
if (!exists("high_max")) high_max = 1
stats table("histogram") using (strcol(1) ne "sensitivity" && $4 > 0 ? $2 : NaN) nooutput name "low"
if (!exists("low_min")) low_min = 0
stats table("histogram") using 4 nooutput name "bars"
if (!exists("bars_max")) bars_max = 1
stats table("histogram") using (strcol(1) eq "sensitivity" && $4 > 0 ? $3 : NaN) nooutput name "strong"
if (!exists("strong_max")) strong_max = 1

# A round step that puts three to six tics on a range.
round_step(range) = (p = 10.0 ** floor(log10(range)), range / p < 1.2 ? p / 4 : range / p < 2.2 ? p / 2 : range / p < 6.5 ? p : 2 * p)
step = round_step(high_max - low_min)
sensitivity_step = round_step(strong_max)
stats table("examples") using (strcol(1) eq "independent" && strcol(3) eq "sensitivity" ? $9 : NaN) nooutput name "sum"
if (!exists("sum_max")) sum_max = 1

set multiplot
unset key
do for [m = 1:4] {
  method = word(methods, m)
  set lmargin at screen left_of(m)
  set rmargin at screen left_of(m) + panel
  set tmargin at screen 1 - 24.0 / height
  set bmargin at screen 1 - 166.0 / height
  set title method_title(m) font ",9" offset 0, -0.4 textcolor rgb dark
  set xlabel "f(x)" offset 0, 0.6
  unset label 1
  if (m == 1) { set label 1 "Σ_p R_p" at screen 13.0 / width, screen 1 - 95.0 / height center rotate textcolor rgb dark }
  set xrange [0:most]; set xtics 0, 50 offset 0, 0.3
  set ytics autofreq offset 0.4, 0
  if (m == 1) { set yrange [0:*]; set ytics 0, round_step(sum_max) } else { set yrange [0:most_sum]; set ytics 0, 50 }
  plot table("examples") using (strcol(1) eq "independent" && strcol(3) eq method ? $8 : NaN):9 with points pt 7 ps 0.18 lc rgb "#a0333333", \
    (m == 1 ? NaN : x) with lines lc rgb positive lw 0.8 dt (4, 3)
}
do for [m = 1:4] {
  method = word(methods, m)
  set lmargin at screen left_of(m)
  set rmargin at screen left_of(m) + panel
  set tmargin at screen 1 - 220.0 / height
  set bmargin at screen 1 - 362.0 / height
  unset title
  set xlabel "R_p" offset 0, 0.6
  unset label 1
  if (m == 1) { set label 1 "number of pixels" at screen 13.0 / width, screen 1 - 291.0 / height center rotate textcolor rgb dark }
  set logscale y
  set yrange [0.7:2 * bars_max]
  set ytics format "10^{%T}" ("1" 1, "" 10, "10^2" 100, "" 1e3, "10^4" 1e4, "" 1e5, "10^6" 1e6, "" 1e7)
  if (m > 1) { set xrange [low_min:high_max] } else { set xrange [*:*] }
  tick = m == 1 ? sensitivity_step : step
  set xtics -10 * tick, tick offset 0, 0.3
  set style fill solid border
  plot table("histogram") using (strcol(1) eq method && $2 >= 0 && $3 > $2 && $4 > 0 ? ($2 + $3) / 2 : NaN):4:($3 - $2) with boxes lw 0.3 lc rgb positive, \
    table("histogram") using (strcol(1) eq method && $2 < 0 && $4 > 0 ? ($2 + $3) / 2 : NaN):4:($3 - $2) with boxes lw 0.3 lc rgb negative
  unset logscale y
  set format y "%h"
}
unset multiplot
