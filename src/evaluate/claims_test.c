/* Tests verdicts on made-up estimates, and claims on made-up evaluations. */

#include "base/test.h"
#include "evaluate/claims.h"

static struct dtd_claim claim_of(enum dtd_claim_side side, double threshold) {
  return (struct dtd_claim){.name = "made-up",
                            .statement = "it is so",
                            .subject = "taylor",
                            .metric = "slope",
                            .side = side,
                            .threshold = threshold};
}

static struct dtd_estimate between(double low, double high) {
  return (struct dtd_estimate){(low + high) / 2, low, high, 100};
}

/* Asserts the verdict on the interval [low, high]. */
#define assert_verdict(wanted, side, threshold, low, high)                     \
  do {                                                                         \
    struct dtd_claim claim_ = claim_of(side, threshold);                       \
    assert_string_equal(dtd_verdict(&claim_, between(low, high)), wanted);     \
  } while (0)

TEST(at_least_needs_the_whole_interval_above) {
  assert_verdict("holds", DTD_AT_LEAST, 0.5, 0.6, 0.7);
  assert_verdict("holds", DTD_AT_LEAST, 0.5, 0.5, 0.7); /* on the border */
  assert_verdict("undecided", DTD_AT_LEAST, 0.5, 0.49, 0.7);
  assert_verdict("undecided", DTD_AT_LEAST, 0.5, 0.3, 0.5);
  assert_verdict("does not hold", DTD_AT_LEAST, 0.5, 0.3, 0.49);
}

TEST(at_most_needs_the_whole_interval_below) {
  assert_verdict("holds", DTD_AT_MOST, 0.1, 0.01, 0.05);
  assert_verdict("holds", DTD_AT_MOST, 0.1, 0.01, 0.1);
  assert_verdict("holds", DTD_AT_MOST, 0, 0, 0); /* nothing negative at all */
  assert_verdict("holds", DTD_AT_MOST, 0, -0.3, -0.1);
  assert_verdict("undecided", DTD_AT_MOST, 0.1, 0.05, 0.11);
  assert_verdict("undecided", DTD_AT_MOST, 0.1, 0.1, 0.2);
  assert_verdict("does not hold", DTD_AT_MOST, 0.1, 0.11, 0.2);
  assert_verdict("does not hold", DTD_AT_MOST, 0, 1e-9, 1e-8);
}

/* Equivalence: an interval that reaches beyond a margin decides nothing, even
   when it holds 0; only one that is wholly beyond says no. */
TEST(within_needs_the_whole_interval_inside_both_margins) {
  assert_verdict("holds", DTD_WITHIN, 0.05, -0.01, 0.02);
  assert_verdict("holds", DTD_WITHIN, 0.05, 0.01, 0.02); /* different, alike */
  assert_verdict("holds", DTD_WITHIN, 0.05, -0.05, 0.05);
  assert_verdict("undecided", DTD_WITHIN, 0.05, -0.06, 0.01);
  assert_verdict("undecided", DTD_WITHIN, 0.05, -0.01, 0.06);
  assert_verdict("undecided", DTD_WITHIN, 0.05, -0.2, 0.2);
  assert_verdict("undecided", DTD_WITHIN, 0.05, 0.05, 0.2);
  assert_verdict("does not hold", DTD_WITHIN, 0.05, 0.06, 0.2);
  assert_verdict("does not hold", DTD_WITHIN, 0.05, -0.2, -0.06);
}

TEST(nothing_is_decided_without_an_interval) {
  for (int side = DTD_AT_LEAST; side <= DTD_WITHIN; side++)
    for (int missing = 0; missing < 3; missing++) {
      double low = missing != 1 ? NAN : 0, high = missing != 2 ? NAN : 0;
      assert_verdict("undecided", (enum dtd_claim_side)side, 0.5, low, high);
    }
  assert_verdict("undecided", DTD_AT_LEAST, 0.5, 0.6, INFINITY);
}

TEST(five_observations_decide_nothing) {
  struct dtd_claim claim = claim_of(DTD_AT_LEAST, 0.5);
  struct dtd_estimate estimate = {0.7, 0.7, 0.7, 5};
  assert_string_equal(dtd_verdict(&claim, estimate), "undecided");
  estimate.n = 6;
  assert_string_equal(dtd_verdict(&claim, estimate), "holds");
}

/* ---- evaluations made by hand ---- */

enum { EXAMPLES = 8 };
static const struct dtd_method one = {.name = "one"}, other = {.name = "other"};

/* Method "other" has given distractor shares n / 10 and method "one" 0.02 more,
   except in its last example, where neither found a target; "other" has only
   explained the first seven. */
