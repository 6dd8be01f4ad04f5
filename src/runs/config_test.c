/* Tests config.c: settings from files and assignments, written and compared,
   and every mistake that a file can hold. */
#include "base/test.h"
#include "runs/config.h"

#include <ctype.h>
#include <float.h>
#include <glob.h>
#include <sys/stat.h>

#include "base/rng.h"
#include "base/test_folder.h"
#include "runs/test_settings.h"

static void read_file(struct dtd_settings *settings, const char *path) {
  dtd_config_read(settings, path, NULL, 0);
}

static void digest_of(char digest[17], const char *text) {
  struct dtd_settings settings;
  dtd_config_parse(&settings, text, "test");
  dtd_config_digest(digest, &settings);
}

/* ---- numbers land where they belong ---- */

TEST(a_file_and_assignments_replace_defaults) {
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

/* Sweeps are left out: they list several configurations. */
TEST(every_experiment_is_a_good_configuration) {
  glob_t found;
  int good = 0;
  assert_int_equal(glob("experiments/*.ini", 0, NULL, &found), 0);
  for (size_t n = 0; n < found.gl_pathc; n++) {
    struct dtd_settings settings;
    char *text = test_get(NULL, found.gl_pathv[n]);
    bool is_sweep = strstr(text, "\n[sweep]") != NULL;
    if (is_sweep) continue;
    read_file(&settings, found.gl_pathv[n]);
    good++;
  }
  assert_true(good >= 2);
  globfree(&found);
}

/* ---- what is wrong with a file ---- */

TEST(a_sweep_is_no_configuration) {
  assert_each_dies(2, read_text,
                   {"t.ini:2: [sweep] makes it a sweep, not a configuration (",
                    "[sweep]\nbase = quick.ini\n"});
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
  FOR_EACH_SETTING(s) {
    char assignment[128], words[128];
    struct dtd_settings settings;
    const char *key = strchr(s->name, '.') + 1;
    if (strlen(key) < 5) continue; /* too short to tell */
    snprintf(assignment, sizeof assignment, "%.*s%s=1",
             (int)(key - s->name) + 2, s->name, key + 3);
    snprintf(words, sizeof words, "(the nearest is %s)", s->name);
    assert_dies(2, words, read_one(&settings, assignment));
  }
}

TEST(messages_name_the_file_and_the_line) {
  assert_each_dies(2, read_text,
                   {"t.ini:3: there is no setting data.colour (the nearest",
                    "# one\n[data]\ncolour = 3\n"},
                   {"t.ini:2: there is no section [pixels] (the nearest",
                    "[pixels]\ntranslation = 3\n"},
                   {"t.ini:1: the setting batch has no section (the nearest "
                    "is training.batch)",
                    "batch = 3\n"},
                   {"t.ini:4: training.batch is set twice (keep one",
                    "[training]\nbatch = 3\n\nbatch = 3\n"},
                   {"t.ini:5: training.batch is set twice",
                    "[training]\nbatch = 3\n[data]\n[training]\nbatch = 4\n"},
                   {"t.ini:2: training.batch = 0 is not a whole number from "
                    "1 to 10000 (it is pairs in a minibatch; the default is "
                    "20)",
                    "[training]\nbatch = 0\n"},
                   {"t.ini:2: explanation.first_rule = zC is not one of",
                    "[explanation]\nfirst_rule = zC\n"},
                   {"t.ini:3: training.schedule = ",
                    "[training]\nbatch = 3\n   schedule = never\n"});
}

TEST(a_file_without_settings_is_refused) {
  assert_each_dies(1, read_text,
                   {"t.ini: holds no settings (see experiments/paper.ini", ""},
                   {"t.ini: holds no settings", "\n\n  \n"},
                   {"t.ini: holds no settings", "# all\n; comments\n"},
                   {"t.ini: holds no settings", "[training]\n"});
  struct dtd_settings settings;
  const char *empty = test_put("empty.ini", "", 0);
  assert_dies(1, "empty.ini: holds no settings", read_file(&settings, empty));
}

TEST(a_garbled_file_is_refused_as_that) {
  assert_each_dies(
      1, read_text, {"t.ini:2: the line makes no sense", "[data]\nhello\n"},
      {"t.ini:1: the line makes no sense", "[data\na = 1\n"},
      {"t.ini:1: something follows [section]", "[data] targets = 1\n"},
      {"t.ini:2: holds a control character", "[data]\ntargets = 1\x01\n"},
      {"t.ini:2: holds a control character", "[data]\ntargets = 1\r2\n"},
      /* even where an unknown setting comes first */
      {"t.ini:3: the line makes no sense", "[data]\ncolour = 1\nhello\n"});
  struct dtd_settings settings;
  const char *path = test_put("zero.ini", "[data]\0\ntargets = 1", 19);
  assert_dies(1, "zero.ini: holds a zero byte", read_file(&settings, path));
  char junk[5000];
  struct dtd_rng rng = dtd_rng_open(1, "test/junk", 0);
  for (size_t n = 0; n < sizeof junk; n++)
    junk[n] = (char)(1 + dtd_rng_below(&rng, 255));
  path = test_put("junk.ini", junk, sizeof junk);
  assert_dies(1, "junk.ini:", read_file(&settings, path));
  char *long_text = own_memory(calloc(1, (1 << 20) + 2));
  memset(long_text, '#', (1 << 20) + 1);
  path = test_put("long.ini", long_text, (1 << 20) + 1);
  assert_dies(1, "long.ini: is longer than 1 MiB", read_file(&settings, path));
}

/* Random texts of the characters INI is made of: read or refused, never more.
   Sanitizers and valgrind watch. */
TEST(a_random_text_is_read_or_refused) {
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
  path[DTD_MOST_TEXT] = 0;
  snprintf(text, sizeof text, "[data]\ndirectory = %s\n[training]\nbatch=3\n",
           path);
  dtd_config_parse(&settings, text, "t.ini");
  assert_string_equal(settings.directory, path);
  assert_int_equal(settings.training.batch, 3);
  path[DTD_MOST_TEXT] = 'p';
  path[DTD_MOST_TEXT + 1] = 0;
  snprintf(text, sizeof text, "[data]\ndirectory = %s\n", path);
  assert_dies(2, "is not a path of 1 to 180 bytes", read_text(&settings, text));
  snprintf(text, sizeof text, "[data]\n# %0300d\ntargets = 1\n", 0);
  assert_dies(1, "t.ini:2: the line is longer than",
              read_text(&settings, text));
  snprintf(text, sizeof text, "[data]\ntargets = 1%300s2\n", "");
  assert_dies(1, "t.ini:2: the line is longer than",
              read_text(&settings, text));
  snprintf(text, sizeof text, "[%0100d]\ntargets = 1\n", 0);
  assert_dies(2, "t.ini:1: there is no section [0000",
              read_text(&settings, text));
  snprintf(text, sizeof text, "[data]\n%0150d = 1\n", 0);
  assert_dies(2, "t.ini:2: there is no setting data.0000",
              read_text(&settings, text));
}

TEST(a_file_that_cannot_be_read_is_named) {
  struct dtd_settings settings;
  const char *absent = test_path("absent.ini");
  assert_dies(1, "absent.ini: cannot be read: No such file or directory (give",
              read_file(&settings, absent));
  assert_dies(1, "cannot be read: Is a directory",
              read_file(&settings, test_folder));
}

/* ---- a file that builds on another ---- */

static void make_folder(const char *name) {
  char path[2048];
  snprintf(path, sizeof path, "%s/%s", test_folder, name);
  assert_int_equal(mkdir(path, 0777), 0);
}

TEST(settings_replace_those_of_an_included_file) {
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
  char *text = own_memory(dtd_config_text(&settings));
  assert_null(strstr(text, "include"));
  dtd_config_parse(&written, text, "written");
  assert_same_text(&settings, &written);
  /* nothing but an include is a configuration, too */
  read_file(&settings, put_text("same.ini", "include = top.ini\n"));
  assert_true(settings.seed == 6);
  char absolute[4096];
  snprintf(absolute, sizeof absolute, "include = %s\n", top);
  read_file(&settings, put_text("deep/far.ini", absolute));
  assert_true(settings.seed == 6);
}

TEST(a_mistake_in_an_included_file_is_named_there) {
  struct dtd_settings settings;
  put_text("wrong.ini", "[training]\nbatsh = 3\n");
  const char *path = put_text("right.ini", "include = wrong.ini\n");
  assert_dies(2, "wrong.ini:2: there is no setting training.batsh",
              read_file(&settings, path));
  put_text("wrong.ini", "[training]\nhello\n");
  assert_dies(1, "wrong.ini:2: the line makes no sense",
              read_file(&settings, path));
  put_text("wrong.ini", "");
  assert_dies(1, "wrong.ini: holds no settings", read_file(&settings, path));
  /* settings agree when all have been read, not file by file */
  put_text("wrong.ini", "[network]\ndetection = 8\n");
  path = put_text("right.ini",
                  "include = wrong.ini\n[network]\npool = 8\nnorm = 1\n");
  read_file(&settings, path);
  assert_int_equal(settings.depth, 1);
}

TEST(an_include_must_lead_to_a_file) {
  struct dtd_settings settings;
  const char *path = put_text("lost.ini", "# one\ninclude = absent.ini\n");
  assert_dies(2, "absent.ini cannot be included: No such file or directory",
              read_file(&settings, path));
  assert_dies(2, "lost.ini:2: ", read_file(&settings, path));
  path = put_text("lost.ini", "include = .\n");
  assert_dies(2, "lost.ini:1: ", read_file(&settings, path));
  assert_dies(2, "cannot be included: Is a directory",
              read_file(&settings, path));
  assert_each_dies(
      2, read_text,
      {"t.ini:1: only a file can include another", "include = base.ini\n"});
}

TEST(an_include_comes_first_and_once) {
  struct dtd_settings settings;
  put_text("base.ini", "[training]\nseed = 1\n");
  const char *path = put_text("late.ini", "[training]\ninclude = base.ini\n");
  assert_dies(2, "late.ini:2: include stands in [training]",
              read_file(&settings, path));
  path = put_text("late.ini", "include = base.ini\ninclude = base.ini\n");
  assert_dies(2, "late.ini:2: include does not come first",
              read_file(&settings, path));
  assert_each_dies(2, read_one, {"has no section", "include=base.ini"});
}

TEST(a_circle_of_includes_is_refused) {
  struct dtd_settings settings;
  const char *path = put_text("self.ini", "include = ./self.ini\n");
  assert_dies(2, "self.ini:1: ", read_file(&settings, path));
  assert_dies(2, "self.ini includes itself", read_file(&settings, path));
  path = put_text("a.ini", "include = b.ini\n");
  put_text("b.ini", "# b\ninclude = c.ini\n");
  put_text("c.ini", "include = b.ini\n");
  assert_dies(2, "c.ini:1: ", read_file(&settings, path));
  assert_dies(2, "b.ini includes itself", read_file(&settings, path));
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
    read_file(&settings, path);
    assert_true(settings.seed == 44);
  }
  assert_dies(2, "chain-1.ini:1: ", read_file(&settings, path));
  assert_dies(2, "chain-0.ini would be the 9th file below the first (include",
              read_file(&settings, path));
}

