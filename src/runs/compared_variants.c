/* What a comparison sets side by side: settings, methods or relevance models.
 */
#include "runs/compared_variants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"

/* ---- across what ---- */

static const char *const words[] = {"settings", "methods", "models"};

enum dtd_across dtd_across_find(const char *word, const char *where) {
  for (int n = 0; n < 3; n++)
    if (!strcmp(words[n], word)) return (enum dtd_across)n;
  dtd_die(DTD_USAGE, where, "choose one",
          "%s is not one of settings, methods, models", word);
}

enum dtd_across dtd_across_usual(const struct dtd_compared_runs *runs) {
  return runs->variants == 1 &&
                 runs->run[0].evaluated->settings.models.count > 1
             ? DTD_ACROSS_MODELS
             : DTD_ACROSS_SETTINGS;
}

/* ---- subjects ---- */

/* The method of that name, or null. */
static const struct dtd_method *method_of(const char *name) {
  for (int n = 0; dtd_methods[n]; n++)
    if (!strcmp(dtd_methods[n]->name, name)) return dtd_methods[n];
  return NULL;
}

static bool is_model(const char *name) {
  for (int n = 0; dtd_model_kinds[n]; n++)
    if (!strcmp(dtd_model_kinds[n]->name, name)) return true;
  return false;
}

/* Whether a method sees the same pairs as the others. */
static bool is_alike(const struct dtd_method *method,
                     const struct dtd_compared_run *run) {
  const struct dtd_evaluation_settings *settings =
      &run->evaluated->settings.evaluation;
  return !method->slow || (settings->roots >= settings->pairs &&
                           settings->slow_repeats >= settings->repeats);
}

bool dtd_compared_as(const char **subject, const char **member,
                     const struct dtd_compared_variants *variants,
                     const struct dtd_compared_run *run, const char *name) {
  const struct dtd_method *method = method_of(name);
  switch (variants->across) {
  case DTD_ACROSS_SETTINGS:
    *subject = name;
    *member = "";
    return true;
  case DTD_ACROSS_METHODS:
    if (!method || !(variants->mixed || is_alike(method, run))) return false;
    *subject = "method";
    *member = method->name;
    return true;
  case DTD_ACROSS_MODELS:
    if (!(method && method->model) && !is_model(name)) return false;
    *subject = method ? "deep-taylor" : "model";
    *member = method ? method->model->name : name;
    return true;
  }
  return false;
}

/* ---- all variants ---- */

static void add_variant(struct dtd_compared_variants *variants,
                        const struct dtd_compared_runs *runs, int settings,
                        const char *member) {
  for (int n = 0; n < variants->count; n++)
    if (variants->variant[n].settings == settings &&
        !strcmp(variants->variant[n].member, member))
      return;
  size_t size = (size_t)(variants->count + 1) * sizeof *variants->variant;
  variants->variant = realloc(variants->variant, size);
  if (!variants->variant)
    dtd_die(DTD_FAILURE, "comparison", NULL, "memory is short");
  const char *own = runs->variant[settings];
  bool both = *member && runs->variants > 1;
  size = strlen(own) + strlen(member) + 2;
  char *name = dtd_new(size, 1);
  snprintf(name, size, "%s%s%s", both || !*member ? own : "", both ? "," : "",
           member);
  variants->variant[variants->count++] = (struct dtd_compared_variant){
      .name = name, .settings = settings, .member = member};
}

static void add_members(struct dtd_compared_variants *variants,
                        const struct dtd_compared_runs *runs, int run) {
  const struct dtd_table *table = runs->run[run].evaluated->metrics;
  int column = dtd_table_column(table, "subject");
  for (int n = 0; n < table->rows; n++) {
    const char *subject, *member;
    if (dtd_compared_as(&subject, &member, variants, &runs->run[run],
                        dtd_table_cell(table, n, column)))
      add_variant(variants, runs, runs->run[run].variant, member);
  }
}

/* Says of each method, once, that it is left out. */
static void warn_of_slow(const struct dtd_compared_run *run) {
  const struct dtd_table *table = run->evaluated->metrics;
  int column = dtd_table_column(table, "subject");
  for (int m = 0; dtd_methods[m]; m++) {
    if (is_alike(dtd_methods[m], run)) continue;
    int n = 0;
    while (n < table->rows &&
           strcmp(dtd_table_cell(table, n, column), dtd_methods[m]->name))
      n++;
    if (n < table->rows)
      dtd_warn(dtd_methods[m]->name,
               "evaluate with evaluation.roots = pairs and slow_repeats = "
               "repeats, or add --mixed",
               "was measured on fewer pairs than others; left out");
  }
}

static void check_names(const struct dtd_compared_variants *variants) {
  for (int n = 0; n < variants->count; n++)
    for (int i = 0; i < n; i++)
      if (!strcmp(variants->variant[i].name, variants->variant[n].name))
        dtd_die(DTD_USAGE, variants->variant[n].name,
                "compare fewer folders at once", "names two variants");
}

struct dtd_compared_variants *
dtd_compared_variants_new(const struct dtd_compared_runs *runs,
                          enum dtd_across across, bool mixed) {
  struct dtd_compared_variants *variants = dtd_new(1, sizeof *variants);
  variants->across = across;
  variants->mixed = mixed;
  for (int v = 0; v < runs->variants; v++)
    for (int n = 0; n < runs->count; n++)
      if (runs->run[n].variant == v) add_members(variants, runs, n);
  if (!variants->count)
    dtd_die(DTD_USAGE, "--across", "compare them across settings",
            "no run has %s to compare", words[across]);
  if (across == DTD_ACROSS_METHODS && !mixed) warn_of_slow(&runs->run[0]);
  check_names(variants);
  return variants;
}

int dtd_compared_variants_find(const struct dtd_compared_variants *variants,
                               const char *name) {
  char known[1024] = "";
  for (int n = 0; n < variants->count; n++) {
    const char *own = variants->variant[n].name;
    if (!name || !strcmp(own, name)) return n;
    size_t length = strlen(known);
    snprintf(known + length, sizeof known - length, "%s%s", n ? ", " : "", own);
  }
  dtd_die(DTD_USAGE, name, "see the names listed",
          "no variant has this name (there are: %s)", known);
}

void dtd_compared_variants_free(struct dtd_compared_variants *variants) {
  if (!variants) return;
  for (int n = 0; n < variants->count; n++) dtd_free(variants->variant[n].name);
  dtd_free(variants->variant);
  dtd_free(variants);
}
