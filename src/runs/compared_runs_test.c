/* Tests compared_runs.c: runs find their settings, variants and names, and what
   does not belong together is refused. */
#include "base/test.h"
#include "runs/compared_runs.h"
#include "runs/test_evaluated.h"

/* A run of these two assignments. */
static char *put_run(const char *name, const char *setting, uint64_t seed) {
  struct dtd_settings settings = plain_settings(setting);
  settings.seed = seed;
  return put_evaluated(name, &settings, 1, 1);
}

TEST(runs_of_one_variant_differ_in_their_seeds_alone) {
  char *folder[] = {put_run("a1", "minmax.deviation=0.1", 1),
                    put_run("b1", "minmax.deviation=0.2", 1),
                    put_run("a2", "minmax.deviation=0.1", 2),
                    put_run("a3", "minmax.deviation=0.10", 3)};
  struct dtd_compared_runs *runs = read_compared_runs(folder, 4, false);
  assert_int_equal(runs->variants, 2);
  static const int wanted[] = {0, 1, 0, 0};
  for (int n = 0; n < 4; n++)
    assert_int_equal(runs->run[n].settings, wanted[n]);
  assert_string_equal(runs->variant[0].name, "deviation=0.1");
  assert_string_equal(runs->variant[1].name, "deviation=0.2");
}

TEST(names_say_what_differs_and_no_more) {
  char *one[] = {put_run("one", "training.threads=2", 1)};
  struct dtd_compared_runs *runs = read_compared_runs(one, 1, false);
  assert_string_equal(runs->variant[0].name, "all");
  /* what cannot change a result makes no variant */
  char *same[] = {one[0], put_run("same", "training.threads=3", 2)};
  runs = read_compared_runs(same, 2, false);
  assert_int_equal(runs->variants, 1);
  /* the section stands where the last part is not enough */
  char *two[] = {put_run("r1", "minmax.learning_rate=0.5", 1),
                 put_run("r2", "training.learning_rate=0.25", 1)};
  runs = read_compared_runs(two, 2, false);
  assert_string_equal(
      runs->variant[1].name,
      "training.learning_rate=0.25 minmax.learning_rate=0.0015");
}

TEST(runs_evaluated_unlike_are_not_mixed) {
  char *folder[] = {put_run("p1", "evaluation.pairs=300", 1),
                    put_run("p2", "evaluation.pairs=301", 1)};
  assert_dies(2, "p1: evaluation.pairs differs (evaluate them alike, or add",
              dtd_compared_runs_read(folder, 2, false));
  struct dtd_compared_runs *runs = read_compared_runs(folder, 2, true);
  assert_string_equal(runs->variant[1].name, "pairs=301");
  folder[1] = put_run("p3", "data.targets=1 2", 1);
  folder[0] = put_run("p4", "data.targets=1 3", 1);
  assert_dies(2, "data.targets differs",
              dtd_compared_runs_read(folder, 2, false));
  /* translated training pairs are another training, not another test */
  folder[0] = put_run("p5", "data.translation=1", 1);
  folder[1] = put_run("p6", "data.translation=0", 1);
  read_compared_runs(folder, 2, false);
}

TEST(runs_on_other_data_are_not_mixed) {
  struct dtd_settings mnist = plain_settings("data.directory=mnist");
  struct dtd_settings fashion = plain_settings("data.directory=fashion");
  char *folder[] = {put_evaluated("d1", &mnist, 1, 1),
                    put_evaluated("d2", &fashion, 1, 2)};
  assert_dies(2, "d1: the data differ (evaluate",
              dtd_compared_runs_read(folder, 2, false));
  struct dtd_compared_runs *runs = read_compared_runs(folder, 2, true);
  assert_string_equal(runs->variant[0].name, "directory=mnist");
  assert_string_equal(runs->variant[1].name, "directory=fashion");
  /* the same data elsewhere are no other data */
  fashion.seed = 2;
  put_evaluated("d2", &fashion, 1, 1);
  runs = read_compared_runs(folder, 2, false);
  assert_int_equal(runs->variants, 1);
  assert_string_equal(runs->variant[0].name, "all");
}

