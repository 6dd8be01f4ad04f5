# How well the network and its relevance models do on test pairs.
value("subject") == "network" || value("set") == "scores" {
  subject = value("subject"); metric = value("metric")
  kind = subject == "network" ? subject : "minmax" # what any relevance model is judged by
  name = (subject, metric) in label ? label[subject, metric] : escaped(subject ", " metric)
  rows[++n] = "<tr>" row_head(name, meaning[kind, metric]) \
    "<td class=\"number\">" estimate(value("value"), value("low"), value("high")) "</td><td class=\"number\">" value("n") "</td></tr>"
}
END {
  open_table("network-table", "", "The network and its relevance models on test pairs.")
  head_row("Quantity|Value [95&nbsp;% interval]|Pairs")
  print "<tbody>"
  for (i = 1; i <= n; i++) print rows[i]
  print "</tbody>"
  close_table()
}
