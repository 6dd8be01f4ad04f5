# How the cost of an example grows with the job: training steps against their
# batch, the first layer's units and the share of ink, and heatmaps against how
# many are explained at a time. Dotted, the floor of operations and bytes.
# Reads scaling.tsv, as scripts/bench.sh --scaling writes it.
width = 760
height = 250
load "plots/style.gp"

factors = "batch units ink examples"
factor_title(i) = i == 1 ? "pairs in a step" : i == 2 ? "detection units" : i == 3 ? "share of ink" : "images at a time"
panel_title(i) = i == 4 ? "explanation" : "training"

left_of(i) = (58 + (i - 1) * 178.0) / width
panel = 152.0 / width

# The rows of one line are joined across those of the others.
set datafile missing NaN
of(i, variant, threads) = strcol(1) eq word(factors, i) && strcol(3) eq variant && int($4) == threads
line_of(variant, threads) = threads == 1 ? variant . ", 1 thread" : variant . ", 2 threads"

stats table("scaling") using 8:5 nooutput name "cost"

set multiplot
set logscale xy
set yrange [cost_min_x / 1.4:cost_max_y * 1.4]
do for [i = 1:4] {
  set margins at screen left_of(i), at screen left_of(i) + panel, at screen 44.0 / height, at screen 1 - 58.0 / height
  if (i == 1) { set xrange [0.8:250]; set xtics (1, 10, 100) }
  if (i == 2) { set xrange [80:2400]; set xtics (100, 400, 1600) }
  if (i == 3) { set xrange [0.014:1.7]; set xtics ("2 %%" 0.02, "10 %%" 0.1, "100 %%" 1) }
  if (i == 4) { set xrange [0.8:620]; set xtics (1, 10, 100) }
  set xlabel factor_title(i) offset 0, 0.4
  set format y (i == 1 ? "%g" : "")
  set ylabel (i == 1 ? "microseconds an example" : "") offset 1, 0
  set title panel_title(i) offset 0, -0.7
  if (i == 1) {
    set key at screen 0.5, screen 0.985 center top vertical maxrows 2 samplen 2.5 width 1
  } else {
    unset key
  }
  fast = i == 4 ? "explain" : "sparse"
  plot table("scaling") using (of(i, "dense", 1) ? $2 : NaN):5 with linespoints lt 2 dt 1 pt 6 ps 0.45 title line_of("dense", 1), \
    "" using (of(i, "dense", 2) ? $2 : NaN):5 with linespoints lt 2 pt 7 ps 0.45 title line_of("dense", 2), \
    "" using (of(i, fast, 1) ? $2 : NaN):5 with linespoints lt 1 dt 1 pt 6 ps 0.45 title line_of("sparse", 1), \
    "" using (of(i, fast, 2) ? $2 : NaN):5 with linespoints lt 1 dt (6, 3) pt 7 ps 0.45 title line_of("sparse", 2), \
    "" using (of(i, fast, 1) ? $2 : NaN):8 with lines lc rgb dark lw 1.5 dt (2, 2) title line_of("floor", 1), \
    "" using (of(i, fast, 2) ? $2 : NaN):8 with lines lc rgb "#888888" lw 1.5 dt (1, 3) title line_of("floor", 2), \
    "" using (of(i, fast, 1) ? $2 : NaN):5:6:7 with yerrorbars lt 1 dt 1 lw 0.8 pt 6 ps 0.45 notitle, \
    "" using (of(i, fast, 2) ? $2 : NaN):5:6:7 with yerrorbars lt 1 dt 1 lw 0.8 pt 7 ps 0.45 notitle
}
unset multiplot
