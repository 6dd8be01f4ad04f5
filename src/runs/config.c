/* Configures a run: every setting there is, from a file and the command line.
 */
#include "runs/config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "files/ini_file.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/rng.h"

/* ---- the table ---- */

enum kind {
  INT,
  LONG,
  SEED,
  DOUBLE,
  FLOAT,
  DIGITS,
  METHODS,
  SCHEDULE,
  KERNEL,
  OPTIMISER,
  YES_NO,
  RULE,
  MODELS,
  SOLVER,
  TEXT
};

enum reach {
  NO_RESULT,    /* cannot change any number */
  EXPLANATIONS, /* changes what is made of a trained model */
  TRAINING,     /* changes the trained model */
};

struct key {
  const char *name; /* "section.key" */
  const char *meaning;
  const char *fallback; /* the default, as one would write it */
  enum kind kind;
  enum reach reach;
  double low, high; /* of numbers: the range, ends included */
  size_t offset;    /* in struct dtd_settings */
  bool by_layer;    /* a list, one value a layer */
};

#define AT(field)    .offset = offsetof(struct dtd_settings, field)
#define LAYER(field) AT(layer[0].field), .by_layer = true

/* 2^53 - 1, the end of the seeds: up to it a double holds every whole number,
   and the next two do not round into the range. */
