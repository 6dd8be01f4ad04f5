/* Tests config.c: every key at and beyond its limits, and every way to be
   wrong. */
#include "base/test.h"
#include "runs/config.h"

#include <ctype.h>
#include <float.h>
#include <glob.h>
#include <math.h>
#include <sys/stat.h>

#include "base/rng.h"
#include "base/test_folder.h"

/* ---- every key, as dtd_config_describe tells of it ---- */

struct known {
  char name[64], fallback[192], values[192];
  double low, high; /* NAN when the values are no numbers */
};

enum { MOST_KEYS = 128 };

/* Reads "  key = default    meaning" and the line of its values below. */
static int known_keys(struct known known[MOST_KEYS]) {
  char *text, section[64] = "";
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  dtd_config_describe(stream);
  fclose(stream);
  int count = 0;
  char *rest = text, *line;
  while ((line = strsep(&rest, "\n"))) {
    char *equals = strstr(line, " = ");
    if (*line == '[') {
      line[strcspn(line, "]")] = 0;
      snprintf(section, sizeof section, "%s", line + 1);
    } else if (equals) {
      assert_in_range(count, 0, MOST_KEYS - 1);
      struct known *key = &known[count++];
      *equals = 0;
      int length =
          snprintf(key->name, sizeof key->name, "%s.%s", section, line + 2);
      assert_in_range(length, 1, sizeof key->name - 1);
      int column = (int)(equals + 3 - line), end = column;
      while (strncmp(line + end, "  ", 2) && end < 28) end++;
      snprintf(key->fallback, sizeof key->fallback, "%.*s", end - column,
               line + column);
      key->fallback[strcspn(key->fallback, "\n")] = 0;
      char *last = key->fallback + strlen(key->fallback);
      while (last > key->fallback && last[-1] == ' ') *--last = 0;
      line = strsep(&rest, "\n");
      snprintf(key->values, sizeof key->values, "%s", line + strspn(line, " "));
      key->low = key->high = NAN;
      char *range = strstr(key->values, "from ");
      if (range) sscanf(range, "from %lf to %lf", &key->low, &key->high);
    }
  }
  free(text);
  return count;
}

static bool is_whole(const struct known *key) {
  return strstr(key->values, "whole") != NULL;
}

static bool is_list(const struct known *key) {
  return strstr(key->values, "numbers") || strstr(key->values, "list");
}

/* What else must be said so that a key may take a value at the end of its
   range. */
static const char *const companions[][3] = {
    /* key, values of the others with %s for its own */
    {"network.detection", "network.pool=%s", "network.norm=1"},
    {"network.pool", "network.detection=%s", "network.norm=1"},
    {"network.norm", "network.detection=8", "network.pool=8"},
    {"training.weight_decay", "training.learning_rate=1e-7", NULL},
    {"evaluation.roots", "evaluation.pairs=1000000", NULL},
    {"evaluation.pairs", "evaluation.roots=1", NULL},
};

/* ---- reading from assignments ---- */

static const char *base_file(void) {
  static const char base[] = "# nothing but a default\n[training]\nseed = 1\n";
  return test_put("base.ini", base, sizeof base - 1);
}

static void read_one(struct dtd_settings *settings, const char *assignment) {
  char *words[] = {(char *)assignment};
  dtd_config_read(settings, base_file(), words, 1);
}

/* name=value with the companions that it needs. */
static void read_key(struct dtd_settings *settings, const char *name,
                     const char *value) {
  char words[3][256], *list[3] = {words[0], words[1], words[2]};
  int count = 1;
  snprintf(words[0], sizeof words[0], "%s=%s", name, value);
  for (size_t n = 0; n < sizeof companions / sizeof *companions; n++)
    for (int i = 1; !strcmp(companions[n][0], name) && i < 3; i++)
      if (companions[n][i]) {
        const char *hole = strstr(companions[n][i], "%s");
        int head = hole ? (int)(hole - companions[n][i]) : 255;
        snprintf(words[count++], sizeof words[0], "%.*s%s", head,
                 companions[n][i], hole ? value : "");
      }
  dtd_config_read(settings, base_file(), list, count);
}

/* The value a text of settings gives to a key; release with free(). */
static char *value_in(const char *text, const char *name) {
  char section[64], key[64];
  sscanf(name, "%63[^.].%63s", section, key);
  size_t length = strlen(key);
  char *copy = strdup(text), *rest = copy, *line, *value = NULL;
  bool inside = false;
  while ((line = strsep(&rest, "\n"))) {
    if (*line == '[')
      inside = !strncmp(line + 1, section, strlen(section)) &&
               line[1 + strlen(section)] == ']';
    else if (inside && !strncmp(line, key, length) &&
             !strncmp(line + length, " = ", 3)) {
      assert_null(value);
      value = strdup(line + length + 3);
    }
  }
  free(copy);
  if (!value) fail_msg("%s is not written", name);
  return value;
}

static void assert_value(const struct dtd_settings *settings, const char *name,
                         const char *wanted) {
  char *text = dtd_config_text(settings), *found = value_in(text, name);
  char *end, *wanted_end;
  bool same = !strcmp(found, wanted) ||
              (strtod(found, &end) == strtod(wanted, &wanted_end) && !*end &&
               !*wanted_end);
  if (!same) fail_msg("%s is \"%s\", not \"%s\"", name, found, wanted);
  free(found);
  free(text);
}

static void assert_same_text(const struct dtd_settings *a,
                             const struct dtd_settings *b) {
  char *text[] = {dtd_config_text(a), dtd_config_text(b)};
  assert_string_equal(text[0], text[1]);
  free(text[0]);
  free(text[1]);
}

static void digest_of(char digest[17], const char *text) {
  struct dtd_settings settings;
  dtd_config_parse(&settings, text, "test");
  dtd_config_digest(digest, &settings);
}

/* ---- each key ---- */

TEST(every_key_accepts_its_default_as_described) {
  struct known known[MOST_KEYS];
  struct dtd_settings defaults, settings;
  dtd_config_defaults(&defaults);
  int count = known_keys(known);
  assert_true(count >= 27);
  for (int n = 0; n < count; n++) {
    char assignment[300];
    snprintf(assignment, sizeof assignment, "%.63s=%.191s", known[n].name,
             known[n].fallback);
    read_one(&settings, assignment);
    assert_same_text(&settings, &defaults);
    assert_value(&settings, known[n].name, known[n].fallback);
  }
}

TEST(every_number_accepts_the_ends_of_its_range) {
  struct known known[MOST_KEYS];
  struct dtd_settings settings;
  int count = known_keys(known), numbers = 0;
  for (int n = 0; n < count; n++) {
    if (isnan(known[n].low)) continue;
    numbers++;
    for (int end = 0; end < 2; end++) {
      char value[64];
      snprintf(value, sizeof value, "%.17g",
               end ? known[n].high : known[n].low);
      read_key(&settings, known[n].name, value);
      assert_value(&settings, known[n].name, value);
    }
  }
  assert_true(numbers >= 22);
}

