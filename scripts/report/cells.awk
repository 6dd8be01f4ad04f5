# Reads tables by the names of their columns and writes values as cells of HTML.
#
# Put before the awk program of a table. The first file is names.tsv: what
# methods, metrics and the rest are called. Rows of the others reach the rules
# that follow, as value("column").
BEGIN {
  FS = "\t"
  metric_groups = "Conservation|Positivity|Localisation|Faithfulness|Robustness|Spread and balance|Cost"
}
FNR == 1 { header = 0; files++ }
/^#/ || /^[ \t]*$/ { next }
!header { header = 1; split("", column); for (i = 1; i <= NF; i++) column[$i] = i; next }
files == 1 {
  label[$1, $2] = $3; meaning[$1, $2] = $4
  keys[$1] = keys[$1] " " $2 # in their order
  next
}

function value(name) { return name in column ? $column[name] : "NA" }

function escaped(text) {
  gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
  return text
}

# What a thing is called; its own name when names.tsv does not know it.
function named(kind, key) { return (kind, key) in label ? label[kind, key] : escaped(key) }
function method_name(key) { return named("method", key) }
function metric_name(key,    group, n, i) {
  n = split(metric_groups, group, "|")
  for (i = 1; i <= n; i++) if ((group[i], key) in label) return label[group[i], key]
  return escaped(key)
}
function capital(text) { return toupper(substr(text, 1, 1)) substr(text, 2) }

# R_p with an index below, for the names that programs write.
function symbol(text,    part) {
  return split(text, part, "_") == 2 ? part[1] "<sub>" part[2] "</sub>" : escaped(text)
}
function with_symbols(text) {
  gsub(/sum_p R_p/, "\\&Sigma; R<sub>p</sub>", text); gsub(/sum_j R_j/, "\\&Sigma; R<sub>j</sub>", text)
  return text
}

# ---- numbers ----

function magnitude(x,    size) {
  if (x < 0) x = -x
  size = log(x) / log(10)
  return size < int(size) ? int(size) - 1 : int(size)
}

# Decimals that show three digits of x, and two of its interval's width.
function decimals(x, width,    three, two) {
  three = x == 0 ? 1 : 2 - magnitude(x)
  if (width > 1e-6 * (x < 0 ? -x : x)) {
    two = 1 - magnitude(width)
    if (two < three + 2) three = two
  }
  return three < 0 ? 0 : three > 5 ? 5 : three
}

function signed(text) { sub(/^-/, "\\&minus;", text); return text }

function fixed(x, places,    text) {
  text = sprintf("%." places "f", x)
  if (text + 0 == 0) sub(/^-/, "", text)
  return signed(text)
}

# How x is to be written: with so many decimals, or with a power of ten (-1).
function form(x, width,    size) {
  size = x < 0 ? -x : x + 0
  if (width + 0 == 0 && x == int(x) && size < 1e6) return 0
  return x + 0 == 0 || size >= 1e-4 && size < 1e6 || width >= 1e-3 ? decimals(x, width) : -1
}
function written(x, places,    power) {
  if (x == "NA" || x == "") return "&ndash;"
  if (x + 0 == 0) return "0"
  if (places >= 0) return fixed(x, places)
  power = magnitude(x)
  return fixed(x / 10 ^ power, 1) "&thinsp;&times;&thinsp;10<sup>" signed(power "") "</sup>"
}
function number(x) { return written(x, form(x, 0)) }

# A number that somebody chose: as short as it is.
function chosen(x,    size) {
  size = x < 0 ? -x : x + 0
  if (size == 0 || size >= 1e-4) return signed(sprintf("%g", x))
  size = magnitude(x)
  return sprintf("%g", x / 10 ^ size) == "1" ? "10<sup>" signed(size "") "</sup>" : number(x)
}

function percent(x) { return fixed(100 * x, x != 0 && (x < 0.01 && x > -0.01) ? 2 : 0) "&nbsp;%" }
function percents(x, low, high) { return percent(x) (low == "NA" ? "" : " [" fixed(100 * low, 0) ", " fixed(100 * high, 0) "]") }

# A value with its 95 % interval, written alike: in one line, or as a cell with
# the interval below.
function width_of(low, high) { return low == "NA" || high == "NA" ? 0 : high - low }
function interval(x, low, high,    places) {
  if (x == "NA" || low == "NA" || high == "NA") return ""
  places = form(x, width_of(low, high))
  return "[" written(low, places) ", " written(high, places) "]"
}
function estimate(x, low, high) {
  return written(x, form(x, width_of(low, high))) " " interval(x, low, high)
}
function cell(x, low, high,    below) {
  below = interval(x, low, high)
  return "<td class=\"number\">" written(x, form(x, width_of(low, high))) (below == "" ? "" : " <small>" below "</small>") "</td>"
}

# ---- tables ----

# Opens a table that scrolls inside its own frame when the page is narrow.
function open_table(id, kind, caption) {
  print "<div class=\"table scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"" id "\">"
  print "<table class=\"" kind "\"><caption id=\"" id "\"><span>" caption "</span></caption>"
}
function close_table() { print "</table></div>" }

# The head of a table, one text a column, parted by |.
function head_row(texts,    text, n, i) {
  n = split(texts, text, "|")
  print "<thead><tr>"
  for (i = 1; i <= n; i++) print "<th scope=\"col\">" text[i] "</th>"
  print "</tr></thead>"
}
function row_head(title, below) {
  return "<th scope=\"row\">" title (below == "" ? "" : " <small>" below "</small>") "</th>"
}
function group_row(title, columns) {
  print "<tbody class=\"keep\"><tr><th scope=\"rowgroup\" class=\"group\" colspan=\"" columns "\"><span>" title "</span></th></tr>"
}

# The methods of a table in their order, controls last.
function seen_method(name) {
  if (name in method_seen) return
  method_seen[name] = 1
  if (name == "random" || name == "constant") controls = controls " " name
  else methods = methods " " name
}
function ordered_methods(list) { return split(methods controls, list, " ") }
