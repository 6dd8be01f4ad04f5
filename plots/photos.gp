# The photos and networks of section 6.2, in the order of their tables.
#
# network[1 ... networks], photo[1 ... photos]; pixels(n, p) is the table of a
# photo's pixels as the network reads them, with sensitivity and relevance.
# Fractions of the figure's width and height come from points: across(), down().
load "plots/tables.gp"
array network[16]
array network_rows[16]
array network_columns[16]
array network_part[16]
networks = 0
stats table("networks") using (networks = networks + 1, network[networks] = strcol("network"), network_rows[networks] = column("rows"), network_columns[networks] = column("columns"), network_part[networks] = column("part"), 0) nooutput
array photo[256]
photos = 0
stats table("photos") using (strcol("network") eq network[1] ? (photos = photos + 1, photo[photos] = strcol("photo"), 0) : 0) nooutput
pixels(n, p) = table("photos/" . network[n] . "-" . photo[p])

# What the network makes of a photo: class, its words up to the first comma, and
# the relevance of full colour.
array label[16 * 256]
array full_sensitivity[16 * 256]
array full_relevance[16 * 256]
cell(n, p) = (n - 1) * 256 + p
first_word(words) = strstrt(words, ",") ? words[:strstrt(words, ",") - 1] : words
rounded(share) = share < 0.995 ? sprintf("%.2f", share)[2:] : "1.00"
label_of(words, share, f) = words eq "NA" || words eq "" ? sprintf("f = %.4g", f) : first_word(words) . " " . rounded(share)
do for [n = 1:networks] {
  do for [p = 1:photos] {
    stats table("photos") using (strcol("network") eq network[n] && strcol("photo") eq photo[p] ? (label[cell(n, p)] = label_of(strcol("label"), column("probability"), column("f")), full_sensitivity[cell(n, p)] = column("full_sensitivity"), full_relevance[cell(n, p)] = column("full_relevance"), 0) : 0) nooutput
  }
}
across(x) = x / real(width)
down(y) = 1 - y / real(height)
panel_margins(x, y, w, h) = sprintf("set margins at screen %.5f, at screen %.5f, at screen %.5f, at screen %.5f", across(x), across(x + w), down(y + h), down(y))
aspect = network_rows[1] / real(network_columns[1])
panel_ranges(n) = sprintf("set xrange [-0.5:%.1f]; set yrange [%.1f:-0.5]", network_columns[n] - 0.5, network_rows[n] - 0.5)
