/* Every metric of an explanation method, one line each. */
#include "evaluate/metric.h"

#include <math.h>
#include <stddef.h>

/* ---- what is observed of a heatmap ---- */

static double score(const struct dtd_measures *m) {
  return m->f;
}
static double sum(const struct dtd_measures *m) {
  return m->sum;
}
static double mass(const struct dtd_measures *m) {
  return m->positive + m->negative;
}
static double negative(const struct dtd_measures *m) {
  return m->negative;
}
/* (sum_p R_p - f) / f, where there is something to explain */
static double relative_error(const struct dtd_measures *m) {
  return m->f > 1 ? (m->sum - m->f) / m->f : NAN;
}
static double absolute_error(const struct dtd_measures *m) {
  return fabs(relative_error(m));
}
/* What the first layer's rule alone loses or adds, as a share. */
static double rule_error(const struct dtd_measures *m) {
  return m->entered > 1 ? fabs(m->sum - m->entered) / m->entered : NAN;
}
static double explained_ratio(const struct dtd_measures *m) {
  return m->f > 1 ? m->sum / m->f : NAN;
}
static double confident(const struct dtd_measures *m, double value) {
  return m->f > DTD_CONFIDENT ? value : NAN;
}
static double confident_sum(const struct dtd_measures *m) {
  return confident(m, m->sum);
}
/* Observations that are one measure of the confident pairs. */
#define MEASURE(name)                                                          \
  static double name(const struct dtd_measures *m) {                           \
    return confident(m, m->name);                                              \
  }
MEASURE(target_share)
MEASURE(ink_share)
MEASURE(distractor_share)
MEASURE(black_share)
MEASURE(rank_accuracy)
MEASURE(spread)
MEASURE(top_share)
MEASURE(floor_share)
MEASURE(target_share_above_floor)
MEASURE(flipping_area)
MEASURE(flipping_gain)
MEASURE(aopc)
MEASURE(aopc_gain)
MEASURE(flipping_area_early)
MEASURE(flipping_gain_early)
MEASURE(aopc_early)
MEASURE(aopc_gain_early)
MEASURE(continuity)
MEASURE(continuity_relative)
MEASURE(randomised_top)
MEASURE(randomised_all)
MEASURE(rank_correlation_free)
#undef MEASURE

/* ---- the metrics ---- */

const struct dtd_metric dtd_metrics[] = {
    {"error_median", DTD_SET_INDEPENDENT, dtd_median, relative_error, NULL},
    {"error_max", DTD_SET_INDEPENDENT, dtd_maximum, absolute_error, NULL},
    {"rule_error_max", DTD_SET_INDEPENDENT, dtd_maximum, rule_error, NULL},
    {"ratio", DTD_SET_INDEPENDENT, dtd_mean, explained_ratio, NULL},
    {"slope", DTD_SET_INDEPENDENT, dtd_slope, sum, score},
    {"correlation", DTD_SET_INDEPENDENT, dtd_correlation, sum, score},
    {"negative_share", DTD_SET_INDEPENDENT, dtd_ratio, negative, mass},
    {"variation", DTD_SET_ONE_TARGET, dtd_variation, confident_sum, NULL},
    {"target_share", DTD_SET_ONE_TARGET, dtd_mean, target_share, NULL},
    {"ink_share", DTD_SET_ONE_TARGET, dtd_mean, ink_share, NULL},
    {"distractor_share", DTD_SET_ONE_TARGET, dtd_mean, distractor_share, NULL},
    {"black_share", DTD_SET_ONE_TARGET, dtd_mean, black_share, NULL},
    {"rank_accuracy", DTD_SET_ONE_TARGET, dtd_mean, rank_accuracy, NULL},
    {"spread", DTD_SET_ONE_TARGET, dtd_mean, spread, NULL},
    {"top_share", DTD_SET_ONE_TARGET, dtd_mean, top_share, NULL},
    {"floor_share", DTD_SET_ONE_TARGET, dtd_mean, floor_share, NULL},
    {"target_share_above_floor", DTD_SET_ONE_TARGET, dtd_mean,
     target_share_above_floor, NULL},
    {"flipping_area", DTD_SET_ONE_TARGET, dtd_mean, flipping_area, NULL},
    {"flipping_gain", DTD_SET_ONE_TARGET, dtd_mean, flipping_gain, NULL},
    {"aopc", DTD_SET_ONE_TARGET, dtd_mean, aopc, NULL},
    {"aopc_gain", DTD_SET_ONE_TARGET, dtd_mean, aopc_gain, NULL},
    {"flipping_area_early", DTD_SET_ONE_TARGET, dtd_mean, flipping_area_early,
     NULL},
    {"flipping_gain_early", DTD_SET_ONE_TARGET, dtd_mean, flipping_gain_early,
     NULL},
    {"aopc_early", DTD_SET_ONE_TARGET, dtd_mean, aopc_early, NULL},
    {"aopc_gain_early", DTD_SET_ONE_TARGET, dtd_mean, aopc_gain_early, NULL},
    {"continuity", DTD_SET_ONE_TARGET, dtd_mean, continuity, NULL},
    {"continuity_relative", DTD_SET_ONE_TARGET, dtd_mean, continuity_relative,
     NULL},
    {"randomised_top", DTD_SET_ONE_TARGET, dtd_mean, randomised_top, NULL},
    {"randomised_all", DTD_SET_ONE_TARGET, dtd_mean, randomised_all, NULL},
    {NULL, 0, NULL, NULL, NULL},
};

const char *const dtd_reference_method = "deep-taylor-free";

const struct dtd_metric dtd_comparisons[] = {
    {"rank_correlation_free", DTD_SET_ONE_TARGET, dtd_mean,
     rank_correlation_free, NULL},
    {"target_share_difference_free", DTD_SET_ONE_TARGET, dtd_difference,
     target_share, target_share},
    {"variation_ratio_free", DTD_SET_ONE_TARGET, dtd_variation_ratio,
     confident_sum, confident_sum},
    {"top_share_ratio_free", DTD_SET_ONE_TARGET, dtd_ratio, top_share,
     top_share},
    {"spread_ratio_free", DTD_SET_ONE_TARGET, dtd_ratio, spread, spread},
    {NULL, 0, NULL, NULL, NULL},
};