static const struct key table[] = {
    {"data.directory", "the folder of the four IDX files, plain or gzipped",
     "data", TEXT, NO_RESULT, AT(directory)},
    {"data.targets", "the digits whose presence f(x) detects", "0 1 2 3",
     DIGITS, TRAINING, 0, 9, AT(pairs.is_target)},
    {"data.translation", "most pixels that a training digit moves, each way",
     "2", INT, TRAINING, 0, 27, AT(pairs.translation)},

    {"network.detection", "detection units of each layer, from the pixels up",
     "400 400", INT, TRAINING, 1, 16384, LAYER(units)},
    {"network.pool", "detection units in one pool, layer by layer", "4 400",
     INT, TRAINING, 1, 16384, LAYER(pool)},
    {"network.norm", "pooling norm q by layer: 1 sums, inf is the maximum",
     "1 1", FLOAT, TRAINING, 1, INFINITY, LAYER(norm)},
    {"network.deviation", "standard deviation of the initial weights", "0.05",
     DOUBLE, TRAINING, 1e-6, 10, AT(deviation)},
    {"network.nonpositive_biases", "whether steps end with b := min(b, 0)",
     "yes", YES_NO, TRAINING, AT(nonpositive_biases)},

    {"training.iterations", "steps of gradient descent", "300000", LONG,
     TRAINING, 1, 1e9, AT(training.iterations)},
    {"training.batch", "pairs in a minibatch", "20", INT, TRAINING, 1, 10000,
     AT(training.batch)},
    {"training.learning_rate", "the network's rate in the first step", "5e-5",
     DOUBLE, TRAINING, 0, 1, AT(training.rate.start)},
    {"training.schedule", "the rate stays constant or falls linearly to 0",
     "linear", SCHEDULE, TRAINING, AT(training.rate.schedule)},
    {"training.seed", "what all random numbers follow from", "1", SEED,
     TRAINING, 0, 9007199254740991, AT(seed)},
    {"training.threads", "threads to compute with, 0 for all processors", "0",
     INT, NO_RESULT, 0, 1024, AT(threads)},
    {"training.evaluate_every", "steps between rows of training.tsv", "2000",
     INT, TRAINING, 1, 1e9, AT(training.evaluate_every)},
    {"training.evaluation_pairs", "test pairs behind each of these rows",
     "1000", INT, TRAINING, 1, 100000, AT(training.evaluation_pairs)},
    {"training.checkpoint_every", "steps between checkpoints", "20000", INT,
     NO_RESULT, 1, 1e9, AT(training.checkpoint_every)},

    {"training.kernel", "sums over inked pixels, or products over all pixels",
     "sparse", KERNEL, TRAINING, AT(training.kernel)},
    {"training.optimiser", "what takes the network's steps", "sgd", OPTIMISER,
     TRAINING, AT(training.optimiser.kind)},
    {"training.momentum", "mu, when the optimiser is momentum", "0.9", DOUBLE,
     TRAINING, 0, 0.999999, AT(training.optimiser.momentum)},
    {"training.adam_beta1", "beta1, when the optimiser is adam", "0.9", DOUBLE,
     TRAINING, 0, 0.999999, AT(training.optimiser.beta1)},
    {"training.adam_beta2", "beta2, when the optimiser is adam", "0.999",
     DOUBLE, TRAINING, 0, 0.999999, AT(training.optimiser.beta2)},
    {"training.adam_epsilon", "epsilon, when the optimiser is adam", "1e-8",
     DOUBLE, TRAINING, 1e-12, 1, AT(training.optimiser.epsilon)},
    {"training.weight_decay", "each step multiplies weights by 1 - rate * this",
     "0", DOUBLE, TRAINING, 0, 1e6, AT(training.optimiser.weight_decay)},

    {"relevance.models", "relevance models to train and compare", "minmax",
     MODELS, TRAINING, AT(model)},

    {"minmax.learning_rate", "the relevance models' rate in the first step",
     "1.5e-3", DOUBLE, TRAINING, 0, 1, AT(minmax_rate.start)},
    {"minmax.schedule", "that rate stays constant or falls linearly to 0",
     "linear", SCHEDULE, TRAINING, AT(minmax_rate.schedule)},
    {"minmax.deviation", "standard deviation of their initial weights v_ij",
     "0.03", DOUBLE, TRAINING, 0, 10, AT(minmax_deviation)},
    {"minmax.top_down_deviation", "the same for its top-down weights v_lj",
     "0.005", DOUBLE, TRAINING, 0, 10, AT(minmax_top_down_deviation)},
    {"minmax.units_per_pool", "units y_j in each pool of minmax-units", "8",
     INT, TRAINING, 1, 256, AT(minmax_units_per_pool)},

    {"explanation.first_rule", "the rule of the layer that reads the pixels",
     "zB", RULE, EXPLANATIONS, AT(explanation.first_rule)},
    {"explanation.upper_rule", "the rule of the layers above", "z+", RULE,
     TRAINING, AT(explanation.upper_rule)},
    {"explanation.root_fraction", "f(root) / f(x) at the nearest root", "0.1",
     DOUBLE, EXPLANATIONS, 0.001, 0.999, AT(explanation.root.fraction)},
    {"explanation.root_solver", "what searches: multiplier, softplus or nlopt",
     "multiplier", SOLVER, EXPLANATIONS, AT(explanation.root.solver)},
    {"explanation.root_starts", "starting points tried for each nearest root",
     "5", INT, EXPLANATIONS, 1, 1000, AT(explanation.root.starts)},
    {"explanation.integrated_steps", "steps of integrated gradients from black",
     "50", INT, EXPLANATIONS, 1, 10000, AT(explanation.integrated_steps)},
    {"explanation.smooth_samples", "noisy copies that SmoothGrad averages over",
     "50", INT, EXPLANATIONS, 1, 10000, AT(explanation.smooth_samples)},
    {"explanation.smooth_deviation",
     "deviation of their noise, as a share of black to white", "0.15", DOUBLE,
     EXPLANATIONS, 0, 10, AT(explanation.smooth_deviation)},

    {"evaluation.methods", "the methods that are evaluated", "paper", METHODS,
     EXPLANATIONS, AT(evaluation.skip)},
    {"evaluation.scores", "test pairs for the error and accuracy of f", "5000",
     INT, EXPLANATIONS, 1, 1000000, AT(evaluation.scores)},
    {"evaluation.pairs", "test pairs that every fast method explains", "2000",
     INT, EXPLANATIONS, 1, 1000000, AT(evaluation.pairs)},
    {"evaluation.roots", "how many of these the slow methods explain", "200",
     INT, EXPLANATIONS, 1, 1000000, AT(evaluation.roots)},
    {"evaluation.flips", "test pairs whose pixels are flipped", "500", INT,
     EXPLANATIONS, 1, 1000000, AT(evaluation.flips)},
    {"evaluation.repeats",
     "test pairs explained moved, and with re-drawn weights", "100", INT,
     EXPLANATIONS, 1, 1000000, AT(evaluation.repeats)},
    {"evaluation.slow_repeats", "how many of these the slow methods explain",
     "20", INT, EXPLANATIONS, 1, 1000000, AT(evaluation.slow_repeats)},
    {"evaluation.bootstrap", "resamples behind each 95 % interval", "1000", INT,
     EXPLANATIONS, 1, 1000000, AT(evaluation.bootstrap)},
    {"evaluation.seed", "what the test pairs follow from, whatever was trained",
     "1", SEED, EXPLANATIONS, 0, 9007199254740991, AT(evaluation.seed)},
};

enum { KEYS = sizeof table / sizeof *table };
enum { MOST_NAMES = 180 }; /* bytes of a list, so that its line suits inih */

static const char *const schedules[] = {
    [DTD_CONSTANT] = "constant", [DTD_LINEAR] = "linear"};
