# How well the network and its relevance model do on test pairs.
value("subject") == "network" || value("subject") == "minmax" {
  rows[++n] = "<tr>" row_head(named(value("subject"), value("metric")), meaning[value("subject"), value("metric")]) \
    "<td class=\"number\">" estimate(value("value"), value("low"), value("high")) "</td><td class=\"number\">" value("n") "</td></tr>"
}
END {
  open_table("network-table", "", "The network and its min&ndash;max relevance model on test pairs.")
  head_row("Quantity|Value [95&nbsp;% interval]|Pairs")
  print "<tbody>"
  for (i = 1; i <= n; i++) print rows[i]
  print "</tbody>"
  close_table()
}