TEST(every_number_refuses_what_lies_beyond) {
  struct known known[MOST_KEYS];
  struct dtd_settings settings;
  int count = known_keys(known);
  for (int n = 0; n < count; n++) {
    const struct known *key = &known[n];
    if (isnan(key->low)) continue;
    for (int end = 0; end < 2; end++) {
      double limit = end ? key->high : key->low;
      if (isinf(limit)) continue;
      char value[64];
      if (is_whole(key))
        snprintf(value, sizeof value, "%lld",
                 (long long)limit + (end ? 1 : -1));
      else
        snprintf(value, sizeof value, "%.17g",
                 nextafter(limit, end ? INFINITY : -INFINITY));
      assert_dies(2, key->name, read_key(&settings, key->name, value));
    }
  }
}

TEST(every_key_refuses_what_is_no_value) {
  struct known known[MOST_KEYS];
  struct dtd_settings settings;
  int count = known_keys(known);
  static const char *const never_numbers[] = {
      "",    "x",        "nan",  "-inf", "0x10",    "1e400x", "1 x",
      "--1", "1e",       "e5",   ".",    "1;2",     "yes",    "1_000",
      "1/2", "infinity", "1,,x", "\"1",  "\xc2\xb2"};
  for (int n = 0; n < count; n++) {
    const struct known *key = &known[n];
    if (strstr(key->values, "a path")) continue;
    for (size_t i = 0; i < sizeof never_numbers / sizeof *never_numbers; i++)
      if (strcmp(key->values, "yes or no") || strcmp(never_numbers[i], "yes"))
        assert_dies(2, key->name,
                    read_key(&settings, key->name, never_numbers[i]));
    if (!is_list(key))
      assert_dies(2, key->name, read_key(&settings, key->name, "1 1"));
    if (is_whole(key)) {
      assert_dies(2, key->name, read_key(&settings, key->name, "1.5"));
      assert_dies(2, key->name, read_key(&settings, key->name, "1e0"));
    }
  }
}

TEST(words_are_taken_for_what_they_say) {
  struct dtd_settings settings;
  read_one(&settings, "training.kernel=dense");
  assert_int_equal(settings.training.kernel, DTD_DENSE);
  read_one(&settings, "training.schedule=constant");
  assert_int_equal(settings.training.rate.schedule, DTD_CONSTANT);
  assert_int_equal(settings.minmax_rate.schedule, DTD_LINEAR);
  assert_int_equal(settings.training.kernel, DTD_SPARSE);
  assert_true(settings.nonpositive_biases && !settings.training.free_biases);
  read_one(&settings, "network.nonpositive_biases=no");
  assert_true(!settings.nonpositive_biases && settings.training.free_biases);
  for (int n = 0; dtd_optimisers[n]; n++) {
    char assignment[64], *words[] = {assignment, "training.kernel=dense"};
    snprintf(assignment, sizeof assignment, "training.optimiser=%s",
             dtd_optimisers[n]->name);
    dtd_config_read(&settings, base_file(), words, 2);
    assert_ptr_equal(settings.training.optimiser.kind, dtd_optimisers[n]);
  }
  assert_dies(2,
              "training.optimiser: adam moves every weight in every step, but "
              "the sparse kernel only those of inked pixels (set "
              "training.kernel = dense, too)",
              read_one(&settings, "training.optimiser=adam"));
  assert_dies(2, "training.optimiser = Adam is not one of sgd, momentum, adam",
              read_one(&settings, "training.optimiser=Adam"));
  assert_dies(2, "training.weight_decay: 30000 at a rate of 5e-05 takes more",
              read_one(&settings, "training.weight_decay=30000"));
  for (int n = 0; dtd_rules[n]; n++) {
    char assignment[64];
    snprintf(assignment, sizeof assignment, "explanation.first_rule=%s",
             dtd_rules[n]->name);
    if (dtd_rules[n]->domain == DTD_NONNEGATIVE_INPUT) continue; /* refused */
    read_one(&settings, assignment);
    assert_ptr_equal(settings.explanation.first_rule, dtd_rules[n]);
  }
  assert_dies(2,
              "training.schedule=Linear: training.schedule = Linear is not "
              "constant or linear",
              read_one(&settings, "training.schedule=Linear"));
  assert_dies(2,
              "training.kernel=fast: training.kernel = fast is not dense or "
              "sparse",
              read_one(&settings, "training.kernel=fast"));
  assert_dies(2,
              "explanation.first_rule=zb: explanation.first_rule = zb is "
              "not one of w^2, z+",
              read_one(&settings, "explanation.first_rule=zb"));
}

static int evaluated(const struct dtd_settings *settings, const char *name) {
  int n = 0;
  while (dtd_methods[n] != dtd_method_find(name)) n++;
  return !settings->evaluation.skip[n];
}

TEST(methods_are_evaluated_as_listed) {
  struct dtd_settings settings, again;
  dtd_config_defaults(&settings);
  assert_value(&settings, "evaluation.methods", "paper");
  for (int n = 0; dtd_methods[n]; n++)
    assert_int_equal(!settings.evaluation.skip[n],
                     dtd_methods[n]->of_paper || dtd_methods[n]->control ||
                         dtd_methods[n]->model);
  assert_true(evaluated(&settings, "taylor") && evaluated(&settings, "random"));
  assert_false(evaluated(&settings, "occlusion"));
  read_one(&settings, "evaluation.methods=all");
  for (int n = 0; dtd_methods[n]; n++)
    assert_false(settings.evaluation.skip[n]);
  assert_value(&settings, "evaluation.methods", "all");
  assert_false(dtd_config_names_methods(&settings));
  read_one(&settings, "evaluation.methods = occlusion, taylor  smoothgrad");
  for (int n = 0; dtd_methods[n]; n++)
    assert_int_equal(
        evaluated(&settings, dtd_methods[n]->name),
        strstr("occlusion taylor smoothgrad", dtd_methods[n]->name) != NULL);
  assert_value(&settings, "evaluation.methods", "taylor smoothgrad occlusion");
  assert_true(dtd_config_names_methods(&settings));
  char *text = dtd_config_text(&settings);
  dtd_config_parse(&again, text, "again");
  assert_same_text(&settings, &again);
  free(text);
  const char *wrong[] = {"evaluation.methods=deep-taylor",
                         "evaluation.methods=taylor all",
                         "evaluation.methods=,", "evaluation.methods="};
  for (int n = 0; n < 4; n++)
    assert_dies(2, "is not paper, all, or a list, in 180 letters, of sensitiv",
                read_one(&settings, wrong[n]));
  char many[512] = "evaluation.methods="; /* a line that could not be read */
  for (int n = 0; dtd_methods[n + 1] && strlen(many) < 250; n++)
    strcat(strcat(many, dtd_methods[n]->name), " ");
  assert_dies(2, "in 180 letters", read_one(&settings, many));
}

