/* Says sentence by sentence whether what the paper states holds for this model.
 */
#include "evaluate/claims.h"

#include <math.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

/* Fewer observations than this decide nothing at 95 %: that all of six fall on
   one side happens by chance with probability 2 / 2^6 = 0.03, of five 0.06. */
enum { FEWEST = 6 };

/* ---- the claims ---- */

#define SENSITIVITY   "sensitivity"
#define TAYLOR        "taylor"
#define MINMAX        "deep-taylor-minmax"
#define TRAINING_FREE "deep-taylor-free"

#define AT_LEAST(t) .side = DTD_AT_LEAST, .threshold = (t)
#define AT_MOST(t)  .side = DTD_AT_MOST, .threshold = (t)
#define NEAR(c, m)  .side = DTD_WITHIN, .centre = (c), .threshold = (m)

#define CLAIMS(...)                                                            \
  (const struct dtd_claim[]) {                                                 \
    __VA_ARGS__, {                                                             \
      0                                                                        \
    }                                                                          \
  }

/* To ignore a region is to give it at most a tenth of what an even spread of
   relevance would. The distractor's half has half of the pixels; its ink,
   dilated by one pixel, a sixth of them; those that are black in every digit as
   shipped are a twelfth (67 of 784). What is more is not negligible. */
#define ON_DISTRACTOR     0.05
#define ON_DISTRACTOR_INK (1 / 60.0)
#define ON_BLACK          0.01

/* "In all cases ... most of the relevance": more than half on average, and in
   all cases but one in a hundred. An even heatmap has exactly half. */
#define FINDS_TARGET(id, method, title)                                        \
  {.name = id "-on-target",                                                    \
   .statement = title " puts most relevance on the target digit",              \
   .reading = "on average",                                                    \
   .subject = method,                                                          \
   .metric = "target_share",                                                   \
   AT_LEAST(0.5)},                                                             \
  {                                                                            \
    .name = id "-on-target-always",                                            \
    .statement = title " puts most relevance on the target in all cases",      \
    .reading = "case by case", .subject = method, .metric = "target_found",    \
    AT_LEAST(0.99)                                                             \
  }
#define IGNORES_DISTRACTOR(id, method, title)                                  \
  {.name = id "-ignores-distractor",                                           \
   .statement = title " ignores the distracting digit's half",                 \
   .reading = "its half",                                                      \
   .subject = method,                                                          \
   .metric = "distractor_share",                                               \
   AT_MOST(ON_DISTRACTOR)},                                                    \
  {                                                                            \
    .name = id "-ignores-distractor-ink",                                      \
    .statement = title " ignores the distracting digit's strokes",             \
    .reading = "its strokes", .subject = method,                               \
    .metric = "distractor_ink_share", AT_MOST(ON_DISTRACTOR_INK)               \
  }
#define EACH_METHOD(STATES)                                                    \
  STATES("sensitivity", SENSITIVITY, "sensitivity"),                           \
      STATES("taylor", TAYLOR, "nearest-root Taylor"),                         \
      STATES("minmax", MINMAX, "min-max deep Taylor"),                         \
      STATES("free", TRAINING_FREE, "training-free deep Taylor")

/* A method of deep Taylor (id, deep, title) compared with another one (of,
   other, its_title) on the same pairs; any difference counts. */
#define COMPARED(id, what, says, how, measure, side_, id_, deep, title, of,    \
                 other, its_title)                                             \
  {                                                                            \
    .name = id_ "-" id "-than-" of what,                                       \
    .statement = title " " says " than " its_title, .reading = how,            \
    .subject = deep, .metric = measure, .against = other, side_(0)             \
  }
#define LESS_AFFECTED(what, how, measure, ...)                                 \
  COMPARED("less-affected", what, "is less affected by the distractor", how,   \
           measure, AT_MOST, __VA_ARGS__)
/* By mass, by mass where there is information, by where the strongest pixels
   are, and by what happens when another distractor takes its place. */
#define LESS_AFFECTED_BY_ANY(...)                                              \
  LESS_AFFECTED("", "share of the half", "distractor_share", __VA_ARGS__),     \
      LESS_AFFECTED("-by-ink", "share of what is on ink",                      \
                    "distractor_share_of_ink", __VA_ARGS__),                   \
      LESS_AFFECTED("-above-floor", "share above the floor",                   \
                    "distractor_share_above_floor", __VA_ARGS__),              \
      LESS_AFFECTED("-by-strongest", "strongest tenth of the pixels",          \
                    "distractor_top_share", __VA_ARGS__),                      \
      LESS_AFFECTED("-by-swap", "change when it is swapped",                   \
                    "distractor_swap", __VA_ARGS__),                           \
      LESS_AFFECTED("-by-swap-ratio",                                          \
                    "change, relative to swapping the target", "swap_ratio",   \
                    __VA_ARGS__)
