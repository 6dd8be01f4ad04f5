/* Tests compared_runs.c: runs find their variants and names, and what does not
   belong together is refused. */
#include "base/test.h"
#include "runs/compared_runs.h"

#include "runs/plain_evaluated.h"

/* A run of these two assignments. */
static char *put_run(const char *name, const char *setting, uint64_t seed) {
  struct dtd_settings settings = plain_settings(setting);
  settings.seed = seed;
  return (char *)put_evaluated(name, &settings, 1, 1);
}

TEST(runs_of_one_variant_differ_in_their_seeds_alone) {
  char *folder[] = {put_run("a1", "minmax.deviation=0.1", 1),
                    put_run("b1", "minmax.deviation=0.2", 1),
                    put_run("a2", "minmax.deviation=0.1", 2),
                    put_run("a3", "minmax.deviation=0.10", 3)};
  struct dtd_compared_runs *runs = dtd_compared_runs_read(folder, 4, false);
  assert_int_equal(runs->variants, 2);
  static const int wanted[] = {0, 1, 0, 0};
  for (int n = 0; n < 4; n++) assert_int_equal(runs->run[n].variant, wanted[n]);
  assert_string_equal(runs->variant[0], "deviation=0.1");
  assert_string_equal(runs->variant[1], "deviation=0.2");
  dtd_compared_runs_free(runs);
}

TEST(names_say_what_differs_and_no_more) {
  char *one[] = {put_run("one", "training.threads=2", 1)};
  struct dtd_compared_runs *runs = dtd_compared_runs_read(one, 1, false);
  assert_string_equal(runs->variant[0], "all");
  dtd_compared_runs_free(runs);
  /* what cannot change a result makes no variant */
  char *same[] = {one[0], put_run("same", "training.threads=3", 2)};
  runs = dtd_compared_runs_read(same, 2, false);
  assert_int_equal(runs->variants, 1);
  dtd_compared_runs_free(runs);
  /* the section stands where the last part is not enough */
  char *two[] = {put_run("r1", "minmax.learning_rate=0.5", 1),
                 put_run("r2", "training.learning_rate=0.25", 1)};
  runs = dtd_compared_runs_read(two, 2, false);
  assert_string_equal(
      runs->variant[1],
      "training.learning_rate=0.25 minmax.learning_rate=0.0015");
  dtd_compared_runs_free(runs);
}

TEST(runs_evaluated_unlike_are_not_mixed) {
  char *folder[] = {put_run("p1", "evaluation.pairs=300", 1),
                    put_run("p2", "evaluation.pairs=301", 1)};
  assert_dies(2, "p1: evaluation.pairs differs (evaluate them alike, or add",
              dtd_compared_runs_read(folder, 2, false));
  struct dtd_compared_runs *runs = dtd_compared_runs_read(folder, 2, true);
  assert_string_equal(runs->variant[1], "pairs=301");
  dtd_compared_runs_free(runs);
  folder[1] = put_run("p3", "data.targets=1 2", 1);
  folder[0] = put_run("p4", "data.targets=1 3", 1);
  assert_dies(2, "data.targets differs",
              dtd_compared_runs_read(folder, 2, false));
  /* translated training pairs are another training, not another test */
  folder[0] = put_run("p5", "data.translation=1", 1);
  folder[1] = put_run("p6", "data.translation=0", 1);
  dtd_compared_runs_free(dtd_compared_runs_read(folder, 2, false));
}

TEST(runs_on_other_data_are_not_mixed) {
  struct dtd_settings mnist = plain_settings("data.directory=mnist");
  struct dtd_settings fashion = plain_settings("data.directory=fashion");
  char *folder[] = {(char *)put_evaluated("d1", &mnist, 1, 1),
                    (char *)put_evaluated("d2", &fashion, 1, 2)};
  assert_dies(2, "d1: the data differ (evaluate",
              dtd_compared_runs_read(folder, 2, false));
  struct dtd_compared_runs *runs = dtd_compared_runs_read(folder, 2, true);
  assert_string_equal(runs->variant[0], "directory=mnist");
  assert_string_equal(runs->variant[1], "directory=fashion");
  dtd_compared_runs_free(runs);
  /* the same data elsewhere are no other data */
  fashion.seed = 2;
  put_evaluated("d2", &fashion, 1, 1);
  runs = dtd_compared_runs_read(folder, 2, false);
  assert_int_equal(runs->variants, 1);
  assert_string_equal(runs->variant[0], "all");
  dtd_compared_runs_free(runs);
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
  assert_dies(3, "sweep: 1 of 2 runs are not finished; left out (run", {
    struct dtd_compared_runs *runs = dtd_compared_runs_read(folder, 1, false);
    bool one = runs->count == 1 && !strcmp(runs->variant[0], "x");
    dtd_compared_runs_free(runs);
    _exit(one ? 3 : 4);
  });
  /* a run evaluated with other settings than the sweep's is not finished */
  settings.evaluation.pairs++;
  put_evaluated("sweep/x,seed=4", &settings, 1, 1);
  assert_dies(2, "sweep: there is no finished run to compare",
              dtd_compared_runs_read(folder, 1, false));
}

TEST_GROUP(test_folder_new, test_folder_free)