TEST(a_rule_may_have_a_parameter) {
  struct dtd_settings settings, again;
  char digest[2][17];
  read_one(&settings, "explanation.upper_rule = gamma(0.5)");
  assert_ptr_equal(settings.explanation.upper_rule,
                   dtd_rule_find("gamma(0.5)"));
  char *text = dtd_config_text(&settings);
  assert_non_null(strstr(text, "upper_rule = gamma(0.5)\n"));
  dtd_config_parse(&again, text, "again");
  assert_string_equal(dtd_config_difference(&settings, &again) ? "differs" : "",
                      "");
  read_one(&again, "explanation.upper_rule=gamma");
  assert_string_equal(dtd_config_difference(&settings, &again),
                      "explanation.upper_rule");
  dtd_config_digest(digest[0], &again);
  read_one(&again, "explanation.upper_rule=gamma(0.250)"); /* the default */
  dtd_config_digest(digest[1], &again);
  assert_string_equal(digest[0], digest[1]);
  assert_dies(2,
              "explanation.first_rule = alpha-beta(0.5) is not one of w^2, z+, "
              "zB, alpha-beta(1 to 100)",
              read_one(&settings, "explanation.first_rule=alpha-beta(0.5)"));
  assert_dies(2, "explanation.first_rule = zB(1) is not one of",
              read_one(&settings, "explanation.first_rule=zB(1)"));
  assert_dies(2, "explanation.first_rule = epsilon(small) is not one of",
              read_one(&settings, "explanation.first_rule=epsilon(small)"));
  free(text);
}

static void assert_models(const char *value, int count,
                          const char *const *names) {
  struct dtd_settings settings;
  char assignment[256];
  snprintf(assignment, sizeof assignment, "relevance.models=%s", value);
  read_one(&settings, assignment);
  assert_int_equal(settings.models, count);
  for (int n = 0; n < count; n++)
    assert_ptr_equal(settings.model[n], dtd_model_kind_find(names[n]));
}

TEST(relevance_models_are_a_list_of_different_names) {
  struct dtd_settings settings;
  const char *const names[] = {"minmax-pooled", "minmax", "training-free-live"};
  assert_models("minmax-pooled minmax training-free-live", 3, names);
  assert_models("minmax-pooled,minmax", 2, names);
  assert_models("none", 0, NULL);
  dtd_config_defaults(&settings);
  assert_int_equal(settings.models, 1);
  assert_string_equal(settings.model[0]->name, "minmax");
  assert_dies(2,
              "relevance.models = minmax minmax is not none, or each once in "
              "180 letters: minmax, training-free, ",
              read_one(&settings, "relevance.models=minmax minmax"));
  assert_dies(2, "relevance.models = minmax none is not",
              read_one(&settings, "relevance.models=minmax none"));
  assert_dies(2, "relevance.models = min-max is not",
              read_one(&settings, "relevance.models=min-max"));
}

TEST(a_rule_must_suit_its_layer) {
  struct dtd_settings settings;
  assert_dies(2, "the rule zB needs inputs between two bounds",
              read_one(&settings, "explanation.upper_rule=zB"));
  assert_dies(2, "the rule z+ is meant for inputs >= 0",
              read_one(&settings, "explanation.first_rule=z+"));
  assert_dies(2, "the rule gamma(1) is meant for inputs >= 0",
              read_one(&settings, "explanation.first_rule=gamma(1)"));
}

/* ---- numbers land where they belong ---- */

TEST(a_file_and_assignments_are_laid_over_the_defaults) {
  static const char file[] = "\xef\xbb\xbf# settings\r\n"
                             "[training] ; of the network\r\n"
                             "  iterations=17\r\n"
                             "batch : 3   ; few\r\n"
                             "\r\n"
                             "\tlearning_rate\t=\t2.5e-4\t\r\n"
                             "[network]\n"
                             "detection = 12,\t6 6\n"
                             "pool = 4 3 6\n"
                             "norm = 1 2.5 inf\n"
                             "[training]\n"
                             "seed = 9007199254740991";
  struct dtd_settings settings;
  char *words[] = {"training.batch=4", " training.iterations = 18 ",
                   "training.batch=5", "data.targets=7,9",
                   "data.directory=/a b/c=d:e # \xc3\xa9"};
  dtd_config_read(&settings, test_put("some.ini", file, sizeof file - 1), words,
                  5);
  assert_int_equal(settings.training.iterations, 18);
  assert_int_equal(settings.training.batch, 5);
  assert_true(settings.training.rate.start == 2.5e-4);
  assert_true(settings.seed == 9007199254740991u);
  assert_true(settings.pairs.seed == settings.seed);
  assert_string_equal(settings.directory, "/a b/c=d:e # \xc3\xa9");
  for (int digit = 0; digit < DTD_CLASSES; digit++)
    assert_int_equal(settings.pairs.is_target[digit], digit == 7 || digit == 9);
  static const int wanted[3][3] = {{1568, 12, 4}, {3, 6, 3}, {2, 6, 6}};
  static const float norm[3] = {1, 2.5f, INFINITY};
  assert_int_equal(settings.depth, 3);
  for (int n = 0; n < 3; n++) {
    assert_int_equal(settings.layer[n].inputs, wanted[n][0]);
    assert_int_equal(settings.layer[n].units, wanted[n][1]);
    assert_int_equal(settings.layer[n].pool, wanted[n][2]);
    assert_true(settings.layer[n].norm == norm[n]);
  }
  assert_int_equal(settings.layer[3].units, 0);
}

TEST(the_defaults_are_the_papers) {
  struct dtd_settings s, paper;
  dtd_config_defaults(&s);
  assert_int_equal(s.depth, 2);
  assert_int_equal(s.layer[0].inputs, 28 * 56);
  assert_int_equal(s.layer[0].units, 400);
  assert_int_equal(s.layer[0].pool, 4);
  assert_int_equal(s.layer[1].inputs, 100);
  assert_int_equal(s.layer[1].units, 400);
  assert_int_equal(s.layer[1].pool, 400);
  assert_true(s.deviation == 0.05);
  assert_int_equal(s.training.iterations, 300000);
  assert_int_equal(s.training.batch, 20);
  assert_string_equal(s.explanation.first_rule->name, "zB");
  assert_string_equal(s.explanation.upper_rule->name, "z+");
  assert_true(s.explanation.root.fraction == 0.1);
  assert_true(s.explanation.low == -0.5f && s.explanation.high == 1.5f);
  for (int digit = 0; digit < DTD_CLASSES; digit++)
    assert_int_equal(s.pairs.is_target[digit], digit < 4);
  dtd_config_read(&paper, "experiments/paper.ini", NULL, 0);
  assert_same_text(&paper, &s);
}