static struct dtd_evaluation made_up(struct dtd_measures *by_one,
                                     struct dtd_measures *by_other) {
  struct dtd_evaluation e = {.settings = {.bootstrap = 200, .seed = 1},
                             .methods = 2};
  struct dtd_evaluated_set *set = &e.set[DTD_SET_ONE_TARGET];
  memset(by_one, 0, EXAMPLES * sizeof *by_one);
  memset(by_other, 0, EXAMPLES * sizeof *by_other);
  for (int n = 0; n < EXAMPLES; n++) {
    by_one[n].f = by_other[n].f = n == 6 ? 3 : 90;
    by_other[n].distractor_share = n / 10.0;
    by_one[n].distractor_share = n / 10.0 + (n < 6 ? 0.02 : 100);
  }
  set->by[0] = (struct dtd_explained){
      .method = &one, .count = EXAMPLES, .measures = by_one};
  set->by[1] = (struct dtd_explained){
      .method = &other, .count = EXAMPLES - 1, .measures = by_other};
  e.set[DTD_SET_INDEPENDENT].by[0].method = &one;
  e.set[DTD_SET_INDEPENDENT].by[1].method = &other;
  return e;
}

TEST(a_comparison_is_made_on_the_same_examples) {
  struct dtd_measures by_one[EXAMPLES], by_other[EXAMPLES];
  struct dtd_evaluation e = made_up(by_one, by_other);
  struct dtd_claim claim = {.subject = "one",
                            .metric = "distractor_share",
                            .against = "other",
                            .side = DTD_AT_MOST};
  struct dtd_estimate d = dtd_claim_estimate(&claim, &e);
  assert_int_equal(d.n, 6);
  /* Each pair differs by 0.02, large or small its own share, so that the
     interval has no width: the examples were paired. */
  assert_true(fabs(d.value - 0.02) < 1e-12 && d.high - d.low < 1e-12);
  assert_string_equal(dtd_verdict(&claim, d), "does not hold");
  claim.subject = "other", claim.against = "one";
  d = dtd_claim_estimate(&claim, &e);
  assert_true(fabs(d.value + 0.02) < 1e-12);
  assert_string_equal(dtd_verdict(&claim, d), "holds");
}

TEST(what_was_not_evaluated_is_undecided) {
  struct dtd_measures by_one[EXAMPLES], by_other[EXAMPLES];
  struct dtd_evaluation e = made_up(by_one, by_other);
  const char *const metrics[] = {"distractor_share", "no-such", "slope"};
  const char *const subjects[] = {"absent", "one", "one"};
  for (int i = 0; i < 3; i++) {
    struct dtd_claim claim = {
        .subject = subjects[i], .metric = metrics[i], .against = "other"};
    struct dtd_estimate d = dtd_claim_estimate(&claim, &e);
    assert_true(isnan(d.value) && isnan(d.low) && isnan(d.high));
    assert_string_equal(dtd_verdict(&claim, d), "undecided");
    claim.against = NULL;
    assert_true(isnan(dtd_claim_estimate(&claim, &e).value));
  }
}

TEST(a_centre_is_subtracted) {
  struct dtd_result result = {
      "taylor", "slope", "independent", {0.93, 0.91, 0.96, 50}};
  struct dtd_evaluation e = {.result = &result, .results = 1};
  struct dtd_claim claim = claim_of(DTD_WITHIN, 0.1);
  claim.centre = 1;
  struct dtd_estimate d = dtd_claim_estimate(&claim, &e);
  assert_true(fabs(d.value + 0.07) < 1e-12 && fabs(d.low + 0.09) < 1e-12 &&
              fabs(d.high + 0.04) < 1e-12);
  assert_string_equal(dtd_verdict(&claim, d), "holds");
  char text[160];
  dtd_claim_statistic(text, sizeof text, &claim);
  assert_string_equal(text, "slope - 1 of taylor within +-");
}

/* ---- sentences ---- */

/* Four claims of which, by the results below, the first holds, the second and
   third do not, and nobody has measured the fourth; two readings. */
static const struct dtd_claim claims_of_each_kind[] = {
    {"a", "a", "by one", "taylor", "ratio", NULL, DTD_AT_LEAST, 0.5, 0},
    {"b", "b", "by one", "taylor", "ratio", NULL, DTD_AT_MOST, 0.5, 0},
    {"c", "c", "by two", "taylor", "ratio", NULL, DTD_AT_MOST, 0.1, 0},
    {"d", "d", "by three", "taylor", "slope", NULL, DTD_AT_MOST, 0.1, 0},
    {0}};
static struct dtd_result ratio = {"taylor", "ratio", "set", {1, 0.9, 1.1, 50}};
static const struct dtd_evaluation measured = {.result = &ratio, .results = 1};

/* The verdict of claims from .. to - 1 of these. */
static const char *verdict_of(int from, int to) {
  struct dtd_claim some[5] = {{0}};
  for (int n = from; n < to; n++) some[n - from] = claims_of_each_kind[n];
  struct dtd_sentence sentence = {"s", "so it is", some};
  return dtd_sentence_judge(&sentence, &measured).verdict;
}

