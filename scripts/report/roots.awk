# The nearest roots that Taylor decomposition starts from, and how many of them
# are certified.
{
  n++
  certified += value("certified") == 1
  m = split(keys["roots"], quantity, " ")
  for (i = 1; i <= m; i++) number_of[i, n] = value(quantity[i])
}
END {
  open_table("roots-table", "", "The nearest-root search: " certified " of " n " roots (" percent(certified / n) ") are certified, that is, they fulfil the conditions of a nearest point with f at a tenth of f(x). The others are the best that the search found, and all are used.")
  head_row("Quantity|Median|Middle half|Least and greatest")
  print "<tbody>"
  for (i = 1; i <= m; i++) {
    count = 0
    for (e = 1; e <= n; e++) if (number_of[i, e] != "NA") sorted[++count] = number_of[i, e] + 0
    if (!count) continue
    sort(count)
    print "<tr>" row_head(label["roots", quantity[i]], meaning["roots", quantity[i]]) \
      "<td class=\"number\">" number(at(0.5)) "</td><td class=\"number\">" number(at(0.25)) " to " number(at(0.75)) "</td><td class=\"number\">" number(sorted[1]) " to " number(sorted[count]) "</td></tr>"
  }
  print "</tbody>"
  close_table()
}

function at(share,    place, below) { # between order statistics, straight
  place = 1 + share * (count - 1); below = int(place)
  return below == count ? sorted[below] : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below])
}

function sort(count,    i, j, x) {
  for (i = 2; i <= count; i++) {
    x = sorted[i]
    for (j = i - 1; j >= 1 && sorted[j] > x; j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = x
  }
}
