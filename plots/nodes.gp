# The ledger of section 6.2: how much relevance the biases of each node keep,
# and how much is left below it, by network, as means over the photos.
#
# Reads networks.tsv, photos.tsv and nodes.tsv (a row a network, photo and node
# with weights or not, from the scores down to the pixels).
load "plots/photos.gp"
array kept[1024]
array title[1024]
array score[16 * 256]
array weighted[16]
do for [n = 1:networks] {
  weighted[n] = 0
  stats table("nodes") using (strcol("network") eq network[n] && strcol("photo") eq photo[1] && strcol("weighted") eq "yes" ? (weighted[n] = weighted[n] + 1, 0) : 0) nooutput
}
panel_height = 190.0
left = 34.0
width = 506
height = int(networks * panel_height + 16)
load "plots/style.gp"
set multiplot
unset key
set border 3
set xtics rotate by 90 right font ",4.5" noenhanced scale 0
set yrange [0:*]
set ytics font ",6.5"
do for [n = 1:networks] {
  count = weighted[n]
  place = 0
  seen = ""
  do for [i = 1:count] { kept[i] = 0 }
  # nodes in the order of the first photo; of each, the mean of kept over f
  nodes_read = 0
  f = 0
  stats table("photos") using (strcol("network") eq network[n] ? (score[int(nodes_read = nodes_read + 1)] = column("f"), 0) : 0) nooutput
  at_photo = 0
  at_node = 0
  last = ""
  stats table("nodes") using (strcol("network") eq network[n] && strcol("weighted") eq "yes" ? (at_photo = strcol("photo") eq last ? at_photo : at_photo + 1, at_node = strcol("photo") eq last ? at_node + 1 : 1, last = strcol("photo"), kept[at_node] = kept[at_node] + 100 * column("kept") / score[at_photo] / photos, title[at_node] = strcol("node"), 0) : 0) nooutput
  total = 0
  do for [i = 1:count] { total = total + kept[i] }
  y = (n - 1) * panel_height + 14
  set margins at screen across(left), at screen across(width - 6), at screen down(y + panel_height - 100), at screen down(y)
  unset label
  set label sprintf("%s: %% of the score kept by positive biases of each node; %.1f %% reach the pixels", network[n], 100 - total) at graph 0, graph 1.06 left font ",7.5" textcolor rgb dark noenhanced
  set xrange [0.4:count + 0.6]
  set xtics () 
  do for [i = 1:count] { set xtics add (title[i] i) }
  plot sample [i = 1:count:1] "+" using (i):(kept[int(i)]):(0.7) with boxes fillstyle solid noborder lc rgb positive
}
unset multiplot