TEST(assignments_are_examined_like_lines) {
  struct dtd_settings settings;
  assert_each_dies(
      2, read_one,
      {"training.batch: has no = (write section.key=value)", "training.batch"},
      {"batch=3: the setting batch has no section", "batch=3"},
      {".batch=3: the setting batch has no section", ".batch=3"},
      {"has no section", "=3"},
      {"training.=3: there is no setting training.", "training.=3"},
      {"a.b.c=3: there is no section [a]", "a.b.c=3"},
      {"command line: a setting holds a control character",
       "training.batch=3\n"},
      {"data.directory = a;b is not a path", "data.directory=a;b"});
  char text[600];
  snprintf(text, sizeof text, "training.%0500d=1", 0);
  assert_dies(2, "there is no setting training.000", read_one(&settings, text));
}

/* ---- written and read again ---- */

static double random_from(struct dtd_rng *rng, double low, double high) {
  return low + (high - low) * dtd_rng_uniform(rng);
}

static double random_value(struct dtd_rng *rng, const struct dtd_setting *s) {
  double high = s->high < 1e9 ? s->high : 1e9;
  if (s->kind == &dtd_seed_setting) high = s->high;
  double value = random_from(rng, s->low, high);
  return s->kind->whole ? floor(value) : value;
}

static void draw_layers(struct dtd_settings *s, struct dtd_rng *rng) {
  int inputs = DTD_PAIR_PIXELS;
  s->depth = 1 + (int)dtd_rng_below(rng, DTD_MOST_LAYERS);
  memset(s->layer, 0, sizeof s->layer);
  for (int n = 0; n < s->depth; n++) {
    int pool = 1 + (int)dtd_rng_below(rng, 9);
    int outputs = n + 1 < s->depth ? 1 + (int)dtd_rng_below(rng, 99) : 1;
    float norm = (float)random_from(rng, 1, 9);
    s->layer[n].inputs = inputs;
    s->layer[n].units = pool * outputs;
    s->layer[n].pool = pool;
    s->layer[n].norm = dtd_rng_below(rng, 4) ? norm : INFINITY;
    inputs = outputs;
  }
}