TEST(a_run_counts_once) {
  char *folder[] = {put_run("t1", "minmax.deviation=0.1", 1),
                    put_run("t2", "minmax.deviation=0.1", 1)};
  assert_dies(2, "t2: is the same run as ",
              dtd_compared_runs_read(folder, 2, false));
  folder[1] = folder[0];
  assert_dies(2, "is the same run as ",
              dtd_compared_runs_read(folder, 2, false));
  folder[0] = (char *)test_path("nowhere");
  assert_dies(1, "nowhere: is not there",
              dtd_compared_runs_read(folder, 1, false));
}

TEST(a_sweep_stands_for_its_finished_runs) {
  struct dtd_settings settings = plain_settings("training.seed=4");
  char digest[17];
  dtd_config_digest(digest, &settings);
  mkdir(test_path("sweep"), 0777);
  put_evaluated("sweep/x,seed=4", &settings, 1, 1);
  struct dtd_provenance from = {"test", digest, 0};
  FILE *table = dtd_table_open(test_path("sweep/runs.tsv"), &from,
                               "run variant seed config");
  dtd_table_row(table, "%s %s %d %s", "x,seed=4", "x", 4, digest);
  dtd_table_row(table, "%s %s %d %s", "x,seed=5", "x", 5, digest);
  dtd_table_close(table);
  char *folder[] = {(char *)test_path("sweep")};
  assert_exits(3, "sweep: 1 of 2 runs are not finished; left out (run", {
    struct dtd_compared_runs *runs = read_compared_runs(folder, 1, false);
    bool one = runs->count == 1 && !strcmp(runs->variant[0].name, "x");
    _exit(one ? 3 : 4);
  });
  /* a run evaluated with other settings than the sweep's is not finished */
  settings.evaluation.pairs++;
  put_evaluated("sweep/x,seed=4", &settings, 1, 1);
  assert_dies(2, "sweep: there is no finished run to compare",
              dtd_compared_runs_read(folder, 1, false));
}

/* ---- variants across settings, methods and models ---- */

#define MODELS "relevance.models=minmax minmax-pooled"

/* A run with two models, as evaluate writes it. */
static struct dtd_compared_runs *some_runs(int count) {
  static const struct plain_metric metric[] = {
      {"network", "mse", "scores", 1},
      {"minmax", "rms", "scores", 2},
      {"minmax-pooled", "rms", "scores", 3},
      {"sensitivity", "target_share", "one-target", 4},
      {"taylor", "target_share", "one-target", 5},
      {"deep-taylor-minmax", "target_share", "one-target", 6},
      {"deep-taylor-minmax-pooled", "target_share", "one-target", 7},
      {"deep-taylor-free", "target_share", "one-target", 8},
      {"taylor", "floor_share", "one-target", 5}};
  struct dtd_settings one = plain_settings(MODELS), other = one;
  other.minmax_rate.start = 0.5;
  char *folder[] = {put_metrics("one", &one, metric, 9, 1),
                    put_metrics("other", &other, metric, 9, 1)};
  return read_compared_runs(folder, count, false);
}

static void assert_variants(const struct dtd_compared_runs *runs,
                            const char *wanted) {
  char found[1024] = "";
  for (int n = 0; n < runs->variants; n++) {
    size_t length = strlen(found);
    snprintf(found + length, sizeof found - length, "%s%s", n ? " " : "",
             runs->variant[n].name);
  }
  assert_string_equal(found, wanted);
}

TEST(settings_keep_every_subject_apart) {
  struct dtd_compared_runs *runs = some_runs(2);
  dtd_compare_across(runs, DTD_ACROSS_SETTINGS);
  assert_variants(runs, "learning_rate=0.0015 learning_rate=0.5");
  assert_int_equal(runs->variant[1].settings, 1);
  const char *subject, *member;
  assert_true(dtd_compared_as(&subject, &member, runs, &runs->run[0],
                              "deep-taylor-minmax"));
  assert_string_equal(subject, "deep-taylor-minmax");
  assert_int_equal(dtd_compared_find(runs, "learning_rate=0.5"), 1);
  assert_int_equal(dtd_compared_find(runs, NULL), 0);
  assert_dies(2, "no variant has this name (there are: learning_rate=0.0015, l",
              dtd_compared_find(runs, "learning_rate"));
}