#define BETTER_BALANCED(...)                                                   \
  COMPARED("better-balanced", "", "is better balanced over the target's ink",  \
           NULL, "ink_evenness", AT_LEAST, __VA_ARGS__)
#define MORE_PIXELS(...)                                                       \
  COMPARED("on-more-pixels", "", "spreads relevance onto more pixels",         \
           "pixels that hold 90 %", "spread", AT_LEAST, __VA_ARGS__)
/* The tail is the relevance that the strongest 1 % of the pixels hold. */
#define SHORTER_TAIL(...)                                                      \
  COMPARED("shorter-tail", "", "has a shorter tail of relevance",              \
           "tail of the histogram", "top_share", AT_MOST, __VA_ARGS__)
#define OVER(STATES, of, other, its_title)                                     \
  STATES("minmax", MINMAX, "min-max deep Taylor", of, other, its_title),       \
      STATES("free", TRAINING_FREE, "training-free deep Taylor", of, other,    \
             its_title)
#define OVER_OTHERS(STATES)                                                    \
  OVER(STATES, "sensitivity", SENSITIVITY, "sensitivity"),                     \
      OVER(STATES, "taylor", TAYLOR, "nearest-root Taylor")

const struct dtd_sentence dtd_sentences[] = {
    /* The same amount: a tenth of 100 off on average, and an example one
       deviation above the mean has one and a half times as much as one a
       deviation below, (1 + v) / (1 - v) = 3/2, v = 1/5. Little: a tenth. */
    {"scores",
     "approximately the same amount of relevance to all positive examples, and "
     "as little relevance as possible to the negative ones",
     CLAIMS({"positives-have-100", "positive examples have a score near 100",
             NULL, "network", "positive_mean", NULL, NEAR(100, 10)},
            {"positives-alike", "positive examples have about the same score",
             NULL, "network", "positive_variation", NULL, AT_MOST(0.2)},
            {"negatives-little", "negative examples have little score", NULL,
             "network", "negative_mean", NULL, AT_MOST(10)})},
    {"finds-target",
     "in all cases [...] most of the relevance to pixels where the digit to "
     "detect is located",
     CLAIMS(EACH_METHOD(FINDS_TARGET))},
    {"ignores-distractor", "and ignores the distracting digit",
     CLAIMS(EACH_METHOD(IGNORES_DISTRACTOR))},
    /* "Some examples reacting strongly, and others weakly": an example one
       deviation above the mean reacts three times as strongly as one a
       deviation below, (1 + v) / (1 - v) = 3, v = 1/2. Compared with deep
       Taylor: more than equally unbalanced. */
    {"sensitivity-unbalanced",
     "sensitivity analysis produces unbalanced [...] heatmaps, with some "
     "examples reacting strongly, and others weakly",
     CLAIMS(
         {"sensitivity-unbalanced",
          "sensitivity reacts strongly to some examples and weakly to others",
          "by itself", SENSITIVITY, "variation", NULL, AT_LEAST(0.5)},
         {"sensitivity-less-balanced",
          "sensitivity is less balanced between examples than deep Taylor",
          "beside deep Taylor", SENSITIVITY, "variation_ratio_free", NULL,
          AT_LEAST(1)})},
    /* Incomplete: less than half of the ink that says what digit it is. */
    {"sensitivity-incomplete", "and incomplete heatmaps",
     CLAIMS({"sensitivity-incomplete",
             "sensitivity leaves out most of the target's ink", "by itself",
             SENSITIVITY, "ink_coverage", NULL, AT_MOST(0.5)},
            {"sensitivity-less-complete",
             "sensitivity covers less of the target's ink than deep Taylor",
             "beside deep Taylor", SENSITIVITY, "ink_coverage", TRAINING_FREE,
             AT_MOST(0)})},
    {"sensitivity-elsewhere",
     "a non-negligible amount of relevance allocated to the border [...] or "
     "placed on the distractor digit",
     CLAIMS({"sensitivity-on-border",
             "sensitivity puts relevance on the border, where digits have no "
             "ink before they are moved",
             NULL, SENSITIVITY, "black_share", NULL, AT_LEAST(ON_BLACK)},
            {"sensitivity-on-distractor",
             "sensitivity puts relevance on the distracting digit", NULL,
             SENSITIVITY, "distractor_share", NULL, AT_LEAST(ON_DISTRACTOR)})},
    {"taylor-background",
     "nearest root Taylor decomposition ignores irrelevant pixels in the "
     "background",
     CLAIMS({"taylor-ignores-background",
             "nearest-root Taylor ignores irrelevant pixels in the background",
             NULL, TAYLOR, "black_share", NULL, AT_MOST(ON_BLACK)})},
    {"taylor-distractor",
     "but is still producing spurious relevance on the distractor digit",
     CLAIMS(
         {"taylor-on-distractor",
          "nearest-root Taylor still puts relevance on the distracting digit",
          NULL, TAYLOR, "distractor_share", NULL, AT_LEAST(ON_DISTRACTOR)})},
    {"less-affected",
     "deep Taylor decomposition produces relevance maps that are less affected "
     "by the distractor digit",
     CLAIMS(OVER_OTHERS(LESS_AFFECTED_BY_ANY))},
    /* Again beside a random heatmap, which is even but for its noise. */
    {"better-balanced", "and that are also better balanced spatially",
     CLAIMS(OVER_OTHERS(BETTER_BALANCED),
            OVER(BETTER_BALANCED, "random", "random", "a random heatmap"))},
    /* "Of similar quality": both find the target equally well, to the share
       that is called negligible above, and the order of pixels in one tells
       more than half of the variance of the order in the other, r^2 >= 1/2. */
    {"similar-quality",
     "the heatmaps obtained by the trained min-max model and the training-free "
     "method are of similar quality",
     CLAIMS({"minmax-finds-target-as-free",
             "min-max and training-free deep Taylor find the target equally "
             "well",
             NULL, MINMAX, "target_share_difference_free", NULL,
             NEAR(0, ON_DISTRACTOR)},
            {"minmax-looks-like-free",
             "heatmaps of min-max and training-free deep Taylor are alike",
             NULL, MINMAX, "rank_correlation_free", NULL, AT_LEAST(0.7071)})},
    /* What 5.2 takes as constant is, if relevance is kept within a tenth when
       it is taken at the roots. */
    {"approximations-valid",
     "suggesting that the approximations made in Section 5.2 are also valid "
     "empirically",
     CLAIMS({"free-context-constant",
             "the context of a unit is about the same at its root", NULL,
             TRAINING_FREE, "root_conserved", NULL, NEAR(1, 0.1)})},
    /* Positive to one part in a hundred: a bar that the paper's histogram does
       not show. The root keeps a tenth of f, so that a linear f would still be
       explained to nine tenths; to dissipate is to lose more. */
    {"taylor-dissipates",
     "the nearest root Taylor decomposition is positive, but dissipates "
     "relevance",
     CLAIMS({"taylor-positive", "nearest-root Taylor is positive", NULL, TAYLOR,
             "negative_share", NULL, AT_MOST(0.01)},
            {"taylor-dissipates", "nearest-root Taylor dissipates relevance",
             NULL, TAYLOR, "ratio", NULL, AT_MOST(0.9)})},
    /* Points close to the diagonal of Fig. 6. A line through them has a slope
       of 1 within a tenth, and at most a tenth of their variance is scatter
       around it, r^2 >= 0.9. */
    {"minmax-near-conservative",
     "the min-max relevance model produces near-conservative heatmaps",
     CLAIMS(
         {"minmax-near-diagonal",
          "min-max deep Taylor is near-conservative: its sums follow f one "
          "to one",
          NULL, MINMAX, "slope", NULL, NEAR(1, 0.1)},
         {"minmax-little-scatter",
          "min-max deep Taylor is near-conservative: its sums scatter little",
          NULL, MINMAX, "correlation", NULL, AT_LEAST(0.95)})},
    /* To the rounding of sums of 1568 floats, all examples. */
    {"free-conservative",
     "the training-free deep Taylor decomposition produces heatmaps that are "
     "fully conservative",
     CLAIMS({"free-conservative",
             "training-free deep Taylor is fully conservative", NULL,
             TRAINING_FREE, "error_max", NULL, AT_MOST(1e-5)})},
    /* A floor, relevance that all pixels get alike, lies on many pixels too;
       so the comparison with a random heatmap belongs to it. */
    {"more-pixels",
     "spreads relevance onto more pixels than competing methods, as shown by "
     "the shorter tail of its relevance histogram",
     CLAIMS(OVER_OTHERS(MORE_PIXELS), OVER_OTHERS(SHORTER_TAIL),
            OVER(MORE_PIXELS, "random", "random", "a random heatmap"))},
    /* Ensured by the rules, so no pixel may be negative at all. */
    {"both-positive",
     "both deep Taylor decomposition variants [...] positivity",
     CLAIMS({"minmax-positive", "min-max deep Taylor is positive", NULL, MINMAX,
             "negative_share", NULL, AT_MOST(0)},
            {"free-positive", "training-free deep Taylor is positive", NULL,
             TRAINING_FREE, "negative_share", NULL, AT_MOST(0)})},
    /* Section 2, Definition 3. */
    {"zero", "(f(x) = 0) => (R(x) = 0)",
     CLAIMS({"minmax-zero", "min-max deep Taylor gives nothing where f is 0",
             NULL, MINMAX, "zero_relevance", NULL, AT_MOST(0)},
            {"free-zero",
             "training-free deep Taylor gives nothing where f is 0", NULL,
             TRAINING_FREE, "zero_relevance", NULL, AT_MOST(0)})},
    {0},
};

