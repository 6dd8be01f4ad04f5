/* A sweep: many runs of one experiment, written down in one small file. */
#include "runs/sweep.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runs/compared_runs.h"
#include "base/die.h"
#include "files/ini_file.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"

enum { MOST_NAME = 200 }; /* bytes of a run's name, which is a folder's */

/* Keys of [sweep] that compare is told in the end, as options. */
enum { METRICS, BASELINE, ACROSS, MIXED, COMPARISONS };
static const char *const comparison_key[] = {"metrics", "baseline", "across",
                                             "mixed"};

/* ---- what a sweep file says ---- */

/* A list that grows; each word is a copy of its own. */
struct words {
  char **word;
  int count;
};

/* One of several things a run may be: a name, and the settings it stands for.
 */
struct choice {
  char *name;
  struct words settings; /* "section.key=value" */
};

/* Of each factor, a run has one choice. */
struct factor {
  char *key; /* of [vary]; null for variants */
  struct choice *choice;
  int count;
};

struct plan {
  const char *path;
  struct words bases, seeds, shared;
  struct words comparison[COMPARISONS]; /* what these keys list */
  struct factor *factor;                /* the first is that of the variants */
  int factors;
};

static void add_word(struct words *words, char *word) {
  *(char **)dtd_append(NULL, &words->word, &words->count, sizeof word) = word;
}

static void free_words(struct words *words) {
  for (int n = 0; n < words->count; n++) dtd_free(words->word[n]);
  dtd_free(words->word);
}

/* What blanks part; dies when there is nothing. */
static void add_words(struct words *words, const char *text, const char *key,
                      const char *where) {
  char *copy = dtd_copy_text(text), *rest = copy, *word;
  int before = words->count;
  while ((word = strsep(&rest, " \t")))
    if (*word) add_word(words, dtd_copy_text(word));
  dtd_free(copy);
  if (words->count == before)
    dtd_die(DTD_USAGE, where, "give at least one value", "%s lists none", key);
}

static struct factor *add_factor(struct plan *plan, const char *key) {
  struct factor *factor =
      dtd_append(NULL, &plan->factor, &plan->factors, sizeof *factor);
  if (key) factor->key = dtd_copy_text(key);
  return factor;
}

static struct choice *add_choice(struct factor *factor, char *name) {
  struct choice *choice =
      dtd_append(NULL, &factor->choice, &factor->count, sizeof *choice);
  choice->name = name;
  return choice;
}

static void add_setting(struct words *settings, const char *key,
                        const char *value, const char *where) {
  if (!strcmp(key, "training.seed"))
    dtd_die(DTD_USAGE, where, "list them in [sweep] as seeds = 1 2 3",
            "training.seed is no setting of a sweep");
  dtd_config_check(key, value, where);
  add_word(settings, dtd_printed("%s=%s", key, value));
}

/* "7" or "3..9". */
static void add_seeds(struct words *seeds, const char *word,
                      const char *where) {
  char first[32], *dots = strstr(word, "..");
  const char *last = dots ? dots + 2 : first;
  size_t length = dots ? (size_t)(dots - word) : strlen(word);
  snprintf(first, sizeof first, "%.*s", (int)length, word);
  dtd_config_check("training.seed", first, where);
  dtd_config_check("training.seed", last, where);
  unsigned long long from = strtoull(first, NULL, 10);
  unsigned long long to = strtoull(last, NULL, 10);
  if (to < from || to - from >= DTD_MOST_SWEEP_RUNS)
    dtd_die(DTD_USAGE, where, "write 1..5, for example",
            "%s is no range of at most %d seeds", word, DTD_MOST_SWEEP_RUNS);
  for (; from <= to; from++) add_word(seeds, dtd_printed("%llu", from));
}

static void check_comparison(int key, const struct words *words,
                             const char *where) {
  const char *word = words->word[0];
  if (key != METRICS && words->count > 1)
    dtd_die(DTD_USAGE, where, "keep one of them", "%s is one word",
            comparison_key[key]);
  for (int n = 0; key == METRICS && n < words->count; n++)
    if (!strchr(words->word[n], ':'))
      dtd_die(DTD_USAGE, where, "write SUBJECT:METRIC, such as *:rms",
              "metrics = %s names no metric of a subject", words->word[n]);
  if (key == ACROSS) dtd_across_find(word, where);
  if (key == MIXED && strcmp(word, "yes") && strcmp(word, "no"))
    dtd_die(DTD_USAGE, where, "write yes or no", "mixed = %s makes no sense",
            word);
}