static const char *const kernels[] = {
    [DTD_DENSE] = "dense", [DTD_SPARSE] = "sparse"};

/* 0 for a name without a section. */
static int section_length(const char *name) {
  const char *dot = strchr(name, '.');
  return dot ? (int)(dot - name) : 0;
}

static const char *last_part(const char *name) {
  const char *dot = strchr(name, '.');
  return dot ? dot + 1 : name;
}

static bool same_section(const char *a, const char *b) {
  int length = section_length(a);
  return length == section_length(b) && !strncmp(a, b, (size_t)length);
}

/* ---- one value in its place ---- */

/* Place n of a key that holds a list, or the only one. */
static void *place(const struct dtd_settings *settings, const struct key *key,
                   int n) {
  return (char *)settings + key->offset + (size_t)n * sizeof(struct dtd_layer);
}

/* Every whole number here is small enough to be exact as a double. */
static void store_number(void *at, enum kind kind, double value) {
  switch (kind) {
  case INT:
    *(int *)at = (int)value;
    return;
  case LONG:
    *(long *)at = (long)value;
    return;
  case SEED:
    *(uint64_t *)at = (uint64_t)value;
    return;
  case FLOAT:
    *(float *)at = (float)value;
    return;
  case DIGITS:
    ((bool *)at)[(int)value] = true;
    return;
  default:
    *(double *)at = value;
    return;
  }
}

static double load_number(const void *at, enum kind kind) {
  switch (kind) {
  case INT:
    return *(const int *)at;
  case LONG:
    return (double)*(const long *)at;
  case SEED:
    return (double)*(const uint64_t *)at;
  case FLOAT:
    return *(const float *)at;
  default:
    return *(const double *)at;
  }
}

/* The fewest digits that read back as the same number. */
static void write_number(FILE *output, const void *at, enum kind kind) {
  double value = load_number(at, kind);
  char text[32];
  for (int digits = 1; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    double back = strtod(text, NULL);
    if (kind == FLOAT ? (float)back == (float)value : back == value) break;
  }
  if (kind == DOUBLE || kind == FLOAT)
    fputs(text, output);
  else
    fprintf(output, "%.0f", value);
}

static bool are_usual(const bool *skip) {
  for (int n = 0; dtd_methods[n]; n++)
    if (skip[n] == dtd_method_is_usual(dtd_methods[n])) return false;
  return true;
}

static bool are_all(const bool *skip) {
  for (int n = 0; dtd_methods[n]; n++)
    if (skip[n]) return false;
  return true;
}

/* "paper", "all", or a list that stays what it is when methods are added. */
static void write_methods(FILE *output, const bool *skip) {
  const char *blank = "";
  if (are_usual(skip) || are_all(skip)) {
    fputs(are_all(skip) ? "all" : "paper", output);
    return;
  }
  for (int n = 0; dtd_methods[n]; n++) {
    if (skip[n]) continue;
    fprintf(output, "%s%s", blank, dtd_methods[n]->name);
    blank = " ";
  }
}

static void write_value(FILE *output, const struct dtd_settings *settings,
                        const struct key *key) {
  const void *at = place(settings, key, 0);
  const char *blank = "";
  switch (key->kind) {
  case TEXT:
    fputs(at, output);
    return;
  case SCHEDULE:
    fputs(schedules[*(const enum dtd_schedule *)at], output);
    return;
  case KERNEL:
    fputs(kernels[*(const enum dtd_kernel *)at], output);
    return;
  case OPTIMISER:
    fputs((*(const struct dtd_optimiser_kind *const *)at)->name, output);
    return;
  case YES_NO:
    fputs(*(const bool *)at ? "yes" : "no", output);
    return;
  case RULE:
    fputs((*(const struct dtd_rule *const *)at)->name, output);
    return;
  case METHODS:
    write_methods(output, at);
    return;
  case MODELS:
    if (!settings->models) fputs("none", output);
    for (int n = 0; n < settings->models; n++)
      fprintf(output, "%s%s", n ? " " : "", settings->model[n]->name);
    return;
  case SOLVER:
    fputs(dtd_root_solvers[*(const enum dtd_root_solver *)at], output);
    return;
  case DIGITS:
    for (int digit = 0; digit < DTD_CLASSES; digit++)
      if (((const bool *)at)[digit]) {
        fprintf(output, "%s%d", blank, digit);
        blank = " ";
      }
    return;
  default:
    write_number(output, at, key->kind);
  }
  for (int n = 1; key->by_layer && n < DTD_MOST_LAYERS; n++) {
    at = place(settings, key, n);
    if (load_number(at, key->kind) == 0) return; /* the list ends */
    fputc(' ', output);
    write_number(output, at, key->kind);
  }
}

