# The paper's Fig. 8: one photo, each network's deep Taylor heatmap of it, and
# below a part of each, enlarged.
#
# Reads networks.tsv, photos.tsv, zoom.tsv (the photo, and its part in shares of
# what the first network reads) and photos/NETWORK-PHOTO.tsv (a row a pixel).
load "plots/photos.gp"
stats table("zoom") using (name = strcol("photo"), part_top = column("top"), part_left = column("left"), part_height = column("height"), part_width = column("width"), 0) nooutput
chosen = 1
do for [p = 1:photos] { if (photo[p] eq name) { chosen = p } }
gap = 5.0
side = (498.0 - gap * networks) / (1 + networks)
if (side > 160) { side = 160.0 }
left = 4.0
top = 18.0
panel = side * aspect
width = int(left + (1 + networks) * (side + gap))
height = int(top + panel + 2 * gap + side + 24)
load "plots/style.gp"

set multiplot
unset key; unset tics; unset colorbox; unset grid; unset xlabel; unset ylabel
do for [zoomed = 0:1] {
  do for [c = 0:networks] {
    n = c > 0 ? c : 1
    x = left + c * (side + gap)
    eval panel_margins(x, top + zoomed * (panel + gap), side, zoomed ? side : panel)
    # the same place in what another network reads of the photo
    ratio = network_part[1] / network_part[n]
    r0 = floor(network_rows[n] * ((part_top - 0.5) * ratio + 0.5) + 0.5)
    c0 = floor(network_columns[n] * ((part_left - 0.5) * ratio + 0.5) + 0.5)
    r1 = r0 + floor(network_rows[n] * part_height * ratio + 0.5)
    c1 = c0 + floor(network_columns[n] * part_width * ratio + 0.5)
    unset label; unset object
    if (zoomed) {
      set border 15 lc rgb dark lw 1
      set xrange [c0 - 0.5:c1 - 0.5]
      set yrange [r1 - 0.5:r0 - 0.5]
    } else {
      set border 15 lc rgb light lw 0.4
      eval panel_ranges(n)
      set label (c == 0 ? "image" : network[n]) at screen across(x + side / 2), screen down(top - 7) center font ",8" textcolor rgb dark noenhanced
      set object rectangle from c0 - 0.5, r0 - 0.5 to c1 - 0.5, r1 - 0.5 fillstyle empty border lc rgb "white" lw 2.5 front
      set object rectangle from c0 - 0.5, r0 - 0.5 to c1 - 0.5, r1 - 0.5 fillstyle empty border lc rgb dark lw 1 front
    }
    if (c == 0) {
      plot pixels(1, chosen) using "column":"row":"red":"green":"blue" with rgbimage
    } else {
      eval relevance_palette
      set cbrange [-1:1]
      full = full_relevance[cell(n, chosen)]
      plot pixels(n, chosen) using "column":"row":(column("relevance") / full) with image
    }
  }
}
unset label; unset object; unset border
set label "Deep Taylor, summed over colours, full at the strongest 0.5 % of pixels." at screen across(left), screen down(height - 15) left font ",6" textcolor rgb dark
set label "Below: the framed part, a square a pixel." at screen across(left), screen down(height - 7) left font ",6" textcolor rgb dark
plot [0:1] NaN notitle
unset multiplot
