# What all figures share: page, fonts, colours.
#
# Before loading this, a figure sets `width` and `height` in pixels of 1/96 inch;
# scripts/plot.sh sets `output` and `format` (svg, pdf or png).
load "plots/tables.gp"
if (!exists("format")) format = "png"
if (!exists("output")) output = "figure." . format

if (format eq "svg") {
  set terminal svg size width, height font "DejaVu Sans,9" fontscale 1.3333 enhanced background "white"
}
if (format eq "pdf") {
  set terminal pdfcairo size width / 96.0, height / 96.0 font "DejaVu Sans,9" enhanced
}
if (format eq "png") {
  set terminal pngcairo size int(2.5 * width), int(2.5 * height) font "DejaVu Sans,9" fontscale 2.5 linewidth 2.5 pointscale 2.5 enhanced background "white"
}
set output output
set encoding utf8

# Red for positive, blue for negative relevance, white for none (ColorBrewer's
# RdBu); safe for the common kinds of colour blindness.
positive = "#b2182b"
negative = "#2166ac"
dark = "#333333"
light = "#bbbbbb"
relevance_palette = "set palette defined (-2 '#2166ac', -1 '#92c5de', 0 '#ffffff', 1 '#f4a582', 2 '#b2182b')"
ink_palette = "set palette gray"

# Curves that differ in colour and dash.
set linetype 1 lc rgb "#2166ac" lw 1.4 dt 1
set linetype 2 lc rgb "#b2182b" lw 1.4 dt (6, 3)
set linetype 3 lc rgb "#4d9221" lw 1.4 dt (2, 2)

set border 3 lc rgb dark lw 0.6
set tics nomirror out scale 0.5 textcolor rgb dark
set grid lc rgb "#e8e8e8" lw 0.5 dt 1
set key textcolor rgb dark samplen 2 spacing 1.1
