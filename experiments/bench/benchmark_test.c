/* Tests the benchmark's table on a small model, and that it ends when
   contenders disagree. */

#include <sys/stat.h>

#include "base/test.h"
#include "benchmark.h"
#include "files/table_reader.h"
#include "runs/test_data_folder.h"
#include "runs/training_run.h"

TEST_OWNS(table)

static char *arguments[] = {"bench", NULL};

/* A model in the test's folder, and programs that do nothing. */
static void setup(void) {
  const char *const programs[] = {"train", "explain"};
  plain_data_folder_new();
  for (int n = 0; n < 2; n++)
    chmod(test_put(programs[n], "#!/bin/sh\n", 10), 0755);
  mkdir(test_path("scratch"), 0755);
  struct dtd_training_run_request run = {.argc = 1,
                                         .argv = arguments,
                                         .config = test_path("small.ini"),
                                         .directory = test_path("model")};
  assert_int_equal(dtd_training_run(&run), DTD_OK);
}

static void run_benchmark(const char *torch) {
  char *words[] = {(char *)test_path("model"), "explanation.root_starts=1"};
  const struct dtd_texts folder = {2, words};
  struct dtd_benchmark_request request = {
      .folder =
          dtd_result_folder_open(&folder, 1, arguments, DTD_BENCHMARK_IMAGES),
      .programs = test_folder,
      .torch = torch,
      .scratch = test_path("scratch"),
      .output = test_path("bench.tsv"),
      .rounds = 2,
      .turn = 0.001};
  dtd_benchmark(&request);
  dtd_result_folder_close(request.folder);
}

/* Answers with numbers that no step has. Comes first: it forks before there are
   threads. */
TEST(who_disagrees_is_found_out) {
  if (access("/usr/bin/python3", X_OK)) skip();
  static const char script[] =
      "import sys\n"
      "for line in sys.stdin:\n"
      "    print('0' if line.startswith('reset') else '1 2 3', flush=True)\n";
  const char *path = test_put("torch.py", script, sizeof script - 1);
  assert_dies(DTD_FAILURE, "autograd: disagrees on errors",
              run_benchmark(path));
  assert_int_equal(access(test_path("bench.tsv"), F_OK), -1);
}

TEST(every_job_has_its_rows) {
  run_benchmark(NULL);
  const char *const wanted[] = {
      "peak memory\tdtd\t",
      "machine\tproduct\t1\t",
      "machine\tupdate 128 MiB\t2\t",
      "start-up\tdtd\t",
      "training step\tsparse\t1\t10\t",
      "training step\tdense\t2\t10\t",
      "training step\tdense / sparse\t",
      "training step\tfloor\t2\t",
      "training step\tsparse / floor\t1\t",
      "sensitivity\tdtd\t2\t500\t",
      "taylor\tdtd\t1\t20\t",
      "deep-taylor-minmax\tdtd / floor\t1\t1\t",
      "deep-taylor-free\tdtd\t2\t20\t",
      "nearest roots\tmultiplier\t2\t",
      "nearest roots\tnlopt / multiplier\t1\t",
      "nearest roots\tcertified\t",
  };
  enum { WANTED = sizeof wanted / sizeof *wanted };
  int found[WANTED] = {0};
  struct dtd_table *table = own_table(dtd_table_read(test_path("bench.tsv")));
  assert_int_equal(table->columns, 8);
  for (int n = 0; n < table->rows; n++) {
    char line[512] = "";
    for (int c = 0; c < 4; c++)
      strcat(strcat(line, dtd_table_cell(table, n, c)), "\t");
    double median = dtd_table_value(table, n, "median"),
           low = dtd_table_value(table, n, "low");
    assert_true(low >= 0 && low <= median &&
                median <= dtd_table_value(table, n, "high"));
    for (int w = 0; w < WANTED; w++)
      found[w] += !strncmp(line, wanted[w], strlen(wanted[w]));
  }
  for (int w = 0; w < WANTED; w++)
    if (found[w] != 1) fail_msg("%d rows \"%s\"", found[w], wanted[w]);
}

TEST_GROUP(setup, test_folder_free)
