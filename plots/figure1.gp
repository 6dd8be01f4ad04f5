# The paper's Fig. 1: functions of two inputs, explained by fields of arrows.
#
# A row of panels for each function, a panel for each explanation. Reads
# figure1.tsv (a row an arrow), figure1-contours.tsv (f on a finer grid),
# figure1-functions.tsv (a row a function) and figure1-explanations.tsv. The
# decompositions of a function, in units of f, share one scale of arrows;
# sensitivity, in others, has its own.
if (!exists("results")) results = "results/figure1"
load "plots/tables.gp"
stats table("figure1-functions") using 4 nooutput name "functions"
functions = int(functions_records)
array explanation[16]; array title[16]; array own_scale[16]; array by_rule[16]
explanations = 0
add(n) = (explanations = n, explanation[n] = strcol(1), title[n] = strcol(2), own_scale[n] = int(column(3)), by_rule[n] = int(column(4)), 0)
stats table("figure1-explanations") using (add(explanations + 1)) nooutput

# Positions in 1/96 inch from the top left corner.
panel = 150.0
left_of(m) = 38 + (m - 1) * (panel + 14)
top_of(n) = 52 + (n - 1) * (panel + 116)
width = left_of(explanations + 1) + 32
height = top_of(functions + 1) - 46
load "plots/style.gp"

minus(text) = (i = strstrt(text, "-"), i ? text[1:i - 1] . "−" . minus(text[i + 1:*]) : text)

array name[functions]; array formula[functions]; array rule[functions]
array low[functions]; array high[functions]
keep(n) = (name[n] = strcol(1), formula[n] = minus(strcol(2)), low[n] = column(4), high[n] = column(5), rule[n] = strcol(6), 0)
stats table("figure1-functions") using (keep(int($0) + 1)) nooutput
stats table("figure1-contours") using 4 nooutput name "contours"


black = 0x333333 # dark and negative as numbers
blue = 0x2166ac

# Rows of a function in the tables, and of one of its explanations.
is_f(n) = strcol(1) eq name[n]
is_R(n, m) = is_f(n) && strcol(2) eq explanation[m]
is_shared(n, m) = m <= explanations && (is_R(n, m) && !own_scale[m] || is_shared(n, m + 1))

