# The claims of section 6.1: what was measured, what was needed, the verdict.
{ row[++n] = claim_row() }
END {
  open_table("claims-table", "stacked", "A claim holds when its whole 95&nbsp;% interval lies on the claimed side of the threshold, does not hold when the whole interval lies on the other, and is undecided in between. The statements are the paper&rsquo;s, in our words; the thresholds are ours.")
  head_row("Claim, and the statistic that judges it|Value [95&nbsp;% interval]|Needed|Verdict")
  print "<tbody>"
  for (i = 1; i <= n; i++) print row[i]
  print "</tbody>"
  close_table()
}

function verdict(text) {
  if (text == "holds") return "&#10003; holds"
  if (text == "does not hold") return "&#10007; <strong>does not hold</strong>"
  return "? <em>" escaped(text) "</em>"
}

# "METRIC of METHOD at least", in the report's words. METRIC may be "slope - 1"
# and METHOD "taylor less sensitivity".
function statistic_name(text,    at, metric, method, centre) {
  at = index(text, " of ")
  if (!at) return escaped(text)
  metric = substr(text, 1, at - 1)
  method = substr(text, at + 4)
  sub(/ (at least|at most|within \+-)$/, "", method)
  if (at = index(metric, " - ")) {
    centre = " &minus; " substr(metric, at + 3)
    metric = substr(metric, 1, at - 1)
  }
  if (at = index(method, " less "))
    method = method_name(substr(method, 1, at - 1)) " less " method_name(substr(method, at + 6))
  else
    method = method_name(method)
  return metric_name(metric) centre ": " method
}

function needed(statistic, threshold) {
  return (statistic ~ /within/ ? "&plusmn;" : statistic ~ / at most$/ ? "&le;&nbsp;" : "&ge;&nbsp;") chosen(threshold)
}

function claim_row() {
  return "<tr>" row_head(capital(escaped(value("statement"))), statistic_name(value("statistic"))) \
    cell(value("value"), value("low"), value("high")) \
    "<td class=\"number whole\">" needed(value("statistic"), value("threshold")) "</td>" \
    "<td class=\"verdict\">" verdict(value("verdict")) "</td></tr>"
}
