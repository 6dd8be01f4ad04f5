/* The kinds of value that settings take: how each is read, written and
   described. */
#include "runs/setting_kind.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "explain/explainer.h"
#include "files/pairs.h"
#include "network/optimiser.h"
#include "relevance/rule.h"
#include "roots/root_problem.h"

typedef const struct dtd_setting setting;

/* Passes the words of a list, which blanks and commas part, to `take` with
   their numbers n = 0, 1, ... False when there is no word or one is not taken.
 */
static bool read_words(void *at, setting *s, const char *text,
                       bool (*take)(void *at, setting *s, const char *word,
                                    int n)) {
  char *copy = dtd_copy(text, strlen(text) + 1, 1), *rest;
  char *word = strtok_r(copy, " \t,", &rest);
  bool good = word;
  for (int n = 0; word && good; word = strtok_r(NULL, " \t,", &rest))
    good = take(at, s, word, n++);
  dtd_free(copy);
  return good;
}

/* ---- numbers ---- */

#define NUMBER(type)                                                           \
  static double load_##type(const void *at) {                                  \
    return (double)*(const type *)at;                                          \
  }                                                                            \
  static void store_##type(void *at, double value) {                           \
    *(type *)at = (type)value;                                                 \
  }
NUMBER(int)
NUMBER(long)
NUMBER(uint64_t)
NUMBER(float)
NUMBER(double)

/* Whether `word` is a number of the setting's kind and in its range. */
static bool read_number(double *number, const char *word, setting *s) {
  bool whole = s->kind->whole;
  const char *letters = whole ? "+-0123456789" : "+-.0123456789eE";
  if (strspn(word, letters) != strlen(word) && (whole || strcmp(word, "inf")))
    return false;
  char *end;
  *number = strtod(word, &end);
  return *word && !*end && *number >= s->low && *number <= s->high;
}

static bool take_number(void *at, setting *s, const char *word, int n) {
  double number;
  if (n > 0 && n >= s->most) return false;
  bool good = read_number(&number, word, s);
  if (good) s->kind->store((char *)at + (size_t)n * s->stride, number);
  return good;
}

static bool read_numbers(void *at, setting *s, const char *text) {
  if (!s->most) return take_number(at, s, text, 0);
  for (int n = 0; n < s->most; n++)
    s->kind->store((char *)at + (size_t)n * s->stride, 0);
  return read_words(at, s, text, take_number);
}

/* The fewest digits that read back as the same number; of whole numbers, all.
 */
static void write_number(FILE *output, const void *at,
                         const struct dtd_setting_kind *kind) {
  union {
    int of_int;
    long of_long;
    uint64_t of_uint64_t;
    float of_float;
    double of_double;
  } back;
  char text[32];
  int digits = kind->whole ? 17 : 1;
  do {
    snprintf(text, sizeof text, "%.*g", digits, kind->load(at));
    kind->store(&back, strtod(text, NULL));
  } while (kind->load(&back) != kind->load(at) && ++digits <= 17);
  fputs(text, output);
}

static void write_numbers(FILE *output, const void *at, setting *s) {
  write_number(output, at, s->kind);
  for (int n = 1; n < s->most; n++) {
    const void *next = (const char *)at + (size_t)n * s->stride;
    if (s->kind->load(next) == 0) return; /* the list ends */
    fputc(' ', output);
    write_number(output, next, s->kind);
  }
}

static void describe_numbers(char *text, size_t size, setting *s) {
  bool whole = s->kind->whole;
  int digits = whole ? 17 : 6;
  char count[32] = "a";
  if (s->most) snprintf(count, sizeof count, "1 to %d", s->most);
  snprintf(text, size, "%s %snumber%s from %.*g to %.*g", count,
           whole ? "whole " : "", s->most ? "s" : "", digits, s->low, digits,
           s->high);
}

#define NUMBERS(type)                                                          \
  .read = read_numbers, .write = write_numbers, .describe = describe_numbers,  \
  .load = load_##type, .store = store_##type
const struct dtd_setting_kind dtd_int_setting = {NUMBERS(int), .whole = true};
const struct dtd_setting_kind dtd_long_setting = {NUMBERS(long), .whole = true};
const struct dtd_setting_kind dtd_seed_setting = {NUMBERS(uint64_t),
                                                  .whole = true};
const struct dtd_setting_kind dtd_float_setting = {NUMBERS(float)};
const struct dtd_setting_kind dtd_real_setting = {NUMBERS(double)};

/* ---- digits ---- */

