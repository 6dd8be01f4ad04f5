/* Result folders, and the variants of one experiment that they set side by
   side. */
#include "runs/compared_runs.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/rng.h"
#include "base/text.h"
#include "runs/report_names.h"

static bool is_key(int n, const char *name) {
  return !strcmp(dtd_config_key(n), name);
}

/* ---- reading ---- */

static void add_run(struct dtd_compared_runs *runs, const char *directory,
                    const char *name) {
  struct dtd_compared_run *run =
      dtd_append(runs, &runs->run, &runs->count, sizeof *run);
  run->evaluated = dtd_evaluation_record_read(directory);
  if (name) run->name = dtd_copy_text(name);
}

/* The finished runs of a sweep. */
static void add_sweep(struct dtd_compared_runs *runs, const char *directory,
                      const char *manifest) {
  struct dtd_table *table = dtd_table_read(manifest);
  int unfinished = 0;
  for (int n = 0; n < table->rows; n++) {
    char *path =
        dtd_printed("%s/%s", directory, dtd_table_text(table, n, "run"));
    if (dtd_evaluation_record_is(path, dtd_table_text(table, n, "config")))
      add_run(runs, path, dtd_table_text(table, n, "variant"));
    else
      unfinished++;
    dtd_free(path);
  }
  if (unfinished && unfinished < table->rows)
    dtd_warn(directory, "run the sweep again",
             "%d of %d runs are not finished; left out", unfinished,
             table->rows);
  dtd_table_free(table);
}

static void add_folder(struct dtd_compared_runs *runs, const char *directory) {
  if (access(directory, F_OK))
    dtd_die(DTD_FAILURE, directory, "give a result folder", "is not there");
  char *manifest = dtd_printed("%s/runs.tsv", directory);
  if (access(manifest, F_OK))
    add_run(runs, directory, NULL);
  else
    add_sweep(runs, directory, manifest);
  dtd_free(manifest);
}

/* ---- what makes runs alike ---- */

