# The methods of a run, as methods.tsv names them: order, titles, curves.
#
# method[1 ... methods] are those that explain; controls, which explain nothing,
# follow, up to method[everyone]. Line type 10 + m draws method m: a dozen differ
# in colour, dash and mark, and controls are gray. A figure whose size follows
# from their number loads this before style.gp.
load "plots/tables.gp"
array method[64]
array method_title[64]
everyone = 0
add_method(name, title) = (everyone = everyone + 1, method[everyone] = name, method_title[everyone] = title, 0)
stats table("methods") using (strcol(3) eq "yes" ? 0 : add_method(strcol(1), strcol(2))) nooutput
methods = everyone
stats table("methods") using (strcol(3) eq "yes" ? add_method(strcol(1), strcol(2) . " (control)") : 0) nooutput
if (methods == 0) { methods = everyone } # a run of controls alone

method_colours = "#b2182b #4d9221 #2166ac #7b3294 #e08214 #01665e #c51b7d #8c510a"
method_marks = "6 8 4 7 10 12 5 9 14 13 11 15"
gray_colours = "#777777 #999999 #bbbbbb"
method_colour(m) = m > methods ? word(gray_colours, (m - methods - 1) % 3 + 1) : word(method_colours, (m - 1) % 8 + 1)
method_mark(m) = m > methods ? (m - methods) % 3 + 1 : int(word(method_marks, (m - 1) % 12 + 1))
dash(n) = n == 1 ? "(14, 7)" : n == 2 ? "(5, 5)" : n == 3 ? "(18, 6, 4, 6)" : "1"
method_dash(m) = m > methods ? (m % 2 ? "(2, 6)" : "(2, 2)") : dash((m + (m - 1) / 8) % 4)
do for [m = 1:everyone] {
  eval sprintf("set linetype %d lc rgb '%s' lw 1.3 dt %s pt %d", 10 + m, method_colour(m), method_dash(m), method_mark(m))
}

# Four panels in a line.
panel_lines = (methods + 3) / 4
