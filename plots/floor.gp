# What raises the floor: the share of relevance on the target's half against how
# long, how fast and from how large weights the network was trained.
#
# Above, of all relevance with its 95 % intervals; below, of what stands above
# the floor, the mean of the pixels that never have ink. Chance is 1/2. Reads
# floor.tsv, as scripts/floor.sh writes it.
width = 720
height = 400
load "plots/style.gp"

factors = "iterations learning_rate deviation"
factor_title(i) = i == 1 ? "iterations of training" : i == 2 ? "learning rate (10^{−5})" : "deviation of initial weights"
drawn = "sensitivity deep-taylor-minmax deep-taylor-free"
drawn_title(m) = m == 1 ? "Sensitivity" : m == 2 ? "Deep Taylor (min–max)" : "Deep Taylor (training-free)"
dot(m) = m == 1 ? 6 : m == 2 ? 9 : 7

left_of(i) = (66 + (i - 1) * 218.0) / width
panel = 196.0 / width

# The rows of one method and factor are joined across those of the others.
set datafile missing NaN
of(m, i) = strcol(1) eq word(factors, i) && strcol(6) eq word(drawn, m)
array least[3]
array most[3]
do for [i = 1:3] {
  stats table("floor") using (strcol(1) eq word(factors, i) ? $2 : NaN) nooutput name "x"
  least[i] = x_min
  most[i] = x_max
}

set multiplot
set yrange [0.4:1]
set ytics 0.5, 0.1 offset 0.4, 0
set logscale x
do for [row = 1:2] {
  do for [i = 1:3] {
    set lmargin at screen left_of(i)
    set rmargin at screen left_of(i) + panel
    set tmargin at screen 1 - (row == 1 ? 34.0 : 206.0) / height
    set bmargin at screen 1 - (row == 1 ? 182.0 : 354.0) / height
    set xrange [least[i] / 1.25:most[i] * 1.25]
    unset xtics
    set xtics nomirror offset 0, 0.2 ("" least[i])
    unset mxtics
    do for [n = 0:4] {
      value = least[i] * 2 ** n
      set xtics add ((row == 2 ? (i == 1 ? sprintf("%g k", value / 1000) : i == 2 ? sprintf("%g", value * 1e5) : sprintf("%g", value)) : "") value)
    }
    set xlabel (row == 2 ? factor_title(i) : "") offset 0, 0.4
    set ylabel (i == 1 ? (row == 1 ? "share on target" : "share above floor") : "") offset 0.6, 0
    if (row == 1 && i == 1) {
      set key at screen 0.48, screen 0.985 center top vertical maxrows 1 samplen 2
    } else {
      unset key
    }
    plot for [m = 1:3] table("floor") using (of(m, i) ? $2 : NaN):(row == 1 ? $7 : $11) with linespoints lt m pt dot(m) ps 0.6 title drawn_title(m), \
      for [m = 1:3] "" using (of(m, i) && row == 1 ? $2 : NaN):7:8:9 with yerrorbars lt m dt 1 lw 1 pt dot(m) ps 0.6 notitle, \
      0.5 with lines lc rgb light dt (2, 3) notitle
  }
}
unset multiplot