static bool take_digit(void *at, setting *s, const char *word, int n) {
  double digit;
  bool good = n < DTD_CLASSES && read_number(&digit, word, s);
  if (good) ((bool *)at)[(int)digit] = true;
  return good;
}

static bool read_digits(void *at, setting *s, const char *text) {
  memset(at, 0, DTD_CLASSES * sizeof(bool));
  return read_words(at, s, text, take_digit);
}

static void write_digits(FILE *output, const void *at, setting *s) {
  (void)s;
  const bool *present = at;
  const char *gap = "";
  for (int digit = 0; digit < DTD_CLASSES; digit++) {
    if (!present[digit]) continue;
    fprintf(output, "%s%d", gap, digit);
    gap = " ";
  }
}

static void describe_digits(char *text, size_t size, setting *s) {
  snprintf(text, size, "a list of digits from %g to %g", s->low, s->high);
}

const struct dtd_setting_kind dtd_digits_setting = {
    read_digits, write_digits, describe_digits, .whole = true};

/* ---- paths ---- */

static bool read_path(void *at, setting *s, const char *text) {
  (void)s;
  if (!*text || strlen(text) > DTD_MOST_TEXT || strchr(text, ';')) return false;
  strcpy(at, text);
  return true;
}

static void write_path(FILE *output, const void *at, setting *s) {
  (void)s;
  fputs(at, output);
}

static void describe_path(char *text, size_t size, setting *s) {
  (void)s;
  snprintf(text, size, "a path of 1 to %d bytes without a semicolon",
           DTD_MOST_TEXT);
}

const struct dtd_setting_kind dtd_path_setting = {read_path, write_path,
                                                  describe_path, .brief = NULL};

/* ---- choices: one of several names, loaded and stored as its index ---- */

/* -1 when there is no such name. */
static int index_of(const char *word, const char *(*name)(int n)) {
  for (int n = 0; name(n); n++)
    if (!strcmp(word, name(n))) return n;
  return -1;
}

static bool read_choice(void *at, setting *s, const char *text) {
  int n = index_of(text, s->kind->name);
  if (n >= 0) s->kind->store(at, n);
  return n >= 0;
}

static void write_choice(FILE *output, const void *at, setting *s) {
  fputs(s->kind->name((int)s->kind->load(at)), output);
}

/* "dense or sparse", "multiplier, softplus or nlopt"; "one of sgd, momentum".
 */
static void describe_names(char *text, size_t size, setting *s) {
  const char *intro = s->kind->intro, *gap = intro ? intro : "";
  const char *(*name)(int n) = s->kind->name;
  size_t length = 0;
  for (int n = 0; name(n) && length < size; n++) {
    length +=
        (size_t)snprintf(text + length, size - length, "%s%s", gap, name(n));
    bool before_last = name(n + 1) && !name(n + 2);
    gap = before_last && !intro ? " or " : ", ";
  }
}

#define CHOICE(type)                                                           \
  .read = read_choice, .write = write_choice, .describe = describe_names,      \
  .load = load_##type, .store = store_##type

static const char *const yes_and_no[] = {"yes", "no", NULL};

static double load_yes_no(const void *at) {
  return *(const bool *)at ? 0 : 1;
}

static void store_yes_no(void *at, double value) {
  *(bool *)at = value == 0;
}

/* The n-th name of a list that null ends. */
#define NAME_OF(function, names)                                               \
  static const char *function(int n) {                                         \
    return names[n];                                                           \
  }
NAME_OF(yes_or_no, yes_and_no)
NAME_OF(schedule_name, dtd_schedules)
NAME_OF(kernel_name, dtd_kernels)
NAME_OF(solver_name, dtd_root_solvers)

const struct dtd_setting_kind dtd_yes_no_setting = {CHOICE(yes_no),
                                                    .name = yes_or_no};
const struct dtd_setting_kind dtd_schedule_setting = {CHOICE(int),
                                                      .name = schedule_name};
const struct dtd_setting_kind dtd_kernel_setting = {CHOICE(int),
                                                    .name = kernel_name};
const struct dtd_setting_kind dtd_solver_setting = {CHOICE(int),
                                                    .name = solver_name};

/* ---- what is registered ---- */

/* The name of the n-th member of a registry that null ends. */
#define MEMBER_NAME(function, registry)                                        \
  static const char *function(int n) {                                         \
    return registry[n] ? registry[n]->name : NULL;                             \
  }
MEMBER_NAME(optimiser_name, dtd_optimisers)
MEMBER_NAME(model_name, dtd_model_kinds)
MEMBER_NAME(method_name, dtd_methods)