static void take_head(struct plan *plan, const char *key, const char *value,
                      const char *where) {
  struct words *own = !strcmp(key, "base")    ? &plan->bases
                      : !strcmp(key, "seeds") ? &plan->seeds
                                              : NULL;
  for (int n = 0; n < COMPARISONS; n++)
    if (!strcmp(key, comparison_key[n])) own = &plan->comparison[n];
  if (!own)
    dtd_die(DTD_USAGE, where,
            "there are base, seeds, metrics, baseline, across, mixed",
            "there is no setting %s in [sweep]", key);
  if (own->count)
    dtd_die(DTD_USAGE, where, "keep one of them", "%s is set twice", key);
  struct words words = {0};
  add_words(own == &plan->seeds ? &words : own, value, key, where);
  for (int n = 0; n < words.count; n++) add_seeds(own, words.word[n], where);
  free_words(&words);
  if (own >= plan->comparison && own < plan->comparison + COMPARISONS)
    check_comparison((int)(own - plan->comparison), own, where);
}

static void take_varied(struct plan *plan, const char *key, const char *value,
                        const char *where) {
  for (int n = 0; n < plan->factors; n++)
    if (plan->factor[n].key && !strcmp(plan->factor[n].key, key))
      dtd_die(DTD_USAGE, where, "keep one of them", "%s is varied twice", key);
  struct words values = {0};
  struct factor *factor = add_factor(plan, key);
  add_words(&values, value, key, where);
  for (int n = 0; n < values.count; n++) {
    struct choice *choice =
        add_choice(factor, dtd_printed("%s=%s", key, values.word[n]));
    add_setting(&choice->settings, key, values.word[n], where);
  }
  free_words(&values);
}

static void take_variant(struct plan *plan, const char *name, const char *key,
                         const char *value, const char *where) {
  struct factor *variants = &plan->factor[0];
  int n = 0;
  while (n < variants->count && strcmp(variants->choice[n].name, name)) n++;
  struct choice *choice = n < variants->count
                              ? &variants->choice[n]
                              : add_choice(variants, dtd_copy_text(name));
  add_setting(&choice->settings, key, value, where);
}

static void take_setting(void *self, const char *section, const char *key,
                         const char *value, const char *where) {
  struct plan *plan = self;
  static const char variant[] = "variant ";
  if (!strcmp(section, "sweep"))
    take_head(plan, key, value, where);
  else if (!strcmp(section, "set"))
    add_setting(&plan->shared, key, value, where);
  else if (!strcmp(section, "vary"))
    take_varied(plan, key, value, where);
  else if (!strncmp(section, variant, strlen(variant)) &&
           section[strlen(variant)])
    take_variant(plan, section + strlen(variant), key, value, where);
  else if (!*section)
    dtd_die(DTD_USAGE, where,
            "write base = quick.ini below [sweep]; train takes configurations",
            "%s stands in no section of a sweep", key);
  else
    dtd_die(DTD_USAGE, where,
            "there are [sweep], [set], [vary], [variant NAME]; train takes "
            "configurations",
            "a sweep has no section [%s]", section);
}

static void free_plan(struct plan *plan) {
  for (int n = 0; n < plan->factors; n++) {
    for (int i = 0; i < plan->factor[n].count; i++) {
      dtd_free(plan->factor[n].choice[i].name);
      free_words(&plan->factor[n].choice[i].settings);
    }
    dtd_free(plan->factor[n].choice);
    dtd_free(plan->factor[n].key);
  }
  dtd_free(plan->factor);
  free_words(&plan->bases);
  free_words(&plan->seeds);
  free_words(&plan->shared);
  for (int n = 0; n < COMPARISONS; n++) free_words(&plan->comparison[n]);
}

/* ---- one run of the product ---- */

/* Appends a part of a name, with what a folder's name may hold. */
static void append(char *name, const char *part, int length) {
  size_t at = strlen(name);
  if (at && at < MOST_NAME) name[at++] = ',';
  for (int n = 0; n < length && at < MOST_NAME; n++)
    name[at++] = isalnum((unsigned char)part[n]) || strchr("._+^=-", part[n])
                     ? part[n]
                     : '-';
  name[at] = 0;
}

/* The name of a configuration: its file's without folder and .ini. */
static void append_base(char *name, const char *base) {
  const char *slash = strrchr(base, '/'), *own = slash ? slash + 1 : base;
  size_t length = strlen(own);
  if (length > 4 && !strcmp(own + length - 4, ".ini")) length -= 4;
  append(name, own, (int)length);
}

/* Which choice of each factor, which base and which seed run n has. */
struct place {
  int base, seed, *choice;
};

