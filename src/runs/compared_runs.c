/* Result folders sorted into variants of one experiment. */
#include "runs/compared_runs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/rng.h"

static char *copy_of(const char *text) {
  return dtd_copy(text, strlen(text) + 1, 1);
}

static bool is_key(int n, const char *name) {
  return !strcmp(dtd_config_key(n), name);
}

/* ---- reading ---- */

static void add_run(struct dtd_compared_runs *runs, const char *directory,
                    const char *name) {
  size_t size = (size_t)(runs->count + 1) * sizeof *runs->run;
  runs->run = realloc(runs->run, size);
  if (!runs->run) dtd_die(DTD_FAILURE, directory, NULL, "memory is short");
  runs->run[runs->count++] = (struct dtd_compared_run){
      .evaluated = dtd_evaluation_record_read(directory),
      .name = name ? copy_of(name) : NULL};
}

/* The finished runs of a sweep. */
static void add_sweep(struct dtd_compared_runs *runs, const char *directory,
                      const char *manifest) {
  struct dtd_table *table = dtd_table_read(manifest);
  int run = dtd_table_column(table, "run");
  int variant = dtd_table_column(table, "variant");
  int config = dtd_table_column(table, "config"), unfinished = 0;
  for (int n = 0; n < table->rows; n++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory,
             dtd_table_cell(table, n, run));
    if (dtd_evaluation_record_is(path, dtd_table_cell(table, n, config)))
      add_run(runs, path, dtd_table_cell(table, n, variant));
    else
      unfinished++;
  }
  if (unfinished && unfinished < table->rows)
    dtd_warn(directory, "run the sweep again",
             "%d of %d runs are not finished; left out", unfinished,
             table->rows);
  dtd_table_free(table);
}

static void add_folder(struct dtd_compared_runs *runs, const char *directory) {
  char manifest[4096];
  if (snprintf(manifest, sizeof manifest, "%s/runs.tsv", directory) >=
      (int)sizeof manifest)
    dtd_die(DTD_USAGE, directory, "use a shorter path", "path too long");
  if (access(directory, F_OK))
    dtd_die(DTD_FAILURE, directory, "give a result folder", "is not there");
  if (access(manifest, F_OK))
    add_run(runs, directory, NULL);
  else
    add_sweep(runs, directory, manifest);
}

/* ---- what makes runs alike ---- */

static bool same_value(const struct dtd_compared_run *a,
                       const struct dtd_compared_run *b, int n) {
  char *one = dtd_config_value(&a->evaluated->settings, n);
  char *other = dtd_config_value(&b->evaluated->settings, n);
  bool same = !strcmp(one, other);
  dtd_free(one);
  dtd_free(other);
  return same;
}

static bool same_data(const struct dtd_compared_run *a,
                      const struct dtd_compared_run *b) {
  return !strcmp(a->evaluated->data, b->evaluated->data);
}

/* The first respect in which two runs were not evaluated alike, or null. */
static const char *unlike(const struct dtd_compared_run *a,
                          const struct dtd_compared_run *b) {
  if (!same_data(a, b)) return "the data";
  for (int n = 0; dtd_config_key(n); n++)
    if ((!strncmp(dtd_config_key(n), "evaluation.", strlen("evaluation.")) ||
         is_key(n, "data.targets")) &&
        !same_value(a, b, n))
      return dtd_config_key(n);
  return NULL;
}

static void check_alike(const struct dtd_compared_runs *runs) {
  for (int n = 1; n < runs->count; n++) {
    const char *what = unlike(&runs->run[0], &runs->run[n]);
    if (what)
      dtd_die(DTD_USAGE, runs->run[n].evaluated->directory,
              "evaluate them alike, or add --mixed",
              "was evaluated unlike %s: %s differ%s",
              runs->run[0].evaluated->directory, what,
              strcmp(what, "the data") ? "s" : "");
  }
}

/* Whether runs that differ in key n are different variants. The folder of the
   data is one word for them, wherever they lie. */
static bool tells_variants(int n, bool other_data) {
  if (is_key(n, "data.directory")) return other_data;
  return dtd_config_matters(n) && !is_key(n, "training.seed");
}

/* All settings that tell variants, as one text. */
static char *key_of(const struct dtd_evaluation_record *evaluated) {
  char *text;
  size_t size;
  FILE *output = open_memstream(&text, &size);
  if (!output) dtd_die(DTD_FAILURE, "comparison", NULL, "memory is short");
  fputs(evaluated->data, output);
  for (int n = 0; dtd_config_key(n); n++) {
    if (!tells_variants(n, false)) continue;
    char *value = dtd_config_value(&evaluated->settings, n);
    fprintf(output, "\n%s", value);
    dtd_free(value);
  }
  if (fclose(output))
    dtd_die(DTD_FAILURE, "comparison", NULL, "memory is short");
  return text;
}