/* ---- reading one value ---- */

/* The n-th of a list of names, cut where the text is full. */
static void append_name(char *text, size_t size, int n, const char *name) {
  size_t length = strlen(text);
  snprintf(text + length, size - length, "%s%s", n ? ", " : "", name);
}

/* What a key's values look like: "a whole number from 1 to 10000". */
static void describe_values(char *text, size_t size, const struct key *key) {
  bool whole = key->kind != DOUBLE && key->kind != FLOAT;
  switch (key->kind) {
  case TEXT:
    snprintf(text, size, "a path of 1 to %d bytes without a semicolon",
             DTD_MOST_DIRECTORY);
    return;
  case SCHEDULE:
    snprintf(text, size, "constant or linear");
    return;
  case KERNEL:
    snprintf(text, size, "dense or sparse");
    return;
  case OPTIMISER:
    snprintf(text, size, "one of ");
    for (int n = 0; dtd_optimisers[n]; n++)
      append_name(text, size, n, dtd_optimisers[n]->name);
    return;
  case YES_NO:
    snprintf(text, size, "yes or no");
    return;
  case RULE:
    snprintf(text, size, "one of ");
    dtd_rule_describe_names(text + strlen(text), size - strlen(text));
    return;
  case METHODS:
    snprintf(text, size, "paper, all, or a list, in %d letters, of ",
             MOST_NAMES);
    for (int n = 0; dtd_methods[n]; n++)
      append_name(text, size, n, dtd_methods[n]->name);
    return;
  case MODELS:
    snprintf(text, size, "none, or each once in %d letters: ", MOST_NAMES);
    for (int n = 0; dtd_model_kinds[n]; n++)
      append_name(text, size, n, dtd_model_kinds[n]->name);
    return;
  case SOLVER:
    snprintf(text, size, "multiplier, softplus or nlopt");
    return;
  case DIGITS:
    snprintf(text, size, "a list of digits from 0 to 9");
    return;
  default:
    break;
  }
  char kind[64];
  if (key->by_layer)
    snprintf(kind, sizeof kind, "1 to %d %snumbers", DTD_MOST_LAYERS,
             whole ? "whole " : "");
  else
    snprintf(kind, sizeof kind, "a %snumber", whole ? "whole " : "");
  if (whole)
    snprintf(text, size, "%s from %.0f to %.0f", kind, key->low, key->high);
  else
    snprintf(text, size, "%s from %g to %g", kind, key->low, key->high);
}

/* Whether `word` is a number of the key's kind and in its range. */
static bool read_number(double *number, const char *word,
                        const struct key *key) {
  bool real = key->kind == DOUBLE || key->kind == FLOAT;
  const char *letters = real ? "+-.0123456789eE" : "+-0123456789";
  if (strspn(word, letters) != strlen(word) && !(real && !strcmp(word, "inf")))
    return false;
  char *end;
  *number = strtod(word, &end);
  return *word && !*end && *number >= key->low && *number <= key->high;
}

/* Numbers that blanks or commas part; one number where the key is no list. */
static bool read_numbers(struct dtd_settings *settings, const struct key *key,
                         const char *value) {
  bool list = key->by_layer || key->kind == DIGITS, good = true;
  const char *gaps = list ? " \t," : "";
  int most = key->kind == DIGITS ? DTD_CLASSES : list ? DTD_MOST_LAYERS : 1;
  int count = 0;
  if (key->kind == DIGITS)
    memset(place(settings, key, 0), 0, DTD_CLASSES * sizeof(bool));
  for (int n = 0; key->by_layer && n < most; n++)
    store_number(place(settings, key, n), key->kind, 0);
  char *words = dtd_copy(value, strlen(value) + 1, 1), *rest;
  for (char *word = strtok_r(words, gaps, &rest); word && good;
       word = strtok_r(NULL, gaps, &rest)) {
    double number;
    good = count < most && read_number(&number, word, key);
    int n = key->by_layer ? count : 0;
    if (good) store_number(place(settings, key, n), key->kind, number);
    count++;
  }
  dtd_free(words);
  return good && count > 0;
}

static bool read_schedule(enum dtd_schedule *schedule, const char *value) {
  for (int n = DTD_CONSTANT; n <= DTD_LINEAR; n++)
    if (!strcmp(value, schedules[n])) {
      *schedule = (enum dtd_schedule)n;
      return true;
    }
  return false;
}

static bool read_kernel(enum dtd_kernel *kernel, const char *value) {
  for (int n = DTD_DENSE; n <= DTD_SPARSE; n++)
    if (!strcmp(value, kernels[n])) {
      *kernel = (enum dtd_kernel)n;
      return true;
    }
  return false;
}

