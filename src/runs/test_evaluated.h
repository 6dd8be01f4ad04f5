/* Folders as evaluations leave them, with numbers that a test chooses. */
#ifndef DTD_TEST_EVALUATED_H
#define DTD_TEST_EVALUATED_H

#include <sys/stat.h>

#include "runs/compared_runs.h"
#include "runs/evaluation_record.h"
#include "files/test_digits.h"
#include "files/table.h"
#include "base/test_folder.h"

TEST_OWNS(evaluation_record)
TEST_OWNS(compared_runs)
#define read_compared_runs(...)                                                \
  own_compared_runs(dtd_compared_runs_read(__VA_ARGS__))

static const struct dtd_provenance plain_provenance = {"test", "0", 1};

/* The defaults with one assignment over them. */
static inline struct dtd_settings plain_settings(const char *assignment) {
  struct dtd_settings settings;
  char *words[] = {(char *)assignment};
  const char *file = test_put("plain.ini", "[training]\nseed = 1\n", 20);
  dtd_config_read(&settings, file, words, 1);
  return settings;
}

struct plain_metric {
  const char *subject, *metric, *set;
  double value;
};

/* The folder of `name`, evaluated with these settings on digits that follow
   from `data`: it has these metrics. */
static inline char *put_metrics(const char *name,
                                const struct dtd_settings *settings,
                                const struct plain_metric *metric, int count,
                                uint64_t data) {
  char *folder = (char *)test_path(name);
  char digest[17], path[2048];
  mkdir(folder, 0777);
  dtd_config_digest(digest, settings);
  struct dtd_provenance from = {"test", digest, settings->seed};
  snprintf(path, sizeof path, "%s/metrics.tsv", folder);
  FILE *table =
      dtd_table_open(path, &from, "subject metric set value low high n");
  for (int n = 0; n < count; n++)
    dtd_table_row(table, "%s %s %s %g %f %f %d", metric[n].subject,
                  metric[n].metric, metric[n].set, metric[n].value, 0.0, 0.0,
                  3);
  dtd_table_close(table);
  struct dtd_digits digits = plain_digits(20, data);
  dtd_evaluation_record_write(folder, settings, &digits);
  return folder;
}

/* Such a folder with network mse 10 `value` and taylor target_share `value`. */
static inline char *put_evaluated(const char *name,
                                  const struct dtd_settings *settings,
                                  double value, uint64_t data) {
  struct plain_metric metric[] = {
      {"network", "mse", "scores", 10 * value},
      {"taylor", "target_share", "one-target", value}};
  return put_metrics(name, settings, metric, 2, data);
}

#endif