/* But for the sweeps, which list several. */
TEST(every_experiment_is_a_good_configuration) {
  glob_t found;
  int good = 0;
  assert_int_equal(glob("experiments/*.ini", 0, NULL, &found), 0);
  for (size_t n = 0; n < found.gl_pathc; n++) {
    struct dtd_settings settings;
    char *text = test_get(NULL, found.gl_pathv[n]);
    bool is_sweep = strstr(text, "\n[sweep]") != NULL;
    free(text);
    if (is_sweep) continue;
    dtd_config_read(&settings, found.gl_pathv[n], NULL, 0);
    good++;
  }
  assert_true(good >= 2);
  globfree(&found);
}

/* ---- what is wrong with a file ---- */

#define assert_text_dies(status, words, text)                                  \
  do {                                                                         \
    struct dtd_settings text_settings;                                         \
    assert_dies(status, words,                                                 \
                dtd_config_parse(&text_settings, text, "t.ini"));              \
  } while (0)

TEST(a_sweep_is_no_configuration) {
  assert_text_dies(2,
                   "t.ini:2: [sweep] makes it a sweep, not a configuration (",
                   "[sweep]\nbase = quick.ini\n");
}

TEST(an_unknown_key_suggests_the_nearest) {
  static const char *const wrong[][2] = {
      {"training.batsh", "training.batch"},
      {"training.itterations", "training.iterations"},
      {"training.learningrate", "training.learning_rate"},
      {"training.Seed", "training.seed"},
      {"training.chekpoint_every", "training.checkpoint_every"},
      {"trainig.batch", "training.batch"},
      {"train.threads", "training.threads"},
      {"minmax.topdown_deviaton", "minmax.top_down_deviation"},
      {"min-max.learning_rate", "minmax.learning_rate"},
      {"explain.root_fraction", "explanation.root_fraction"},
      /* the right key in the wrong section */
      {"network.batch", "training.batch"},
      {"training.translation", "data.translation"},
      {"training.targets", "data.targets"},
      {"data.bootstrap", "evaluation.bootstrap"},
      {"data.first_rule", "explanation.first_rule"},
      {"network.iterations", "training.iterations"},
  };
  for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
    char assignment[128], words[128];
    struct dtd_settings settings;
    snprintf(assignment, sizeof assignment, "%s=1", wrong[n][0]);
    snprintf(words, sizeof words, "(the nearest is %s)", wrong[n][1]);
    assert_dies(2, words, read_one(&settings, assignment));
  }
}

TEST(every_key_is_found_again_with_a_letter_missing) {
  struct known known[MOST_KEYS];
  int count = known_keys(known);
  for (int n = 0; n < count; n++) {
    char assignment[128], words[128], *name = known[n].name;
    struct dtd_settings settings;
    char *key = strchr(name, '.') + 1;
    if (strlen(key) < 5) continue; /* too short to tell */
    snprintf(assignment, sizeof assignment, "%.*s%.60s=1",
             (int)(key - name) + 2, name, key + 3);
    snprintf(words, sizeof words, "(the nearest is %.63s)", name);
    assert_dies(2, words, read_one(&settings, assignment));
  }
}

TEST(messages_name_the_file_and_the_line) {
  assert_text_dies(2, "t.ini:3: there is no setting data.colour (the nearest",
                   "# one\n[data]\ncolour = 3\n");
  assert_text_dies(2, "t.ini:2: there is no section [pixels] (the nearest",
                   "[pixels]\ntranslation = 3\n");
  assert_text_dies(2,
                   "t.ini:1: the setting batch has no section (the nearest "
                   "is training.batch)",
                   "batch = 3\n");
  assert_text_dies(2, "t.ini:4: training.batch is set twice (keep one",
                   "[training]\nbatch = 3\n\nbatch = 3\n");
  assert_text_dies(2, "t.ini:5: training.batch is set twice",
                   "[training]\nbatch = 3\n[data]\n[training]\nbatch = 4\n");
  assert_text_dies(2,
                   "t.ini:2: training.batch = 0 is not a whole number from "
                   "1 to 10000 (it is pairs in a minibatch; the default is "
                   "20)",
                   "[training]\nbatch = 0\n");
  assert_text_dies(2, "t.ini:2: explanation.first_rule = zC is not one of",
                   "[explanation]\nfirst_rule = zC\n");
  assert_text_dies(2, "t.ini:3: training.schedule = ",
                   "[training]\nbatch = 3\n   schedule = never\n");
}

TEST(a_file_without_settings_is_refused) {
  assert_text_dies(1, "t.ini: holds no settings (see experiments/paper.ini",
                   "");
  assert_text_dies(1, "t.ini: holds no settings", "\n\n  \n");
  assert_text_dies(1, "t.ini: holds no settings", "# all\n; comments\n");
  assert_text_dies(1, "t.ini: holds no settings", "[training]\n");
  struct dtd_settings settings;
  const char *empty = test_put("empty.ini", "", 0);
  assert_dies(1, "empty.ini: holds no settings",
              dtd_config_read(&settings, empty, NULL, 0));
}

TEST(a_garbled_file_is_refused_as_that) {
  assert_text_dies(1, "t.ini:2: the line makes no sense", "[data]\nhello\n");
  assert_text_dies(1, "t.ini:1: the line makes no sense", "[data\na = 1\n");
  assert_text_dies(1, "t.ini:1: something follows [section]",
                   "[data] targets = 1\n");
  assert_text_dies(1, "t.ini:2: holds a control character",
                   "[data]\ntargets = 1\x01\n");
  assert_text_dies(1, "t.ini:2: holds a control character",
                   "[data]\ntargets = 1\r2\n");
  /* even where an unknown setting comes first */
  assert_text_dies(1, "t.ini:3: the line makes no sense",
                   "[data]\ncolour = 1\nhello\n");
  struct dtd_settings settings;
  const char *path = test_put("zero.ini", "[data]\0\ntargets = 1", 19);
  assert_dies(1, "zero.ini: holds a zero byte",
              dtd_config_read(&settings, path, NULL, 0));
  char junk[5000];
  struct dtd_rng rng = dtd_rng_open(1, "test/junk", 0);
  for (size_t n = 0; n < sizeof junk; n++)
    junk[n] = (char)(1 + dtd_rng_below(&rng, 255));
  path = test_put("junk.ini", junk, sizeof junk);
  assert_dies(1, "junk.ini:", dtd_config_read(&settings, path, NULL, 0));
  char *long_text = calloc(1, (1 << 20) + 2);
  memset(long_text, '#', (1 << 20) + 1);
  path = test_put("long.ini", long_text, (1 << 20) + 1);
  assert_dies(1, "long.ini: is longer than 1 MiB",
              dtd_config_read(&settings, path, NULL, 0));
  free(long_text);
}