/* Whether two runs have the same value of key n. */
static bool same_value(const struct dtd_compared_run *a,
                       const struct dtd_compared_run *b, int n) {
  return dtd_config_same(&a->evaluated->settings, &b->evaluated->settings, n);
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

/* The data, and a digest of all settings that matter but the seed. */
static char *key_of(const struct dtd_evaluation_record *evaluated) {
  struct dtd_settings settings = evaluated->settings;
  char digest[17];
  settings.seed = 0;
  dtd_config_digest(digest, &settings);
  return dtd_printed("%s %s", evaluated->data, digest);
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

/* ---- names of settings ---- */

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
  struct dtd_text *text = dtd_text_open();
  const char *blank = "";
  for (int n = 0; dtd_config_key(n); n++) {
    if (!varying[n]) continue;
    const char *key = dtd_config_key(n);
    int namesakes = 0;
    for (int i = 0; dtd_config_key(i); i++)
      namesakes +=
          varying[i] && !strcmp(last_part(dtd_config_key(i)), last_part(key));
    char *value = dtd_config_value(&runs->run[run].evaluated->settings, n);
    fprintf(text->stream, "%s%s=%s", blank,
            namesakes > 1 ? key : last_part(key), value);
    blank = " ";
    dtd_free(value);
  }
  if (!*blank) fputs("all", text->stream);
  return dtd_text_close(text);
}

static void sort_by_settings(struct dtd_compared_runs *runs) {
  bool varying[DTD_MOST_SETTINGS], other_data = false;
  for (int n = 1; n < runs->count; n++)
    other_data |= !same_data(&runs->run[0], &runs->run[n]);
  for (int n = 0; dtd_config_key(n); n++)
    varying[n] = tells_variants(n, other_data) && varies(runs, n);
  runs->name = dtd_new((size_t)runs->count, sizeof *runs->name);
  for (int n = 0; n < runs->count; n++) {
    struct dtd_compared_run *run = &runs->run[n];
    run->key = key_of(run->evaluated);
    check_not_given_twice(runs, n);
    int first = first_like(runs, n);
    if (first < n) {
      run->settings = runs->run[first].settings;
      continue;
    }
    run->settings = runs->settings++;
    runs->name[run->settings] =
        run->name ? dtd_copy_text(run->name) : describe(runs, n, varying);
  }
}

/* ---- across what ---- */

static const char *const words[] = {"settings", "methods", "models"};

enum dtd_across dtd_across_find(const char *word, const char *where) {
  for (int n = 0; n < 3; n++)
    if (!strcmp(words[n], word)) return (enum dtd_across)n;
  dtd_die(DTD_USAGE, where, "choose one",
          "%s is not one of settings, methods, models", word);
}

/* ---- subjects ---- */

static bool is_model(const char *name) {
  return dtd_reported_model(name);
}

static bool measures(const struct dtd_compared_run *run, const char *subject) {
  return dtd_table_find(run->evaluated->metrics, 0, "subject", subject, NULL) >=
         0;
}

static bool has_models(const struct dtd_compared_run *run) {
  bool any = false;
  for (int n = 0; dtd_model_kinds[n]; n++)
    any |= measures(run, dtd_model_kinds[n]->name);
  return any;
}

/* Models where all runs have the same settings and more than one relevance
   model. */
static enum dtd_across usual(const struct dtd_compared_runs *runs) {
  const struct dtd_compared_run *first = &runs->run[0];
  return runs->settings == 1 && first->evaluated->settings.models.count > 1 &&
                 has_models(first)
             ? DTD_ACROSS_MODELS
             : DTD_ACROSS_SETTINGS;
}

/* Whether a method explained the same pairs as the others. */
static bool is_alike(const struct dtd_method *method,
                     const struct dtd_compared_run *run) {
  const struct dtd_evaluation_settings *settings =
      &run->evaluated->settings.evaluation;
  return !method->slow || (settings->roots >= settings->pairs &&
                           settings->slow_repeats >= settings->repeats);
}

bool dtd_compared_as(const char **subject, const char **member,
                     const struct dtd_compared_runs *runs,
                     const struct dtd_compared_run *run, const char *name) {
  const struct dtd_method *method = dtd_reported_method(name);
  switch (runs->across) {
  case DTD_ACROSS_SETTINGS:
    *subject = name;
    *member = "";
    return true;
  case DTD_ACROSS_METHODS:
    if (!method || !(runs->mixed || is_alike(method, run))) return false;
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

static void add_variant(struct dtd_compared_runs *runs, int settings,
                        const char *member) {
  for (int n = 0; n < runs->variants; n++)
    if (runs->variant[n].settings == settings &&
        !strcmp(runs->variant[n].member, member))
      return;
  bool alone = *member && runs->settings == 1;
  struct dtd_compared_variant *variant =
      dtd_append(runs, &runs->variant, &runs->variants, sizeof *variant);
  variant->settings = settings;
  variant->member = member;
  variant->name = dtd_printed("%s%s%s", alone ? "" : runs->name[settings],
                              alone || !*member ? "" : ",", member);
}

static void add_members(struct dtd_compared_runs *runs,
                        const struct dtd_compared_run *run) {
  const struct dtd_table *table = run->evaluated->metrics;
  for (int n = 0; n < table->rows; n++) {
    const char *subject, *member;
    if (dtd_compared_as(&subject, &member, runs, run,
                        dtd_table_text(table, n, "subject")))
      add_variant(runs, run->settings, member);
  }
}

/* Says of each method, once, that it is left out. */
static void warn_of_slow(const struct dtd_compared_run *run) {
  for (int m = 0; dtd_methods[m]; m++)
    if (!is_alike(dtd_methods[m], run) && measures(run, dtd_methods[m]->name))
      dtd_warn(dtd_methods[m]->name,
               "evaluate with evaluation.roots = pairs and slow_repeats = "
               "repeats, or add --mixed",
               "was measured on fewer pairs than others; left out");
}

static void check_names(const struct dtd_compared_runs *runs) {
  for (int n = 0; n < runs->variants; n++)
    for (int i = 0; i < n; i++)
      if (!strcmp(runs->variant[i].name, runs->variant[n].name))
        dtd_die(DTD_USAGE, runs->variant[n].name,
                "compare fewer folders at once",
                "names two variants with different settings");
}

static void free_variants(struct dtd_compared_runs *runs) {
  for (int n = 0; n < runs->variants; n++) dtd_free(runs->variant[n].name);
  dtd_free(runs->variant);
  runs->variant = NULL;
  runs->variants = 0;
}

void dtd_compare_across(struct dtd_compared_runs *runs,
                        enum dtd_across across) {
  free_variants(runs);
  runs->across = across;
  for (int s = 0; s < runs->settings; s++)
    for (int n = 0; n < runs->count; n++)
      if (runs->run[n].settings == s) add_members(runs, &runs->run[n]);
  if (!runs->variants)
    dtd_die(DTD_USAGE, "--across", "compare them across settings",
            "no run has %s to compare", words[across]);
  if (across == DTD_ACROSS_METHODS && !runs->mixed) warn_of_slow(&runs->run[0]);
  check_names(runs);
}

int dtd_compared_find(const struct dtd_compared_runs *runs, const char *name) {
  char known[1024] = "";
  for (int n = 0; n < runs->variants; n++) {
    const char *own = runs->variant[n].name;
    if (!name || !strcmp(own, name)) return n;
    size_t length = strlen(known);
    snprintf(known + length, sizeof known - length, "%s%s", n ? ", " : "", own);
  }
  dtd_die(DTD_USAGE, name, "give one of these names",
          "no variant has this name (there are: %s)", known);
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
  runs->mixed = mixed;
  sort_by_settings(runs);
  dtd_compare_across(runs, usual(runs));
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
  for (int n = 0; n < runs->settings; n++) dtd_free(runs->name[n]);
  dtd_free(runs->name);
  free_variants(runs);
  dtd_free(runs->run);
  dtd_free(runs);
}