const struct dtd_claim *dtd_claim_find(const char *name) {
  for (const struct dtd_sentence *s = dtd_sentences; s->name; s++)
    for (const struct dtd_claim *c = s->claims; c->name; c++)
      if (!strcmp(c->name, name)) return c;
  return NULL;
}

/* ---- judging ---- */

struct dtd_estimate dtd_claim_estimate(const struct dtd_claim *claim,
                                       const struct dtd_evaluation *e) {
  if (claim->against)
    return dtd_compare(e, claim->metric, claim->subject, claim->against);
  const struct dtd_result *r =
      dtd_result_find(e, claim->subject, claim->metric);
  if (!r) return (struct dtd_estimate){NAN, NAN, NAN, 0};
  struct dtd_estimate estimate = r->estimate;
  estimate.value -= claim->centre;
  estimate.low -= claim->centre;
  estimate.high -= claim->centre;
  return estimate;
}

int dtd_claim_left_out(const struct dtd_claim *claim,
                       const struct dtd_evaluation *e) {
  const struct dtd_metric *metric =
      dtd_metric_find(claim->subject, claim->metric);
  if (!metric || metric->set >= DTD_SETS) return 0;
  int left_out = dtd_left_out(e, claim->subject, metric->set).pairs;
  return claim->against
             ? left_out + dtd_left_out(e, claim->against, metric->set).pairs
             : left_out;
}

