# The paper's Fig. 6: is relevance conserved, and is it positive?
#
# A panel a method above, sum_p R_p against f(x), one point a test pair, with the
# diagonal; one below, how often a pixel's relevance takes a value. Methods whose
# sums are not of the score's size, or whose pixels are often negative, have
# scales of their own. Reads examples.tsv, histogram.tsv and methods.tsv.
load "plots/methods.gp"
block = 408.0
width = 760
height = int(block * panel_lines - 8)
load "plots/style.gp"

left_of(m) = (74 + (m - 1) % 4 * 175.0) / width
panel = 142.0 / width
top_of(m, y) = 1 - ((m - 1) / 4 * block + y) / height
is_of(name) = strcol(1) eq "independent" && strcol(3) eq name
is_bin(name) = strcol(1) eq name && $4 > 0

# Extremes, and defaults where no row counts: stats leaves its variables
# undefined then.
stats table("examples") using (strcol(1) eq "independent" ? $8 : NaN) nooutput name "score"
if (!exists("score_max")) score_max = 100
most = 20 * ceil(score_max / 20)
stats table("histogram") using 4 nooutput name "bars"
if (!exists("bars_max")) bars_max = 1

# The ranges of each method, and those that are shared.
array from_sum[64]; array to_sum[64]; array from_bin[64]; array to_bin[64]
array own_sums[64]; array own_bins[64]
shared_most = most; shared_low = 0; shared_high = 0
do for [m = 1:methods] {
  stats table("examples") using (is_of(method[m]) ? $9 : NaN) nooutput name "sum"
  stats table("histogram") using (is_bin(method[m]) ? $2 : NaN) nooutput name "low"
  stats table("histogram") using (is_bin(method[m]) ? $3 : NaN) nooutput name "high"
  if (!exists("sum_max")) { sum_min = 0; sum_max = 1 }
  if (!exists("high_max")) { low_min = 0; high_max = 1 }
  from_sum[m] = sum_min; to_sum[m] = sum_max; from_bin[m] = low_min; to_bin[m] = high_max
  own_sums[m] = sum_max > 3 * most || sum_min < most / -10.0
  own_bins[m] = own_sums[m] || low_min < high_max / -4.0
  if (!own_sums[m] && sum_max > shared_most) { shared_most = 20 * ceil(sum_max / 20) }
  if (!own_bins[m] && low_min < shared_low) { shared_low = low_min }
  if (!own_bins[m] && high_max > shared_high) { shared_high = high_max }
}
if (shared_high <= shared_low) { shared_high = shared_low + 1 }
tic(low, high) = round_step(high > low ? high - low : 1)

set multiplot
unset key
do for [m = 1:methods] {
  set margins at screen left_of(m), at screen left_of(m) + panel, at screen top_of(m, 166), at screen top_of(m, 24)
  set title method_title[m] font ",9" offset 0, -0.4 textcolor rgb dark
  set xlabel "f(x)" offset 0, 0.6
  unset label 1
  if (m % 4 == 1) { set label 1 "Σ_p R_p" at screen 13.0 / width, screen top_of(m, 95) center rotate textcolor rgb dark }
  set xrange [0:most]; set xtics 0, 50 offset 0, 0.3
  set ytics autofreq offset 0.4, 0
  if (own_sums[m]) { set yrange [*<0:*]; set ytics tic(from_sum[m] < 0 ? from_sum[m] : 0, to_sum[m] > most ? to_sum[m] : most) } else { set yrange [0:shared_most]; set ytics 50 }
  plot table("examples") using (is_of(method[m]) ? $8 : NaN):9 with points pt 7 ps 0.18 lc rgb "#a0333333", \
    (to_sum[m] > 3 * most ? NaN : x) with lines lc rgb positive lw 0.8 dt (4, 3)
}
do for [m = 1:methods] {
  set margins at screen left_of(m), at screen left_of(m) + panel, at screen top_of(m, 362), at screen top_of(m, 220)
  unset title
  set xlabel "R_p" offset 0, 0.6
  unset label 1
  if (m % 4 == 1) { set label 1 "number of pixels" at screen 13.0 / width, screen top_of(m, 291) center rotate textcolor rgb dark }
  set logscale y
  set yrange [0.7:2 * bars_max]
  set ytics format "10^{%T}" ("1" 1, "" 10, "10^2" 100, "" 1e3, "10^4" 1e4, "" 1e5, "10^6" 1e6, "" 1e7)
  if (own_bins[m]) { set xrange [*:*] } else { set xrange [shared_low:shared_high] }
  tick = own_bins[m] ? tic(from_bin[m], to_bin[m]) : tic(shared_low, shared_high)
  set xtics -10 * tick, tick offset 0, 0.3
  set style fill solid border
  plot table("histogram") using (is_bin(method[m]) && $2 >= 0 && $3 > $2 ? ($2 + $3) / 2 : NaN):4:($3 - $2) with boxes lw 0.3 lc rgb positive, \
    table("histogram") using (is_bin(method[m]) && $2 < 0 ? ($2 + $3) / 2 : NaN):4:($3 - $2) with boxes lw 0.3 lc rgb negative
  unset logscale y
  set format y "%h"
}
unset multiplot
