# The report's opening: the main findings, a sentence each, from the tables.
#
# Each file is preceded by table=NAME.
table == "metrics" {
  x[value("subject"), value("metric")] = value("value")
  low[value("subject"), value("metric")] = value("low")
  high[value("subject"), value("metric")] = value("high")
  pairs[value("subject"), value("metric")] = value("n")
}
table == "claims" {
  claims++
  verdict[value("verdict")]++
  named_claims[value("verdict")] = named_claims[value("verdict")] "<li>" escaped(value("statement")) "</li>"
}
table == "table1" { cells++; agrees += value("agrees") == "yes" }
table == "roots" { roots++; certified += value("certified") == 1 }
table == "audit" && value("rule") == "zB" && value("layer") == 1 { audit[value("quantity")] = value("value") }
table == "floor" { floors++ }
END {
  print "<p><strong>Of the " claims " claims that section 6.1 makes, " verdict["holds"] + 0 " " plural(verdict["holds"], "holds", "hold") " here, " count(verdict["does not hold"]) " " plural(verdict["does not hold"], "does", "do") " not, and " count(verdict["undecided"]) " " plural(verdict["undecided"], "is", "are") " undecided</strong> (<a href=\"#claims\">each with its figures</a>). Of the " cells " cells of Table 1, " agrees " agree with the paper (<a href=\"#table-1\">side by side</a>)" ".</p>"
  if (verdict["does not hold"]) print "<p>" (verdict["does not hold"] == 1 ? "This claim does" : "These claims do") " not hold:</p><ul class=\"columns\">" named_claims["does not hold"] "</ul>"
  if (verdict["undecided"]) print "<p>Undecided:</p><ul class=\"columns\">" named_claims["undecided"] "</ul>"
  print "<p>In figures, with 95&nbsp;% intervals over test pairs in brackets:</p><ul>"
  print "<li>The network tells right " percent_exact("network", "accuracy") " of " pairs["network", "accuracy"] " test pairs; its mean squared error is " both("network", "mse") ".</li>"
  print "<li>On the half with the target digit lies this share of the relevance (chance: 50&nbsp;%): " shares() ".</li>"
  if (("deep-taylor-free", "error_max") in x) print "<li>Training-free deep Taylor conserves f to a relative " number(x["deep-taylor-free", "error_max"]) " at worst. " minmax_sentence() taylor_sentence() "</li>"
  if (roots) print "<li>Of " roots " nearest roots, " certified " are certified solutions (<a href=\"#roots\">the search</a>).</li>"
  if ("same_region_network" in audit) print "<li>Of the roots that the z<sup>B</sup>-rule stands for, " percent(audit["in_domain"]) " lie among valid images, but only " percent(audit["same_region_network"]) " in the linear region of x that section 5.2 has in mind (<a href=\"#audit\">the audit</a>).</li>"
  print "</ul>"
}

function count(n) { return n ? n : "none" }
function plural(n, one, more) { return n == 1 ? one : more }
function both(subject, metric) { return estimate(x[subject, metric], low[subject, metric], high[subject, metric]) }
function percent_exact(subject, metric) {
  return fixed(100 * x[subject, metric], 1) "&nbsp;% [" fixed(100 * low[subject, metric], 1) ", " fixed(100 * high[subject, metric], 1) "]"
}
function shares(    m, n, i, text) {
  n = split("deep-taylor-free deep-taylor-minmax taylor sensitivity", m, " ")
  for (i = 1; i <= n; i++)
    if ((m[i], "target_share") in x)
      text = text (text == "" ? "" : ", ") method_name(m[i]) " " percents(x[m[i], "target_share"], low[m[i], "target_share"], high[m[i], "target_share"])
  return text
}
function minmax_sentence() {
  if (!(("deep-taylor-minmax", "correlation") in x)) return ""
  return "The min&ndash;max variant&rsquo;s sums follow f with correlation " both("deep-taylor-minmax", "correlation") " and slope " both("deep-taylor-minmax", "slope") ". "
}
function taylor_sentence() {
  if (!(("taylor", "ratio") in x)) return ""
  return "Taylor decomposition hands down " percents(x["taylor", "ratio"], low["taylor", "ratio"], high["taylor", "ratio"]) " of f."
}
