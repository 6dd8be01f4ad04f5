/* Tests that every point of the scaling table is there and plausible. */

#include "base/test.h"
#include "benchmark.h"
#include "runs/test_data_folder.h"
#include "runs/training_run.h"
#include "scaling.h"

TEST(every_point_has_cost_and_floor) {
  char *argv[] = {"bench", NULL};
  struct dtd_training_run_request run = {.argc = 1,
                                         .argv = argv,
                                         .config = test_path("small.ini"),
                                         .directory = test_path("model")};
  assert_int_equal(dtd_training_run(&run), DTD_OK);
  struct dtd_folder_arguments arguments = {.directory = test_path("model")};
  struct dtd_result_folder *folder =
      dtd_result_folder_open(&arguments, 1, argv, DTD_BENCHMARK_IMAGES);
  const char *path = test_path("scaling.tsv");
  dtd_scaling(path, folder, 1, 0.001);
  dtd_result_folder_close(folder);

  FILE *file = fopen(path, "r");
  char line[512], factor[16], variant[16], unit[16];
  int rows[4] = {0}, names = 0;
  double little = 0, much = 0;
  while (fgets(line, sizeof line, file)) {
    double value, median, low, high, least;
    int threads;
    if (*line == '#') continue;
    if (!names++) {
      assert_string_equal(
          line, "factor\tvalue\tvariant\tthreads\tmedian\tlow\thigh\tfloor\t"
                "unit\n");
      continue;
    }
    assert_int_equal(sscanf(line, "%15s %lf %15s %d %lf %lf %lf %lf %15s",
                            factor, &value, variant, &threads, &median, &low,
                            &high, &least, unit),
                     9);
    assert_true(threads >= 1 && threads <= 2);
    assert_true(least > 0 && low > 0 && low <= median && median <= high);
    rows[0] += !strcmp(factor, "batch");
    rows[1] += !strcmp(factor, "units");
    rows[2] += !strcmp(factor, "ink");
    rows[3] += !strcmp(factor, "examples");
    if (strcmp(factor, "ink") || threads > 1) continue;
    if (value < 0.03) little = least;
    if (value > 0.9) much = least;
  }
  fclose(file);
  assert_int_equal(rows[0], 8 * 4);
  assert_int_equal(rows[1], 5 * 4);
  assert_int_equal(rows[2], 8 * 4);
  assert_int_equal(rows[3], 9 * 2);
  assert_true(much > little); /* fifty times the ink; two threads on one
                                 processor would blur that */
}

TEST_GROUP(plain_data_folder_new, test_folder_free)
