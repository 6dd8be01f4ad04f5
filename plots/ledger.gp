# Where relevance goes: how much there is at each layer, method by method.
#
# Bars are means over the pairs that every method has explained, dots the
# gallery's pairs. What a step loses or makes is listed above, with the cause;
# what is less than a two-hundredth of f is left out. A method whose relevance is
# not of the score's size has a scale of its own. Reads ledger.tsv and methods.tsv.
load "plots/methods.gp"
line_height = 240.0
width = 760
height = int(line_height * panel_lines)
load "plots/style.gp"

left_of(m) = (66 + (m - 1) % 4 * 177.0) / width
panel = 144.0 / width
top_of(m, y) = 1 - ((m - 1) / 4 * line_height + y) / height

# The layers of each method, from the output down; the axis has those of the
# method with the most.
array own_layers[64]
is_mean(m) = strcol(1) eq method[m] && strcol(2) eq "mean"
has(list, layer) = strstrt(list . " ", " " . layer . " ") > 0
layers = ""
do for [m = 1:methods] {
  list = ""
  stats table("ledger") using (is_mean(m) && !has(list, strcol(3)) ? (list = list . " " . strcol(3), 0) : 0) nooutput
  own_layers[m] = list
  if (words(list) > words(layers)) { layers = list }
}
place_from(layer, n) = n > words(layers) ? NaN : word(layers, n) eq layer ? n : place_from(layer, n + 1)
place(layer) = place_from(layer, 1)

# Of the entries of one layer, the last has its balance.
is_last(cause) = cause ne "dead pool" && cause ne "positive bias" && cause ne "left at the root"
stats table("ledger") using (strcol(2) eq "mean" && strcol(3) eq "f" ? $4 : NaN) nooutput name "score"

number(x) = x < 100 ? sprintf("%.1f", x) : sprintf("%.0f", x)
signed(change) = change > 0 ? "+" . number(change) : "−" . number(-change)
shown(change) = abs(change) > score_max / 200

set multiplot
unset key
set style fill solid border
set boxwidth 0.7
set grid noxtics
set xzeroaxis lc rgb dark lw 0.6
set xtics scale 0 offset 0, 0.2
do for [n = 1:words(layers)] { set xtics add (word(layers, n) n) }
do for [m = 1:methods] {
  set autoscale # stats leaves out what is beyond the ranges
  stats table("ledger") using (is_mean(m) ? $4 : NaN) nooutput name "strong"
  is_own = strong_max > 1.5 * score_max
  top = is_own ? strong_max : score_max
  set margins at screen left_of(m), at screen left_of(m) + panel, at screen top_of(m, line_height - 32), at screen top_of(m, 26)
  set title method_title[m] font ",9" offset 0, -0.4 textcolor rgb dark
  set ylabel (m % 4 == 1 ? "relevance" : "") offset 0.6, 0
  row = 0
  set xrange [0.4:words(layers) + 0.6]
  set yrange [(strong_min < 0 ? 1.1 * strong_min : 0):2.2 * top]
  set ytics autofreq offset 0.4, 0
  plot table("ledger") using (is_mean(m) && is_last(strcol(6)) ? place(strcol(3)) : NaN):4 \
      with boxes lw 0.3 lc rgb (is_own ? light : "#f4a582"), \
    "" using (strcol(1) eq method[m] && strcol(2) ne "mean" && is_last(strcol(6)) ? place(strcol(3)) : NaN):4 \
      with points pt 7 ps 0.2 lc rgb "#80333333", \
    "" using (words(layers) + 0.45):(is_mean(m) && shown($5) ? (row = row + 1, (2.3 - 0.2 * row) * top) : NaN):((words(own_layers[m]) > 2 ? strcol(3) . ": " : "") . strcol(6) . " " . signed($5)) \
      with labels right font ",7.5" textcolor rgb dark
}
unset multiplot