static bool read_optimiser(const struct dtd_optimiser_kind **kind,
                           const char *value) {
  for (int n = 0; dtd_optimisers[n]; n++)
    if (!strcmp(value, dtd_optimisers[n]->name)) {
      *kind = dtd_optimisers[n];
      return true;
    }
  return false;
}

static bool read_yes_no(bool *yes, const char *value) {
  *yes = !strcmp(value, "yes");
  return *yes || !strcmp(value, "no");
}

static bool read_rule(const struct dtd_rule **rule, const char *value) {
  const struct dtd_rule *named = dtd_rule_named(value);
  if (named) *rule = named;
  return named != NULL;
}

/* Whether what write_methods writes can be read again. */
static bool fits_a_line(const bool *skip) {
  size_t length = 0;
  for (int n = 0; dtd_methods[n]; n++)
    if (!skip[n]) length += strlen(dtd_methods[n]->name) + 1;
  return are_usual(skip) || are_all(skip) || length <= MOST_NAMES;
}

/* "paper" for the usual methods, "all", or names that blanks or commas part. */
static bool read_methods(bool skip[DTD_MOST_METHODS], const char *value) {
  bool paper = !strcmp(value, "paper"), all = !strcmp(value, "all");
  bool good = true;
  char *words = dtd_copy(value, strlen(value) + 1, 1), *rest = words, *word;
  for (int n = 0; dtd_methods[n]; n++)
    skip[n] = !all && !(paper && dtd_method_is_usual(dtd_methods[n]));
  while (!paper && !all && (word = strsep(&rest, " \t,"))) {
    int n = 0;
    while (dtd_methods[n] && strcmp(word, dtd_methods[n]->name)) n++;
    if (dtd_methods[n])
      skip[n] = false;
    else
      good = good && !*word; /* a gap of several blanks */
  }
  dtd_free(words);
  return good && value[strspn(value, " \t,")] && fits_a_line(skip);
}

static const struct dtd_model_kind *model_named(const char *name) {
  for (int n = 0; dtd_model_kinds[n]; n++)
    if (!strcmp(name, dtd_model_kinds[n]->name)) return dtd_model_kinds[n];
  return NULL;
}

/* Names that blanks or commas part, none of them twice; or "none". */
static bool read_models(struct dtd_settings *settings, const char *value) {
  char *words = dtd_copy(value, strlen(value) + 1, 1), *rest;
  bool none = !strcmp(value, "none"), good = true;
  size_t length = 0;
  settings->models = 0;
  for (char *word = none ? NULL : strtok_r(words, " \t,", &rest); word && good;
       word = strtok_r(NULL, " \t,", &rest)) {
    const struct dtd_model_kind *kind = model_named(word);
    good = kind && settings->models < DTD_MOST_LEARNERS;
    for (int n = 0; n < settings->models; n++)
      good &= settings->model[n] != kind;
    length += strlen(word) + 1;
    good &= length <= MOST_NAMES;
    if (good) settings->model[settings->models++] = kind;
  }
  dtd_free(words);
  return good && (none || settings->models > 0);
}

static bool read_solver(enum dtd_root_solver *solver, const char *value) {
  for (int n = 0; n < DTD_ROOT_SOLVERS; n++)
    if (!strcmp(value, dtd_root_solvers[n])) {
      *solver = (enum dtd_root_solver)n;
      return true;
    }
  return false;
}

static bool read_value(struct dtd_settings *settings, const struct key *key,
                       const char *value) {
  void *at = place(settings, key, 0);
  switch (key->kind) {
  case TEXT:
    if (!*value || strlen(value) > DTD_MOST_DIRECTORY || strchr(value, ';'))
      return false;
    strcpy(at, value);
    return true;
  case SCHEDULE:
    return read_schedule(at, value);
  case KERNEL:
    return read_kernel(at, value);
  case OPTIMISER:
    return read_optimiser(at, value);
  case YES_NO:
    return read_yes_no(at, value);
  case RULE:
    return read_rule(at, value);
  case METHODS:
    return read_methods(at, value);
  case MODELS:
    return read_models(settings, value);
  case SOLVER:
    return read_solver(at, value);
  default:
    return read_numbers(settings, key, value);
  }
}

/* ---- an assignment, from wherever ---- */

