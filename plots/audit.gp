# Where are the roots at which the rules expand units, and what holds there?
#
# One line a rule and layer. (a) The share of units whose root lies in the
# inputs' domain and in x's linear region; (b) f at the root, median unit and
# quartiles; (c) the drift of d_k, which section 5.2 neglects, and the relevance
# that arrives when c_k d_k is taken at the root. Reads audit.tsv.
width = 760
height = 250
load "plots/style.gp"

# Every rule has the same number of rows in the table, one of them in_domain.
stats table("audit") using 4 nooutput name "all"
stats table("audit") using (strcol(3) eq "in_domain" ? $4 : NaN) nooutput name "line"
lines = int(line_records)
rows = int((all_records + all_invalid) / lines)
line_of(row) = int(row / rows) + 1
pretty(rule) = rule eq "z+" ? "z^+" : rule eq "zB" ? "z^B" : rule
where(layer) = layer eq "1" ? "pixels" : "layer " . layer
only(quantity, value) = strcol(3) eq quantity ? value : NaN

# The quartiles are rows of their own; an error bar takes them together.
array lower[lines]
array upper[lines]
stats table("audit") using (strcol(3) eq "f_ratio_low_quartile" ? (lower[line_of(column(0))] = $4) : NaN) nooutput
stats table("audit") using (strcol(3) eq "f_ratio_high_quartile" ? (upper[line_of(column(0))] = $4) : NaN) nooutput name "upper"

left_of(n) = (86.0 + (n - 1) * 228.0) / width
panel = 196.0 / width
set yrange [lines + 0.6:0.4]
set ytics scale 0
set border 1
unset grid
set grid xtics ytics lc rgb "#e8e8e8" lw 0.5 dt 1
set xtics offset 0, 0.3
set bars 0.5
set key vertical maxrows 3 left Left reverse top samplen 0.5 spacing 1.15 font ",8"
colour(n) = n == 1 ? dark : n == 2 ? negative : positive
shape(n) = n == 1 ? 4 : n == 2 ? 7 : 9

set multiplot

shares = "in_domain same_region_layer same_region_network"
share_title(n) = n == 1 ? "in the inputs’ domain" : n == 2 ? "in x’s region of the layer" : "in x’s region of the network"
set margins at screen left_of(1), at screen left_of(1) + panel, at screen 98.0 / height, at screen 1 - 26.0 / height
set key at screen left_of(1) - 8.0 / width, screen 58.0 / height
set label 1 "{/:Bold a}  Domain and region" at graph 0, 1.09 left textcolor rgb dark
set xrange [-0.03:1.03]
set xtics 0, 0.25
set xlabel "share of units with R_j > 0" offset 0, 0.6
plot table("audit") using (NaN):(line_of(column(0))):ytic(sprintf("{/:Italic %s}, %s", pretty(strcol(1)), where(strcol(2)))) notitle, \
  for [n = 1:3] table("audit") using (only(word(shares, n), $4)):(line_of(column(0)) + 0.24 * (n - 2)):5:6 with xerrorbars pt shape(n) ps 0.7 lw 1.1 dt 1 lc rgb colour(n) title share_title(n)

set margins at screen left_of(2), at screen left_of(2) + panel, at screen 98.0 / height, at screen 1 - 26.0 / height
set key at screen left_of(2) - 8.0 / width, screen 58.0 / height
set label 1 "{/:Bold b}  Score at the roots"
set xrange [0:1.1 * (upper_max > 1 ? upper_max : 1)]
set xlabel "f(root) / f(x)"
set ytics format ""
set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb light lw 1 dt (4, 3) back
plot table("audit") using (only("f_ratio_median", $4)):(line_of(column(0))):(lower[line_of(column(0))]):(upper[line_of(column(0))]) with xerrorbars pt 7 ps 0.7 lw 1.1 dt 1 lc rgb dark title "median unit, quartiles"

set margins at screen left_of(3), at screen left_of(3) + panel, at screen 98.0 / height, at screen 1 - 26.0 / height
set key at screen left_of(3) - 8.0 / width, screen 58.0 / height
set label 1 "{/:Bold c}  What 5.2 holds constant"
unset arrow 1
set xrange [-0.03:1.03]
set xlabel "relative to x"
plot table("audit") using (only("d_drift_median", $4)):(line_of(column(0)) - 0.12):5:6 with xerrorbars pt 7 ps 0.7 lw 1.1 dt 1 lc rgb negative title "drift of d_k, median unit", \
  table("audit") using (only("conserved", $4)):(line_of(column(0)) + 0.12):5:6 with xerrorbars pt 9 ps 0.7 lw 1.1 dt 1 lc rgb positive title "relevance kept, c_k d_k at root"
unset multiplot
