# How figures read tables: tab-separated, # provenance, one line of names.
#
# scripts/plot.sh sets `results`, the folder of the tables.
if (!exists("results")) results = "results/paper"
table(name) = results . "/" . name . ".tsv"
set datafile separator tab
set datafile commentschars "#"
set datafile missing "NA"
set datafile columnheaders

# A round step that puts three to six tics on a range.
round_step(range) = (p = 10.0 ** floor(log10(range)), range / p < 1.2 ? p / 4 : range / p < 2.2 ? p / 2 : range / p < 6.5 ? p : 2 * p)
