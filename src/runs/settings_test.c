/* Tests settings.c: every setting at and beyond its limits, and settings that
   contradict each other. */
#include "base/test.h"
#include "runs/test_settings.h"
#include "runs/settings.h"

/* ---- each setting ---- */

static bool is_number(const struct dtd_setting *s) {
  return s->low < s->high;
}

/* The other settings that a key needs to take a value at the end of its range.
 */
static const char *const companions[][3] = {
    /* key, values of the others with %s for its own */
    {"network.detection", "network.pool=%s", "network.norm=1"},
    {"network.pool", "network.detection=%s", "network.norm=1"},
    {"network.norm", "network.detection=8", "network.pool=8"},
    {"training.weight_decay", "training.learning_rate=1e-7", NULL},
    {"evaluation.roots", "evaluation.pairs=1000000", NULL},
    {"evaluation.pairs", "evaluation.roots=1", NULL},
};

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
  dtd_config_defaults(settings);
  dtd_config_change(settings, list, count);
}

TEST(every_setting_is_a_good_row) {
  int count = 0;
  FOR_EACH_SETTING(s) {
    char values[512];
    double low, high;
    count++;
    FOR_EACH_SETTING(other) {
      if (!strcmp(s->name, other->name)) assert_ptr_equal(s, other);
    }
    assert_true(strchr(s->name, '.') && *s->meaning && *s->initial);
    assert_in_range(strlen(s->name), 3, 63);    /* as nearest_key() relies on */
    assert_in_range(strlen(s->meaning), 1, 50); /* --list is 79 columns wide */
    s->kind->describe(values, sizeof values, s);
    assert_in_range(strlen(s->kind->brief ? s->kind->brief : values), 1, 50);
    if (!is_number(s)) continue;
    const char *range = strstr(values, "from ");
    assert_non_null(range);
    assert_int_equal(sscanf(range, "from %lf to %lf", &low, &high), 2);
    assert_true(low == s->low && high == s->high);
  }
  assert_in_range(count, 27, DTD_MOST_SETTINGS);
}

TEST(every_key_accepts_its_default) {
  struct dtd_settings defaults, settings;
  dtd_config_defaults(&defaults);
  FOR_EACH_SETTING(s) {
    char assignment[300];
    snprintf(assignment, sizeof assignment, "%s=%s", s->name, s->initial);
    read_one(&settings, assignment);
    assert_same_text(&settings, &defaults);
    assert_value(&settings, s->name, s->initial);
  }
}

TEST(every_number_accepts_the_ends_of_its_range) {
  struct dtd_settings settings;
  int numbers = 0;
  FOR_EACH_SETTING(s) {
    for (int end = 0; end < 2 && is_number(s); end++) {
      char value[64];
      snprintf(value, sizeof value, "%.17g", end ? s->high : s->low);
      read_key(&settings, s->name, value);
      assert_value(&settings, s->name, value);
      numbers++;
    }
  }
  assert_true(numbers >= 44);
}

TEST(every_number_refuses_what_lies_beyond) {
  struct dtd_settings settings;
  FOR_EACH_SETTING(s) {
    for (int end = 0; end < 2 && is_number(s); end++) {
      double limit = end ? s->high : s->low;
      if (isinf(limit)) continue;
      char value[64], words[600];
      snprintf(value, sizeof value, "%.17g",
               s->kind->whole ? limit + (end ? 1 : -1)
                              : nextafter(limit, end ? INFINITY : -INFINITY));
      int length =
          snprintf(words, sizeof words, "%s = %s is not ", s->name, value);
      s->kind->describe(words + length, sizeof words - (size_t)length, s);
      assert_dies(2, words, read_key(&settings, s->name, value));
    }
  }
}

TEST(every_key_refuses_what_is_no_value) {
  struct dtd_settings settings;
  static const char *const never_numbers[] = {
      "",    "x",        "nan",  "-inf", "0x10",    "1e400x", "1 x",
      "--1", "1e",       "e5",   ".",    "1;2",     "yes",    "1_000",
      "1/2", "infinity", "1,,x", "\"1",  "\xc2\xb2"};
  FOR_EACH_SETTING(s) {
    const struct dtd_setting_kind *kind = s->kind;
    if (kind == &dtd_path_setting) continue;
    bool is_list = s->most || kind == &dtd_digits_setting ||
                   kind == &dtd_methods_setting || kind == &dtd_models_setting;
    for (size_t i = 0; i < sizeof never_numbers / sizeof *never_numbers; i++)
      if (kind != &dtd_yes_no_setting || strcmp(never_numbers[i], "yes"))
        assert_dies(2, s->name, read_key(&settings, s->name, never_numbers[i]));
    if (!is_list) assert_dies(2, s->name, read_key(&settings, s->name, "1 1"));
    if (kind->whole) {
      assert_dies(2, s->name, read_key(&settings, s->name, "1.5"));
      assert_dies(2, s->name, read_key(&settings, s->name, "1e0"));
    }
  }
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

/* ---- settings that contradict each other ---- */

TEST(a_rule_must_suit_its_layer) {
  assert_each_dies(
      2, read_one,
      {"the rule zB needs inputs between two bounds",
       "explanation.upper_rule=zB"},
      {"the rule z+ is meant for inputs >= 0", "explanation.first_rule=z+"},
      {"the rule gamma(1) is meant for inputs >= 0",
       "explanation.first_rule=gamma(1)"});
}

TEST(targets_are_some_digits_but_not_all) {
  struct dtd_settings settings;
  read_one(&settings, "data.targets=0 1 2 3 4 5 6 7 8");
  assert_each_dies(2, read_one,
                   {"data.targets: every digit is a target (leave",
                    "data.targets=0 1 2 3 4 5 6 7 8 9"},
                   {"data.targets =  is not a list of digits", "data.targets="},
                   {"data.targets = , is not", "data.targets=,"},
                   {"data.targets = 10 is not", "data.targets=10"},
                   {"data.targets = -1 is not", "data.targets=-1"},
                   {"is not a list", "data.targets=1 1 1 1 1 1 1 1 1 1 1"});
}

TEST(layers_must_fit) {
  assert_each_dies(
      2, read_text,
      {"network.pool: pools of 3 do not divide the 400 units of layer 1",
       "[network]\npool = 3 400\n"},
      {"network.pool: pools of 7 do not divide the 12 units of layer 2",
       "[network]\ndetection = 8 12\npool = 4 7\n"},
      {"network.pool: the top layer has 2 outputs, not 1",
       "[network]\npool = 4 200\n"},
      {"network.pool: lists 2 values where network.detection lists 3",
       "[network]\ndetection = 400 400 400\n"},
      {"network.norm: lists 1 values where network.detection lists 2",
       "[network]\nnorm = 1\n"},
      {"network.detection = 1 1 1 1 1 1 1 1 1 is not 1 to 8 whole numbers",
       "[network]\ndetection = 1 1 1 1 1 1 1 1 1\n"});
  struct dtd_settings settings;
  read_text(&settings, "[network]\ndetection = 8 8 8 8 8 8 8 8\n"
                       "pool = 1 1 1 1 1 1 1 8\nnorm = 1 1 1 1 1 1 1 1\n");
  assert_int_equal(settings.depth, 8);
}

TEST(roots_are_some_of_the_pairs) {
  assert_each_dies(2, read_text,
                   {"evaluation.roots: 200 of 100 pairs (use at most",
                    "[evaluation]\npairs = 100\n"});
}
