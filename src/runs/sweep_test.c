/* Tests sweep.c: the runs a sweep file stands for, and every way to be wrong.
 */
#include "base/test.h"
#include "runs/sweep.h"

#include <glob.h>
#include <sys/stat.h>

#include "files/table_reader.h"
#include "base/test_faults.h"

TEST_OWNS(sweep)
TEST_OWNS(table)

static void set_up(void) {
  test_folder_new();
  put_text("base.ini", "[training]\niterations = 50\n");
  put_text("other.ini", "include = base.ini\n[training]\nbatch = 7\n");
}

static struct dtd_sweep *read_text(const char *text) {
  return own_sweep(dtd_sweep_read(put_text("s.ini", text), 1));
}

TEST(a_sweep_is_the_product_of_what_it_lists) {
  struct dtd_sweep *sweep =
      read_text("[sweep]\nbase = base.ini\nseeds = 4 7..8\n"
                "[vary]\nminmax.learning_rate = 1e-3\t2e-3\n"
                "network.norm = 1,1 2,1\n[set]\ntraining.batch = 3\n");
  static const char *const wanted[] = {
      "minmax.learning_rate=1e-3,network.norm=1-1",
      "minmax.learning_rate=1e-3,network.norm=2-1",
      "minmax.learning_rate=2e-3,network.norm=1-1",
      "minmax.learning_rate=2e-3,network.norm=2-1"};
  static const unsigned seeds[] = {4, 7, 8};
  assert_int_equal(sweep->runs, 12);
  for (int n = 0; n < 12; n++) {
    const struct dtd_sweep_run *run = &sweep->run[n];
    char name[128];
    snprintf(name, sizeof name, "%s,seed=%u", wanted[n / 3], seeds[n % 3]);
    assert_string_equal(run->variant, wanted[n / 3]);
    assert_string_equal(run->name, name);
    assert_int_equal(run->settings.seed, seeds[n % 3]);
    assert_int_equal(run->settings.training.batch, 3);
    assert_int_equal(run->settings.training.iterations, 50);
    assert_int_equal(run->settings.threads, 1);
    assert_true(run->settings.minmax_rate.start == (n < 6 ? 1e-3 : 2e-3));
    assert_true(run->settings.layer[0].norm == (n / 3 % 2 ? 2 : 1));
    char digest[17];
    dtd_config_digest(digest, &run->settings);
    assert_string_equal(run->digest, digest);
  }
}

TEST(bases_and_variants_are_factors_too) {
  struct dtd_sweep *sweep = read_text(
      "[sweep]\nbase = base.ini other.ini\n"
      "[variant wide]\nnetwork.detection = 800,400\nnetwork.pool = 8,400\n"
      "[variant plain one]\ndata.translation = 3\n");
  static const char *const wanted[] = {
      "base,wide,seed=1", "base,plain-one,seed=1", "other,wide,seed=1",
      "other,plain-one,seed=1"};
  assert_int_equal(sweep->runs, 4);
  for (int n = 0; n < 4; n++) {
    const struct dtd_settings *settings = &sweep->run[n].settings;
    assert_string_equal(sweep->run[n].name, wanted[n]);
    assert_int_equal(settings->training.batch, n < 2 ? 20 : 7);
    assert_int_equal(settings->layer[0].units, n % 2 ? 400 : 800);
    assert_int_equal(settings->layer[0].pool, n % 2 ? 4 : 8);
    assert_int_equal(settings->pairs.translation, n % 2 ? 3 : 2);
  }
  /* what nothing tells apart has the configuration's name */
  sweep = read_text("[sweep]\nbase = base.ini\nseeds = 5\n");
  assert_int_equal(sweep->runs, 1);
  assert_string_equal(sweep->run[0].name, "base,seed=5");
}

#define HEAD "[sweep]\nbase = base.ini\n"