/* Random texts of the characters INI is made of: read or refused, never more.
   Sanitizers and valgrind watch. */
TEST(whatever_a_text_holds_it_is_read_or_refused) {
  static const char *const pieces[] = {"[",        "]",
                                       "=",        ":",
                                       ";",        "#",
                                       "\n",       " ",
                                       "\t",       "\r\n",
                                       "data",     "targets",
                                       "training", "batch",
                                       "1",        "9",
                                       "e",        "-",
                                       ".",        ",",
                                       "network",  "detection",
                                       "\xff",     "\\",
                                       "\"",       "[data]\ntargets = 1\n"};
  struct dtd_rng rng = dtd_rng_open(2, "test/pieces", 0);
  for (int trial = 0; trial < 150; trial++) {
    char text[1024] = "";
    int length = (int)dtd_rng_below(&rng, 40);
    for (int n = 0; n < length; n++)
      strcat(text, pieces[dtd_rng_below(&rng, sizeof pieces / sizeof *pieces)]);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
      if (__lsan_disable) __lsan_disable();
      if (!freopen("/dev/null", "w", stderr)) _exit(98);
      struct dtd_settings settings;
      dtd_config_parse(&settings, text, "t.ini");
      _exit(0);
    }
    int end;
    waitpid(child, &end, 0);
    if (!WIFEXITED(end) || WEXITSTATUS(end) > 2)
      fail_msg("wait status %d for \"%s\"", end, text);
  }
}

TEST(long_lines_are_refused_and_not_cut) {
  struct dtd_settings settings;
  char text[1024], path[256];
  memset(path, 'p', sizeof path);
  path[DTD_MOST_DIRECTORY] = 0;
  snprintf(text, sizeof text, "[data]\ndirectory = %s\n[training]\nbatch=3\n",
           path);
  dtd_config_parse(&settings, text, "t.ini");
  assert_string_equal(settings.directory, path);
  assert_int_equal(settings.training.batch, 3);
  path[DTD_MOST_DIRECTORY] = 'p';
  path[DTD_MOST_DIRECTORY + 1] = 0;
  snprintf(text, sizeof text, "[data]\ndirectory = %s\n", path);
  assert_text_dies(2, "is not a path of 1 to 180 bytes", text);
  snprintf(text, sizeof text, "[data]\n# %0300d\ntargets = 1\n", 0);
  assert_text_dies(1, "t.ini:2: the line is longer than", text);
  snprintf(text, sizeof text, "[data]\ntargets = 1%300s2\n", "");
  assert_text_dies(1, "t.ini:2: the line is longer than", text);
  snprintf(text, sizeof text, "[%0100d]\ntargets = 1\n", 0);
  assert_text_dies(2, "t.ini:1: there is no section [0000", text);
  snprintf(text, sizeof text, "[data]\n%0150d = 1\n", 0);
  assert_text_dies(2, "t.ini:2: there is no setting data.0000", text);
}

TEST(a_file_that_cannot_be_read_is_named) {
  struct dtd_settings settings;
  const char *absent = test_path("absent.ini");
  assert_dies(1, "absent.ini: cannot be read: No such file or directory (give",
              dtd_config_read(&settings, absent, NULL, 0));
  assert_dies(1, "cannot be read: Is a directory",
              dtd_config_read(&settings, test_folder, NULL, 0));
}

/* ---- a file that builds on another ---- */

static const char *put_text(const char *name, const char *text) {
  return test_put(name, text, strlen(text));
}

static void make_folder(const char *name) {
  char path[2048];
  snprintf(path, sizeof path, "%s/%s", test_folder, name);
  assert_int_equal(mkdir(path, 0777), 0);
}

TEST(an_included_file_lies_under_the_settings) {
  struct dtd_settings settings, written;
  make_folder("deep");
  put_text("ground.ini", "[training]\nbatch = 3\niterations = 7\nseed = 5\n");
  put_text("deep/middle.ini",
           "; over the ground\ninclude = ../ground.ini\n[training]\n"
           "iterations = 8\n[data]\ntranslation = 4\n");
  const char *top =
      put_text("top.ini", "include = deep/middle.ini ; a variant\n[training]\n"
                          "seed = 6\n");
  char *words[] = {"data.translation=9"};
  dtd_config_read(&settings, top, words, 1);
  assert_int_equal(settings.training.batch, 3);
  assert_int_equal(settings.training.iterations, 8);
  assert_true(settings.seed == 6);
  assert_int_equal(settings.pairs.translation, 9);
  /* what is written stands on its own */
  char *text = dtd_config_text(&settings);
  assert_null(strstr(text, "include"));
  dtd_config_parse(&written, text, "written");
  assert_same_text(&settings, &written);
  free(text);
  /* nothing but an include is a configuration, too */
  dtd_config_read(&settings, put_text("same.ini", "include = top.ini\n"), NULL,
                  0);
  assert_true(settings.seed == 6);
  char absolute[4096];
  snprintf(absolute, sizeof absolute, "include = %s\n", top);
  dtd_config_read(&settings, put_text("deep/far.ini", absolute), NULL, 0);
  assert_true(settings.seed == 6);
}

TEST(what_is_wrong_in_an_included_file_is_named_there) {
  struct dtd_settings settings;
  put_text("wrong.ini", "[training]\nbatsh = 3\n");
  const char *path = put_text("right.ini", "include = wrong.ini\n");
  assert_dies(2, "wrong.ini:2: there is no setting training.batsh",
              dtd_config_read(&settings, path, NULL, 0));
  put_text("wrong.ini", "[training]\nhello\n");
  assert_dies(1, "wrong.ini:2: the line makes no sense",
              dtd_config_read(&settings, path, NULL, 0));
  put_text("wrong.ini", "");
  assert_dies(1, "wrong.ini: holds no settings",
              dtd_config_read(&settings, path, NULL, 0));
  /* settings agree when all have been read, not file by file */
  put_text("wrong.ini", "[network]\ndetection = 8\n");
  path = put_text("right.ini",
                  "include = wrong.ini\n[network]\npool = 8\nnorm = 1\n");
  dtd_config_read(&settings, path, NULL, 0);
  assert_int_equal(settings.depth, 1);
}

