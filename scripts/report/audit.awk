# The audit of the roots that the rules stand for, a row a rule and layer.
{
  r = value("rule") SUBSEP value("layer")
  if (!(r in rule_seen)) { rule_seen[r] = 1; rule[++rules] = r; units[r] = value("units"); pairs = value("pairs") }
  cells[r, value("quantity")] = cell(value("value"), value("low"), value("high"))
}
END {
  open_table("audit-table", "matrix compact", "Every unit with relevance has a root of its own, where its rule expands it. Values with 95&nbsp;% intervals over " (pairs == "NA" ? "" : pairs " ") "pairs with one target. The rule that the explanations use is z<sup>B</sup> on the pixels and z<sup>+</sup> above.")
  n = split(keys["audit"], quantity, " ")
  print "<thead><tr><th scope=\"col\">Rule</th>"
  for (j = 1; j <= n; j++) print "<th scope=\"col\">" label["audit", quantity[j]] " <small>" meaning["audit", quantity[j]] "</small></th>"
  print "</tr></thead><tbody>"
  for (i = 1; i <= rules; i++) {
    split(rule[i], part, SUBSEP)
    print "<tr>" row_head(rule_name(part[1]) (part[2] == 1 ? ", pixels" : ", layer " part[2]), units[rule[i]] " roots")
    for (j = 1; j <= n; j++) print (rule[i], quantity[j]) in cells ? cells[rule[i], quantity[j]] : "<td>&ndash;</td>"
    print "</tr>"
  }
  print "</tbody>"
  close_table()
}

function rule_name(text) {
  if (text == "zB") return "z<sup>B</sup>"
  if (text == "z+") return "z<sup>+</sup>"
  if (text == "w^2") return "w<sup>2</sup>"
  return escaped(text)
}
