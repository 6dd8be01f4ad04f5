# Do heatmaps depend on what was learned? Layers are re-drawn from the top.
#
# Spearman's rank correlation of |R_p| with the trained model's, mean and 95 %
# interval. Reads randomisation.tsv and methods.tsv.
load "plots/methods.gp"

# The methods that have values: a flat heatmap has no ranks.
array row[64]
rows = 0
do for [m = 1:everyone] {
  stats table("randomisation") using (strcol(1) eq method[m] && valid(3) ? 1 : 0) nooutput name "own"
  if (own_sum > 0) { rows = rows + 1; row[rows] = m }
}
key_lines = (rows + 1) / 2
key_height = 14.0 * key_lines + 16
width = 450
height = int(256 + key_height)
load "plots/style.gp"

stats table("randomisation") using 2 nooutput name "layers"
depth = int(layers_max)
set margins at screen 62.0 / width, at screen 1 - 12.0 / width, at screen (key_height + 38) / height, at screen 1 - 12.0 / height
set xrange [-0.3:depth + 0.3]
set yrange [-0.1:1.05]
set ytics 0, 0.2 format "%.1f"
set xtics offset 0, 0.3 ("none" 0)
do for [n = 1:depth] { set xtics add ((n == depth ? "all" : n == 1 ? "the upper" : sprintf("top %d", n)) n) }
set xlabel "layers re-drawn" offset 0, 0.6
set ylabel "rank correlation of heatmaps" offset 1, 0
set xzeroaxis lc rgb light lw 0.6
set key at screen 0.52, screen (key_height / 2) / height center center vertical Left reverse maxrows key_lines width -5 samplen 3

# Shifted a little from each other so that intervals stay apart; every curve
# begins at the trained model itself, where the correlation is 1.
shift(n) = 0.03 * (n - (rows + 1) / 2.0) * (rows > 8 ? 8.0 / rows : 1)
is_of(n) = strcol(1) eq method[row[n]]
plot for [n = 1:rows] "< printf 'n\\n0\\n'" using (shift(n)):(1) with points lt 10 + row[n] ps 0.7 notitle, \
  for [n = 1:rows] table("randomisation") using (is_of(n) ? $2 + shift(n) : NaN):3:4:5 with yerrorbars lt 10 + row[n] dt 1 ps 0.7 notitle, \
  for [n = 1:rows] "" using (is_of(n) ? $2 + shift(n) : NaN):3 with lines lt 10 + row[n] notitle, \
  for [n = 1:rows] "" using (is_of(n) && $2 == 1 ? shift(n) : NaN):(1):(1):($3 - 1) with vectors nohead lt 10 + row[n] notitle, \
  for [n = 1:rows] NaN with linespoints lt 10 + row[n] ps 0.7 title method_title[row[n]]