const char *dtd_verdict(const struct dtd_claim *claim,
                        struct dtd_estimate estimate) {
  static const char *const holds = "holds", *const fails = "does not hold";
  double low = estimate.low, high = estimate.high, t = claim->threshold;
  if (!isfinite(low) || !isfinite(high) || estimate.n < FEWEST)
    return "undecided";
  switch (claim->side) {
  case DTD_AT_LEAST:
    if (low >= t) return holds;
    if (high < t) return fails;
    break;
  case DTD_AT_MOST:
    if (high <= t) return holds;
    if (low > t) return fails;
    break;
  case DTD_WITHIN:
    if (low >= -t && high <= t) return holds;
    if (low > t || high < -t) return fails;
    break;
  }
  return "undecided";
}

/* "Holds" and the like of `claims` claims together. */
static const char *together(int claims, int hold, int fail) {
  if (hold == claims) return "holds";
  if (fail == claims) return "does not hold";
  return hold || fail ? "holds in part" : "undecided";
}

/* The verdict of the claims of one reading. */
static const char *verdict_of(const struct dtd_sentence *sentence,
                              const char *reading,
                              const struct dtd_judged_claim *judged) {
  int claims = 0, hold = 0, fail = 0;
  for (int n = 0; sentence->claims[n].name; n++) {
    if (strcmp(sentence->claims[n].reading, reading) != 0) continue;
    claims++;
    hold += !strcmp(judged[n].verdict, "holds");
    fail += !strcmp(judged[n].verdict, "does not hold");
  }
  return together(claims, hold, fail);
}

/* Whether no claim before this one has its reading. */
static bool opens_reading(const struct dtd_sentence *sentence,
                          const struct dtd_claim *claim) {
  if (!claim->reading) return false;
  for (const struct dtd_claim *c = sentence->claims; c < claim; c++)
    if (!strcmp(c->reading, claim->reading)) return false;
  return true;
}