TEST(what_is_wrong_is_named_with_its_line) {
  assert_dies(2, "s.ini:4: there is no setting minmax.rate (the nearest is",
              read_text(HEAD "[vary]\nminmax.rate = 1 2\n"));
  assert_dies(2, "s.ini:4: training.batch = 0 is not a whole number",
              read_text(HEAD "[vary]\ntraining.batch = 5 0\n"));
  assert_dies(2, "s.ini:4: training.batch = 5 6 is not a whole number",
              read_text(HEAD "[set]\ntraining.batch = 5 6\n"));
  assert_dies(2, "s.ini:4: there is no section [trainin]",
              read_text(HEAD "[variant x]\ntrainin.batch = 5\n"));
  assert_dies(2, "s.ini:3: there is no setting seed in [sweep] (there are base",
              read_text(HEAD "seed = 5\n"));
  assert_dies(2, "s.ini:3: base is set twice",
              read_text(HEAD "base = other.ini\n"));
  assert_dies(2, "s.ini:4: a sweep has no section [training]",
              read_text(HEAD "[training]\nbatch = 5\n"));
  assert_dies(2, "s.ini:1: include stands in no section of a sweep (write base",
              read_text("include = base.ini\n"));
  assert_dies(2, "a sweep has no section [variant ]",
              read_text(HEAD "[variant ]\ntraining.batch = 5\n"));
  assert_dies(2, "s.ini:5: training.batch is varied twice",
              read_text(HEAD "[vary]\ntraining.batch = 5\ntraining.batch=6\n"));
  assert_dies(2, "s.ini:4: training.seed is no setting of a sweep (list them",
              read_text(HEAD "[vary]\ntraining.seed = 5 6\n"));
  assert_dies(2, "s.ini:3: training.seed = x is not",
              read_text(HEAD "seeds = x\n"));
  assert_dies(2, "s.ini:3: 5..3 is no range", read_text(HEAD "seeds = 5..3\n"));
  assert_dies(2, "training.seed =  is not", read_text(HEAD "seeds = 5..\n"));
  assert_dies(2, "is no range of at most 10000 seeds",
              read_text(HEAD "seeds = 0..9007199254740991\n"));
  assert_dies(1, "absent.ini: cannot be read",
              read_text("[sweep]\nbase = absent.ini\n"));
  assert_dies(1, "s.ini:2: the line makes no sense",
              read_text("[sweep]\nbase\n"));
  /* one combination of good values may be bad */
  assert_dies(2, "network.pool: pools of 3 do not divide",
              read_text(HEAD "[vary]\nnetwork.pool = 4,400 3,400\n"));
}

TEST(a_sweep_has_runs_and_each_once) {
  assert_dies(2, "s.ini: has no runs: it names no base",
              read_text("[vary]\ntraining.batch = 5\n"));
  assert_dies(1, "s.ini: holds no settings", read_text("[sweep]\n"));
  assert_dies(2, "s.ini:3: seeds lists none", read_text(HEAD "seeds =\n"));
  assert_dies(2, "s.ini:4: training.batch lists none",
              read_text(HEAD "[vary]\ntraining.batch =\n"));
  assert_dies(2, "two runs are called base,seed=3",
              read_text(HEAD "seeds = 3 1..3\n"));
  assert_dies(2,
              "minmax.deviation=0.1,seed=1 and minmax.deviation=1e-1,seed=1 "
              "are the same run (leave",
              read_text(HEAD "[vary]\nminmax.deviation = 0.1 1e-1\n"));
  assert_dies(2, "are the same run",
              read_text(HEAD "[vary]\ntraining.checkpoint_every = 5 6\n"));
  assert_dies(2, "two runs are called a-b,seed=1",
              read_text(HEAD "[variant a b]\ntraining.batch = 2\n"
                             "[variant a/b]\ntraining.batch = 3\n"));
  assert_dies(2, "s.ini: has more than 10000 runs",
              read_text(HEAD "seeds = 1..5001\n[vary]\n"
                             "training.batch = 1 2\n"));
  /* other data are another run */
  struct dtd_sweep *sweep =
      read_text(HEAD "[vary]\ndata.directory = mnist fashion\n");
  assert_int_equal(sweep->runs, 2);
}

TEST(what_trains_alike_trains_once) {
  struct dtd_sweep *sweep = read_text(
      HEAD "seeds = 1 2\n[vary]\nexplanation.first_rule = zB w^2\n"
           "explanation.upper_rule = z+ gamma\nevaluation.pairs = 300 301\n");
  assert_int_equal(sweep->runs, 16);
  /* the rule above makes what min-max learns: zB z+, zB gamma, w^2 z+, ... */
  for (int n = 0; n < 16; n++)
    assert_int_equal(sweep->run[n].training, n % 2 + (n / 4 % 2 ? 4 : 0));
  sweep = read_text(HEAD "[vary]\ndata.directory = mnist fashion\n");
  assert_int_equal(sweep->run[1].training, 1);
}

static const struct dtd_provenance from = {"sweep s.ini", "0123456789abcdef",
                                           0};

static void write_to(const char *folder, const char *text) {
  dtd_sweep_write(test_path(folder), read_text(text), &from);
}

