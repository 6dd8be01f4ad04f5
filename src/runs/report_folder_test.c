/* Tests report_folder.c: what is missing or stale is said in one line. */
#include "base/test.h"
#include "runs/report_folder.h"

#include <fcntl.h>

#include "runs/test_report_folder.h"

TEST_GROUP(test_folder_new, test_folder_free)

static struct dtd_report_folder *begin(void) {
  return dtd_report_folder_open(put_result_folder());
}

TEST(a_table_is_read_once) {
  struct dtd_report_folder *folder = begin();
  const struct dtd_table *table = dtd_report_table(folder, "claims.tsv");
  assert_int_equal(table->rows, 2);
  assert_ptr_equal(dtd_report_table(folder, "claims.tsv"), table);
  assert_null(dtd_report_table(folder, "none.tsv"));
  dtd_report_folder_free(folder);
}

TEST(what_is_missing_is_said) {
  struct dtd_report_folder *folder = begin();
  const char *claims = dtd_report_path(folder, "claims.tsv");
  const char *none = dtd_report_path(folder, "%s.tsv", "none");
  assert_int_equal(access(claims, R_OK), 0);
  dtd_report_need(claims, "build/bin/evaluate");
  assert_dies(1, "/none.tsv: missing (run build/bin/evaluate first)",
              dtd_report_need(none, "build/bin/evaluate"));
  dtd_report_folder_free(folder);
}

TEST(newer_is_by_time_and_by_being_there) {
  put("a", "");
  put("b", "");
  const char *a = test_path("a"), *b = test_path("b");
  assert_false(dtd_report_is_newer(a, b));
  set_time("a", t0 + 1);
  assert_true(dtd_report_is_newer(a, b));
  assert_false(dtd_report_is_newer(b, a));
  assert_true(dtd_report_is_newer(a, test_path("none")));
  assert_false(dtd_report_is_newer(test_path("none"), a));
}

static void check(const char *figure, bool required) {
  struct dtd_report_folder *folder = dtd_report_folder_open(test_folder);
  dtd_report_check_figure(folder, dtd_figure_find(figure), "", required);
  dtd_report_folder_free(folder);
}

TEST(a_figure_is_there_and_fresh) {
  put_result_folder();
  check("heatmaps", true);
  check("audit", false);
  assert_dies(1, "/audit.tsv: missing (run build/bin/audit first)",
              check("audit", true));
}

TEST(a_figure_older_than_a_table_is_refused) {
  put_result_folder();
  set_time("gallery-scale.tsv", t0 + 1);
  assert_dies(1, "/figures/heatmaps.svg: older than", check("heatmaps", false));
  assert_dies(1, "/gallery-scale.tsv (run scripts/plot.sh first)",
              check("heatmaps", false));
}

TEST(a_figure_that_is_not_drawn_is_missed) {
  put_result_folder();
  put("audit.tsv", "column\n");
  assert_dies(1, "/figures/audit.svg: missing (run scripts/plot.sh first)",
              check("audit", false));
  unlink(test_path("audit.tsv"));
}
