/* The table of nearest roots, roots.tsv: its quantities and its rows. */
#include "evaluate/root_table.h"

#include <math.h>

static double f_ratio(const struct dtd_root *root) {
  return root->f > 0 ? root->f_root / root->f : NAN;
}
static double distance(const struct dtd_root *root) {
  return root->distance;
}
static double cosine(const struct dtd_root *root) {
  return root->cosine;
}
static double evaluations(const struct dtd_root *root) {
  return root->evaluations;
}
static double starts(const struct dtd_root *root) {
  return root->starts;
}

const struct dtd_root_quantity dtd_root_quantities[] = {
    {{"f_ratio", "f(root) / f(x)", "At most 0.1 is asked for."}, f_ratio},
    {{"distance", "Distance", "Between x and its root."}, distance},
    {{"cosine", "Cosine",
      "Between x − root and ∇f at the root; 1 at a nearest root."},
     cosine},
    {{"evaluations", "Evaluations of f", "With its gradient."}, evaluations},
    {{"starts", "Starting points tried", "Of the search for one root."},
     starts},
    {{0}, NULL},
};

void dtd_root_table_write(const char *path, const struct dtd_root_rows *sets,
                          int count, const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(
      path, from,
      "example f f_ratio distance cosine evaluations starts certified set");
  for (int s = 0; s < count; s++)
    for (int n = 0; n < sets[s].count; n++) {
      const struct dtd_root *r = &sets[s].roots[n];
      dtd_table_row(table, "%d %f %f %f %f %d %d %d %s", n, r->f, f_ratio(r),
                    r->distance, r->cosine, r->evaluations, r->starts,
                    r->certified, sets[s].set);
    }
  dtd_table_close(table);
}