/* Levenshtein's edit distance of two strings, the second a part of a key. */
static int distance(const char *a, int a_length, const char *b, int b_length) {
  int row[64];
  for (int j = 0; j <= b_length; j++) row[j] = j;
  for (int i = 1; i <= a_length; i++) {
    int diagonal = row[0];
    row[0] = i;
    for (int j = 1; j <= b_length; j++) {
      int cost = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      if (row[j] + 1 < cost) cost = row[j] + 1;
      if (row[j - 1] + 1 < cost) cost = row[j - 1] + 1;
      row[j] = cost;
    }
  }
  return row[b_length];
}

/* A mistaken key is more telling than a mistaken section. */
static const char *nearest_key(const char *name) {
  int best = 0, least = -1;
  for (int n = 0; n < KEYS; n++) {
    const char *known = table[n].name;
    const char *own = last_part(name), *its = last_part(known);
    int cost =
        distance(name, section_length(name), known, section_length(known)) +
        2 * distance(own, (int)strlen(own), its, (int)strlen(its));
    if (least < 0 || cost < least) least = cost, best = n;
  }
  return table[best].name;
}

static _Noreturn void die_unknown(const char *name, const char *where) {
  char to_do[80];
  snprintf(to_do, sizeof to_do, "the nearest is %s", nearest_key(name));
  bool section = false;
  for (int n = 0; n < KEYS; n++) section |= same_section(name, table[n].name);
  if (section) dtd_die(DTD_USAGE, where, to_do, "there is no setting %s", name);
  if (!section_length(name))
    dtd_die(DTD_USAGE, where, to_do, "the setting %s has no section",
            last_part(name));
  if (!strncmp(name, "sweep.", 6))
    dtd_die(DTD_USAGE, where, "scripts/sweep.sh runs it",
            "[sweep] makes it a sweep, not a configuration");
  dtd_die(DTD_USAGE, where, to_do, "there is no section [%.*s]",
          section_length(name), name);
}

/* The index of the key. */
static int assign(struct dtd_settings *settings, const char *name,
                  const char *value, const char *where) {
  int n = 0;
  while (n < KEYS && strcmp(name, table[n].name)) n++;
  if (n == KEYS) die_unknown(name, where);
  const struct key *key = &table[n];
  if (!read_value(settings, key, value)) {
    char wanted[512], to_do[192];
    describe_values(wanted, sizeof wanted, key);
    snprintf(to_do, sizeof to_do, "it is %s; the default is %s", key->meaning,
             key->fallback);
    dtd_die(DTD_USAGE, where, to_do, "%s = %s is not %s", name, value, wanted);
  }
  return n;
}

/* ---- what must fit together ---- */

static void check_targets(const struct dtd_settings *settings) {
  int targets = 0;
  for (int digit = 0; digit < DTD_CLASSES; digit++)
    targets += settings->pairs.is_target[digit];
  if (targets == DTD_CLASSES)
    dtd_die(DTD_USAGE, "data.targets", "leave at least one digit out",
            "every digit is a target");
}

static void check_length(const char *name, int length, int depth) {
  if (length != depth)
    dtd_die(DTD_USAGE, name, "give each layer one value in each list",
            "lists %d values where network.detection lists %d", length, depth);
}

/* Counts the layers and joins them: each reads the pools of the one below. */
static void join_layers(struct dtd_settings *settings) {
  struct dtd_layer *layer = settings->layer;
  int units = 0, pools = 0, norms = 0;
  for (int n = 0; n < DTD_MOST_LAYERS; n++) {
    units += layer[n].units > 0;
    pools += layer[n].pool > 0;
    norms += layer[n].norm > 0;
    layer[n].inputs = 0;
  }
  check_length("network.pool", pools, units);
  check_length("network.norm", norms, units);
  settings->depth = units;
  for (int n = 0; n < units; n++) {
    if (layer[n].units % layer[n].pool)
      dtd_die(DTD_USAGE, "network.pool", "use a size that divides the units",
              "pools of %d do not divide the %d units of layer %d",
              layer[n].pool, layer[n].units, n + 1);
    layer[n].inputs = n ? dtd_layer_outputs(&layer[n - 1]) : DTD_PAIR_PIXELS;
  }
  if (dtd_layer_outputs(&layer[units - 1]) != 1)
    dtd_die(DTD_USAGE, "network.pool", "pool all its units into f(x)",
            "the top layer has %d outputs, not 1",
            dtd_layer_outputs(&layer[units - 1]));
}

/* Fills in what follows from the settings, and checks that they agree. */
static void settle(struct dtd_settings *settings) {
  check_targets(settings);
  join_layers(settings);
  dtd_check_rules(&settings->explanation);
  settings->training.free_biases = !settings->nonpositive_biases;
  dtd_check_training(&settings->training);
  if (settings->evaluation.roots > settings->evaluation.pairs)
    dtd_die(DTD_USAGE, "evaluation.roots", "use at most evaluation.pairs",
            "%d of %d pairs", settings->evaluation.roots,
            settings->evaluation.pairs);
  settings->pairs.seed = settings->seed;
}

