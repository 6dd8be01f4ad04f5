/* A function of two inputs, written as a short table of detection units. */
#include "explain/plane_function.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/rng.h"

static bool reads_something(const struct dtd_plane_unit *unit) {
  return unit->w_1 != 0 || unit->w_2 != 0;
}

/* Units up to the last one that is not all zeros. */
static int unit_count(const struct dtd_plane_function *function) {
  int count = DTD_MOST_PLANE_UNITS;
  while (count && !reads_something(&function->unit[count - 1]) &&
         function->unit[count - 1].b == 0)
    count--;
  return count;
}

static void check_units(const struct dtd_plane_function *function, int count) {
  char what[128];
  bool reads = false;
  for (int j = 0; j < count; j++) {
    const struct dtd_plane_unit *unit = &function->unit[j];
    snprintf(what, sizeof what, "function %s, unit %d", function->name, j + 1);
    if (!isfinite(unit->w_1) || !isfinite(unit->w_2) || !isfinite(unit->b))
      dtd_die(DTD_USAGE, what, "use finite numbers", "{%g, %g, %g}",
              (double)unit->w_1, (double)unit->w_2, (double)unit->b);
    if (unit->b > 0)
      dtd_die(DTD_USAGE, what, "use a bias of 0 or less, as below Eq. 7",
              "with the positive bias %g, f may have no root", (double)unit->b);
    reads = reads || reads_something(unit);
  }
  if (!reads)
    dtd_die(DTD_USAGE, function->name, "give a unit a weight",
            "the function is zero everywhere");
}

struct dtd_network *
dtd_plane_network_new(const struct dtd_plane_function *function) {
  int count = unit_count(function);
  check_units(function, count);
  struct dtd_layer shape = {
      .inputs = 2, .units = count, .pool = count, .norm = 1};
  struct dtd_network *network = dtd_network_new(&shape, 1);
  struct dtd_layer *layer = &network->layer[0];
  for (int j = 0; j < count; j++) {
    layer->w[j] = function->unit[j].w_1;
    layer->w[count + j] = function->unit[j].w_2;
    layer->b[j] = function->unit[j].b;
  }
  return network;
}

/* One term of a sum: "x_1", " - 0.5 x_2", "-1"; nothing when it is zero. */
static void put_term(FILE *text, double factor, const char *variable,
                     bool first) {
  if (factor == 0) return;
  const char *minus = first ? "-" : " - ", *plus = first ? "" : " + ";
  fputs(factor < 0 ? minus : plus, text);
  if (!*variable || fabs(factor) != 1) fprintf(text, "%g", fabs(factor));
  if (*variable && fabs(factor) != 1) fputc(' ', text);
  fputs(variable, text);
}

static void put_formula(FILE *text, const struct dtd_plane_function *function) {
  bool first = true;
  for (int j = 0; j < DTD_MOST_PLANE_UNITS; j++) {
    const struct dtd_plane_unit *unit = &function->unit[j];
    if (!reads_something(unit)) continue;
    fputs(first ? "max(0, " : " + max(0, ", text);
    put_term(text, (double)unit->w_1, "x_1", true);
    put_term(text, (double)unit->w_2, "x_2", unit->w_1 == 0);
    put_term(text, (double)unit->b, "", false);
    fputc(')', text);
    first = false;
  }
}

/* A growing text in memory. */
static FILE *open_text(char **text, size_t *size) {
  FILE *file = open_memstream(text, size);
  if (!file) dtd_die(DTD_FAILURE, "formula", NULL, "out of memory");
  return file;
}

static void close_text(FILE *file) {
  if (fclose(file)) dtd_die(DTD_FAILURE, "formula", NULL, "out of memory");
}

char *dtd_plane_formula(const struct dtd_plane_function *function) {
  char *text;
  size_t size;
  FILE *file = open_text(&text, &size);
  put_formula(file, function);
  close_text(file);
  return text;
}

void dtd_plane_digest(char digest[17],
                      const struct dtd_plane_function *functions, int count) {
  char *text;
  size_t size;
  FILE *file = open_text(&text, &size);
  for (int n = 0; n < count; n++) {
    fprintf(file, "%s: ", functions[n].name);
    put_formula(file, &functions[n]);
    fputc('\n', file);
  }
  close_text(file);
  snprintf(digest, 17, "%016" PRIx64, dtd_hash(text));
  dtd_free(text);
}
