# How the score falls when pixels are taken away, the most relevant first.
#
# Left 14 pixels at a time, right 7 x 7 blocks; a band is a 95 % interval of the
# mean. The upright line ends the early steps, 15.7 % of the image as in Samek et
# al. 2017; on the right all is black. Reads flipping.tsv.
width = 640
height = 300
load "plots/style.gp"

order = methods . " random-order"
order_title(m) = m == 5 ? "random order" : method_title(m)
# Colour, dash and mark each tell the five apart.
array colour[5] = ["#b2182b", "#4d9221", "#2166ac", "#7b3294", "#777777"]
set linetype 11 lc rgb colour[1] lw 1.3 dt (14, 7) pt 6
set linetype 12 lc rgb colour[2] lw 1.3 dt (5, 5) pt 8
set linetype 13 lc rgb colour[3] lw 1.3 dt (18, 6, 4, 6) pt 4
set linetype 14 lc rgb colour[4] lw 1.3 dt 1 pt 7
set linetype 15 lc rgb colour[5] lw 1.3 dt (2, 6) pt 1

stats table("flipping") using 7 nooutput name "upper"
set multiplot
set xrange [0:1]
set yrange [0:0.1 * ceil(10 * upper_max + 0.5)]
set xtics 0, 0.2 format "%.1f" offset 0, 0.3
set ytics 0, 0.2 format "%.1f"
set tmargin at screen 1 - 24.0 / height
set bmargin at screen 82.0 / height
set arrow 1 from 0.157, graph 0 to 0.157, graph 1 nohead lc rgb light lw 0.8 dt 1
do for [panel = 1:2] {
  curve = word("pixel block", panel)
  set lmargin at screen (panel == 1 ? 48.0 : 356.0) / width
  set rmargin at screen (panel == 1 ? 320.0 : 628.0) / width
  set title (panel == 1 ? "Pixels, 14 at a time" : "Blocks of 7 × 7 pixels") offset 0, -0.4 textcolor rgb dark
  set xlabel "share of the image set to black" offset 0, 0.6
  set ylabel (panel == 1 ? "f(x^{(s)}) / f(x)" : "") offset 1, 0
  if (panel == 1) { set key at screen 0.54, screen 22.0 / height center center vertical Left reverse maxrows 2 width -4 samplen 3 } else { unset key }
  plot for [m = 1:5] table("flipping") using (strcol(1) eq word(order, m) && strcol(2) eq curve ? $4 : NaN):6:7 with filledcurves fillcolor rgb colour[m] fillstyle transparent solid 0.15 noborder notitle, \
    for [m = 1:5] "" using (strcol(1) eq word(order, m) && strcol(2) eq curve ? $4 : NaN):5 with lines lt 10 + m notitle, \
    for [m = 1:5] "" using (strcol(1) eq word(order, m) && strcol(2) eq curve && int($3) % (panel == 1 ? 14 : 4) == 0 ? $4 : NaN):5 with points lt 10 + m ps 0.6 notitle, \
    for [m = 1:5] NaN with linespoints lt 10 + m ps 0.6 title order_title(m)
}
unset multiplot
