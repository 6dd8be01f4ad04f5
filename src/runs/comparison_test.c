/* Tests comparison.c: means, pairs and corrections by hand. */
#include "base/test.h"
#include "runs/comparison.h"
#include "runs/test_evaluated.h"

TEST_OWNS(comparison)
TEST_OWNS(table)

static char *put_run(const char *name, const char *setting, uint64_t seed,
                     double value) {
  struct dtd_settings settings = plain_settings(setting);
  settings.seed = seed;
  return put_evaluated(name, &settings, value, 1);
}

/* Variant a: seeds 1 to 3; b: seeds 1, 2, 3, 4; c: seed 9 alone. */
static struct dtd_compared_runs *some_runs(void) {
  static const char *const a = "minmax.deviation=0.1";
  static const char *const b = "minmax.deviation=0.2";
  char *folder[] = {
      put_run("a1", a, 1, 1),   put_run("a2", a, 2, 2),
      put_run("a3", a, 3, 6),   put_run("b3", b, 3, 7.5),
      put_run("b1", b, 1, 2),   put_run("b4", b, 4, 100),
      put_run("b2", b, 2, 2.5), put_run("c9", "minmax.deviation=0.3", 9, NAN)};
  return read_compared_runs(folder, 8, false);
}

static void assert_near(double found, double wanted) {
  if (!(fabs(found - wanted) <= 1e-9 * (1 + fabs(wanted))))
    fail_msg("%.17g is not %.17g", found, wanted);
}

/* a: 1, 2, 6; mean 3, s = sqrt(7). b - a by seed: 1, 0.5, 1.5; mean 1,
   s = 0.5, and 2 of the 8 patterns of sign reach it. t with 2 degrees of
   freedom is 4.302652729749464 at 95 %. */
TEST(runs_of_one_seed_are_paired) {
  const double t = 4.302652729749464;
  char *patterns[] = {"taylor:*"};
  struct dtd_compared_runs *runs = some_runs();
  struct dtd_comparison *c =
      own_comparison(dtd_comparison_new(runs, NULL, patterns, 1, 1));
  assert_int_equal(c->rows, 3);
  const struct dtd_comparison_row *a = &c->row[0], *b = &c->row[1];
  assert_string_equal(a->subject, "taylor");
  assert_string_equal(a->metric, "target_share");
  assert_int_equal(a->own.n, 3);
  assert_near(a->own.mean, 3);
  assert_near(a->own.high, 3 + t * sqrt(7) / sqrt(3));
  assert_int_equal(a->difference.n, 0);
  assert_true(isnan(a->p) && isnan(a->p_holm) && isnan(a->difference.mean));
  assert_int_equal(b->own.n, 4);
  assert_near(b->own.mean, 28);
  assert_int_equal(b->difference.n, 3);
  assert_near(b->difference.mean, 1);
  assert_near(b->difference.low, 1 - t * 0.5 / sqrt(3));
  assert_near(b->p, 0.25);
  assert_near(b->p_holm, 0.25);
  /* no value, no row to speak of */
  assert_int_equal(c->row[2].own.n, 0);
  assert_true(isnan(c->row[2].own.mean) && isnan(c->row[2].p));
}

TEST(all_differences_are_corrected_together) {
  struct dtd_compared_runs *runs = some_runs();
  struct dtd_comparison *c =
      own_comparison(dtd_comparison_new(runs, "deviation=0.2", NULL, 0, 1));
  assert_int_equal(c->rows, 6);
  assert_int_equal(c->baseline, 1);
  assert_near(c->row[0].difference.mean, -10); /* mse is 10 times the share */
  assert_near(c->row[0].p_holm, 0.5);          /* two tests with p = .25 */
  assert_near(c->row[3].p_holm, 0.5);
}

TEST(names_that_are_not_there_are_refused) {
  char *patterns[] = {"network:target_share"};
  struct dtd_compared_runs *runs = some_runs();
  assert_dies(2, "network:target_share: no metric of these runs matches",
              dtd_comparison_new(runs, NULL, patterns, 1, 1));
  assert_dies(2, "deviation=9: no variant has this name",
              dtd_comparison_new(runs, "deviation=9", NULL, 0, 1));
}

