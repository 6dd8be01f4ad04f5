# How training went: errors, accuracy, the relevance model's fit, active units.
#
# Reads training.tsv.
width = 640
height = 420
load "plots/style.gp"

# Whether the table has any fit of a relevance model.
modelled = 0
stats table("training") using (modelled = modelled || valid(8), 0) nooutput

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
if (modelled) {
  plot table("training") using 1:8 with lines lt 1 title "mean Σ_k (R̂_k − R_k)^2", \
    "" using 1:9 with lines lt 2 title "RMS(Σ_k R̂_k − f)"
} else {
  set yrange [0:1]
  set ytics ("" 0)
  set label 1 "no relevance model was trained" at graph 0.5, 0.5 center textcolor rgb "#777777"
  plot table("training") using 1:(NaN) with lines notitle
  unset label 1
  set ytics autofreq
}

set ylabel "share of units ever active" offset 0, 0
set yrange [0:1.02]
set key bottom left
plot table("training") using 1:6 with lines lt 1 title "first detection layer", \
  "" using 1:7 with lines lt 2 title "second detection layer"
unset multiplot