set multiplot
unset key; unset grid; unset colorbox
set minussign
set border 15 lc rgb dark lw 0.6
side = int(sqrt(contours_records / functions) + 0.5)
do for [n = 1:functions] {
  set autoscale # stats leaves out what is beyond the ranges
  from = (n - 1) * side # the blocks of this function's contours
  to = n * side - 1
  stats table("figure1-contours") using (is_f(n) ? $4 : NaN) nooutput name "f"
  level = round_step(f_max)
  levels = ceil(f_max / level)
  stats table("figure1") using (is_shared(n, 1) ? sqrt($6 ** 2 + $7 ** 2) : NaN) nooutput name "relevance"
  array longest[explanations]; array arrows[explanations]
  measure(m) = 2 * round_step(longest[m]) # what the arrow below a panel means
  stretch(m) = 1.8 * (high[n] - low[n]) / sqrt(arrows[m] + 1e-9) / longest[m]
  array error[explanations]; array lowest[explanations]
  do for [m = 1:explanations] {
    stats table("figure1") using (is_R(n, m) ? 1 : 0) nooutput name "drawn"
    arrows[m] = drawn_sum
    longest[m] = 1
    if (arrows[m] > 0) {
      stats table("figure1") using (is_R(n, m) ? sqrt($6 ** 2 + $7 ** 2) : NaN) nooutput name "size"
      longest[m] = own_scale[m] ? size_max : relevance_max
      stats table("figure1") using (is_R(n, m) ? abs($6 + $7 - $5) : NaN) nooutput name "error"
      error[m] = error_max < 1e-5 ? 0 : error_max
      stats table("figure1") using (is_R(n, m) ? ($6 < $7 ? $6 : $7) : NaN) nooutput name "least"
      lowest[m] = least_min
    }
  }

  set contour base; unset surface
  set format "%g" # which the contours' coordinates are written in
  set cntrparam levels incremental level, level, level * levels
  set table $contours
  splot table("figure1-contours") every :::from::to using 2:3:4
  unset table
  unset contour; set surface

  set palette defined (0 '#ffffff', 1 '#c8c8c8') maxcolors levels
  set cbrange [0:level * levels]
  top = high[n] + (high[n] - low[n]) / 8
  set xrange [low[n]:top]
  set yrange [low[n]:top]
  step = (high[n] - low[n]) / 4
  set xtics low[n], step, high[n] offset 0, 0.4
  do for [m = 1:explanations] {
    set margins at screen left_of(m) / width, at screen (left_of(m) + panel) / width, at screen 1 - (top_of(n) + panel) / height, at screen 1 - top_of(n) / height
    set title title[m] offset 0, -0.7 textcolor rgb dark
    set xlabel "x_1" offset 0, 1.0 textcolor rgb dark
    set ylabel (m == 1 ? "x_2" : "") offset 1.8, 0 textcolor rgb dark
    set format y (m == 1 ? "%h" : "")
    set ytics low[n], step, high[n] offset 0.5, 0
    unset label; unset arrow
    foot = 1 - (top_of(n) + panel + 46) / height
    if (m == explanations) {
      set colorbox vertical user origin screen (left_of(explanations + 1) - 8) / width, screen 1 - (top_of(n) + panel) / height size screen 7.0 / width, screen panel / height
      set cbtics level scale 0 offset -0.4, 0 textcolor rgb dark
      set label 4 "f(x)" at screen (left_of(explanations + 1) - 8) / width, screen 1 - (top_of(n) - 13) / height left textcolor rgb dark
    } else {
      unset colorbox
    }
    if (m == 1) {
      set label 1 sprintf("%c   f(x) = %s", 96 + n, strlen(formula[n]) > 150 ? formula[n][1:150] . " …" : formula[n]) at screen left_of(1) / width, screen 1 - (top_of(n) - 38) / height left font (strlen(formula[n]) > 95 ? ",7" : ",9") textcolor rgb dark
    }
    if (arrows[m] > 0) {
      set arrow 1 from graph 0, screen foot rto first stretch(m) * measure(m), first 0 head filled size screen 0.006, 20 lc rgb dark lw 0.8
      set label 2 sprintf("R = %g", measure(m)) at graph stretch(m) * measure(m) / (top - low[n]) + 0.04, screen foot, screen foot left font ",7.5" textcolor rgb dark
      verdict = error[m] > 0 ? sprintf("|ΣR − f| ≤ %.2g", error[m]) : "ΣR = f"
      rule_used = by_rule[m] ? rule[n] . "-rule, " : ""
      sign = lowest[m] < 0 ? sprintf("\nblue: a negative R_p, to %.2g", lowest[m]) : ""
      set label 3 rule_used . verdict . minus(sign) at graph 1, screen foot right font ",7.5" textcolor rgb dark
    } else {
      set label 2 "There is none: a unit\nreads both inputs." at graph 0.05, graph 0.2 left front font ",8" textcolor rgb dark
    }
    plot table("figure1-contours") every :::from::to using 2:3:4 with image, \
      $contours using (real(word(strcol(1), 1))):(real(word(strcol(1), 2))) with lines lc rgb "#a8a8a8" lw 0.7, \
      table("figure1") using 3:(is_R(n, m) ? $4 : NaN) with points pt 7 ps 0.12 lc rgb dark, \
      "" using 3:4:(is_R(n, m) ? stretch(m) * $6 : NaN):(stretch(m) * $7):($6 < 0 || $7 < 0 ? blue : black) with vectors head filled size screen 0.006, 20 lc rgb variable lw 0.8
  }
}
unset multiplot
