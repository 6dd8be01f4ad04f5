# What each of the methods does, in a sentence.
value("subject") != "network" && value("set") != "scores" { seen_method(value("subject")) }
END {
  print "<dl>"
  n = ordered_methods(method)
  for (j = 1; j <= n; j++)
    if (meaning["method", method[j]] != "")
      print "<dt>" method_name(method[j]) "</dt><dd>" meaning["method", method[j]] "</dd>"
  print "</dl>"
}