struct dtd_sentence_verdict
dtd_sentence_judge(const struct dtd_sentence *sentence,
                   const struct dtd_evaluation *evaluation) {
  struct dtd_sentence_verdict v = {0};
  for (const struct dtd_claim *c = sentence->claims; c->name; c++) {
    if (v.claims == DTD_MOST_CLAIMS)
      dtd_die(DTD_FAILURE, sentence->name, "raise DTD_MOST_CLAIMS",
              "has too many claims");
    struct dtd_judged_claim *judged = &v.judged[v.claims++];
    judged->estimate = dtd_claim_estimate(c, evaluation);
    judged->verdict = dtd_verdict(c, judged->estimate);
    v.hold += !strcmp(judged->verdict, "holds");
    v.fail += !strcmp(judged->verdict, "does not hold");
  }
  v.verdict = together(v.claims, v.hold, v.fail);
  for (const struct dtd_claim *c = sentence->claims; c->name; c++) {
    if (!opens_reading(sentence, c)) continue;
    size_t at = strlen(v.readings);
    snprintf(v.readings + at, sizeof v.readings - at, "%s%s: %s",
             at ? "; " : "", c->reading,
             verdict_of(sentence, c->reading, v.judged));
  }
  return v;
}

/* ---- showing ---- */

void dtd_claim_statistic(char *text, size_t size,
                         const struct dtd_claim *claim) {
  static const char *const side[] = {"at least", "at most", "within +-"};
  char centre[32] = "";
  if (claim->centre != 0)
    snprintf(centre, sizeof centre, " - %g", claim->centre);
  snprintf(text, size, "%s%s of %s%s%s %s", claim->metric, centre,
           claim->subject, claim->against ? " less " : "",
           claim->against ? claim->against : "", side[claim->side]);
}

enum { FIGURES = 57, WIDTH = 100 }; /* columns of a line */

static void print_claim(FILE *output, const struct dtd_claim *claim,
                        const struct dtd_judged_claim *judged) {
  struct dtd_estimate e = judged->estimate;
  static const char *const side[] = {">=", "<=", "+-"};
  char interval[64] = "", wanted[32], statement[256];
  if (isfinite(e.low))
    snprintf(interval, sizeof interval, "(%.3g to %.3g)", e.low, e.high);
  snprintf(wanted, sizeof wanted, "%s %.3g", side[claim->side],
           claim->threshold);
  fprintf(output, "%-13s ", judged->verdict);
  if (isfinite(e.value))
    fprintf(output, "%8.3g ", e.value);
  else
    fprintf(output, "%8s ", "-");
  fprintf(output, "%-23s %-9s ", interval, wanted);
  if (claim->reading)
    snprintf(statement, sizeof statement, "%s (%s)", claim->statement,
             claim->reading);
  else
    snprintf(statement, sizeof statement, "%s", claim->statement);
  dtd_print_wrapped(output, statement, FIGURES, FIGURES, WIDTH);
}

static void print_sentence(FILE *output, int number,
                           const struct dtd_sentence *sentence,
                           const struct dtd_sentence_verdict *v) {
  fprintf(output, "\n%2d. ", number);
  dtd_print_wrapped(output, sentence->quote, 4, 4, 98);
  fprintf(output, "    %s", v->verdict);
  if (v->claims > 1) fprintf(output, ": %d of %d claims", v->hold, v->claims);
  fputc('\n', output);
  for (int n = 0; n < v->claims; n++)
    print_claim(output, &sentence->claims[n], &v->judged[n]);
}

void dtd_claims_print(FILE *output, const struct dtd_evaluation *evaluation) {
  int sentences = 0, whole = 0, claims = 0, held = 0, failed = 0;
  fprintf(output, "%-13s %8s %-23s %-9s %s\n", "verdict", "value",
          "95 % interval", "wanted", "the paper, section 6.1");
  for (const struct dtd_sentence *s = dtd_sentences; s->name; s++) {
    struct dtd_sentence_verdict v = dtd_sentence_judge(s, evaluation);
    print_sentence(output, ++sentences, s, &v);
    whole += v.hold == v.claims;
    claims += v.claims, held += v.hold, failed += v.fail;
  }
  fprintf(output, "\n%d sentences, %d hold in every claim\n", sentences, whole);
  fprintf(output, "%d claims: %d hold, %d do not hold, %d are undecided\n",
          claims, held, failed, claims - held - failed);
  dtd_left_out_print(output, evaluation);
}