/* The first run of the same variant: itself, when there is none before. */
static int first_like(const struct dtd_compared_runs *runs, int n) {
  int i = 0;
  while (i < n && strcmp(runs->run[i].key, runs->run[n].key)) i++;
  return i;
}

static void check_not_given_twice(const struct dtd_compared_runs *runs, int n) {
  const struct dtd_compared_run *run = &runs->run[n];
  for (int i = 0; i < n; i++)
    if (runs->run[i].evaluated->settings.seed ==
            run->evaluated->settings.seed &&
        !strcmp(runs->run[i].key, run->key))
      dtd_die(DTD_USAGE, run->evaluated->directory, "give it once",
              "is the same run as %s", runs->run[i].evaluated->directory);
}

/* ---- names of variants ---- */

/* Whether not all runs have the same value of key n. */
static bool varies(const struct dtd_compared_runs *runs, int n) {
  for (int i = 1; i < runs->count; i++)
    if (!same_value(&runs->run[0], &runs->run[i], n)) return true;
  return false;
}

static const char *last_part(const char *key) {
  return strchr(key, '.') + 1;
}

/* "first_rule=zB translation=2"; with the section where two keys that vary have
   the same last part. */
static char *describe(const struct dtd_compared_runs *runs, int run,
                      const bool *varying) {
  char *text;
  size_t size;
  FILE *output = open_memstream(&text, &size);
  if (!output) dtd_die(DTD_FAILURE, "comparison", NULL, "memory is short");
  const char *blank = "";
  for (int n = 0; dtd_config_key(n); n++) {
    if (!varying[n]) continue;
    const char *key = dtd_config_key(n);
    int namesakes = 0;
    for (int i = 0; dtd_config_key(i); i++)
      namesakes +=
          varying[i] && !strcmp(last_part(dtd_config_key(i)), last_part(key));
    char *value = dtd_config_value(&runs->run[run].evaluated->settings, n);
    fprintf(output, "%s%s=%s", blank, namesakes > 1 ? key : last_part(key),
            value);
    blank = " ";
    dtd_free(value);
  }
  if (!*blank) fputs("all", output);
  if (fclose(output))
    dtd_die(DTD_FAILURE, "comparison", NULL, "memory is short");
  return text;
}

static void check_names(const struct dtd_compared_runs *runs) {
  for (int n = 0; n < runs->variants; n++)
    for (int i = 0; i < n; i++)
      if (!strcmp(runs->variant[i], runs->variant[n]))
        dtd_die(DTD_USAGE, runs->variant[n], "compare fewer folders at once",
                "names two variants with different settings");
}

static void sort_into_variants(struct dtd_compared_runs *runs) {
  int keys = 0;
  while (dtd_config_key(keys)) keys++;
  bool *varying = dtd_new((size_t)keys, sizeof *varying), other_data = false;
  for (int n = 1; n < runs->count; n++)
    other_data |= !same_data(&runs->run[0], &runs->run[n]);
  for (int n = 0; n < keys; n++)
    varying[n] = tells_variants(n, other_data) && varies(runs, n);
  runs->variant = dtd_new((size_t)runs->count, sizeof *runs->variant);
  for (int n = 0; n < runs->count; n++) {
    struct dtd_compared_run *run = &runs->run[n];
    run->key = key_of(run->evaluated);
    check_not_given_twice(runs, n);
    int first = first_like(runs, n);
    if (first < n) {
      run->variant = runs->run[first].variant;
      continue;
    }
    run->variant = runs->variants++;
    runs->variant[run->variant] =
        run->name ? copy_of(run->name) : describe(runs, n, varying);
  }
  dtd_free(varying);
  check_names(runs);
}

/* ---- all of it ---- */

struct dtd_compared_runs *dtd_compared_runs_read(char *const *directory,
                                                 int count, bool mixed) {
  struct dtd_compared_runs *runs = dtd_new(1, sizeof *runs);
  for (int n = 0; n < count; n++) add_folder(runs, directory[n]);
  if (!runs->count)
    dtd_die(DTD_USAGE, count ? directory[0] : "DIR",
            "give folders that evaluate has been run on",
            "there is no finished run to compare");
  if (!mixed) check_alike(runs);
  sort_into_variants(runs);
  return runs;
}

void dtd_compared_runs_digest(char digest[17],
                              const struct dtd_compared_runs *runs) {
  uint64_t hash = 0;
  for (int n = 0; n < runs->count; n++)
    hash = hash * 31 + dtd_hash(runs->run[n].evaluated->digest);
  snprintf(digest, 17, "%016" PRIx64, hash);
}

void dtd_compared_runs_free(struct dtd_compared_runs *runs) {
  if (!runs) return;
  for (int n = 0; n < runs->count; n++) {
    dtd_evaluation_record_free(runs->run[n].evaluated);
    dtd_free(runs->run[n].name);
    dtd_free(runs->run[n].key);
  }
  for (int n = 0; n < runs->variants; n++) dtd_free(runs->variant[n]);
  dtd_free(runs->variant);
  dtd_free(runs->run);
  dtd_free(runs);
}