static double load_optimiser(const void *at) {
  int n = 0;
  while (dtd_optimisers[n] != *(const struct dtd_optimiser_kind *const *)at)
    n++;
  return n;
}

static void store_optimiser(void *at, double value) {
  *(const struct dtd_optimiser_kind **)at = dtd_optimisers[(int)value];
}

const struct dtd_setting_kind dtd_optimiser_setting = {
    CHOICE(optimiser), .name = optimiser_name, .intro = "one of "};

/* A rule's name may hold its parameter, "gamma(0.25)". */
static bool read_rule(void *at, setting *s, const char *text) {
  (void)s;
  const struct dtd_rule *rule = dtd_rule_named(text);
  if (rule) *(const struct dtd_rule **)at = rule;
  return rule;
}

static void write_rule(FILE *output, const void *at, setting *s) {
  (void)s;
  fputs((*(const struct dtd_rule *const *)at)->name, output);
}

static void describe_rule(char *text, size_t size, setting *s) {
  (void)s;
  snprintf(text, size, "one of ");
  dtd_rule_describe_names(text + strlen(text), size - strlen(text));
}

const struct dtd_setting_kind dtd_rule_setting = {
    read_rule, write_rule, describe_rule, .brief = "one of the rules"};

/* ---- several of what is registered ---- */

static bool take_model(void *at, setting *s, const char *word, int n) {
  struct dtd_model_list *models = at;
  int i = index_of(word, s->kind->name);
  if (i < 0 || n == DTD_MOST_LEARNERS) return false;
  for (int m = 0; m < n; m++)
    if (models->kind[m] == dtd_model_kinds[i]) return false;
  models->kind[models->count++] = dtd_model_kinds[i];
  return true;
}

static bool read_models(void *at, setting *s, const char *text) {
  struct dtd_model_list *models = at;
  size_t length = 0;
  models->count = 0;
  if (!strcmp(text, "none")) return true;
  if (!read_words(models, s, text, take_model)) return false;
  for (int m = 0; m < models->count; m++)
    length += strlen(models->kind[m]->name) + 1;
  return length <= DTD_MOST_TEXT;
}

static void write_models(FILE *output, const void *at, setting *s) {
  (void)s;
  const struct dtd_model_list *models = at;
  if (!models->count) fputs("none", output);
  for (int m = 0; m < models->count; m++)
    fprintf(output, "%s%s", m ? " " : "", models->kind[m]->name);
}

_Static_assert(DTD_MOST_TEXT == 180, "as the introductions say");

const struct dtd_setting_kind dtd_models_setting = {
    read_models,
    write_models,
    describe_names,
    .name = model_name,
    .intro = "none, or each once in 180 letters: ",
    .brief = "none, or a list of relevance models"};

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

bool dtd_methods_are_listed(const bool *skip) {
  return !are_usual(skip) && !are_all(skip);
}

static bool take_method(void *at, setting *s, const char *word, int n) {
  (void)n;
  int m = index_of(word, s->kind->name);
  if (m >= 0) ((bool *)at)[m] = false;
  return m >= 0;
}

/* "paper" for the usual methods, "all", or names. */
static bool read_methods(void *at, setting *s, const char *text) {
  bool *skip = at, paper = !strcmp(text, "paper"), all = !strcmp(text, "all");
  size_t length = 0;
  for (int n = 0; dtd_methods[n]; n++)
    skip[n] = !all && !(paper && dtd_method_is_usual(dtd_methods[n]));
  if (paper || all) return true;
  if (!read_words(skip, s, text, take_method)) return false;
  for (int n = 0; dtd_methods[n]; n++)
    if (!skip[n]) length += strlen(dtd_methods[n]->name) + 1;
  return !dtd_methods_are_listed(skip) || length <= DTD_MOST_TEXT;
}

/* "paper", "all", or a list that stays what it is when methods are added. */
static void write_methods(FILE *output, const void *at, setting *s) {
  (void)s;
  const bool *skip = at;
  const char *gap = "";
  if (!dtd_methods_are_listed(skip)) {
    fputs(are_all(skip) ? "all" : "paper", output);
    return;
  }
  for (int n = 0; dtd_methods[n]; n++) {
    if (skip[n]) continue;
    fprintf(output, "%s%s", gap, dtd_methods[n]->name);
    gap = " ";
  }
}

const struct dtd_setting_kind dtd_methods_setting = {
    read_methods,
    write_methods,
    describe_names,
    .name = method_name,
    .intro = "paper, all, or a list, in 180 letters, of ",
    .brief = "paper, all, or a list of methods"};
