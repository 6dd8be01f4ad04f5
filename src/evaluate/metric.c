/* Every metric: its names, what it means, and how it is computed, a row each.
 */
#include "evaluate/metric.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "relevance/relevance_model.h"

/* ---- what is observed of a heatmap ---- */

static double score(const struct dtd_measures *m) {
  return m->f;
}
static double sum(const struct dtd_measures *m) {
  return m->sum_r;
}
static double mass(const struct dtd_measures *m) {
  return m->positive + m->negative;
}
static double negative(const struct dtd_measures *m) {
  return m->negative;
}
/* (sum_p R_p - f) / f, where there is something to explain */
static double relative_error(const struct dtd_measures *m) {
  return m->f > 1 ? (m->sum_r - m->f) / m->f : NAN;
}
static double absolute_error(const struct dtd_measures *m) {
  return fabs(relative_error(m));
}
/* What the first layer's rule alone loses or adds, as a share. */
static double rule_error(const struct dtd_measures *m) {
  return m->entered > 1 ? fabs(m->sum_r - m->entered) / m->entered : NAN;
}
static double explained_ratio(const struct dtd_measures *m) {
  return m->f > 1 ? m->sum_r / m->f : NAN;
}
/* What is handed down where there is nothing to explain. */
static double relevance_of_zero(const struct dtd_measures *m) {
  return m->f == 0 ? m->positive + m->negative : NAN;
}
static double confident(const struct dtd_measures *m, double value) {
  return m->f > DTD_CONFIDENT ? value : NAN;
}
static double confident_sum(const struct dtd_measures *m) {
  return confident(m, m->sum_r);
}
/* Observations that are one measure of the confident pairs. */
#define OBSERVATION(name)                                                      \
  static double name(const struct dtd_measures *m) {                           \
    return confident(m, m->name);                                              \
  }
DTD_OBSERVABLES(OBSERVATION)
#undef OBSERVATION

/* ---- the metrics ---- */

const char *const dtd_set_names[] = {"independent", "one-target", "scores",
                                     "black"};

const char *const dtd_metric_groups[DTD_METRIC_GROUPS] = {
    "Conservation", "Positivity",         "Localisation", "Faithfulness",
    "Robustness",   "Spread and balance", "Cost",         "Fit"};

