/* Tests report_summary.c: the findings are those of the tables. */
#include "base/test.h"
#include "runs/report_summary.h"

#include <fcntl.h>

#include "runs/test_report_folder.h"

TEST_GROUP(test_folder_new, test_folder_free)

static char text[8192];

static void take(void (*write)(FILE *, struct dtd_report_folder *)) {
  memset(text, 0, sizeof text);
  struct dtd_report_folder *folder = dtd_report_folder_open(test_folder);
  FILE *stream = fmemopen(text, sizeof text, "w");
  write(stream, folder);
  fclose(stream);
  dtd_report_folder_free(folder);
}

#define assert_says(words)                                                     \
  if (!strstr(text, words)) fail_msg("no \"%s\" in %s", words, text)

TEST(claims_and_cells_are_counted) {
  put_result_folder();
  take(dtd_report_summary);
  assert_says("Section 6.1 makes 2 statements: 0 hold here, 1 hold in part, 1 "
              "do not hold, and 0 are undecided");
  assert_says("split into 2 claims, of which 1 hold, 1 do not, and 0 are "
              "undecided");
  assert_says("Of the 2 cells of Table 1, 1 agree");
  assert_says("<p>Does not hold:</p><ul class=\"columns\">"
              "<li>“near-conservative”</li></ul>");
  assert_says("<p>Holds in part:</p><ul class=\"columns\"><li>“it is "
              "&lt;b&gt;” <small>(by mass: holds; by rank: does not "
              "hold)</small></li></ul>");
}

TEST(figures_are_those_of_metrics) {
  put_result_folder();
  take(dtd_report_summary);
  assert_says("right about 98.0\u00a0% [97.6, 98.3] of 5000 test pairs; its "
              "mean squared error is 287 [268, 308].");
  assert_says("Sensitivity 75\u00a0% [74, 76], Taylor (nearest root) "
              "80\u00a0% [77, 82]");
}

TEST(what_was_not_measured_is_not_said) {
  put_result_folder();
  take(dtd_report_summary);
  assert_null(strstr(text, "floor"));
  assert_null(strstr(text, "nearest roots"));
  assert_null(strstr(text, "correlation"));
}

TEST(roots_and_their_audit_are_summed_up) {
  put_result_folder();
  put("roots.tsv", "example\tcertified\n0\t1\n1\t0\n");
  put("audit.tsv", "rule\tlayer\tquantity\tvalue\n"
                   "zB\t1\tin_domain\t1\nzB\t1\tsame_region_network\t0.206\n");
  take(dtd_report_summary);
  assert_says("Of 2 nearest roots, 1 are certified");
  assert_says("Of the roots that the z<sup>B</sup>-rule stands for, 100\u00a0% "
              "lie among valid images, and 21\u00a0% in the linear region");
  unlink(test_path("roots.tsv"));
  unlink(test_path("audit.tsv"));
}

TEST(a_terminal_gets_the_main_metrics) {
  put_result_folder();
  take(dtd_report_print);
  assert_string_equal(
      text,
      "Network, Mean squared error: 287 [268, 308]\n"
      "Network, Accuracy: 0.9798 [0.9758, 0.9832]\n"
      "Min–max model, RMS error: 14.64 [14.35, 14.94]\n"
      "Sensitivity, Share on the target’s half: 0.752 [0.744, 0.760]\n"
      "Taylor (nearest root), Share on the target’s half: 0.800 [0.773, 0.825]"
      "\n");
}
