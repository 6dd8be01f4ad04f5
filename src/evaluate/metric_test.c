/* Tests which heatmaps each metric counts, and what it observes of them. */

#include "base/test.h"
#include "evaluate/metric.h"

static const struct dtd_metric *find(const char *name) {
  const struct dtd_metric *metric = dtd_metric_find("any method", name);
  if (!metric) fail_msg("there is no metric %s", name);
  return metric;
}

/* Two confident pairs and one whose f is 20. */
static const struct dtd_measures heatmaps[] = {
    {.f = 100,
     .sum_r = 90,
     .positive = 95,
     .negative = 5,
     .entered = 80,
     .target_share = 0.8,
     .spread = 300,
     .top_share = 0.2},
    {.f = 80,
     .sum_r = 88,
     .positive = 88,
     .negative = 0,
     .entered = 80,
     .target_share = 0.6,
     .spread = 500,
     .top_share = 0.1},
    {.f = 20,
     .sum_r = 25,
     .positive = 30,
     .negative = 5,
     .entered = 25,
     .target_share = 0.1,
     .spread = 900,
     .top_share = 0.9},
};

static double measured(const char *name) {
  const struct dtd_metric *m = find(name);
  double a[3], b[3];
  for (int n = 0; n < 3; n++) {
    a[n] = m->a(&heatmaps[n]);
    if (m->b) b[n] = m->b(&heatmaps[n]);
  }
  return dtd_estimate(m->statistic, a, m->b ? b : NULL, 3, 10, 1).value;
}

static bool close_to(double a, double b) {
  return fabs(a - b) <= 1e-12 * (1 + fabs(b));
}

TEST(metrics_of_three_heatmaps) {
  assert_true(close_to(measured("error_median"), 0.1)); /* -.1, .1, .25 */
  assert_true(close_to(measured("error_max"), 0.25));
  assert_true(close_to(measured("rule_error_max"), 0.125)); /* 10 / 80 */
  assert_true(close_to(measured("ratio"), (0.9 + 1.1 + 1.25) / 3));
  assert_true(close_to(measured("negative_share"), 10 / 223.0));
  assert_true(close_to(measured("variation"), 1 / 89.0)); /* of 90 and 88 */
  assert_true(close_to(measured("target_share"), 0.7));
  assert_true(close_to(measured("spread"), 400));
  assert_true(close_to(measured("top_share"), 0.15));
  /* f - mean: 33.3, 13.3, -46.7; sum - mean: 22.3, 20.3, -42.7 */
  double ff = (100.0 * 100 + 40.0 * 40 + 140.0 * 140) / 9;
  double fs = (100.0 * 67 + 40.0 * 61 + 140.0 * 128) / 9;
  assert_true(close_to(measured("slope"), fs / ff));
}

static void assert_reads(const char *name, const struct dtd_measures *m,
                         double measure) {
  const struct dtd_metric *metric = find(name);
  assert_true(metric->a(m) == measure);
  assert_true(metric->statistic == dtd_mean && !metric->b);
  assert_true(metric->set == DTD_SET_ONE_TARGET);
}

/* Each of these measures has a metric of its name, its mean. */
TEST(metrics_read_the_measure_of_their_name) {
  struct dtd_measures m = {.f = 51};
  int count = 0;
#define CHECK(name)                                                            \
  m.name = ++count;                                                            \
  assert_reads(#name, &m, count);
  DTD_OBSERVABLES(CHECK)
#undef CHECK
  assert_int_equal(count, 32);
}

TEST(places_count_where_f_is_confident) {
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++) {
    struct dtd_measures unsure = {.f = 50, .sum_r = 1},
                        sure = {.f = 51, .sum_r = 1};
    if (m->set != DTD_SET_ONE_TARGET || !m->a) continue;
    assert_true(isnan(m->a(&unsure)));
    assert_false(isnan(m->a(&sure)));
  }
}

/* Heatmap 0 of the method against heatmap 1 of the reference. */
TEST(comparisons_of_two_heatmaps) {
  const struct {
    const char *name;
    dtd_statistic *statistic;
    double a, b;
  } wanted[] = {
      {"target_share_difference_free", dtd_difference, 0.8, 0.6},
      {"variation_ratio_free", dtd_variation_ratio, 90, 88},
      {"top_share_ratio_free", dtd_ratio, 0.2, 0.1},
      {"spread_ratio_free", dtd_ratio, 300, 500},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    const struct dtd_metric *m = find(wanted[i].name);
    assert_true(m->statistic == wanted[i].statistic);
    assert_true(m->a(&heatmaps[0]) == wanted[i].a);
    assert_true(m->b(&heatmaps[1]) == wanted[i].b);
  }
  struct dtd_measures m = {.f = 60, .rank_correlation_free = 0.25};
  assert_true(find("rank_correlation_free")->a(&m) == 0.25);
}

static bool is_of_method(const struct dtd_metric *m) {
  return m->subject == DTD_OF_METHOD || m->subject == DTD_BESIDE_REFERENCE;
}

/* Names are used once of each subject, titles once in a group. */
TEST(names_are_used_once) {
  int in_group[DTD_METRIC_GROUPS] = {0};
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++) {
    assert_true(m->group < DTD_METRIC_GROUPS);
    assert_true(!m->a || (m->set < DTD_SETS && m->statistic));
    assert_true(m->a || !m->b);
    in_group[m->group]++;
    for (const struct dtd_metric *n = dtd_metrics; n != m; n++)
      if (is_of_method(m) == is_of_method(n) &&
          (is_of_method(m) || m->subject == n->subject)) {
        assert_string_not_equal(m->name, n->name);
        if (m->group == n->group) assert_string_not_equal(m->title, n->title);
      }
  }
  for (int g = 0; g < DTD_METRIC_GROUPS; g++) {
    assert_true(*dtd_metric_groups[g]);
    assert_true(in_group[g] > 0);
  }
}

TEST(metrics_are_found_by_subject_and_name) {
  assert_int_equal(dtd_metric_find("network", "seconds")->subject,
                   DTD_OF_NETWORK);
  assert_int_equal(dtd_metric_find("minmax", "correlation")->subject,
                   DTD_OF_MODEL);
  assert_int_equal(dtd_metric_find("taylor", "seconds")->subject,
                   DTD_OF_METHOD);
  assert_int_equal(dtd_metric_find("taylor", "spread_ratio_free")->subject,
                   DTD_BESIDE_REFERENCE);
  assert_null(dtd_metric_find("network", "spread"));
  assert_null(dtd_metric_find("taylor", "mse"));
}