TEST(the_table_has_a_row_a_metric_and_variant) {
  struct dtd_compared_runs *runs = some_runs();
  struct dtd_comparison *c =
      own_comparison(dtd_comparison_new(runs, NULL, NULL, 0, 1));
  dtd_comparison_write(test_path("new"), c, &plain_provenance);
  const char *path = test_path("new/compare.tsv");
  struct dtd_table *table = own_table(dtd_table_read(path));
  assert_int_equal(table->rows, 6);
  assert_string_equal(dtd_table_cell(table, 1, 3), "deviation=0.2");
  assert_string_equal(dtd_table_cell(table, 1, 9), "deviation=0.1");
  assert_near(dtd_table_value(table, 1, "difference"), 10);
  assert_true(isnan(dtd_table_value(table, 2, "mean")));
}

/* ---- within runs ---- */

/* A run whose models pooled and plain differ by `gap` in RMS and by twice that
   in target share. */
static char *put_models(const char *name, uint64_t seed, double base,
                        double gap) {
  struct dtd_settings settings =
      plain_settings("relevance.models=minmax minmax-pooled");
  settings.seed = seed;
  struct plain_metric metric[] = {
      {"network", "rms", "scores", 1000},
      {"minmax", "rms", "scores", base},
      {"minmax-pooled", "rms", "scores", base + gap},
      {"sensitivity", "target_share", "one-target", 1000},
      {"deep-taylor-minmax-pooled", "target_share", "one-target",
       base + 2 * gap},
      {"deep-taylor-minmax", "target_share", "one-target", base}};
  return put_metrics(name, &settings, metric, 6, 1);
}

/* The runs differ, but the gaps 1, 0.5, 1.5 have mean 1, s = 0.5, p = 1/4. */
TEST(models_are_paired_within_their_run) {
  char *folder[] = {put_models("m1", 1, 7, 1), put_models("m2", 2, 100, 0.5),
                    put_models("m3", 3, -20, 1.5)};
  struct dtd_compared_runs *runs = read_compared_runs(folder, 3, false);
  dtd_compare_across(runs, DTD_ACROSS_MODELS);
  struct dtd_comparison *c =
      own_comparison(dtd_comparison_new(runs, "minmax", NULL, 0, 1));
  assert_int_equal(c->rows, 4);
  assert_string_equal(c->row[0].subject, "model");
  assert_near(c->row[0].own.mean, 29);
  assert_near(c->row[1].own.mean, 30);
  assert_near(c->row[1].difference.mean, 1);
  assert_near(c->row[1].difference.deviation, 0.5);
  assert_near(c->row[1].p, 0.25);
  assert_near(c->row[1].p_holm, 0.5);
  assert_string_equal(c->row[2].subject, "deep-taylor");
  assert_near(c->row[2].own.mean, 29);
  assert_near(c->row[3].difference.mean, 2);
  /* the other way round, named as in metrics.tsv */
  char *pattern[] = {"deep-taylor-minmax:target_share"};
  c = own_comparison(dtd_comparison_new(runs, "minmax-pooled", pattern, 1, 1));
  assert_int_equal(c->rows, 2);
  assert_near(c->row[0].difference.mean, -2);
  assert_true(isnan(c->row[1].p));
}

/* What figures call metrics and variants. */
TEST(names_for_figures_are_written) {
  char *folder[] = {put_run("n1", "minmax.learning_rate=0.5", 1, 1),
                    put_run("n2", "training.learning_rate=0.25", 1, 1)};
  struct dtd_compared_runs *runs = read_compared_runs(folder, 2, false);
  struct dtd_comparison *c =
      own_comparison(dtd_comparison_new(runs, NULL, NULL, 0, 1));
  dtd_comparison_write(test_path("new"), c, &plain_provenance);
  char *text = test_get(NULL, test_path("new/compare-names.tsv"));
  const char *rows = strstr(text, "kind\t");
  assert_string_equal(
      rows,
      "kind\tname\ttitle\tsubject_title\n"
      "metric\tnetwork:mse:scores\tMean squared error\tNetwork\n"
      "metric\ttaylor:target_share:one-target\tShare on the target’s half\t"
      "Taylor (nearest root)\n"
      "variant\ttraining.learning_rate=5e-05 minmax.learning_rate=0.5\t"
      "learning_rate=5e-05 learning_rate=0.5\t\n"
      "variant\ttraining.learning_rate=0.25 minmax.learning_rate=0.0015\t"
      "learning_rate=0.25 learning_rate=0.0015\t\n");
}

TEST_GROUP(test_folder_new, test_folder_free)