static void find_place(struct place *place, const struct plan *plan, int n) {
  place->seed = n % plan->seeds.count;
  n /= plan->seeds.count;
  for (int i = plan->factors - 1; i >= 0; i--) {
    int count = plan->factor[i].count;
    place->choice[i] = count ? n % count : -1;
    if (count) n /= count;
  }
  place->base = n;
}

static void name_run(struct dtd_sweep_run *run, const struct plan *plan,
                     const struct place *place) {
  char name[MOST_NAME + 1] = "", seed[40];
  if (plan->bases.count > 1) append_base(name, plan->bases.word[place->base]);
  for (int i = 0; i < plan->factors; i++)
    if (place->choice[i] >= 0) {
      const char *own = plan->factor[i].choice[place->choice[i]].name;
      append(name, own, (int)strlen(own));
    }
  if (!*name) append_base(name, plan->bases.word[0]);
  run->variant = dtd_copy_text(name);
  snprintf(seed, sizeof seed, "seed=%s", plan->seeds.word[place->seed]);
  append(name, seed, (int)strlen(seed));
  if (strlen(name) >= MOST_NAME)
    dtd_die(DTD_USAGE, plan->path, "vary fewer keys, or name [variant]s",
            "the name of a run is longer than %d bytes: %.60s...",
            MOST_NAME - 1, name);
  run->name = dtd_copy_text(name);
}

static void add_all(struct words *words, const struct words *more) {
  for (int n = 0; n < more->count; n++)
    add_word(words, dtd_copy_text(more->word[n]));
}

static void make_run(struct dtd_sweep_run *run, const struct plan *plan,
                     const struct place *place, int threads) {
  struct words settings = {0};
  add_all(&settings, &plan->shared);
  for (int i = 0; i < plan->factors; i++)
    if (place->choice[i] >= 0)
      add_all(&settings, &plan->factor[i].choice[place->choice[i]].settings);
  add_word(&settings,
           dtd_printed("training.seed=%s", plan->seeds.word[place->seed]));
  add_word(&settings, dtd_printed("training.threads=%d", threads));
  char *base = dtd_ini_path(plan->path, plan->bases.word[place->base]);
  dtd_config_read(&run->settings, base, settings.word, settings.count);
  dtd_config_digest(run->digest, &run->settings);
  dtd_config_training_digest(run->training_digest, &run->settings);
  name_run(run, plan, place);
  dtd_free(base);
  free_words(&settings);
}

/* ---- all runs ---- */

static bool is_same_training(const struct dtd_sweep_run *a,
                             const struct dtd_sweep_run *b) {
  return !strcmp(a->training_digest, b->training_digest) &&
         !strcmp(a->settings.directory, b->settings.directory);
}

static bool is_same_run(const struct dtd_sweep_run *a,
                        const struct dtd_sweep_run *b) {
  return is_same_training(a, b) && !strcmp(a->digest, b->digest);
}

static void share_trainings(struct dtd_sweep *sweep) {
  for (int n = 0; n < sweep->runs; n++) {
    struct dtd_sweep_run *run = &sweep->run[n];
    while (!is_same_training(&sweep->run[run->training], run)) run->training++;
  }
}

static void check_runs(const struct dtd_sweep *sweep, const char *path) {
  for (int n = 0; n < sweep->runs; n++)
    for (int i = 0; i < n; i++) {
      const struct dtd_sweep_run *a = &sweep->run[i], *b = &sweep->run[n];
      if (is_same_run(a, b) || !strcmp(a->name, b->name))
        dtd_die(DTD_USAGE, path, "leave one of them out",
                strcmp(a->name, b->name) ? "%s and %s are the same run"
                                         : "two runs are called %s",
                a->name, b->name);
    }
}

/* A baseline across settings is a variant; it may be a model where there is one
   variant alone. */
static void check_baseline(const struct dtd_sweep *sweep,
                           const struct plan *plan) {
  const struct words *across = &plan->comparison[ACROSS];
  const struct words *baseline = &plan->comparison[BASELINE];
  bool several = false;
  if (!baseline->count ||
      (across->count && strcmp(across->word[0], "settings")))
    return;
  for (int n = 0; n < sweep->runs; n++) {
    if (!strcmp(sweep->run[n].variant, baseline->word[0])) return;
    several |= strcmp(sweep->run[n].variant, sweep->run[0].variant) != 0;
  }
  if (several)
    dtd_die(DTD_USAGE, plan->path, "see them without it",
            "the baseline %s is no variant", baseline->word[0]);
}

static void take_options(struct dtd_sweep *sweep, const struct plan *plan) {
  static const char *const option[] = {
      "--metric=", "--baseline=", "--across=", "--mixed"};
  struct words all = {0};
  for (int key = 0; key < COMPARISONS; key++)
    for (int i = 0; i < plan->comparison[key].count; i++) {
      const char *word = plan->comparison[key].word[i];
      if (key != MIXED || !strcmp(word, "yes"))
        add_word(&all,
                 dtd_printed("%s%s", option[key], key == MIXED ? "" : word));
    }
  sweep->option = all.word;
  sweep->options = all.count;
}

