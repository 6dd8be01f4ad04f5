# Where relevance goes: how much stands at each layer, method by method.
#
# Bars are means over the pairs that every method has explained, dots the
# gallery's pairs. What a step loses or makes is listed above, with the cause;
# what is less than a two-hundredth of f is left out. Reads ledger.tsv.
width = 760
height = 240
load "plots/style.gp"

left_of(m) = (66 + (m - 1) * 177.0) / width
panel = 144.0 / width

# The layers, in their order from the output down.
layers = ""
note(layer) = strstrt(layers . " ", " " . layer . " ") ? 0 : (layers = layers . " " . layer, 0)
stats table("ledger") using (strcol(1) eq "deep-taylor-free" && strcol(2) eq "mean" ? note(strcol(3)) : 0) nooutput
place_from(layer, n) = n > words(layers) ? NaN : word(layers, n) eq layer ? n : place_from(layer, n + 1)
place(layer) = place_from(layer, 1)

# Of the entries of one layer, the last says what stands there.
is_last(cause) = cause ne "dead pool" && cause ne "positive bias" && cause ne "left at the root"
stats table("ledger") using (strcol(2) eq "mean" && strcol(3) eq "f" ? $4 : NaN) nooutput name "score"
stats table("ledger") using (strcol(1) eq "sensitivity" && is_last(strcol(6)) && strcol(2) eq "mean" ? $4 : NaN) nooutput name "strong"

number(x) = x < 100 ? sprintf("%.1f", x) : sprintf("%.0f", x)
signed(change) = change > 0 ? "+" . number(change) : "−" . number(-change)
shown(change) = abs(change) > score_max / 200

set multiplot
unset key
set style fill solid border
set boxwidth 0.7
set grid noxtics
set xrange [0.4:words(layers) + 0.6]
set xtics scale 0 offset 0, 0.2
do for [n = 1:words(layers)] { set xtics add (word(layers, n) n) }
set tmargin at screen 1 - 26.0 / height
set bmargin at screen 32.0 / height
do for [m = 1:4] {
  method = word(methods, m)
  set lmargin at screen left_of(m)
  set rmargin at screen left_of(m) + panel
  set title method_title(m) font ",9" offset 0, -0.4 textcolor rgb dark
  set ylabel (m == 1 ? "relevance" : "") offset 0.6, 0
  row = 0
  top = m == 1 ? strong_max : score_max
  set yrange [0:2.2 * top]
  set ytics autofreq offset 0.4, 0
  plot table("ledger") using (strcol(1) eq method && strcol(2) eq "mean" && is_last(strcol(6)) ? place(strcol(3)) : NaN):4 \
      with boxes lw 0.3 lc rgb (m == 1 ? light : "#f4a582"), \
    "" using (strcol(1) eq method && strcol(2) ne "mean" && is_last(strcol(6)) ? place(strcol(3)) : NaN):4 \
      with points pt 7 ps 0.2 lc rgb "#80333333", \
    "" using (words(layers) + 0.6):(strcol(1) eq method && strcol(2) eq "mean" && shown($5) ? (row = row + 1, (2.3 - 0.2 * row) * top) : NaN):((m > 2 ? strcol(3) . ": " : "") . strcol(6) . " " . signed($5)) \
      with labels right font ",8" textcolor rgb dark
}
unset multiplot
