/* Tests report.c: the page is whole, safe and fresh, or there is one line. */
#include "base/test.h"
#include "runs/report.h"

#include <fcntl.h>

#include "base/test_faults.h"
#include "runs/test_report_folder.h"

TEST_GROUP(test_folder_new, test_folder_free)

/* The page of a new folder, until the test ends. */
static char *page(void) {
  put_result_folder();
  unlink(test_path("report.html"));
  assert_true(write_report());
  return test_get(NULL, test_path("report.html"));
}

TEST(a_page_holds_its_sections_in_order) {
  char *text = page();
  static const char *const order[] = {"<!DOCTYPE html>",
                                      "id=\"in-short\"",
                                      "href=\"#claims\"",
                                      "id=\"contents\"",
                                      "id=\"methods\"",
                                      "<dt>Sensitivity</dt>",
                                      "id=\"heatmaps\"",
                                      "<svg role=\"img\"",
                                      "id=\"conservation\"",
                                      "id=\"claims\"",
                                      "id=\"claims-table\"",
                                      "id=\"table-1\"",
                                      "id=\"metrics\"",
                                      "id=\"training\"",
                                      "id=\"provenance\"",
                                      "metrics.tsv\nseed: 1",
                                      "</html>"};
  const char *at = text;
  for (size_t n = 0; n < sizeof order / sizeof *order; n++) {
    const char *found = strstr(at, order[n]);
    if (!found) fail_msg("no %s behind the one before", order[n]);
    at = found;
  }
}

TEST(what_is_not_there_is_not_shown) {
  char *text = page();
  assert_null(strstr(text, "id=\"audit\""));
  assert_null(strstr(text, "id=\"settings\""));
  assert_null(strstr(text, "href=\"#floor\""));
  assert_null(strstr(text, "{{"));
}

TEST(a_page_runs_and_fetches_nothing) {
  char *text = page();
  assert_non_null(
      strstr(text, "http-equiv=\"Content-Security-Policy\" "
                   "content=\"default-src 'none'; style-src 'unsafe-inline'; "
                   "img-src data:;"));
  assert_null(strstr(text, "<script"));
  assert_non_null(strstr(text, "A &lt;script&gt;"));
}

TEST(claims_are_named_and_judged) {
  char *text = page();
  assert_non_null(strstr(
      text, "Sums follow f <small>Slope − 1: Deep Taylor (min–max)</small>"));
  assert_non_null(strstr(text, "±0.1</td>"));
  assert_non_null(strstr(text, "✗ <strong>does not hold</strong>"));
  assert_non_null(strstr(text, "✓ holds"));
  assert_non_null(strstr(text, "“near-conservative” <small>Does not hold.</"));
  assert_non_null(strstr(text, "“it is &lt;b&gt;” <small>Holds in part: 1 of 3 "
                               "claims. By reading: by mass: holds; by rank: "
                               "does not hold.</small>"));
}

TEST(cells_of_table_1_stand_beside_the_papers) {
  char *text = page();
  assert_non_null(strstr(text, "Fast computation <small>passes; tolerance 100"
                               "</small>"));
  assert_non_null(strstr(text, "<td class=\"paper\">Yes</td><td class=\"number "
                               "differs\">No\u00a0✗ differs <small>198"
                               "</small></td>"));
}

TEST(a_metric_counts_its_pairs) {
  char *text = page();
  assert_non_null(strstr(text, "n = 391</span>; taylor\u00a040</small>"));
}

TEST(a_fresh_page_is_kept) {
  page();
  set_time("report.html", t0 + 5);
  assert_false(write_report());
  set_time("claims.tsv", t0 + 6);
  assert_true(write_report());
  set_time("report.html", t0 + 10);
  set_time("figures/heatmaps.svg", t0 + 11);
  assert_true(write_report());
}

TEST(a_page_older_than_the_program_is_written_again) {
  page();
  set_time("report.html", t0 + 5);
  put("program", "");
  set_time("program", t0 + 6);
  assert_true(write_report_after(test_path("program")));
}

TEST(a_table_that_is_missing_is_said) {
  page();
  unlink(test_path("claims.tsv"));
  assert_dies(1, "/claims.tsv: missing (run build/bin/evaluate first)",
              write_report());
}

TEST(a_folder_in_its_place_is_said) {
  page();
  unlink(test_path("report.html"));
  mkdir(test_path("report.html"), 0777);
  assert_dies(1, "report.html: is a folder", write_report());
  rmdir(test_path("report.html"));
}

TEST(a_drawing_that_runs_leaves_the_earlier_page) {
  page();
  put("report.html", "earlier");
  put("figures/heatmaps.svg", "<svg><script>alert(1)</script></svg>");
  set_time("report.html", t0 - 1);
  assert_dies(1, "figures/heatmaps.svg: holds <script>", write_report());
  assert_file_is(test_path("report.html"), "earlier");
  assert_int_not_equal(access(test_path("report.html.partial"), F_OK), 0);
}

static void write_anew(void) {
  unlink(test_path("report.html"));
  write_report();
}

TEST(a_report_survives_any_error) {
  put_result_folder();
  assert_survives_short_memory(write_anew);
  assert_survives_a_full_disk(write_anew);
}
