# Do heatmaps depend on what was learned? Layers are re-drawn from the top.
#
# Spearman's rank correlation of |R_p| with the trained model's, mean and 95 %
# interval. Reads randomisation.tsv.
width = 450
height = 300
load "plots/style.gp"

array colour[4] = ["#b2182b", "#4d9221", "#2166ac", "#7b3294"]
set linetype 11 lc rgb colour[1] lw 1.3 dt (14, 7) pt 6
set linetype 12 lc rgb colour[2] lw 1.3 dt (5, 5) pt 8
set linetype 13 lc rgb colour[3] lw 1.3 dt (18, 6, 4, 6) pt 4
set linetype 14 lc rgb colour[4] lw 1.3 dt 1 pt 7

stats table("randomisation") using 2 nooutput name "layers"
depth = int(layers_max)
set tmargin at screen 1 - 12.0 / height
set bmargin at screen 82.0 / height
set lmargin at screen 56.0 / width
set rmargin at screen 1 - 12.0 / width
set xrange [-0.3:depth + 0.3]
set yrange [-0.1:1.05]
set ytics 0, 0.2 format "%.1f"
set xtics offset 0, 0.3 ("none" 0)
do for [n = 1:depth] { set xtics add ((n == depth ? "all" : n == 1 ? "the upper" : sprintf("top %d", n)) n) }
set xlabel "layers re-drawn" offset 0, 0.6
set ylabel "rank correlation of heatmaps" offset 1, 0
set xzeroaxis lc rgb light lw 0.6
set key at screen 0.52, screen 22.0 / height center center vertical Left reverse maxrows 2 width -5 samplen 3

# Shifted a little from each other so that intervals stay apart; every curve
# begins at the trained model itself, where the correlation is 1.
shift(m) = 0.03 * (m - 2.5)
plot for [m = 1:4] "< printf 'n\\n0\\n'" using (shift(m)):(1) with points lt 10 + m ps 0.7 notitle, \
  for [m = 1:4] table("randomisation") using (strcol(1) eq word(methods, m) ? $2 + shift(m) : NaN):3:4:5 with yerrorbars lt 10 + m dt 1 ps 0.7 notitle, \
  for [m = 1:4] "" using (strcol(1) eq word(methods, m) ? $2 + shift(m) : NaN):3 with lines lt 10 + m notitle, \
  for [m = 1:4] "" using (strcol(1) eq word(methods, m) && $2 == 1 ? shift(m) : NaN):(1):(1):($3 - 1) with vectors nohead lt 10 + m notitle, \
  for [m = 1:4] NaN with linespoints lt 10 + m ps 0.7 title method_title(m)