/* Settings with every number drawn anew, to the last bit of its mantissa. */
static void draw_settings(struct dtd_settings *s, uint64_t seed) {
  struct dtd_rng rng = dtd_rng_open(seed, "test/settings", 0);
  dtd_config_defaults(s);
  FOR_EACH_SETTING(row) {
    if (row->kind->load && row->low < row->high && !row->most)
      row->kind->store(dtd_setting_place(s, row), random_value(&rng, row));
  }
  snprintf(s->directory, sizeof s->directory, "/data/%u",
           (unsigned)dtd_rng_below(&rng, 1000000));
  for (int digit = 0; digit < DTD_CLASSES; digit++)
    s->pairs.is_target[digit] = digit == 3 || (digit && dtd_rng_below(&rng, 2));
  draw_layers(s, &rng);
  s->training.optimiser.kind = dtd_optimisers[dtd_rng_below(&rng, 2)];
  s->training.optimiser.weight_decay = random_from(&rng, 0, 1);
  s->training.rate.schedule = s->minmax_rate.schedule = DTD_CONSTANT;
  s->training.kernel = DTD_DENSE;
  s->nonpositive_biases = dtd_rng_below(&rng, 2);
  s->training.free_biases = !s->nonpositive_biases;
  s->pairs.seed = s->seed;
  s->minmax_top_down_deviation = random_from(&rng, 0, 1e-300);
  s->models.count = 0;
  for (int n = 0; dtd_model_kinds[n] && s->models.count < 8; n++)
    if (dtd_rng_below(&rng, 2))
      s->models.kind[s->models.count++] = dtd_model_kinds[n];
  s->explanation.first_rule = dtd_rule_find("w^2");
  s->explanation.upper_rule = dtd_rule_find("w^2");
  s->evaluation.roots = s->evaluation.pairs;
}

