# Every metric of every method, grouped by what it asks of a heatmap.
value("subject") != "network" && value("set") != "scores" {
  k = value("metric"); m = value("subject")
  seen_method(m)
  cells[k, m] = cell(value("value"), value("low"), value("high"))
  pairs[k, m] = value("n")
  if (!(k in metric_seen)) { metric_seen[k] = 1; unsorted[++count] = k }
}
END {
  open_table("metrics-table", "matrix", "Every metric with its 95&nbsp;% bootstrap interval over pairs. n counts the pairs behind it, and says which method has fewer. A dash: it makes no sense there. The controls explain nothing; a metric that does not tell them from a method says nothing about it.")
  n = ordered_methods(method)
  head = "Metric"
  for (j = 1; j <= n; j++) head = head "|" method_name(method[j])
  head_row(head)
  groups = split(metric_groups, group, "|")
  for (g = 1; g <= groups; g++) print_group(group[g], keys[group[g]])
  rest = ""
  for (i = 1; i <= count; i++) if (!(unsorted[i] in printed)) rest = rest " " unsorted[i]
  print_group("Others", rest)
  close_table()
}

function print_group(title, list,    key, total, i, j, any) {
  total = split(list, key, " ")
  for (i = 1; i <= total; i++) {
    if (!(key[i] in metric_seen)) continue
    if (!any++) group_row(title, n + 1)
    printed[key[i]] = 1
    print "<tr>" row_head(named(title, key[i]), meaning[title, key[i]] "<br>" behind(key[i]))
    for (j = 1; j <= n; j++) print (key[i], method[j]) in cells ? cells[key[i], method[j]] : "<td>&ndash;</td>"
    print "</tr>"
  }
  if (any) print "</tbody>"
}

# How many pairs are behind it, and the methods that have others.
function behind(key,    j, most, others) {
  for (j = 1; j <= n; j++) if (pairs[key, method[j]] + 0 > most) most = pairs[key, method[j]]
  for (j = 1; j <= n; j++)
    if (pairs[key, method[j]] + 0 > 0 && pairs[key, method[j]] + 0 < most)
      others = others (others == "" ? "; " : ", ") method[j] "&nbsp;" pairs[key, method[j]]
  return "<span class=\"whole\">n = " most "</span>" others
}