TEST(an_include_must_lead_to_a_file) {
  struct dtd_settings settings;
  const char *path = put_text("lost.ini", "# one\ninclude = absent.ini\n");
  assert_dies(2, "absent.ini cannot be included: No such file or directory",
              dtd_config_read(&settings, path, NULL, 0));
  assert_dies(2, "lost.ini:2: ", dtd_config_read(&settings, path, NULL, 0));
  path = put_text("lost.ini", "include = .\n");
  assert_dies(2, "lost.ini:1: ", dtd_config_read(&settings, path, NULL, 0));
  assert_dies(2, "cannot be included: Is a directory",
              dtd_config_read(&settings, path, NULL, 0));
  assert_text_dies(2, "t.ini:1: only a file can include another",
                   "include = base.ini\n");
}

TEST(an_include_comes_first_and_once) {
  struct dtd_settings settings;
  base_file();
  const char *path = put_text("late.ini", "[training]\ninclude = base.ini\n");
  assert_dies(2, "late.ini:2: include stands in [training]",
              dtd_config_read(&settings, path, NULL, 0));
  path = put_text("late.ini", "include = base.ini\ninclude = base.ini\n");
  assert_dies(2, "late.ini:2: include does not come first",
              dtd_config_read(&settings, path, NULL, 0));
  assert_dies(2, "has no section", read_one(&settings, "include=base.ini"));
}

TEST(a_circle_of_includes_is_refused) {
  struct dtd_settings settings;
  const char *path = put_text("self.ini", "include = ./self.ini\n");
  assert_dies(2, "self.ini:1: ", dtd_config_read(&settings, path, NULL, 0));
  assert_dies(2, "self.ini includes itself",
              dtd_config_read(&settings, path, NULL, 0));
  path = put_text("a.ini", "include = b.ini\n");
  put_text("b.ini", "# b\ninclude = c.ini\n");
  put_text("c.ini", "include = b.ini\n");
  assert_dies(2, "c.ini:1: ", dtd_config_read(&settings, path, NULL, 0));
  assert_dies(2, "b.ini includes itself",
              dtd_config_read(&settings, path, NULL, 0));
}

/* chain-0.ini holds settings, each further file includes the one before. */
TEST(a_chain_of_includes_ends_at_8) {
  struct dtd_settings settings;
  const char *path = put_text("chain-0.ini", "[training]\nseed = 44\n");
  for (int n = 1; n <= 9; n++) {
    char name[32], text[64];
    snprintf(name, sizeof name, "chain-%d.ini", n);
    snprintf(text, sizeof text, "include = chain-%d.ini\n", n - 1);
    path = put_text(name, text);
    if (n > 8) break;
    dtd_config_read(&settings, path, NULL, 0);
    assert_true(settings.seed == 44);
  }
  assert_dies(2, "chain-1.ini:1: ", dtd_config_read(&settings, path, NULL, 0));
  assert_dies(2, "chain-0.ini would be the 9th file below the first (include",
              dtd_config_read(&settings, path, NULL, 0));
}

/* ---- settings that contradict each other ---- */

TEST(targets_are_some_digits_but_not_all) {
  struct dtd_settings settings;
  read_one(&settings, "data.targets=0 1 2 3 4 5 6 7 8");
  assert_dies(2, "data.targets: every digit is a target (leave",
              read_one(&settings, "data.targets=0 1 2 3 4 5 6 7 8 9"));
  assert_dies(2, "data.targets =  is not a list of digits",
              read_one(&settings, "data.targets="));
  assert_dies(2, "data.targets = , is not",
              read_one(&settings, "data.targets=,"));
  assert_dies(2, "data.targets = 10 is not",
              read_one(&settings, "data.targets=10"));
  assert_dies(2, "data.targets = -1 is not",
              read_one(&settings, "data.targets=-1"));
  assert_dies(2, "is not a list",
              read_one(&settings, "data.targets=1 1 1 1 1 1 1 1 1 1 1"));
}

TEST(layers_must_fit) {
  assert_text_dies(2,
                   "network.pool: pools of 3 do not divide the 400 units of "
                   "layer 1",
                   "[network]\npool = 3 400\n");
  assert_text_dies(2,
                   "network.pool: pools of 7 do not divide the 12 units of "
                   "layer 2",
                   "[network]\ndetection = 8 12\npool = 4 7\n");
  assert_text_dies(2, "network.pool: the top layer has 2 outputs, not 1",
                   "[network]\npool = 4 200\n");
  assert_text_dies(2,
                   "network.pool: lists 2 values where network.detection "
                   "lists 3",
                   "[network]\ndetection = 400 400 400\n");
  assert_text_dies(2,
                   "network.norm: lists 1 values where network.detection "
                   "lists 2",
                   "[network]\nnorm = 1\n");
  assert_text_dies(2,
                   "network.detection = 1 1 1 1 1 1 1 1 1 is not 1 to 8 "
                   "whole numbers",
                   "[network]\ndetection = 1 1 1 1 1 1 1 1 1\n");
  struct dtd_settings settings;
  dtd_config_parse(&settings,
                   "[network]\ndetection = 8 8 8 8 8 8 8 8\n"
                   "pool = 1 1 1 1 1 1 1 8\nnorm = 1 1 1 1 1 1 1 1\n",
                   "t.ini");
  assert_int_equal(settings.depth, 8);
}

TEST(roots_are_some_of_the_pairs) {
  assert_text_dies(2, "evaluation.roots: 200 of 100 pairs (use at most",
                   "[evaluation]\npairs = 100\n");
}

TEST(assignments_are_examined_like_lines) {
  struct dtd_settings settings;
  assert_dies(2, "training.batch: has no = (write section.key=value)",
              read_one(&settings, "training.batch"));
  assert_dies(2, "batch=3: the setting batch has no section",
              read_one(&settings, "batch=3"));
  assert_dies(2, ".batch=3: the setting batch has no section",
              read_one(&settings, ".batch=3"));
  assert_dies(2, "has no section", read_one(&settings, "=3"));
  assert_dies(2, "training.=3: there is no setting training.",
              read_one(&settings, "training.=3"));
  assert_dies(2, "a.b.c=3: there is no section [a]",
              read_one(&settings, "a.b.c=3"));
  assert_dies(2, "command line: a setting holds a control character",
              read_one(&settings, "training.batch=3\n"));
  assert_dies(2, "data.directory = a;b is not a path",
              read_one(&settings, "data.directory=a;b"));
  char text[600];
  snprintf(text, sizeof text, "training.%0500d=1", 0);
  assert_dies(2, "there is no setting training.000", read_one(&settings, text));
}

/* ---- written and read again ---- */

static double random_from(struct dtd_rng *rng, double low, double high) {
  return low + (high - low) * dtd_rng_uniform(rng);
}

