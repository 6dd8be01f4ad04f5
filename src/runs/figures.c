/* Every figure: the tables it is drawn from, and what writes them. */
#include "runs/figures.h"

#include <string.h>

#define EVALUATE "build/bin/evaluate"
#define PHOTOS   "build/bin/photos"

const struct dtd_figure dtd_figures[] = {
    {"heatmaps", EVALUATE, {"gallery", "gallery-scale", "methods"}},
    {"conservation", EVALUATE, {"examples", "histogram", "methods"}},
    {"training", "build/bin/train", {"training"}},
    {"flipping", EVALUATE, {"flipping", "methods"}},
    {"randomisation", EVALUATE, {"randomisation", "methods"}},
    {"ledger", EVALUATE, {"ledger", "methods"}},
    {"audit", "build/bin/audit", {"audit"}},
    {"scaling", "scripts/bench.sh --scaling", {"scaling"}},
    {"compare", "build/bin/compare", {"compare", "compare-names"}},
    {"figure1",
     "build/bin/figure1",
     {"figure1", "figure1-contours", "figure1-functions",
      "figure1-explanations"}},
    {"figure7", PHOTOS, {"networks", "photos"}},
    {"figure8", PHOTOS, {"networks", "photos", "zoom"}},
    {"nodes", PHOTOS, {"networks", "photos", "nodes"}},
    {0},
};

const struct dtd_figure *dtd_figure_find(const char *name) {
  const struct dtd_figure *figure = dtd_figures;
  while (figure->name && strcmp(figure->name, name)) figure++;
  return figure->name ? figure : NULL;
}

void dtd_figures_print(FILE *output) {
  for (const struct dtd_figure *f = dtd_figures; f->name; f++) {
    fprintf(output, "%s\t%s", f->name, f->table[0]);
    for (int n = 1; f->table[n]; n++) fprintf(output, " %s", f->table[n]);
    fprintf(output, "\t%s\n", f->written);
  }
}