static int count_runs(const struct plan *plan) {
  long count = (long)plan->bases.count * plan->seeds.count;
  for (int i = 0; i < plan->factors; i++) {
    if (plan->factor[i].count) count *= plan->factor[i].count;
    if (count > DTD_MOST_SWEEP_RUNS)
      dtd_die(DTD_USAGE, plan->path, "split it into several sweeps",
              "has more than %d runs", DTD_MOST_SWEEP_RUNS);
  }
  return (int)count;
}

struct dtd_sweep *dtd_sweep_read(const char *path, int threads) {
  struct plan plan = {.path = path};
  char *text = dtd_ini_text(path);
  add_factor(&plan, NULL);
  dtd_ini_parse(text, path, take_setting, &plan);
  dtd_free(text);
  if (!plan.bases.count)
    dtd_die(DTD_USAGE, path, "write base = quick.ini below [sweep]",
            "has no runs: it names no base");
  if (!plan.seeds.count) add_word(&plan.seeds, dtd_copy_text("1"));
  struct dtd_sweep *sweep = dtd_new(1, sizeof *sweep);
  sweep->runs = count_runs(&plan);
  sweep->run = dtd_new((size_t)sweep->runs, sizeof *sweep->run);
  struct place place = {
      .choice = dtd_new((size_t)plan.factors, sizeof *place.choice)};
  for (int n = 0; n < sweep->runs; n++) {
    find_place(&place, &plan, n);
    make_run(&sweep->run[n], &plan, &place, threads);
  }
  dtd_free(place.choice);
  check_runs(sweep, path);
  check_baseline(sweep, &plan);
  take_options(sweep, &plan);
  free_plan(&plan);
  share_trainings(sweep);
  return sweep;
}

/* ---- written ---- */

static void check_folder(const char *directory,
                         const struct dtd_sweep_run *run) {
  char *path = dtd_printed("%s/%s/config.ini", directory, run->name);
  struct dtd_settings there;
  const char *key = NULL;
  if (!access(path, F_OK)) {
    dtd_config_read(&there, path, NULL, 0);
    key = dtd_config_difference(&there, &run->settings);
  }
  if (key)
    dtd_die(DTD_USAGE, path, "choose another --out, or remove the folder",
            "is of a run that differs in %s", key);
  dtd_free(path);
}

static void write_config(const char *directory,
                         const struct dtd_sweep_run *run) {
  char *folder = dtd_printed("%s/%s", directory, run->name);
  char *path = dtd_printed("%s/config.ini", folder);
  dtd_output_directory(folder);
  dtd_config_write(path, &run->settings);
  dtd_free(folder);
  dtd_free(path);
}

static void write_options(const char *path, const struct dtd_sweep *sweep) {
  FILE *options = dtd_output_open(path);
  for (int n = 0; n < sweep->options; n++)
    fprintf(options, "%s\n", sweep->option[n]);
  dtd_output_commit(options);
}

static void write_runs(const char *path, const struct dtd_sweep *sweep,
                       const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(path, from, "run variant seed config training");
  for (int n = 0; n < sweep->runs; n++) {
    const struct dtd_sweep_run *run = &sweep->run[n];
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)run->settings.seed);
    dtd_table_row(table, "%s %s %s %s %s", run->name, run->variant, seed,
                  run->digest, sweep->run[run->training].name);
  }
  dtd_table_close(table);
}

void dtd_sweep_write(const char *directory, const struct dtd_sweep *sweep,
                     const struct dtd_provenance *from) {
  for (int n = 0; n < sweep->runs; n++) check_folder(directory, &sweep->run[n]);
  for (int n = 0; n < sweep->runs; n++) write_config(directory, &sweep->run[n]);
  char *options = dtd_printed("%s/compare.options", directory);
  char *runs = dtd_printed("%s/runs.tsv", directory);
  write_options(options, sweep);
  write_runs(runs, sweep, from);
  dtd_free(options);
  dtd_free(runs);
}

void dtd_sweep_free(struct dtd_sweep *sweep) {
  if (!sweep) return;
  for (int n = 0; n < sweep->runs; n++) {
    dtd_free(sweep->run[n].name);
    dtd_free(sweep->run[n].variant);
  }
  for (int n = 0; n < sweep->options; n++) dtd_free(sweep->option[n]);
  dtd_free(sweep->option);
  dtd_free(sweep->run);
  dtd_free(sweep);
}