TEST(models_own_the_metrics_of_their_heatmaps) {
  struct dtd_compared_runs *runs = some_runs(1);
  dtd_compare_across(runs, DTD_ACROSS_MODELS);
  assert_variants(runs, "minmax minmax-pooled training-free");
  static const char *const wanted[][3] = {
      {"minmax-pooled", "model", "minmax-pooled"},
      {"deep-taylor-minmax-pooled", "deep-taylor", "minmax-pooled"},
      {"deep-taylor-free", "deep-taylor", "training-free"}};
  const char *subject, *member;
  for (int n = 0; n < 3; n++) {
    assert_true(
        dtd_compared_as(&subject, &member, runs, &runs->run[0], wanted[n][0]));
    assert_string_equal(subject, wanted[n][1]);
    assert_string_equal(member, wanted[n][2]);
  }
  assert_false(
      dtd_compared_as(&subject, &member, runs, &runs->run[0], "sensitivity"));
  assert_false(
      dtd_compared_as(&subject, &member, runs, &runs->run[0], "network"));
}

TEST(several_settings_have_each_model_once) {
  struct dtd_compared_runs *runs = some_runs(2);
  dtd_compare_across(runs, DTD_ACROSS_MODELS);
  assert_variants(
      runs, "learning_rate=0.0015,minmax learning_rate=0.0015,minmax-pooled "
            "learning_rate=0.0015,training-free learning_rate=0.5,minmax "
            "learning_rate=0.5,minmax-pooled learning_rate=0.5,training-free");
  assert_int_equal(runs->variant[4].settings, 1);
}

/* taylor searched for 200 of the 2000 pairs, and 20 of the 100 repeats. */
TEST(methods_on_other_pairs_are_left_out_with_a_warning) {
  struct dtd_compared_runs *runs = some_runs(1);
  runs->mixed = true;
  dtd_compare_across(runs, DTD_ACROSS_METHODS);
  runs->mixed = false;
  assert_variants(runs, "sensitivity taylor deep-taylor-minmax "
                        "deep-taylor-minmax-pooled deep-taylor-free");
  struct dtd_evaluation_settings *settings =
      &runs->run[0].evaluated->settings.evaluation;
  for (int n = 0; n < 2; n++) {
    assert_exits(3, "taylor: was measured on fewer pairs than others; left out",
                 {
                   dtd_compare_across(runs, DTD_ACROSS_METHODS);
                   int count = runs->variants;
                   _exit(count == 4 ? 3 : 4);
                 });
    settings->roots = settings->pairs;
  }
  settings->slow_repeats = settings->repeats;
  dtd_compare_across(runs, DTD_ACROSS_METHODS);
  assert_int_equal(runs->variants, 5);
}

TEST(one_network_with_several_models_compares_these) {
  struct dtd_compared_runs *runs = some_runs(1);
  assert_int_equal(runs->across, DTD_ACROSS_MODELS);
  runs = some_runs(2);
  assert_int_equal(runs->across, DTD_ACROSS_SETTINGS);
  char *one[] = {put_run("one", "minmax.deviation=0.1", 1)};
  runs = read_compared_runs(one, 1, false);
  assert_int_equal(runs->across, DTD_ACROSS_SETTINGS);
}

TEST(what_is_not_there_is_refused) {
  assert_int_equal(dtd_across_find("methods", "x"), DTD_ACROSS_METHODS);
  assert_dies(2, "--across: seeds is not one of settings, methods, models",
              dtd_across_find("seeds", "--across"));
  struct dtd_settings settings = plain_settings(MODELS);
  struct plain_metric metric = {"network", "mse", "scores", 1};
  char *folder[] = {put_metrics("bare", &settings, &metric, 1, 1)};
  struct dtd_compared_runs *runs = read_compared_runs(folder, 1, false);
  assert_dies(2, "--across: no run has models to compare",
              dtd_compare_across(runs, DTD_ACROSS_MODELS));
}

TEST_GROUP(test_folder_new, test_folder_free)