/* Value by value, and so apart from the writer that is tested. */
static void assert_same(const struct dtd_settings *a,
                        const struct dtd_settings *b) {
  FOR_EACH_SETTING(row) {
    for (int n = 0; row->kind->load && n < (row->most ? row->most : 1); n++) {
      size_t at = (size_t)n * row->stride;
      double value[] = {
          row->kind->load((char *)dtd_setting_place(a, row) + at),
          row->kind->load((char *)dtd_setting_place(b, row) + at)};
      if (value[0] != value[1])
        fail_msg("%s is %.17g, not %.17g", row->name, value[0], value[1]);
    }
  }
  assert_string_equal(a->directory, b->directory);
  assert_memory_equal(a->pairs.is_target, b->pairs.is_target,
                      sizeof a->pairs.is_target);
  assert_int_equal(a->pairs.mode, b->pairs.mode);
  assert_string_equal(a->pairs.stream, b->pairs.stream);
  assert_true(a->pairs.seed == b->pairs.seed && a->seed == b->seed);
  assert_int_equal(a->depth, b->depth);
  for (int n = 0; n < DTD_MOST_LAYERS; n++)
    assert_int_equal(a->layer[n].inputs, b->layer[n].inputs);
  assert_int_equal(a->training.free_biases, b->training.free_biases);
  assert_int_equal(a->models.count, b->models.count);
  for (int n = 0; n < a->models.count; n++)
    assert_ptr_equal(a->models.kind[n], b->models.kind[n]);
  assert_ptr_equal(a->explanation.first_rule, b->explanation.first_rule);
  assert_ptr_equal(a->explanation.upper_rule, b->explanation.upper_rule);
  assert_true(a->explanation.low == b->explanation.low);
  assert_true(a->explanation.high == b->explanation.high);
}

TEST(what_is_written_reads_back_bit_by_bit) {
  for (uint64_t seed = 0; seed < 50; seed++) {
    struct dtd_settings drawn, read;
    draw_settings(&drawn, seed);
    const char *path = test_path("written.ini");
    dtd_config_write(path, &drawn);
    read_file(&read, path);
    assert_same(&drawn, &read);
    char *text = own_memory(dtd_config_text(&drawn));
    dtd_config_parse(&read, text, "text");
    assert_same(&drawn, &read);
    assert_file_is(path, text);
  }
}

