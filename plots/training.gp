# How training went: errors, accuracy, the relevance models' fit, active units.
#
# Reads training.tsv, whose header says which models and layers there are.
width = 640
height = 420
load "plots/style.gp"

# The columns of each relevance model that has values, NAME_error and NAME_rms,
# and of each layer's active units.
stats table("training") using 1 nooutput name "table"
header(n) = n > table_columns ? "" : strcol(n) . " " . header(n + 1)
names = ""
set datafile nocolumnheaders
stats table("training") every ::0::0 using (names = header(1), 0) nooutput
set datafile columnheaders
ends(name, with) = strlen(name) > strlen(with) && name[strlen(name) - strlen(with) + 1:*] eq with
array model[32]; array rms[32]; array active[32]
models = 0
layers = 0
do for [n = 1:words(names)] {
  stats table("training") using (valid(n) ? 1 : 0) nooutput name "filled"
  if (ends(word(names, n), "_rms") && filled_sum > 0) { models = models + 1; rms[models] = n; model[models] = word(names, n)[1:strlen(word(names, n)) - 4] }
  if (word(names, n)[1:6] eq "active") { layers = layers + 1; active[layers] = n }
}
colours = "#2166ac #b2182b #4d9221 #7b3294 #e08214 #01665e #c51b7d #8c510a"
colour(n) = word(colours, (n - 1) % 8 + 1)

set multiplot layout 2, 2 margins screen 0.125, 0.965, 0.12, 0.97 spacing screen 0.15, 0.12
set format x "%.0s%c"
set xtics offset 0, 0.3
set yrange [*:*]
set key top right

set ylabel "mean (f − t)^2" offset 1, 0
set logscale y
set yrange [100:*]
set ytics (100, 200, 500, "1k" 1000, "2k" 2000)
plot table("training") using 1:3 with lines lt 1 title "training pairs", \
  "" using 1:4 with lines lt 2 title "test pairs"

set ylabel "test accuracy" offset 0, 0
unset logscale y
set yrange [*:1]
set ytics autofreq
set key off
plot table("training") using 1:5 with lines lt 1 notitle

set key top right
set ylabel "relevance model" offset 0, 0
set xlabel "iteration" offset 0, 0.5
set yrange [0:*]
if (models == 1) {
  plot table("training") using 1:rms[1] - 1 with lines lt 1 title "mean Σ_k (R̂_k − R_k)^2", \
    "" using 1:rms[1] with lines lt 2 title "RMS(Σ_k R̂_k − f)"
}
if (models > 1) {
  plot NaN with lines lc rgb dark dt 1 title "mean Σ_k (R̂_k − R_k)^2", \
    NaN with lines lc rgb dark dt (6, 3) title "RMS(Σ_k R̂_k − f)", \
    for [m = 1:models] table("training") using 1:rms[m] - 1 with lines lc rgb colour(m) lw 1.4 dt 1 title model[m], \
    for [m = 1:models] "" using 1:rms[m] with lines lc rgb colour(m) lw 1.4 dt (6, 3) notitle
}
if (models == 0) {
  set yrange [0:1]
  set ytics ("" 0)
  set label 1 "no relevance model was trained" at graph 0.5, 0.5 center textcolor rgb "#6b6b6b"
  plot table("training") using 1:(NaN) with lines notitle
  unset label 1
  set ytics autofreq
}

set ylabel "share of units ever active" offset 0, 0
set yrange [0:1.02]
set key bottom left
ordinal(n) = n == 1 ? "first" : n == 2 ? "second" : n == 3 ? "third" : sprintf("%dth", n)
plot for [n = 1:layers] table("training") using 1:active[n] with lines lt n title ordinal(n) . " detection layer"
unset multiplot