const struct dtd_metric dtd_metrics[] = {
    /* of the network and its relevance models */
    {"mse", "Mean squared error", DTD_FIT,
     "Mean of (f − t)², t being 100 or 0.", DTD_OF_NETWORK, DTD_SET_SCORES,
     dtd_mean_square, NULL, NULL},
    {"accuracy", "Accuracy", DTD_FIT,
     "How often f > 50 agrees with the presence of a target.", DTD_OF_NETWORK,
     DTD_SET_SCORES, dtd_mean, NULL, NULL},
    {"seconds", "Seconds a forward pass", DTD_COST,
     "Of one pair, on the machine that ran the evaluation.", DTD_OF_NETWORK,
     DTD_SET_SCORES, NULL, NULL, NULL},
    {"positive_mean", "Score of positives", DTD_FIT,
     "Mean of f over pairs with a target. 100 is wanted.", DTD_OF_NETWORK,
     DTD_SET_SCORES, dtd_mean, NULL, NULL},
    {"positive_variation", "Score of positives, variation", DTD_FIT,
     "Standard deviation over mean of f, over pairs with a target. Low: the "
     "same amount for all.",
     DTD_OF_NETWORK, DTD_SET_SCORES, dtd_variation, NULL, NULL},
    {"negative_mean", "Score of negatives", DTD_FIT,
     "Mean of f over pairs without a target. 0 is wanted.", DTD_OF_NETWORK,
     DTD_SET_SCORES, dtd_mean, NULL, NULL},
    {"rms", "RMS error", DTD_FIT, "Root mean square of Σ_k R̂_k − f.",
     DTD_OF_MODEL, DTD_SET_SCORES, dtd_root_mean_square, NULL, NULL},
    {"correlation", "Correlation", DTD_FIT, "Of Σ_k R̂_k with f.", DTD_OF_MODEL,
     DTD_SET_SCORES, dtd_correlation, NULL, NULL},
    {"slope", "Slope", DTD_FIT,
     "Least-squares slope of Σ_k R̂_k on f, before heatmaps with f = 0 are "
     "emptied. 1 is ideal.",
     DTD_OF_MODEL, DTD_SET_SCORES, dtd_slope, NULL, NULL},
    {"black_score", "Score of black", DTD_FIT, "f of an all-black image.",
     DTD_OF_NETWORK, DTD_SET_BLACK, NULL, NULL, NULL},
    /* of a method */
    {"error_median", "Error of the sum, median", DTD_CONSERVATION,
     "(Σ R_p − f) / f of pairs with f > 1. 0 is ideal.", DTD_OF_METHOD,
     DTD_SET_INDEPENDENT, dtd_median, relative_error, NULL},
    {"error_max", "Error of the sum, largest", DTD_CONSERVATION,
     "The largest |Σ R_p − f| / f of a pair with f > 1. 0 is ideal.",
     DTD_OF_METHOD, DTD_SET_INDEPENDENT, dtd_maximum, absolute_error, NULL},
    {"rule_error_max", "Error of the first layer’s rule", DTD_CONSERVATION,
     "The largest share that the pixel rule alone loses or adds. 0 is ideal.",
     DTD_OF_METHOD, DTD_SET_INDEPENDENT, dtd_maximum, rule_error, NULL},
    {"ratio", "Sum over score", DTD_CONSERVATION,
     "Mean of Σ R_p / f. 1 is ideal.", DTD_OF_METHOD, DTD_SET_INDEPENDENT,
     dtd_mean, explained_ratio, NULL},
    {"slope", "Slope", DTD_CONSERVATION,
     "Least-squares slope of Σ R_p on f; where f = 0 a decomposition is empty. "
     "1 is ideal.",
     DTD_OF_METHOD, DTD_SET_INDEPENDENT, dtd_slope, sum, score},
    {"correlation", "Correlation", DTD_CONSERVATION,
     "Of Σ R_p with f. 1 is ideal.", DTD_OF_METHOD, DTD_SET_INDEPENDENT,
     dtd_correlation, sum, score},
    {"negative_share", "Negative share", DTD_POSITIVITY,
     "Size of the negative relevance over size of all. 0 is ideal.",
     DTD_OF_METHOD, DTD_SET_INDEPENDENT, dtd_ratio, negative, mass},
    {"zero_relevance", "Relevance where f is 0", DTD_CONSERVATION,
     "The largest Σ |R_p| of a pair with f = 0. 0 is ideal.", DTD_OF_METHOD,
     DTD_SET_INDEPENDENT, dtd_maximum, relevance_of_zero, NULL},
    {"variation", "Variation between examples", DTD_BALANCE,
     "Standard deviation over mean of Σ R_p, over pairs that hold one target. "
     "Low is balanced.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_variation, confident_sum, NULL},
    {"target_share", "Share on the target’s half", DTD_LOCALISATION,
     "Positive relevance on the half with the target digit. Chance is 0.5; "
     "high is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, target_share, NULL},
    {"target_found", "Pairs with most on the target’s half", DTD_LOCALISATION,
     "Share of pairs that have more than half of their positive relevance "
     "there. High is good; a constant heatmap has none.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, target_found, NULL},
    {"ink_share", "Share on the target’s ink", DTD_LOCALISATION,
     "On the target digit’s strokes, one pixel wider. High is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, ink_share, NULL},
    {"distractor_share", "Share on the other half", DTD_LOCALISATION,
     "Positive relevance on the distractor’s half. Low is good.", DTD_OF_METHOD,
     DTD_SET_ONE_TARGET, dtd_mean, distractor_share, NULL},
    {"distractor_ink_share", "Share on the other digit’s ink", DTD_LOCALISATION,
     "On the distractor’s strokes, one pixel wider. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, distractor_ink_share, NULL},
    {"distractor_share_of_ink", "Of what is on ink, on the other digit’s",
     DTD_LOCALISATION,
     "Positive relevance on the distractor’s strokes over that on both "
     "digits’. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, distractor_share_of_ink,
     NULL},
    {"distractor_top_share", "Strongest tenth on the other half",
     DTD_LOCALISATION,
     "Share of the strongest 10 % of the pixels that are on the distractor’s "
     "half. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, distractor_top_share, NULL},
    {"black_share", "Share where digits have no ink", DTD_LOCALISATION,
     "On pixels that are black in every training digit as it is in the data, "
     "before it is moved. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, black_share, NULL},
    {"rank_accuracy", "Rank accuracy", DTD_LOCALISATION,
     "Share of the strongest K pixels that are ink of the target, K being its "
     "ink. High is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, rank_accuracy, NULL},
    {"ink_coverage", "Ink among the pixels that hold 90 %", DTD_BALANCE,
     "Share of the target’s ink among the fewest pixels that hold 90 % of the "
     "positive relevance. Low is incomplete.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, ink_coverage, NULL},
    {"ink_evenness", "Evenness over the ink", DTD_BALANCE,
     "(Σ r)² / (K Σ r²) of the relevance r on the target’s K pixels of ink. 1 "
     "is even; 1 / K is all on one pixel.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, ink_evenness, NULL},
    {"spread", "Pixels that hold 90 %", DTD_BALANCE,
     "Fewest pixels (of 1568) that hold 90 % of the positive relevance.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, spread, NULL},
    {"top_share", "Strongest 1 %", DTD_BALANCE,
     "Positive relevance on the strongest 1 % of the pixels.", DTD_OF_METHOD,
     DTD_SET_ONE_TARGET, dtd_mean, top_share, NULL},
    {"floor_share", "Share of the floor", DTD_LOCALISATION,
     "How much an even layer, as high as the mean of pixels where digits have "
     "no ink, makes up of the positive relevance. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, floor_share, NULL},
    {"target_share_above_floor", "Share on the target’s half above the floor",
     DTD_LOCALISATION,
     "Share on the target’s half once the mean of pixels where digits have no "
     "ink is taken off. High is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, target_share_above_floor,
     NULL},
    {"distractor_share_above_floor", "Share on the other half above the floor",
     DTD_LOCALISATION,
     "Share on the distractor’s half once the floor is taken off. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, distractor_share_above_floor,
     NULL},
    {"flipping_area", "Pixel flipping, area", DTD_FAITHFULNESS,
     "Mean of f, relative to f(x), while the strongest pixels are turned black "
     "first. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, flipping_area, NULL},
    {"flipping_gain", "Pixel flipping, gain", DTD_FAITHFULNESS,
     "How far the area lies below that of a random order. High is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, flipping_gain, NULL},
    {"aopc", "Block flipping, AOPC", DTD_FAITHFULNESS,
     "Mean drop of f, relative to f(x), while 7 × 7 blocks are turned black, "
     "the strongest first. High is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, aopc, NULL},
    {"aopc_gain", "Block flipping, gain", DTD_FAITHFULNESS,
     "How far the AOPC lies above that of a random order. High is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, aopc_gain, NULL},
    {"flipping_area_early", "Pixel flipping, early area", DTD_FAITHFULNESS,
     "The area over the first 15.7 % of the pixels, before little is left of "
     "the image. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, flipping_area_early, NULL},
    {"flipping_gain_early", "Pixel flipping, early gain", DTD_FAITHFULNESS,
     "How far the early area lies below that of a random order. High is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, flipping_gain_early, NULL},
    {"aopc_early", "Block flipping, early AOPC", DTD_FAITHFULNESS,
     "The AOPC over the blocks of the first 15.7 % of the pixels. High is "
     "good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, aopc_early, NULL},
    {"aopc_gain_early", "Block flipping, early gain", DTD_FAITHFULNESS,
     "How far the early AOPC lies above that of a random order. High is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, aopc_gain_early, NULL},
    {"continuity", "Steepest change", DTD_ROBUSTNESS,
     "Largest change of the heatmap when the image moves by one pixel, over "
     "the image’s change. Low is good, but it grows with the scale of R.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, continuity, NULL},
    {"continuity_relative", "Steepest change, relative", DTD_ROBUSTNESS,
     "The steepest change of heatmaps scaled to sum to 1. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, continuity_relative, NULL},
    {"distractor_swap", "Change when the other digit is swapped",
     DTD_ROBUSTNESS,
     "Half the L1 distance of heatmaps scaled to size 1, before and after "
     "another distractor comes in. Low is good.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, distractor_swap, NULL},
    {"target_swap", "Change when the target is swapped", DTD_ROBUSTNESS,
     "The same for another target. High: the heatmap follows the target.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, target_swap, NULL},
    {"swap_ratio", "Change by the other digit over by the target",
     DTD_ROBUSTNESS,
     "Mean ratio of the two changes. Low: it follows the target rather than "
     "the distractor.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, swap_ratio, NULL},
    {"randomised_top", "Top layer re-drawn", DTD_ROBUSTNESS,
     "Rank correlation with the heatmap of a model whose top layer is random. "
     "Near 1 means that the heatmap ignores that layer.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, randomised_top, NULL},
    {"randomised_all", "All layers re-drawn", DTD_ROBUSTNESS,
     "Rank correlation with the heatmap of a model whose layers are all "
     "random. Near 0 is ideal.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, randomised_all, NULL},
    /* of a method compared with the reference */
    {"rank_correlation_free", "Agreement", DTD_ROBUSTNESS,
     "Rank correlation with the heatmap by training-free deep Taylor.",
     DTD_BESIDE_REFERENCE, DTD_SET_ONE_TARGET, dtd_mean, rank_correlation_free,
     NULL},
    {"target_share_difference_free", "Share on the target’s half, difference",
     DTD_LOCALISATION,
     "To that of training-free deep Taylor, on the same pairs. Above 0: more "
     "on the "
     "target’s half.",
     DTD_BESIDE_REFERENCE, DTD_SET_ONE_TARGET, dtd_difference, target_share,
     target_share},
    {"variation_ratio_free", "Variation between examples, ratio", DTD_BALANCE,
     "Ratio to that of training-free deep Taylor.", DTD_BESIDE_REFERENCE,
     DTD_SET_ONE_TARGET, dtd_variation_ratio, confident_sum, confident_sum},
    {"top_share_ratio_free", "Strongest 1 %, ratio", DTD_BALANCE,
     "Ratio to that of training-free deep Taylor.", DTD_BESIDE_REFERENCE,
     DTD_SET_ONE_TARGET, dtd_ratio, top_share, top_share},
    {"spread_ratio_free", "Pixels that hold 90 %, ratio", DTD_BALANCE,
     "Ratio to that of training-free deep Taylor.", DTD_BESIDE_REFERENCE,
     DTD_SET_ONE_TARGET, dtd_ratio, spread, spread},
    /* of a method, measured elsewhere */
    {"root_conserved", "Relevance kept at the roots", DTD_CONSERVATION,
     "Share of the relevance that the pixels’ rule would hand down if c_k d_k "
     "were taken at each unit’s root, as section 5.2 does not. 1 is ideal.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_ratio, NULL, NULL},
    {"seconds", "Seconds a heatmap", DTD_COST,
     "On the machine that ran the evaluation. Low is good.", DTD_OF_METHOD,
     DTD_SET_ONE_TARGET, NULL, NULL, NULL},
    {"arbitrary_change", "Change when found again", DTD_ROBUSTNESS,
     "Mean relative change of the heatmap when what the method leaves open is "
     "chosen anew. 0 for a unique one.",
     DTD_OF_METHOD, DTD_SET_ONE_TARGET, dtd_mean, NULL, NULL},
    {0},
};

const char *const dtd_reference_method = "deep-taylor-free";

static bool is_model(const char *name) {
  if (!strcmp(name, "model")) return true;
  for (int n = 0; dtd_model_kinds[n]; n++)
    if (!strcmp(dtd_model_kinds[n]->name, name)) return true;
  return false;
}

const struct dtd_metric *dtd_metric_find(const char *subject,
                                         const char *metric) {
  enum dtd_metric_subject kind = !strcmp(subject, "network") ? DTD_OF_NETWORK
                                 : is_model(subject)         ? DTD_OF_MODEL
                                                             : DTD_OF_METHOD;
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++) {
    bool of_method = m->subject >= DTD_OF_METHOD;
    if ((of_method ? DTD_OF_METHOD : m->subject) == kind &&
        !strcmp(m->name, metric))
      return m;
  }
  return NULL;
}
