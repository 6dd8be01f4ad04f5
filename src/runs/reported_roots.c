/* The nearest roots of a result folder, set by set: how many are certified. */
#include "runs/reported_roots.h"

#include <stdio.h>
#include <string.h>

static const char *set_of(const struct dtd_table *t, int row) {
  for (int column = 0; column < t->columns; column++)
    if (!strcmp(t->name[column], "set")) return dtd_table_cell(t, row, column);
  return "one-target";
}

bool dtd_reported_root_is_of(const struct dtd_table *t, int row,
                             const char *set) {
  return !strcmp(set_of(t, row), set);
}

struct dtd_reported_roots dtd_reported_roots(const struct dtd_table *t) {
  struct dtd_reported_roots r = {0};
  for (int row = 0; row < t->rows; row++) {
    const char *name = set_of(t, row);
    bool certified = dtd_table_value(t, row, "certified") == 1;
    int s = 0;
    while (s < r.sets && strcmp(r.set[s].name, name)) s++;
    if (s == DTD_MOST_ROOT_SETS) continue;
    if (s == r.sets) r.set[r.sets++].name = name;
    r.set[s].roots++;
    r.set[s].certified += certified;
    r.roots++;
    r.certified += certified;
  }
  return r;
}

struct dtd_left_out_text dtd_left_out_text(const struct dtd_table *t) {
  struct dtd_left_out_text left_out = {""};
  if (!t) return left_out;
  struct dtd_reported_roots r = dtd_reported_roots(t);
  if (r.certified == r.roots) return left_out;
  size_t size = sizeof left_out.text, used = 0;
  used += (size_t)snprintf(left_out.text, size,
                           " Left out of what is said of nearest-root Taylor, "
                           "because their roots are not certified:");
  for (int s = 0; s < r.sets && used < size; s++)
    used += (size_t)snprintf(
        left_out.text + used, size - used, "%s %d of %d %s pairs", s ? "," : "",
        r.set[s].roots - r.set[s].certified, r.set[s].roots, r.set[s].name);
  if (used < size) snprintf(left_out.text + used, size - used, ".");
  return left_out;
}
