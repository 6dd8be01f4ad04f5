/* Says claim by claim whether what the paper states holds for this model. */
#include "evaluate/claims.h"

#include <math.h>
#include <string.h>

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

/* To ignore a region is to give it at most a tenth of what an even spread of
   relevance would: the distractor has half of the pixels, those that are black
   in every digit are a twelfth (67 of 784). What is more is not negligible. */
#define ON_DISTRACTOR 0.05
#define ON_BLACK      0.01

/* "In all cases ... most of the relevance": more than half. */
#define FINDS_TARGET(id, method, title)                                        \
  {                                                                            \
    .name = id "-on-target",                                                   \
    .statement = title " puts most relevance on the target digit",             \
    .subject = method, .metric = "target_share", AT_LEAST(0.5)                 \
  }
#define IGNORES_DISTRACTOR(id, method, title)                                  \
  {                                                                            \
    .name = id "-ignores-distractor",                                          \
    .statement = title " ignores the distracting digit", .subject = method,    \
    .metric = "distractor_share", AT_MOST(ON_DISTRACTOR)                       \
  }

/* "Less affected by the distractor digit" and "better balanced spatially",
   "onto more pixels", "shorter tail": deep Taylor (id, deep, title)
   compared with another method (of, other, its_title) on the same pairs; any
   difference counts.
   The tail is the relevance that the strongest 1 % of the pixels hold. */
#define LESS_AFFECTED(id, deep, title, of, other, its_title)                   \
  {                                                                            \
    .name = id "-less-affected-than-" of,                                      \
    .statement = title " is less affected by the distractor than " its_title,  \
    .subject = deep, .metric = "distractor_share", .against = other,           \
    AT_MOST(0)                                                                 \
  }
#define MORE_PIXELS(id, deep, title, of, other, its_title)                     \
  {                                                                            \
    .name = id "-on-more-pixels-than-" of,                                     \
    .statement = title " spreads relevance onto more pixels than " its_title,  \
    .subject = deep, .metric = "spread", .against = other, AT_LEAST(0)         \
  }
#define SHORTER_TAIL(id, deep, title, of, other, its_title)                    \
  {                                                                            \
    .name = id "-shorter-tail-than-" of,                                       \
    .statement = title " has a shorter tail of relevance than " its_title,     \
    .subject = deep, .metric = "top_share", .against = other, AT_MOST(0)       \
  }
#define DEEP_OVER(...)                                                         \
  LESS_AFFECTED(__VA_ARGS__), MORE_PIXELS(__VA_ARGS__),                        \
      SHORTER_TAIL(__VA_ARGS__)

