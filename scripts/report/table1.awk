# Table 1: for each property and method the paper's cell beside the measured one.
{
  p = value("property"); m = value("method")
  if (!(p in property_seen)) { property_seen[p] = 1; property[++properties] = p; quantity[p] = value("quantity"); limit[p] = value("tolerance") }
  seen_method(m)
  cells[p, m] = "<td class=\"paper\">" escaped(value("paper")) "</td>" measured_cell()
}
END {
  open_table("table1", "matrix", "Table 1 of the paper, each cell beside what was measured here. <em>Yes</em> means that the number below it is at most the tolerance. <em>Up to the fit</em>: the rule keeps all relevance that it is given, but the relevance model does not predict it exactly. &#10003;&nbsp;agrees with the paper, &#10007;&nbsp;differs.")
  n = ordered_methods(method)
  print "<thead><tr><th rowspan=\"2\" scope=\"col\">Property <small>what is measured, tolerance</small></th>"
  for (j = 1; j <= n; j++) print "<th colspan=\"2\" scope=\"colgroup\" class=\"paper\">" method_name(method[j]) "</th>"
  print "</tr><tr>"
  for (j = 1; j <= n; j++) print "<th scope=\"col\" class=\"paper\">Paper</th><th scope=\"col\">Measured</th>"
  print "</tr></thead><tbody>"
  for (i = 1; i <= properties; i++) {
    p = property[i]
    print "<tr>" row_head(named("property", p), quantity_name(quantity[p]) "tolerance " chosen(limit[p]))
    for (j = 1; j <= n; j++) print (p, method[j]) in cells ? cells[p, method[j]] : "<td class=\"paper\">&ndash;</td><td>&ndash;</td>"
    print "</tr>"
  }
  print "</tbody>"
  close_table()
}

function quantity_name(text) { return text == "NA" ? "" : with_symbols(escaped(text)) "; " }

# A quantity of its own is named: the min-max model's rule is judged without it.
function measured_cell(    agrees, mark, own) {
  agrees = value("agrees")
  mark = agrees == "yes" ? "&nbsp;&#10003;" : agrees == "no" ? "&nbsp;&#10007; differs" : ""
  own = value("quantity") == quantity[p] ? "" : ", " with_symbols(escaped(value("quantity")))
  return "<td class=\"" (agrees == "no" ? "number differs" : "number") "\">" escaped(value("measured")) mark " <small>" number(value("value")) own "</small></td>"
}
