/* Tests that every point of the scaling table is there and plausible. */

#include "base/test.h"
#include "benchmark.h"
#include "files/table_reader.h"
#include "runs/test_data_folder.h"
#include "runs/training_run.h"
#include "scaling.h"

TEST_OWNS(table)

TEST(every_point_has_cost_and_floor) {
  char *argv[] = {"bench", NULL};
  struct dtd_training_run_request run = {.argc = 1,
                                         .argv = argv,
                                         .config = test_path("small.ini"),
                                         .directory = test_path("model")};
  assert_int_equal(dtd_training_run(&run), DTD_OK);
  const struct dtd_texts model = {1, (char *[]){(char *)test_path("model")}};
  struct dtd_result_folder *folder =
      dtd_result_folder_open(&model, 1, argv, DTD_BENCHMARK_IMAGES);
  const char *path = test_path("scaling.tsv");
  dtd_scaling(path, folder, 1, 0.001);
  dtd_result_folder_close(folder);

  const char *const names[] = {"factor",  "value",  "variant",
                               "threads", "median", "low",
                               "high",    "floor",  "unit"};
  const char *const factors[] = {"batch", "units", "ink", "examples"};
  const int wanted[] = {8 * 4, 5 * 4, 8 * 4, 9 * 2};
  int rows[4] = {0};
  double little = 0, much = 0;
  struct dtd_table *table = own_table(dtd_table_read(path));
  assert_int_equal(table->columns, 9);
  for (int c = 0; c < 9; c++) assert_string_equal(table->name[c], names[c]);
  for (int n = 0; n < table->rows; n++) {
    const char *factor = dtd_table_text(table, n, "factor");
    double value = dtd_table_value(table, n, "value");
    double threads = dtd_table_value(table, n, "threads");
    double low = dtd_table_value(table, n, "low"),
           median = dtd_table_value(table, n, "median");
    double least = dtd_table_value(table, n, "floor");
    assert_true(threads >= 1 && threads <= 2);
    assert_true(least > 0 && low > 0 && low <= median &&
                median <= dtd_table_value(table, n, "high"));
    for (int f = 0; f < 4; f++) rows[f] += !strcmp(factor, factors[f]);
    if (strcmp(factor, "ink") || threads > 1) continue;
    if (value < 0.03) little = least;
    if (value > 0.9) much = least;
  }
  for (int f = 0; f < 4; f++) assert_int_equal(rows[f], wanted[f]);
  assert_true(much > little); /* fifty times the ink; two threads on one
                                 processor would blur that */
}

TEST_GROUP(plain_data_folder_new, test_folder_free)
