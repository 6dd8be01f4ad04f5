/* Tests the comparison of root solvers: its shares, its table, its summary. */

#include "base/test.h"
#include "network/test_network.h"
#include "evaluate/root_comparison.h"
#include "files/table_reader.h"
#include "base/test_folder.h"

TEST_OWNS(root_comparison)
TEST_OWNS(table)

TEST(shares_count_what_is_near_enough) {
  struct dtd_root a[] = {{.distance = 1, .feasible = true},
                         {.distance = 2.03, .feasible = true},
                         {.distance = 2.01, .feasible = true},
                         {.distance = 0.5}};
  struct dtd_root b[] = {
      {.distance = 3}, {.distance = 2}, {.distance = 2}, {.distance = 1}};
  struct dtd_contender_result one = {.root = a}, other = {.root = b};
  assert_true(dtd_root_share_within(&one, &other, 4) == 0.5);
}

/* f = max(0, x_0): R_0 = x_0 - r_0 = 0.9 x_0. */
TEST(tables_hold_a_row_an_image_and_contender) {
  struct dtd_layer_shape layer = LAYER(2, 1, 1);
  struct dtd_network *network = new_network(&layer, 1);
  struct dtd_explanation_settings settings = {
      .root = dtd_root_defaults(), .low = -0.5f, .high = 1.5f};
  const float x[] = {1, 0, 0.5f, 1};
  const struct dtd_provenance from = {"test", "0", 1};
  network->layer[0].w[0] = 1;
  struct dtd_root_comparison *comparison =
      own_root_comparison(dtd_root_comparison_new(network, x, 2, &settings, 3));
  for (int c = 0; c < DTD_CONTENDERS; c++)
    for (int n = 0; n < 2; n++) {
      const struct dtd_contender_result *by = &comparison->by[c];
      assert_true(fabs(by->sum[n] - 0.9 * x[2 * n]) < 0.01);
      assert_true(by->negative[n] < 1e-6 && by->positive[n] > 0.4);
    }
  const char *path = test_path("comparison.tsv");
  dtd_root_comparison_write(path, comparison, &from);
  struct dtd_table *table = own_table(dtd_table_read(path));
  assert_int_equal(table->rows, 2 * DTD_CONTENDERS);
  char line[1024];
  FILE *summary = tmpfile();
  dtd_root_comparison_print(summary, comparison);
  rewind(summary);
  assert_non_null(fgets(line, sizeof line, summary));
  assert_non_null(strstr(line, "certified"));
  assert_non_null(fgets(line, sizeof line, summary));
  assert_non_null(strstr(line, "chosen"));
  assert_non_null(strstr(line, "1.000"));
  fclose(summary);
}

TEST_GROUP(test_folder_new, test_folder_free)
