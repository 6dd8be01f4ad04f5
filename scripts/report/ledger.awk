# The ledger of relevance: what each step of an explanation loses or makes.
value("example") ~ /^[0-9]+$/ {
  m = value("method"); k = value("layer") SUBSEP value("cause")
  seen_method(m)
  if (value("cause") == "score") { score[m] += value("relevance"); if (!(m in first)) first[m] = value("layer"); next }
  if (!((m, k) in change)) { step[m, ++steps[m]] = k; change[m, k] = 0 }
  change[m, k] += value("change")
  left[m, k] += value("relevance")
  size = value("change") < 0 ? -value("change") : value("change") + 0
  if (size > worst[m, k]) worst[m, k] = size
  if (!((m, value("example")) in counted)) { counted[m, value("example")] = 1; examples[m]++ }
}
END {
  open_table("ledger-table", "", "Where relevance is lost or made on its way from f to the pixels, over all pairs together. Causes that took nothing are left out; every method&rsquo;s entries add up.")
  head_row("Step and cause|Change, of f|Then there is|Largest in one pair")
  n = split(methods, method, " ") # without the controls
  for (j = 1; j <= n; j++) print_method(method[j])
  close_table()
}

function print_method(m,    i, k, part, before, any) {
  if (score[m] == 0) return
  group_row(method_name(m) " <small>" examples[m] " pairs</small>", 4)
  before = first[m]
  for (i = 1; i <= steps[m]; i++) {
    k = step[m, i]
    split(k, part, SUBSEP)
    if (i > 1 && part[1] != last) before = last
    last = part[1]
    if (worst[m, k] + 0 == 0) continue
    any = 1
    print "<tr>" row_head(symbol(before) " &rarr; " symbol(part[1]) ", " escaped(part[2])) \
      "<td class=\"number\">" number(100 * change[m, k] / score[m]) "&nbsp;%</td><td class=\"number\">" fixed(100 * left[m, k] / score[m], 1) "&nbsp;%</td><td class=\"number\">" number(worst[m, k]) "</td></tr>"
  }
  if (!any) print "<tr><td colspan=\"4\">nothing is lost or made</td></tr>"
  print "</tbody>"
}
