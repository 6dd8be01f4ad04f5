# How the score falls when pixels are taken away, the most relevant first.
#
# Left 14 pixels at a time, right 7 x 7 blocks; a band is a 95 % interval of the
# mean. The upright line ends the early steps, 15.7 % of the image as in Samek et
# al. 2017; on the right all is black. Reads flipping.tsv and methods.tsv.
load "plots/methods.gp"
orders = everyone + 1 # and random order
key_lines = (orders + 2) / 3
key_height = 14.0 * key_lines + 16
width = 640
height = int(256 + key_height)
load "plots/style.gp"

# Random order is the last, gray like the controls.
order(m) = m > everyone ? "random-order" : method[m]
order_title(m) = m > everyone ? "random order" : method_title[m]
order_colour(m) = m > everyone ? "#777777" : method_colour(m)
eval sprintf("set linetype %d lc rgb '%s' lw 1.3 dt (2, 6) pt 1", 10 + orders, order_colour(orders))
of(m, curve) = strcol(1) eq order(m) && strcol(2) eq curve

stats table("flipping") using 7 nooutput name "upper"
set multiplot
set xrange [0:1]
set yrange [0:0.1 * ceil(10 * upper_max + 0.5)]
set xtics 0, 0.2 format "%.1f" offset 0, 0.3
set ytics 0, 0.2 format "%.1f"
set arrow 1 from 0.157, graph 0 to 0.157, graph 1 nohead lc rgb light lw 0.8 dt 1
do for [panel = 1:2] {
  curve = word("pixel block", panel)
  left = panel == 1 ? 48.0 : 356.0
  set margins at screen left / width, at screen (left + 272) / width, at screen (key_height + 38) / height, at screen 1 - 24.0 / height
  set title (panel == 1 ? "Pixels, 14 at a time" : "Blocks of 7 × 7 pixels") offset 0, -0.4 textcolor rgb dark
  set xlabel "share of the image set to black" offset 0, 0.6
  set ylabel (panel == 1 ? "f(x^{(s)}) / f(x)" : "") offset 1, 0
  if (panel == 1) { set key at screen 0.52, screen (key_height / 2) / height center center vertical Left reverse maxrows key_lines width -4 samplen 3 } else { unset key }
  marks = panel == 1 ? 14 : 4
  plot for [m = 1:orders] table("flipping") using (of(m, curve) && (m <= methods || m > everyone) ? $4 : NaN):6:7 with filledcurves fillcolor rgb order_colour(m) fillstyle transparent solid 0.15 noborder notitle, \
    for [m = 1:orders] "" using (of(m, curve) ? $4 : NaN):5 with lines lt 10 + m notitle, \
    for [m = 1:orders] "" using (of(m, curve) && int($3) % marks == 0 ? $4 : NaN):5 with points lt 10 + m ps 0.6 notitle, \
    for [m = 1:orders] NaN with linespoints lt 10 + m ps 0.6 title order_title(m)
}
unset multiplot