static void start_from_defaults(struct dtd_settings *settings) {
  *settings = (struct dtd_settings){
      .pairs = {.stream = "pairs/train", .mode = DTD_INDEPENDENT},
      .explanation = {.root = dtd_root_defaults(),
                      .low = DTD_PIXEL_LOW,
                      .high = DTD_PIXEL_HIGH},
  };
  for (int n = 0; n < KEYS; n++)
    assign(settings, table[n].name, table[n].fallback, "default");
}

void dtd_config_defaults(struct dtd_settings *settings) {
  start_from_defaults(settings);
  settle(settings);
}

/* ---- reading a text and what it includes ---- */

enum { MOST_INCLUDES = 8 }; /* files below one another */

/* A text whose settings are being taken. */
struct source {
  const char *path;                 /* null for a text that is no file */
  const struct source *included_by; /* null for the first */
  struct dtd_settings *settings;
  int found;       /* settings so far, an include among them */
  bool seen[KEYS]; /* in this text; what it includes may say them too */
};

static void take_file(struct dtd_settings *settings, const char *path,
                      const struct source *included_by);

/* Whether two paths lead to one file. */
static bool same_file(const char *a, const char *b) {
  struct stat one, other;
  return !stat(a, &one) && !stat(b, &other) && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

static bool is_folder(const char *path) {
  struct stat status;
  return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* Lays the settings of an included file under those that follow. */
static void take_include(struct source *source, const char *value,
                         const char *where) {
  if (source->found)
    dtd_die(DTD_USAGE, where, "include one file, before all settings",
            "include does not come first");
  if (!source->path)
    dtd_die(DTD_USAGE, where, "give the resolved settings",
            "only a file can include another");
  char *path = dtd_ini_path(source->path, value);
  int depth = 1;
  for (const struct source *s = source; s; s = s->included_by, depth++)
    if (same_file(path, s->path))
      dtd_die(DTD_USAGE, where, "remove one include of the circle",
              "%s includes itself", path);
  if (depth > MOST_INCLUDES + 1)
    dtd_die(DTD_USAGE, where, "include fewer files below one another",
            "%s would be the %dth file below the first", path, depth - 1);
  if (access(path, R_OK) || (is_folder(path) && (errno = EISDIR)))
    dtd_die(DTD_USAGE, where, "its path starts from the folder of this file",
            "%s cannot be included: %s", path, strerror(errno));
  take_file(source->settings, path, source);
  dtd_free(path);
}

static void take_setting(void *self, const char *section, const char *key,
                         const char *value, const char *where) {
  struct source *source = self;
  char name[512];
  if (!strcmp(key, "include")) {
    if (*section)
      dtd_die(DTD_USAGE, where, "write it before the first section",
              "include stands in [%s]", section);
    take_include(source, value, where);
    source->found++;
    return;
  }
  snprintf(name, sizeof name, "%s.%s", section, key);
  int n = assign(source->settings, name, value, where);
  if (source->seen[n])
    dtd_die(DTD_USAGE, where, "keep one of them", "%s is set twice", name);
  source->seen[n] = true;
  source->found++;
}

static void take_file(struct dtd_settings *settings, const char *path,
                      const struct source *included_by) {
  struct source source = {
      .path = path, .included_by = included_by, .settings = settings};
  char *text = dtd_ini_text(path);
  dtd_ini_parse(text, path, take_setting, &source);
  dtd_free(text);
}

void dtd_config_parse(struct dtd_settings *settings, const char *text,
                      const char *name) {
  struct source source = {.settings = settings};
  start_from_defaults(settings);
  dtd_ini_parse(text, name, take_setting, &source);
  settle(settings);
}

/* ---- reading a file and the command line ---- */

static void take_assignment(struct dtd_settings *settings,
                            const char *assignment) {
  for (const char *c = assignment; *c; c++)
    if (iscntrl((unsigned char)*c))
      dtd_die(DTD_USAGE, "command line", "write section.key=value",
              "a setting holds a control character");
  char *copy = dtd_copy(assignment, strlen(assignment) + 1, 1);
  char *equals = strchr(copy, '=');
  if (!equals)
    dtd_die(DTD_USAGE, assignment, "write section.key=value", "has no =");
  *equals = 0;
  assign(settings, dtd_ini_trim(copy), dtd_ini_trim(equals + 1), assignment);
  dtd_free(copy);
}

void dtd_config_change(struct dtd_settings *settings, char *const *assignments,
                       int count) {
  for (int n = 0; n < count; n++) take_assignment(settings, assignments[n]);
  settle(settings);
}

void dtd_config_read(struct dtd_settings *settings, const char *path,
                     char *const *assignments, int count) {
  start_from_defaults(settings);
  take_file(settings, path, NULL);
  dtd_config_change(settings, assignments, count);
}

/* ---- writing ---- */

/* The keys whose reach is at least `reach`, as INI. */
static char *text_of(const struct dtd_settings *settings, enum reach reach) {
  char *text;
  size_t size;
  FILE *output = open_memstream(&text, &size);
  const char *last = NULL;
  for (int n = 0; output && n < KEYS; n++) {
    const char *name = table[n].name;
    if (table[n].reach < reach) continue;
    if (!last || !same_section(name, last))
      fprintf(output, "%s[%.*s]\n", last ? "\n" : "", section_length(name),
              name);
    fprintf(output, "%s = ", last_part(name));
    write_value(output, settings, &table[n]);
    fputc('\n', output);
    last = name;
  }
  if (!output || fclose(output))
    dtd_die(DTD_FAILURE, "configuration", NULL, "memory is short");
  return text;
}

char *dtd_config_text(const struct dtd_settings *settings) {
  return text_of(settings, NO_RESULT);
}

void dtd_config_write(const char *path, const struct dtd_settings *settings) {
  char *text = dtd_config_text(settings);
  FILE *output = dtd_output_open(path);
  dtd_output_write(output, text, strlen(text));
  dtd_output_commit(output);
  dtd_free(text);
}

static void hash_of(char digest[17], const struct dtd_settings *settings,
                    enum reach reach) {
  char *text = text_of(settings, reach);
  snprintf(digest, 17, "%016" PRIx64, dtd_hash(text));
  dtd_free(text);
}

void dtd_config_digest(char digest[17], const struct dtd_settings *settings) {
  hash_of(digest, settings, EXPLANATIONS);
}

void dtd_config_training_digest(char digest[17],
                                const struct dtd_settings *settings) {
  hash_of(digest, settings, TRAINING);
}

void dtd_config_describe(FILE *output) {
  for (int n = 0; n < KEYS; n++) {
    const char *name = table[n].name;
    if (!n || !same_section(name, table[n - 1].name))
      fprintf(output, "%s[%.*s]\n", n ? "\n" : "", section_length(name), name);
    char setting[64], values[512];
    snprintf(setting, sizeof setting, "%s = %s", last_part(name),
             table[n].fallback);
    if (table[n].kind == RULE)
      snprintf(values, sizeof values, "one of the rules");
    else if (table[n].kind == METHODS)
      snprintf(values, sizeof values, "paper, all, or a list of methods");
    else if (table[n].kind == MODELS)
      snprintf(values, sizeof values, "none, or a list of relevance models");
    else
      describe_values(values, sizeof values, &table[n]);
    fprintf(output, "  %-26s %s\n%29s%s\n", setting, table[n].meaning, "",
            values);
  }
}

/* ---- key by key ---- */

const char *dtd_config_key(int n) {
  return n >= 0 && n < KEYS ? table[n].name : NULL;
}

bool dtd_config_names_methods(const struct dtd_settings *settings) {
  const bool *skip = settings->evaluation.skip;
  return !are_usual(skip) && !are_all(skip);
}

bool dtd_config_matters(int n) {
  return table[n].reach > NO_RESULT;
}

char *dtd_config_value(const struct dtd_settings *settings, int n) {
  char *text;
  size_t size;
  FILE *output = open_memstream(&text, &size);
  if (output) write_value(output, settings, &table[n]);
  if (!output || fclose(output))
    dtd_die(DTD_FAILURE, "configuration", NULL, "memory is short");
  return text;
}

void dtd_config_check(const char *key, const char *value, const char *where) {
  struct dtd_settings scratch;
  start_from_defaults(&scratch);
  assign(&scratch, key, value, where);
}

/* ---- comparing ---- */

static bool same_value(const struct dtd_settings *a,
                       const struct dtd_settings *b, int n) {
  char *text[] = {dtd_config_value(a, n), dtd_config_value(b, n)};
  bool same = !strcmp(text[0], text[1]);
  dtd_free(text[0]);
  dtd_free(text[1]);
  return same;
}

const char *dtd_config_difference(const struct dtd_settings *a,
                                  const struct dtd_settings *b) {
  for (int n = 0; n < KEYS; n++)
    if (table[n].reach == TRAINING && !same_value(a, b, n))
      return table[n].name;
  return NULL;
}
