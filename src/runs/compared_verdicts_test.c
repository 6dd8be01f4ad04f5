/* Tests compared_verdicts.c on folders with verdicts chosen here. */
#include "base/test.h"
#include "runs/compared_verdicts.h"

#include "runs/test_evaluated.h"

TEST_GROUP(test_folder_new, test_folder_free)

/* A folder of a seed: its sentence s and the sentence's claim c, read by mass.
 */
static char *put_judged(const char *name, int seed, const char *of_sentence,
                        const char *of_claim) {
  char assignment[64], file[64], text[512];
  snprintf(assignment, sizeof assignment, "training.seed=%d", seed);
  struct dtd_settings settings = plain_settings(assignment);
  char *folder = put_evaluated(name, &settings, 1, 1);
  snprintf(file, sizeof file, "%s/sentences.tsv", name);
  snprintf(text, sizeof text, "sentence\tquote\tverdict\ns\tso it is\t%s\n",
           of_sentence);
  put_text(file, text);
  snprintf(file, sizeof file, "%s/claims.tsv", name);
  snprintf(text, sizeof text,
           "claim\tstatement\tverdict\tsentence\treading\n"
           "c\tit is\t%s\ts\tby mass\n",
           of_claim);
  put_text(file, text);
  return folder;
}

static void assert_counts(const struct dtd_counted_verdict *v,
                          const char *claim, const char *said, int runs,
                          int hold, int in_part, int fail) {
  assert_string_equal(v->sentence, "s");
  assert_string_equal(v->claim, claim);
  assert_string_equal(v->said, said);
  assert_true(v->runs == runs && v->hold == hold && v->in_part == in_part &&
              v->fail == fail);
}

TEST(verdicts_are_counted_over_seeds) {
  char *folders[] = {
      put_judged("a", 1, "holds", "holds"),
      put_judged("b", 2, "holds in part", "does not hold"),
      put_judged("c", 3, "does not hold", "undecided"),
  };
  struct dtd_compared_runs *runs = read_compared_runs(folders, 3, false);
  struct dtd_compared_verdicts *v = dtd_compared_verdicts_new(runs);
  assert_int_equal(v->count, 2);
  assert_counts(&v->verdict[0], "", "so it is", 3, 1, 1, 1);
  assert_counts(&v->verdict[1], "c", "it is (by mass)", 3, 1, 0, 1);
  dtd_compared_verdicts_write(test_folder, v, runs, &plain_provenance);
  struct dtd_table *table = dtd_table_read(test_path("compare-claims.tsv"));
  assert_int_equal(table->rows, 2);
  assert_false(dtd_table_has(table, 0, "claim"));
  assert_true(dtd_table_value(table, 0, "in_part") == 1);
  assert_true(dtd_table_value(table, 1, "undecided") == 1);
  dtd_table_free(table);
  dtd_compared_verdicts_free(v);
}

/* Runs of an earlier version have none. */
TEST(runs_without_verdicts_are_left_out) {
  struct dtd_settings settings = plain_settings("training.seed=4");
  char *folders[] = {put_evaluated("d", &settings, 1, 1),
                     put_judged("e", 5, "holds", "holds")};
  struct dtd_compared_runs *runs = read_compared_runs(folders, 2, false);
  struct dtd_compared_verdicts *v = dtd_compared_verdicts_new(runs);
  assert_int_equal(v->count, 2);
  assert_counts(&v->verdict[0], "", "so it is", 1, 1, 0, 0);
  dtd_compared_verdicts_free(v);
}