TEST(a_sentence_is_what_its_claims_are) {
  assert_string_equal(verdict_of(0, 1), "holds");
  assert_string_equal(verdict_of(1, 3), "does not hold");
  assert_string_equal(verdict_of(3, 4), "undecided");
  assert_string_equal(verdict_of(0, 2), "holds in part");
  assert_string_equal(verdict_of(2, 4), "holds in part");
  struct dtd_sentence all = {"s", "so it is", claims_of_each_kind};
  struct dtd_sentence_verdict v = dtd_sentence_judge(&all, &measured);
  assert_true(v.claims == 4 && v.hold == 1 && v.fail == 2);
  assert_string_equal(v.readings, "by one: holds in part; by two: does not "
                                  "hold; by three: undecided");
}

/* ---- the list ---- */

static void assert_claim(const struct dtd_sentence *s,
                         const struct dtd_claim *c) {
  assert_true(strlen(c->statement) > 10);
  if (strcmp(c->subject, "network") != 0)
    dtd_method_find(c->subject); /* dies when there is none */
  if (c->against) dtd_method_find(c->against);
  assert_non_null(dtd_metric_find(c->subject, c->metric));
  assert_true(c->side == DTD_WITHIN ? c->threshold > 0 : c->centre == 0);
  assert_ptr_equal(dtd_claim_find(c->name),
                   c); /* no earlier one has its name */
  /* all claims of a sentence have a reading, or none has */
  assert_int_equal(!c->reading, !s->claims->reading);
  for (const struct dtd_claim *d = s->claims; d < c; d++)
    if (!strcmp(c->statement, d->statement))
      assert_string_not_equal(c->reading, d->reading);
}

TEST(every_claim_is_complete_and_has_a_name_of_its_own) {
  int count = 0, sentences = 0;
  for (const struct dtd_sentence *s = dtd_sentences; s->name; s++) {
    assert_true(strlen(s->quote) > 10);
    for (const struct dtd_sentence *t = dtd_sentences; t < s; t++)
      assert_string_not_equal(s->name, t->name);
    assert_non_null(s->claims->name);
    for (const struct dtd_claim *c = s->claims; c->name; c++, count++)
      assert_claim(s, c);
    sentences++;
  }
  assert_true(sentences >= 15 && count >= 30);
  assert_null(dtd_claim_find("no-such-claim"));
}

/* All readings of a sentence fit into what is written of them. */
TEST(all_readings_are_written) {
  struct dtd_evaluation nothing = {0};
  for (const struct dtd_sentence *s = dtd_sentences; s->name; s++) {
    struct dtd_sentence_verdict v = dtd_sentence_judge(s, &nothing);
    assert_string_equal(v.verdict, "undecided");
    assert_true(strlen(v.readings) < sizeof v.readings - 1);
    for (const struct dtd_claim *c = s->claims; c->name; c++)
      if (c->reading) assert_non_null(strstr(v.readings, c->reading));
  }
}

TEST(the_printed_list_is_narrow_whole_and_counted) {
  struct dtd_result results[] = {
      {"sensitivity", "target_share", "one-target", {0.8, 0.7, 0.9, 50}},
      {"deep-taylor-free", "negative_share", "one-target", {1, 0.9, 1, 50}}};
  struct dtd_evaluation e = {.results = 2, .result = results};
  FILE *output = tmpfile();
  dtd_claims_print(output, &e);
  rewind(output);
  char line[256], last[256] = "", before[256] = "", closing[256];
  int judged = 0, numbered = 0, count = 0, sentences = 0;
  while (fgets(line, sizeof line, output)) {
    assert_true(strlen(line) <= 101); /* and its newline */
    if (!strncmp(line, "holds  ", 7)) assert_non_null(strstr(line, "0.8 (0.7"));
    judged += !strncmp(line, "holds  ", 7) ||
              !strncmp(line, "does not hold  ", 15) ||
              !strncmp(line, "undecided  ", 11);
    numbered += strspn(line, " 0123456789") && strstr(line, ". ") &&
                strspn(line, " ") < 2 && *line != 'v';
    strcpy(before, last);
    strcpy(last, line);
  }
  fclose(output);
  for (const struct dtd_sentence *s = dtd_sentences; s->name; s++, sentences++)
    for (const struct dtd_claim *c = s->claims; c->name; c++) count++;
  assert_int_equal(judged, count);
  assert_true(numbered >= sentences);
  snprintf(closing, sizeof closing, "%d sentences, 0 hold in every claim\n",
           sentences);
  assert_string_equal(before, closing);
  snprintf(closing, sizeof closing,
           "%d claims: 1 hold, 1 do not hold, %d are undecided\n", count,
           count - 2);
  assert_string_equal(last, closing);
}
