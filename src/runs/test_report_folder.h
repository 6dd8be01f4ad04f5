/* Gives tests a result folder that is as small as a report allows: the tables
   that evaluate writes, a row or two each, and two empty drawings.

   For cmocka tests only: TEST_GROUP(test_folder_new, test_folder_free). */
#ifndef DTD_TEST_REPORT_FOLDER_H
#define DTD_TEST_REPORT_FOLDER_H

#include <sys/stat.h>

#include "base/test_folder.h"
#include "runs/report.h"

/* Times of files count from here, in seconds: t0, t0 + 1, ... */
static const time_t t0 = 1000000000;

static inline void set_time(const char *name, time_t seconds) {
  struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
  assert_int_equal(utimensat(AT_FDCWD, test_path(name), times, 0), 0);
}

/* Writes a file of the folder, as old as t0. */
static inline void put(const char *name, const char *text) {
  test_put(name, text, strlen(text));
  set_time(name, t0);
}

#define METRICS_HEAD "# seed: 1\nsubject\tmetric\tset\tvalue\tlow\thigh\tn\n"
#define CLAIMS_HEAD                                                            \
  "claim\tstatement\tstatistic\tvalue\tlow\thigh\tthreshold\tverdict\tsentenc" \
  "e\treading\n"
#define SENTENCES_HEAD                                                         \
  "sentence\tquote\tverdict\tclaims\thold\tfail\tundecided\treadings\n"
#define TABLE1_HEAD                                                            \
  "property\tmethod\tpaper\tmeasured\tvalue\ttolerance\tagrees\tquantity\n"
#define EMPTY_DRAWING "<svg width=\"10\"><g/></svg>\n"

/* Returns the folder's path. */
static inline const char *put_result_folder(void) {
  mkdir(test_path("figures"), 0777);
  put("metrics.tsv", METRICS_HEAD
      "network\tmse\tscores\t286.6179\t267.6142\t308.4884\t5000\n"
      "network\taccuracy\tscores\t0.9798\t0.9758\t0.9832\t5000\n"
      "minmax\trms\tscores\t14.64452\t14.35439\t14.93655\t5000\n"
      "sensitivity\ttarget_share\tone-target\t0.7517\t0.7439\t0.7603\t391\n"
      "taylor\ttarget_share\tone-target\t0.7996\t0.7733\t0.825\t40\n"
      "deep-taylor-free\terror_max\tindependent\t2.890613e-07\tNA\tNA\t400\n");
  put("claims.tsv", CLAIMS_HEAD
      "minmax-near-diagonal\tsums follow f\tslope - 1 of deep-taylor-minmax "
      "within +-\t-0.198\t-0.216\t-0.18\t0.1\tdoes not hold\tsums\tNA\n"
      "new\ta <script>\tx of y at least\t1\t0.9\t1.1\t0.5\tholds\tnew\tby "
      "mass\n");
  put("sentences.tsv", SENTENCES_HEAD
      "sums\tnear-conservative\tdoes not hold\t1\t0\t1\t0\tNA\n"
      "new\tit is <b>\tholds in part\t3\t1\t1\t1\tby mass: holds; by rank: "
      "does not hold\n");
  put("table1.tsv",
      TABLE1_HEAD "positive\tsensitivity\tYes\tYes\t0\t0.01\tyes\tshare\n"
                  "fast\tsensitivity\tYes\tNo\t198\t100\tno\tpasses\n");
  const char *const tables[] = {"gallery", "gallery-scale", "examples",
                                "histogram", "methods"};
  for (int n = 0; n < 5; n++) {
    char name[64];
    snprintf(name, sizeof name, "%s.tsv", tables[n]);
    put(name, "column\n1\n");
  }
  put("figures/heatmaps.svg", EMPTY_DRAWING);
  put("figures/conservation.svg", EMPTY_DRAWING);
  return test_folder;
}

/* Writes its page unless it is newer than all that it shows and `program`. */
static inline bool write_report_after(const char *program) {
  struct dtd_report_folder *folder = dtd_report_folder_open(test_folder);
  bool written = dtd_report_write(folder, dtd_report_page_of(folder), program);
  dtd_report_folder_free(folder);
  return written;
}

static inline bool write_report(void) {
  return write_report_after("no program");
}

#endif