TEST(a_full_disk_spares_the_earlier_file) {
  struct dtd_settings settings;
  dtd_config_defaults(&settings);
  for (size_t n = 0; n < DTD_MOST_TEXT; n++) settings.directory[n] = 'd';
  settings.directory[DTD_MOST_TEXT] = 0;
  assert_survives_full_disk("full.ini",
                            dtd_config_write(test_path("full.ini"), &settings));
}

/* ---- help ---- */

TEST(help_says_default_meaning_and_values_of_every_setting) {
  char line[1024], values[512];
  const char *text = printed_by(dtd_config_describe), *at = text;
  FOR_EACH_SETTING(s) {
    const char *key = strchr(s->name, '.') + 1;
    int section = (int)(key - 1 - s->name);
    if (at == text || strncmp(s->name, s[-1].name, (size_t)section + 1)) {
      snprintf(line, sizeof line, "%s[%.*s]\n", at == text ? "" : "\n", section,
               s->name);
      assert_memory_equal(at, line, strlen(line));
      at += strlen(line);
    }
    s->kind->describe(values, sizeof values, s);
    int length = snprintf(line, sizeof line, "  %s = %s ", key, s->initial);
    snprintf(line + length, sizeof line - (size_t)length, "%*s%s\n%29s%s\n",
             length < 29 ? 29 - length : 0, "", s->meaning, "",
             s->kind->brief ? s->kind->brief : values);
    assert_memory_equal(at, line, strlen(line));
    at += strlen(line);
  }
  assert_string_equal(at, "");
  for (const char *rest = text; *rest; rest += strcspn(rest, "\n") + 1)
    assert_in_range(strcspn(rest, "\n"), 0, 79);
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
static void change(struct dtd_settings *settings,
                   const struct dtd_setting *key) {
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
  if (!strcmp(key->name, "training.optimiser")) { /* a file may not */
    dtd_config_defaults(settings);
    settings->training.optimiser.kind = dtd_optimisers[1];
    return;
  }
  for (size_t n = 0; n < sizeof changed / sizeof *changed; n++)
    if (!strcmp(changed[n][0], key->name)) value = changed[n][1];
  if (value)
    snprintf(assignment, sizeof assignment, "%s=%s", key->name, value);
  else if (key->kind == &dtd_schedule_setting)
    snprintf(assignment, sizeof assignment, "%s=constant", key->name);
  else if (key->kind->whole)
    snprintf(assignment, sizeof assignment, "%s=%ld", key->name,
             strtol(key->initial, NULL, 10) + 1);
  else if (key->low < key->high)
    snprintf(assignment, sizeof assignment, "%s=%.17g", key->name,
             nextafter(strtod(key->initial, NULL), INFINITY));
  else
    fail_msg("give %s another value here", key->name);
  read_one(settings, assignment);
}

static bool has_section(const char *name, const char *section) {
  return !strncmp(name, section, strlen(section));
}

/* For every key: whether its least change changes the digest and counts as a
   difference, as config.h promises. */
TEST(digest_and_difference_follow_each_key_that_matters) {
  struct dtd_settings defaults, other;
  char digest[17], changed[17];
  int trained = 0;
  dtd_config_defaults(&defaults);
  dtd_config_digest(digest, &defaults);
  assert_null(dtd_config_difference(&defaults, &defaults));
  FOR_EACH_SETTING(s) {
    const char *name = s->name;
    bool resultless = !strcmp(name, "data.directory") ||
                      !strcmp(name, "training.threads") ||
                      !strcmp(name, "training.checkpoint_every");
    bool training =
        !resultless &&
        (has_section(name, "data.") || has_section(name, "network.") ||
         has_section(name, "training.") || has_section(name, "relevance.") ||
         has_section(name, "minmax.") ||
         !strcmp(name, "explanation.upper_rule"));
    change(&other, s);
    dtd_config_digest(changed, &other);
    if (!strcmp(digest, changed) != resultless)
      fail_msg("%s %s the digest", name,
               resultless ? "changes" : "does not change");
    const char *found = dtd_config_difference(&defaults, &other);
    assert_ptr_equal(found, dtd_config_difference(&other, &defaults));
    if (training) {
      if (!found) fail_msg("a difference in %s is not found", name);
      assert_string_equal(found, name);
      trained++;
    } else if (found) {
      fail_msg("%s counts as a difference in %s", name, found);
    }
  }
  assert_true(trained >= 17);
}

TEST_GROUP(test_folder_new, test_folder_free)
