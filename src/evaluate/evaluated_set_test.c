/* Tests which pairs a set has, and that its measures are those of its heatmaps.
 */

#include "evaluate/test_evaluation.h"
#include "files/test_digits.h"

/* Untranslated pairs of the stream, whether or not training translates pairs.
 */
TEST(sets_are_those_documented) {
  const char *const streams[] = {"pairs/test", "pairs/test-one-target"};
  float image[P], t;
  for (int s = 0; s < DTD_SETS; s++) {
    const struct dtd_evaluated_set *set = &evaluation->set[s];
    struct dtd_pair_settings own = {.seed = 3,
                                    .stream = streams[s],
                                    .is_target = {1, 1, 1, 1},
                                    .mode =
                                        s ? DTD_ONE_TARGET : DTD_INDEPENDENT};
    struct dtd_sampler *sampler = new_sampler(&bench.digits, &own);
    assert_int_equal(set->count, 30);
    for (int n = 0; n < set->count; n++) {
      dtd_pairs_draw(image, &t, NULL, sampler, n, 1);
      assert_memory_equal(image, set->images + (long)n * P, sizeof image);
      assert_true(t == set->t[n]);
      if (s)
        assert_int_equal(
            set->pairs[n].is_target[0] + set->pairs[n].is_target[1], 1);
    }
  }
}

/* The mean target share, summed again from the heatmaps themselves. */
TEST(target_share_is_that_of_the_heatmaps) {
  const struct dtd_evaluated_set *set = &evaluation->set[DTD_SET_ONE_TARGET];
  for (int m = 0; m < evaluation->methods; m++) {
    const struct dtd_explained *by = &set->by[m];
    double shares = 0;
    int count = 0;
    for (int n = 0; n < by->count; n++) {
      double half[2] = {0, 0};
      if (!(by->measures[n].f > 50)) continue;
      for (int p = 0; p < P; p++)
        half[p % 56 >= 28] += fmax(0, by->R_p[(long)n * P + p]);
      if (!(half[0] + half[1] > 0)) continue;
      shares += half[set->pairs[n].is_target[1]] / (half[0] + half[1]);
      count++;
    }
    const struct dtd_result *r =
        dtd_result_find(evaluation, by->method->name, "target_share");
    assert_int_equal(r->estimate.n, count);
    assert_true(fabs(r->estimate.value - shares / count) < 1e-9);
    assert_true(r->estimate.low <= r->estimate.value &&
                r->estimate.value <= r->estimate.high);
  }
}

TEST_GROUP(set_up, NULL)
