# What the diffuse floor of the heatmaps comes from: a row a variant of training.
{
  f = value("factor")
  if (!(f in factor_seen)) { factor_seen[f] = 1; factor[++factors] = f }
  v = f SUBSEP value("value")
  if (!(v in variant_seen)) {
    variant_seen[v] = 1; variant[f, ++variants[f]] = v
    facts[v] = "<td class=\"number\">" number(value("mse")) "</td><td class=\"number\">" number(value("accuracy")) "</td>"
  }
  seen_method(value("method"))
  target[v, value("method")] = cell(value("target_share"), value("low"), value("high"))
  floor_share[v, value("method")] = number(value("floor_share"))
  above[v, value("method")] = number(value("target_share_above_floor"))
}
END {
  n = ordered_methods(method)
  open_table("floor-table", "matrix compact", "Shorter trainings, all else equal, one factor at a time. For each method: the share of relevance on the target&rsquo;s half [95&nbsp;% interval], the share of the floor, and the target&rsquo;s share above the floor.")
  print "<thead><tr><th rowspan=\"2\" scope=\"col\">Varied</th><th rowspan=\"2\" scope=\"col\">Test error</th><th rowspan=\"2\" scope=\"col\">Accuracy</th>"
  for (j = 1; j <= n; j++) print "<th colspan=\"3\" scope=\"colgroup\" class=\"paper\">" method_name(method[j]) "</th>"
  print "</tr><tr>"
  for (j = 1; j <= n; j++) print "<th scope=\"col\" class=\"paper\">Target</th><th scope=\"col\">Floor</th><th scope=\"col\">Above it</th>"
  print "</tr></thead>"
  for (g = 1; g <= factors; g++) print_factor(factor[g])
  close_table()
}

function print_factor(f,    i, j, v, part, title) {
  title = f
  gsub(/_/, " ", title)
  group_row(toupper(substr(title, 1, 1)) escaped(substr(title, 2)), 3 + 3 * n)
  for (i = 1; i <= variants[f]; i++) {
    v = variant[f, i]
    split(v, part, SUBSEP)
    print "<tr>" row_head(escaped(part[2])) facts[v]
    for (j = 1; j <= n; j++) {
      sub(/class="number"/, "class=\"number paper\"", target[v, method[j]])
      print target[v, method[j]] "<td class=\"number\">" floor_share[v, method[j]] "</td><td class=\"number\">" above[v, method[j]] "</td>"
    }
    print "</tr>"
  }
  print "</tbody>"
}