/* Settings with every number drawn anew, to the last bit of its mantissa. */
static void draw_settings(struct dtd_settings *s, uint64_t seed) {
  struct dtd_rng rng = dtd_rng_open(seed, "test/settings", 0);
  dtd_config_defaults(s);
  snprintf(s->directory, sizeof s->directory, "/data/%u",
           (unsigned)dtd_rng_below(&rng, 1000000));
  for (int digit = 0; digit < DTD_CLASSES; digit++)
    s->pairs.is_target[digit] = digit == 3 || (digit && dtd_rng_below(&rng, 2));
  s->pairs.translation = (int)dtd_rng_below(&rng, 28);
  s->depth = 1 + (int)dtd_rng_below(&rng, DTD_MOST_LAYERS);
  int inputs = DTD_PAIR_PIXELS;
  for (int n = 0; n < DTD_MOST_LAYERS; n++) {
    int pool = 1 + (int)dtd_rng_below(&rng, 9);
    int outputs = n + 1 < s->depth ? 1 + (int)dtd_rng_below(&rng, 99) : 1;
    float norm = (float)random_from(&rng, 1, 9);
    bool there = n < s->depth;
    s->layer[n] =
        (struct dtd_layer){.inputs = there ? inputs : 0,
                           .units = there ? pool * outputs : 0,
                           .pool = there ? pool : 0,
                           .norm = !there                   ? 0
                                   : dtd_rng_below(&rng, 4) ? norm
                                                            : INFINITY};
    inputs = outputs;
  }
  s->deviation = random_from(&rng, 1e-6, 10);
  s->training = (struct dtd_training_settings){
      .iterations = 1 + (long)dtd_rng_below(&rng, 1000000000),
      .batch = 1 + (int)dtd_rng_below(&rng, 10000),
      .rate = {random_from(&rng, 0, 1e-3), DTD_CONSTANT},
      .evaluate_every = 1 + (int)dtd_rng_below(&rng, 1000000000),
      .evaluation_pairs = 1 + (int)dtd_rng_below(&rng, 100000),
      .checkpoint_every = 1 + (int)dtd_rng_below(&rng, 1000000000),
      .kernel = DTD_DENSE,
      .optimiser = {dtd_optimisers[dtd_rng_below(&rng, 2)],
                    random_from(&rng, 0, 0.9), random_from(&rng, 0, 0.9),
                    random_from(&rng, 0, 0.9), random_from(&rng, 1e-12, 1),
                    random_from(&rng, 0, 1000)}};
  s->nonpositive_biases = dtd_rng_below(&rng, 2);
  s->training.free_biases = !s->nonpositive_biases;
  s->seed = s->pairs.seed = (uint64_t)random_from(&rng, 0, 9007199254740991);
  s->threads = (int)dtd_rng_below(&rng, 1025);
  s->minmax_rate.start = random_from(&rng, 0, 1e-7);
  s->minmax_rate.schedule = DTD_CONSTANT;
  s->minmax_deviation = random_from(&rng, 0, 10);
  s->minmax_top_down_deviation = random_from(&rng, 0, 1e-300);
  s->minmax_units_per_pool = 1 + (int)dtd_rng_below(&rng, 256);
  s->models = 0;
  for (int n = 0; dtd_model_kinds[n] && s->models < 8; n++)
    if (dtd_rng_below(&rng, 2)) s->model[s->models++] = dtd_model_kinds[n];
  s->explanation.first_rule = dtd_rule_find("w^2");
  s->explanation.upper_rule = dtd_rule_find("w^2");
  s->explanation.root.fraction = random_from(&rng, 0.001, 0.999);
  s->evaluation.scores = 1 + (int)dtd_rng_below(&rng, 1000000);
  s->evaluation.pairs = 1 + (int)dtd_rng_below(&rng, 1000000);
  s->evaluation.roots = s->evaluation.pairs;
  s->evaluation.bootstrap = 1 + (int)dtd_rng_below(&rng, 1000000);
  s->evaluation.seed = (uint64_t)random_from(&rng, 0, 9007199254740991);
}

static void assert_same_rate(struct dtd_rate a, struct dtd_rate b) {
  assert_true(a.start == b.start);
  assert_int_equal(a.schedule, b.schedule);
}

/* Field by field, and so without a word from the writer that is tested. */
static void assert_same(const struct dtd_settings *a,
                        const struct dtd_settings *b) {
  assert_string_equal(a->directory, b->directory);
  assert_memory_equal(a->pairs.is_target, b->pairs.is_target,
                      sizeof a->pairs.is_target);
  assert_int_equal(a->pairs.translation, b->pairs.translation);
  assert_int_equal(a->pairs.mode, b->pairs.mode);
  assert_string_equal(a->pairs.stream, b->pairs.stream);
  assert_true(a->pairs.seed == b->pairs.seed && a->seed == b->seed);
  assert_int_equal(a->depth, b->depth);
  for (int n = 0; n < DTD_MOST_LAYERS; n++) {
    assert_int_equal(a->layer[n].inputs, b->layer[n].inputs);
    assert_int_equal(a->layer[n].units, b->layer[n].units);
    assert_int_equal(a->layer[n].pool, b->layer[n].pool);
    assert_true(a->layer[n].norm == b->layer[n].norm);
  }
  assert_true(a->deviation == b->deviation);
  assert_int_equal(a->nonpositive_biases, b->nonpositive_biases);
  assert_int_equal(a->training.free_biases, b->training.free_biases);
  assert_int_equal(a->training.kernel, b->training.kernel);
  assert_ptr_equal(a->training.optimiser.kind, b->training.optimiser.kind);
  assert_true(a->training.optimiser.momentum == b->training.optimiser.momentum);
  assert_true(a->training.optimiser.beta1 == b->training.optimiser.beta1);
  assert_true(a->training.optimiser.beta2 == b->training.optimiser.beta2);
  assert_true(a->training.optimiser.epsilon == b->training.optimiser.epsilon);
  assert_true(a->training.optimiser.weight_decay ==
              b->training.optimiser.weight_decay);
  assert_int_equal(a->training.iterations, b->training.iterations);
  assert_int_equal(a->training.batch, b->training.batch);
  assert_same_rate(a->training.rate, b->training.rate);
  assert_int_equal(a->training.evaluate_every, b->training.evaluate_every);
  assert_int_equal(a->training.evaluation_pairs, b->training.evaluation_pairs);
  assert_int_equal(a->training.checkpoint_every, b->training.checkpoint_every);
  assert_int_equal(a->threads, b->threads);
  assert_same_rate(a->minmax_rate, b->minmax_rate);
  assert_true(a->minmax_deviation == b->minmax_deviation);
  assert_true(a->minmax_top_down_deviation == b->minmax_top_down_deviation);
  assert_int_equal(a->minmax_units_per_pool, b->minmax_units_per_pool);
  assert_int_equal(a->models, b->models);
  for (int n = 0; n < a->models; n++)
    assert_ptr_equal(a->model[n], b->model[n]);
  assert_ptr_equal(a->explanation.first_rule, b->explanation.first_rule);
  assert_ptr_equal(a->explanation.upper_rule, b->explanation.upper_rule);
  assert_true(a->explanation.root.fraction == b->explanation.root.fraction);
  assert_true(a->explanation.low == b->explanation.low);
  assert_true(a->explanation.high == b->explanation.high);
  assert_int_equal(a->evaluation.scores, b->evaluation.scores);
  assert_int_equal(a->evaluation.pairs, b->evaluation.pairs);
  assert_int_equal(a->evaluation.roots, b->evaluation.roots);
  assert_int_equal(a->evaluation.bootstrap, b->evaluation.bootstrap);
  assert_true(a->evaluation.seed == b->evaluation.seed);
}