TEST(what_to_compare_is_examined_and_kept) {
  struct dtd_sweep *sweep = read_text(
      HEAD "metrics = network:mse *:rms\nacross = settings\nmixed = yes\n"
           "baseline = training.batch=6\n[vary]\ntraining.batch = 5 6\n");
  static const char *const wanted[] = {"--metric=network:mse", "--metric=*:rms",
                                       "--baseline=training.batch=6",
                                       "--across=settings", "--mixed"};
  assert_int_equal(sweep->options, 5);
  for (int n = 0; n < 5; n++) assert_string_equal(sweep->option[n], wanted[n]);
  dtd_sweep_write(test_path("told"), sweep, &from);
  assert_file_is(test_path("told/compare.options"),
                 "--metric=network:mse\n--metric=*:rms\n"
                 "--baseline=training.batch=6\n--across=settings\n--mixed\n");
  sweep = read_text(HEAD "baseline = minmax\nmixed = no\n");
  assert_int_equal(sweep->options, 1);
  read_text(HEAD "baseline = taylor\nacross = methods\n"
                 "[vary]\ntraining.batch = 5 6\n");
  assert_dies(2, "s.ini: the baseline training.batch=7 is no variant",
              read_text(HEAD "baseline = training.batch=7\n"
                             "[vary]\ntraining.batch = 5 6\n"));
  assert_dies(2, "s.ini:3: seeds is not one of settings, methods, models",
              read_text(HEAD "across = seeds\n"));
  assert_dies(2, "s.ini:3: metrics = rms names no metric of a subject",
              read_text(HEAD "metrics = *:mse rms\n"));
  assert_dies(2, "s.ini:3: mixed = maybe makes no sense",
              read_text(HEAD "mixed = maybe\n"));
  assert_dies(2, "s.ini:3: baseline is one word",
              read_text(HEAD "baseline = a b\n"));
}

TEST(names_that_no_folder_could_have_are_refused) {
  char text[1024];
  snprintf(text, sizeof text,
           HEAD "[vary]\ndata.directory = %0150d\n"
                "minmax.top_down_deviation = 0.000000000000000000000001\n",
           7);
  assert_dies(2, "the name of a run is longer than 199 bytes", read_text(text));
}

/* ---- written ---- */

TEST(each_run_gets_its_folder_and_its_row) {
  write_to("out", HEAD "seeds = 1 2\n[vary]\ntraining.batch = 5 6\n");
  struct dtd_table *table =
      own_table(dtd_table_read(test_path("out/runs.tsv")));
  assert_int_equal(table->rows, 4);
  for (int n = 0; n < 4; n++) {
    char path[256], digest[17];
    snprintf(path, sizeof path, "out/%s/config.ini",
             dtd_table_text(table, n, "run"));
    struct dtd_settings settings;
    dtd_config_read(&settings, test_path(path), NULL, 0);
    assert_int_equal(settings.training.batch, 5 + n / 2);
    assert_int_equal(settings.seed, 1 + n % 2);
    assert_true(dtd_table_value(table, n, "seed") == 1 + n % 2);
    dtd_config_digest(digest, &settings);
    assert_string_equal(dtd_table_text(table, n, "config"), digest);
    assert_string_equal(dtd_table_text(table, n, "training"),
                        dtd_table_text(table, n, "run"));
  }
}

TEST(other_trainings_are_not_overwritten) {
  write_to("kept", HEAD "seeds = 1 2\n");
  char *before = test_get(NULL, test_path("kept/base,seed=1/config.ini"));
  assert_dies(2,
              "kept/base,seed=1/config.ini: is of a run that differs in "
              "training.iterations",
              write_to("kept", HEAD "[set]\ntraining.iterations = 51\n"));
  assert_file_is(test_path("kept/base,seed=1/config.ini"), before);
  /* other measures of the same model are fine */
  write_to("kept", HEAD "[set]\nevaluation.pairs = 201\n");
  char *after = test_get(NULL, test_path("kept/base,seed=1/config.ini"));
  assert_non_null(strstr(after, "pairs = 201"));
}

TEST(every_sweep_that_is_shipped_can_run) {
  glob_t found;
  int good = 0;
  assert_int_equal(glob("experiments/*.ini", 0, NULL, &found), 0);
  for (size_t n = 0; n < found.gl_pathc; n++) {
    char *text = test_get(NULL, found.gl_pathv[n]);
    bool is_sweep = strstr(text, "\n[sweep]") != NULL;
    if (!is_sweep) continue;
    struct dtd_sweep *sweep = own_sweep(dtd_sweep_read(found.gl_pathv[n], 1));
    assert_true(sweep->runs > 1);
    good++;
  }
  assert_true(good > 0);
  globfree(&found);
}

static void read_and_write(void) {
  struct dtd_sweep *sweep = dtd_sweep_read(test_path("s.ini"), 1);
  dtd_sweep_write(test_path("survivor"), sweep, &from);
  dtd_sweep_free(sweep);
}

TEST(a_sweep_survives_any_error) {
  put_text("s.ini", "[sweep]\nbase = other.ini\nseeds = 4 7..8\n"
                    "metrics = network:mse\n[vary]\n"
                    "minmax.learning_rate = 1e-3 2e-3\n"
                    "[variant wide]\nnetwork.detection = 800,400\n"
                    "network.pool = 8,400\n");
  assert_survives_short_memory(read_and_write);
  assert_survives_a_full_disk(read_and_write);
}

TEST_GROUP(set_up, test_folder_free)
