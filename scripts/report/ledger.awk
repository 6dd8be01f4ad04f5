# The ledger of relevance: what each step of an explanation loses or makes.
#
# Rows of example "mean" are means over all pairs; the others are the pairs of
# the heatmaps.
{ m = value("method"); k = value("layer") SUBSEP value("cause"); seen_method(m) }
value("example") == "mean" && value("cause") == "score" { score[m] = value("relevance"); last[m] = value("layer"); next }
value("example") == "mean" {
  step[m, ++steps[m]] = k
  change[m, k] = value("change")
  left[m, k] = value("relevance")
}
value("example") != "mean" && value("cause") != "score" {
  size = value("change") < 0 ? -value("change") : value("change") + 0
  if (size > worst[m, k]) worst[m, k] = size
  if (!(value("example") in counted)) { counted[value("example")] = 1; examples++ }
}
END {
  open_table("ledger-table", "", "Where relevance is lost or made on its way from f to the pixels: the mean over the pairs that every method has explained, relative to the mean of f, and the largest change, in units of f, in one of the " examples " pairs of the heatmaps. Causes that took nothing are left out.")
  head_row("Step and cause|Mean change|Mean afterwards|Largest in one pair")
  n = split(methods, method, " ") # without the controls
  for (j = 1; j <= n; j++) print_method(method[j])
  close_table()
}

function print_method(m,    i, k, part, from, to, any) {
  if (score[m] + 0 == 0) return
  group_row(method_name(m), 4)
  to = last[m]
  for (i = 1; i <= steps[m]; i++) {
    k = step[m, i]
    split(k, part, SUBSEP)
    if (part[1] != to) { from = to; to = part[1] }
    if (worst[m, k] + 0 == 0 && change[m, k] + 0 == 0) continue
    any = 1
    print "<tr>" row_head(symbol(from) " &rarr; " symbol(to) ", " escaped(part[2])) \
      "<td class=\"number\">" number(100 * change[m, k] / score[m]) "&nbsp;%</td><td class=\"number\">" fixed(100 * left[m, k] / score[m], 1) "&nbsp;%</td><td class=\"number\">" number(worst[m, k] + 0) "</td></tr>"
  }
  if (!any) print "<tr><td colspan=\"4\">nothing is lost or made</td></tr>"
  print "</tbody>"
}
