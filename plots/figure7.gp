# The paper's Fig. 7: photos beside their heatmaps, sensitivity and deep Taylor
# of each network.
#
# Reads networks.tsv, photos.tsv and photos/NETWORK-PHOTO.tsv (a row a pixel).
# The first eight photos are shown, in the order of the table.
load "plots/photos.gp"
shown = photos < 8 ? photos : 8
left = 4.0
gap = 3.0
columns_shown = 1 + 2 * networks
side = (502.0 - left - gap * (columns_shown + networks)) / columns_shown
if (side > 110) { side = 110.0 }
panel = side * aspect
row_height = panel + 13
top = 31.0
width = int(left + columns_shown * (side + gap) + networks * gap + 4)
height = int(top + shown * row_height + 22)
load "plots/style.gp"
# of column 0, the photo, and of each network's two
left_of(c) = left + c * (side + gap) + (c > 0 ? ((c + 1) / 2) * gap : 0)
top_of(p) = top + (p - 1) * row_height

set multiplot
unset key; unset tics; unset colorbox; unset grid; unset xlabel; unset ylabel
set border 15 lc rgb light lw 0.4
do for [p = 1:shown] {
  do for [c = 0:columns_shown - 1] {
    n = c > 0 ? (c + 1) / 2 : 1
    deep = c > 0 && c % 2 == 0
    x = left_of(c)
    y = top_of(p)
    eval panel_margins(x, y, side, panel)
    eval panel_ranges(n)
    unset label
    if (p == 1) {
      set label (c == 0 ? "image" : deep ? "deep Taylor" : "sensitivity") at screen across(x + side / 2), screen down(top - 7) center font ",8" textcolor rgb dark
      if (c % 2 == 1) { set label network[n] at screen across(x + side + gap / 2), screen down(top - 19) center font ",8" textcolor rgb dark noenhanced }
    }
    if (c % 2 == 1) { set label label[cell(n, p)] at screen across(x + side + gap / 2), screen down(y + panel + 6) center font ",6.5" textcolor rgb dark noenhanced }
    if (c == 0) {
      plot pixels(1, p) using "column":"row":"red":"green":"blue" with rgbimage
    } else {
      full = deep ? full_relevance[cell(n, p)] : full_sensitivity[cell(n, p)]
      eval relevance_palette
      set cbrange [-1:1]
      plot pixels(n, p) using "column":"row":(column(deep ? "relevance" : "sensitivity") / full) with image
    }
  }
}
unset label; unset border
set label "Heatmaps are summed over colours; each has its own scale, full at the strongest" at screen across(left), screen down(height - 14) left font ",6" textcolor rgb dark
set label "0.5 % of its pixels. Below: the class that is explained and its probability." at screen across(left), screen down(height - 6) left font ",6" textcolor rgb dark
plot [0:1] NaN notitle
unset multiplot