TEST(what_is_written_reads_back_bit_by_bit) {
  for (uint64_t seed = 0; seed < 50; seed++) {
    struct dtd_settings drawn, read;
    draw_settings(&drawn, seed);
    const char *path = test_path("written.ini");
    dtd_config_write(path, &drawn);
    dtd_config_read(&read, path, NULL, 0);
    assert_same(&drawn, &read);
    char *text = dtd_config_text(&drawn);
    dtd_config_parse(&read, text, "text");
    assert_same(&drawn, &read);
    assert_file_is(path, text);
    free(text);
  }
}

TEST(a_full_disk_spares_the_earlier_file) {
  struct dtd_settings settings;
  dtd_config_defaults(&settings);
  for (size_t n = 0; n < DTD_MOST_DIRECTORY; n++) settings.directory[n] = 'd';
  settings.directory[DTD_MOST_DIRECTORY] = 0;
  test_put("full.ini", "earlier", 7);
  assert_dies(1, "cannot write: File too large", {
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){256, 256});
    dtd_config_write(test_path("full.ini"), &settings);
  });
  assert_file_is(test_path("full.ini"), "earlier");
  assert_int_not_equal(access(test_path("full.ini.partial"), F_OK), 0);
}

/* ---- digest and difference ---- */

TEST(the_digest_ignores_what_cannot_change_a_result) {
  char plain[17], other[17];
  digest_of(plain, "[data]\ntargets = 1 2\n[training]\nbatch = 7\nseed = 2\n");
  assert_int_equal(strlen(plain), 16);
  assert_int_equal(strspn(plain, "0123456789abcdef"), 16);
  static const char *const same[] = {
      "[training]\nseed = 2\nbatch = 7\n[data]\ntargets = 2 1\n",
      "# a comment\n[data] ; and another\n\ntargets=2,1\n\n[training]\n"
      "batch = 07 ; pairs\nseed = 2\nlearning_rate = 0.5e-4\n",
      "[data]\ntargets = 1 2\ndirectory = /elsewhere\n[training]\nbatch = 7\n"
      "seed = 2\nthreads = 3\ncheckpoint_every = 5\n"};
  for (size_t n = 0; n < sizeof same / sizeof *same; n++) {
    digest_of(other, same[n]);
    assert_string_equal(plain, other);
  }
}

/* Another value that a key can take while the rest stays as it is. */
static void change(struct dtd_settings *settings, const struct known *key) {
  static const char *const changed[][2] = {
      {"data.directory", "elsewhere"},
      {"data.targets", "0 1 2 4"},
      {"network.detection", "800 400"},
      {"network.pool", "2 400"},
      {"network.norm", "1 2"},
      {"training.kernel", "dense"},
      {"network.nonpositive_biases", "no"},
      {"relevance.models", "minmax-pooled minmax"},
      {"explanation.first_rule", "w^2"},
      {"explanation.upper_rule", "w^2"},
      {"explanation.root_solver", "nlopt"},
      {"evaluation.methods", "all"},
  };
  char assignment[128];
  const char *value = NULL;
  if (!strcmp(key->name, "training.optimiser")) { /* no file may say this */
    dtd_config_defaults(settings);
    settings->training.optimiser.kind = dtd_optimisers[1];
    return;
  }
  for (size_t n = 0; n < sizeof changed / sizeof *changed; n++)
    if (!strcmp(changed[n][0], key->name)) value = changed[n][1];
  if (value)
    snprintf(assignment, sizeof assignment, "%s=%s", key->name, value);
  else if (strstr(key->values, "constant or linear"))
    snprintf(assignment, sizeof assignment, "%s=constant", key->name);
  else if (is_whole(key))
    snprintf(assignment, sizeof assignment, "%s=%ld", key->name,
             strtol(key->fallback, NULL, 10) + 1);
  else if (!isnan(key->low))
    snprintf(assignment, sizeof assignment, "%s=%.17g", key->name,
             nextafter(strtod(key->fallback, NULL), INFINITY));
  else
    fail_msg("give %s another value here", key->name);
  read_one(settings, assignment);
}

static bool has_section(const char *name, const char *section) {
  return !strncmp(name, section, strlen(section));
}

/* For every key: whether digest and difference see its least change, as
   config.h promises. */
TEST(digest_and_difference_see_each_key_that_matters) {
  struct known known[MOST_KEYS];
  struct dtd_settings defaults, other;
  char digest[17], changed[17];
  int count = known_keys(known), trained = 0;
  dtd_config_defaults(&defaults);
  dtd_config_digest(digest, &defaults);
  assert_null(dtd_config_difference(&defaults, &defaults));
  for (int n = 0; n < count; n++) {
    const char *name = known[n].name;
    bool resultless = !strcmp(name, "data.directory") ||
                      !strcmp(name, "training.threads") ||
                      !strcmp(name, "training.checkpoint_every");
    bool training =
        !resultless &&
        (has_section(name, "data.") || has_section(name, "network.") ||
         has_section(name, "training.") || has_section(name, "relevance.") ||
         has_section(name, "minmax.") ||
         !strcmp(name, "explanation.upper_rule"));
    change(&other, &known[n]);
    dtd_config_digest(changed, &other);
    if (!strcmp(digest, changed) != resultless)
      fail_msg("%s %s the digest", name,
               resultless ? "changes" : "does not change");
    const char *seen = dtd_config_difference(&defaults, &other);
    assert_ptr_equal(seen, dtd_config_difference(&other, &defaults));
    if (training) {
      if (!seen) fail_msg("a difference in %s is not seen", name);
      assert_string_equal(seen, name);
      trained++;
    } else if (seen) {
      fail_msg("%s counts as a difference in %s", name, seen);
    }
  }
  assert_true(trained >= 17);
}

TEST_GROUP(test_folder_new, test_folder_free)
