# The paper's Fig. 5: 12 test pairs, each above its heatmaps by every method.
#
# Reads gallery.tsv (a row a pixel), gallery-scale.tsv (a row a method) and
# methods.tsv. The controls, which explain nothing, are left out.
load "plots/methods.gp"
examples = 12
across = 6
pixels = 28 * 56

# The places of the methods' columns after the pixel's, and their colour scales.
array place[64]
array scale[64]
do for [m = 1:methods] {
  stats table("gallery-scale") using (strcol(1) eq method[m] ? (place[m] = int($0) + 1, scale[m] = $2) : NaN) nooutput
}

# A long title has its parenthesis, or all but its first word, in a second line.
broken(title, blank) = strlen(title) > 12 && blank > 0 ? title[:blank - 1] . "\n" . title[blank + 1:] : title
label(row) = row == 0 ? "Input" : broken(method_title[row], strstrt(method_title[row], strstrt(method_title[row], " (") ? " (" : " "))

# Positions in points from the top left corner: images of 56 x 28 pixels.
image_width = 58.0
image_height = 29.0
left = 90.0
right_of(column) = left + column * (image_width + 3)
block_height = (methods + 1) * (image_height + 4) + 19
top_of(block, row) = 8 + block * block_height + row * (image_height + 4) + (row > 0 ? 2 : 0)
width = 506
height = int(16 + 2 * block_height)
load "plots/style.gp"

set multiplot
unset key; unset tics; unset colorbox; unset grid; unset xlabel; unset ylabel
set border 15 lc rgb light lw 0.4
set xrange [-0.5:55.5]
set yrange [27.5:-0.5]
do for [e = 0:examples - 1] {
  do for [row = 0:methods] {
    x = right_of(e % across)
    y = top_of(e / across, row)
    set margins at screen x / width, at screen (x + image_width) / width, at screen 1 - (y + image_height) / height, at screen 1 - y / height
    unset label
    if (e % across == 0) {
      set label label(row) at screen (left - 6) / width, screen 1 - (y + (strstrt(label(row), "\n") ? 10 : 15)) / height right font ",8" textcolor rgb dark
    }
    eval (row == 0 ? ink_palette : relevance_palette)
    if (row == 0) { set cbrange [-0.5:1.5] } else { set cbrange [-scale[row]:scale[row]] }
    plot table("gallery") every ::(e * pixels)::((e + 1) * pixels - 1) using 3:2:(column(row == 0 ? 4 : 4 + place[row])) with image
  }
}

# One colour scale a method, right of both blocks.
eval relevance_palette
do for [block = 0:1] {
  do for [row = 1:methods] {
    y = top_of(block, row)
    unset label
    set margins at screen (right_of(across) + 4) / width, at screen (right_of(across) + 9) / width, at screen 1 - (y + image_height) / height, at screen 1 - y / height
    set xrange [0:1]
    set yrange [-1:1]
    set cbrange [-1:1]
    do for [sign = -1:1] {
      set label (sign == 0 ? "0" : sprintf("%s%.2g", sign > 0 ? "+" : "−", scale[row])) at graph 1.6, first sign * 0.72 left font ",6" textcolor rgb dark
    }
    set samples 2; set isosamples 2, 65
    plot "+" using (0.5):(0):(0) every ::::0 with dots lc rgb "white", \
      for [i = 0:63] [t = 0:1] "+" using (0.5):(-1 + (i + 0.5) / 32.0):(0.5):(1.0 / 64):(-1 + (i + 0.5) / 32.0) every ::::0 with boxxyerror fillstyle solid noborder lc palette
  }
}
unset label; unset border
set label "Each row has one colour scale; colours saturate for the strongest 0.5 % of its pixels." at screen left / width, screen 8.0 / height left font ",6" textcolor rgb dark
plot [0:1] NaN notitle
unset multiplot