const struct dtd_claim dtd_claims[] = {
    FINDS_TARGET("sensitivity", SENSITIVITY, "sensitivity"),
    IGNORES_DISTRACTOR("sensitivity", SENSITIVITY, "sensitivity"),
    FINDS_TARGET("taylor", TAYLOR, "nearest-root Taylor"),
    IGNORES_DISTRACTOR("taylor", TAYLOR, "nearest-root Taylor"),
    FINDS_TARGET("minmax", MINMAX, "min-max deep Taylor"),
    IGNORES_DISTRACTOR("minmax", MINMAX, "min-max deep Taylor"),
    FINDS_TARGET("free", TRAINING_FREE, "training-free deep Taylor"),
    IGNORES_DISTRACTOR("free", TRAINING_FREE, "training-free deep Taylor"),

    /* "Some examples reacting strongly, and others weakly": an example one
       deviation above the mean reacts three times as strongly as one a
       deviation below, (1 + v) / (1 - v) = 3, v = 1/2. */
    {"sensitivity-unbalanced",
     "sensitivity reacts strongly to some examples and weakly to others",
     SENSITIVITY, "variation", NULL, AT_LEAST(0.5)},
    /* Compared with deep Taylor: more than equally unbalanced. */
    {"sensitivity-less-balanced",
     "sensitivity is less balanced between examples than deep Taylor",
     SENSITIVITY, "variation_ratio_free", NULL, AT_LEAST(1)},
    {"sensitivity-on-border",
     "sensitivity puts relevance on the border, where there never is ink",
     SENSITIVITY, "black_share", NULL, AT_LEAST(ON_BLACK)},
    {"sensitivity-on-distractor",
     "sensitivity puts relevance on the distracting digit", SENSITIVITY,
     "distractor_share", NULL, AT_LEAST(ON_DISTRACTOR)},

    {"taylor-ignores-background",
     "nearest-root Taylor ignores irrelevant pixels in the background", TAYLOR,
     "black_share", NULL, AT_MOST(ON_BLACK)},
    {"taylor-on-distractor",
     "nearest-root Taylor still puts relevance on the distracting digit",
     TAYLOR, "distractor_share", NULL, AT_LEAST(ON_DISTRACTOR)},
    /* One part in a hundred: a bar that the paper's histogram does not show. */
    {"taylor-positive", "nearest-root Taylor is positive", TAYLOR,
     "negative_share", NULL, AT_MOST(0.01)},
    /* The root keeps a tenth of f, so that a linear f would still be explained
       to nine tenths; to dissipate is to lose more. */
    {"taylor-dissipates", "nearest-root Taylor dissipates relevance", TAYLOR,
     "ratio", NULL, AT_MOST(0.9)},

    DEEP_OVER("minmax", MINMAX, "min-max deep Taylor", "sensitivity",
              SENSITIVITY, "sensitivity"),
    DEEP_OVER("minmax", MINMAX, "min-max deep Taylor", "taylor", TAYLOR,
              "nearest-root Taylor"),
    DEEP_OVER("free", TRAINING_FREE, "training-free deep Taylor", "sensitivity",
              SENSITIVITY, "sensitivity"),
    DEEP_OVER("free", TRAINING_FREE, "training-free deep Taylor", "taylor",
              TAYLOR, "nearest-root Taylor"),

    /* "Near-conservative": points close to the diagonal of Fig. 6. A line
       through them has a slope of 1 within a tenth, and at most a tenth of
       their variance is scatter around it, r^2 >= 0.9. */
    {"minmax-near-diagonal",
     "min-max deep Taylor is near-conservative: its sums follow f one to one",
     MINMAX, "slope", NULL, NEAR(1, 0.1)},
    {"minmax-little-scatter",
     "min-max deep Taylor is near-conservative: its sums scatter little",
     MINMAX, "correlation", NULL, AT_LEAST(0.95)},
    /* "Fully": to the rounding of sums of 1568 floats, all examples. */
    {"free-conservative", "training-free deep Taylor is fully conservative",
     TRAINING_FREE, "error_max", NULL, AT_MOST(1e-5)},
    /* Ensured by the rules, so no pixel may be negative at all. */
    {"minmax-positive", "min-max deep Taylor is positive", MINMAX,
     "negative_share", NULL, AT_MOST(0)},
    {"free-positive", "training-free deep Taylor is positive", TRAINING_FREE,
     "negative_share", NULL, AT_MOST(0)},

    /* "Of similar quality": both find the target equally well, to the share
       that is called negligible above, and the order of pixels in one tells
       more than half of the variance of the order in the other, r^2 >= 1/2. */
    {"minmax-finds-target-as-free",
     "min-max and training-free deep Taylor find the target equally well",
     MINMAX, "target_share_difference_free", NULL, NEAR(0, ON_DISTRACTOR)},
    {"minmax-looks-like-free",
     "heatmaps of min-max and training-free deep Taylor are alike", MINMAX,
     "rank_correlation_free", NULL, AT_LEAST(0.7071)},
    {0},
};

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

/* Prints `text` in lines of at most `width` characters, each after the first
   behind `indent` blanks. */
static void print_wrapped(FILE *output, const char *text, int width,
                          int indent) {
  while ((int)strlen(text) > width) {
    int end = width;
    while (end > 0 && text[end] != ' ') end--;
    if (end == 0) end = width; /* one long word */
    fprintf(output, "%.*s\n%*s", end, text, indent, "");
    text += end + (text[end] == ' ');
  }
  fprintf(output, "%s\n", text);
}

enum { STATEMENT = 44, FIGURES = 56 }; /* columns of a line */

static void print_claim(FILE *output, const struct dtd_claim *claim,
                        struct dtd_estimate e, const char *verdict) {
  static const char *const side[] = {">=", "<=", "+-"};
  char interval[64] = "", wanted[32];
  if (isfinite(e.low))
    snprintf(interval, sizeof interval, "(%.3g to %.3g)", e.low, e.high);
  snprintf(wanted, sizeof wanted, "%s %.3g", side[claim->side],
           claim->threshold);
  fprintf(output, "%-13s ", verdict);
  if (isfinite(e.value))
    fprintf(output, "%8.3g ", e.value);
  else
    fprintf(output, "%8s ", "-");
  fprintf(output, "%-23s %-8s ", interval, wanted);
  print_wrapped(output, claim->statement, STATEMENT, FIGURES);
}

void dtd_claims_print(FILE *output, const struct dtd_evaluation *evaluation) {
  int count = 0, held = 0, failed = 0;
  fprintf(output, "%-13s %8s %-23s %-8s %s\n", "verdict", "value",
          "95 % interval", "wanted", "the paper, section 6.1");
  for (const struct dtd_claim *c = dtd_claims; c->name; c++, count++) {
    struct dtd_estimate estimate = dtd_claim_estimate(c, evaluation);
    const char *verdict = dtd_verdict(c, estimate);
    held += *verdict == 'h';
    failed += *verdict == 'd';
    print_claim(output, c, estimate, verdict);
  }
  fprintf(output, "%d claims: %d hold, %d do not hold, %d are undecided\n",
          count, held, failed, count - held - failed);
}
