/* Tests measures on heatmaps worked out by hand. */

#include "base/test_numbers.h"
#include "evaluate/measure.h"

/* A heatmap of zeros over a black image, its targets on these sides. */
struct scene {
  float R_p[DTD_PAIR_PIXELS], image[DTD_PAIR_PIXELS];
  bool never_inked[DTD_PAIR_PIXELS];
  struct dtd_pair pair;
};

static struct scene black(bool left, bool right) {
  struct scene s = {.pair = {.is_target = {left, right}}};
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) s.image[p] = DTD_PIXEL_LOW;
  return s;
}

static struct dtd_measures measure(const struct scene *s, double f) {
  return dtd_measure(s->R_p, f, s->image, &s->pair, s->never_inked);
}

static int at(int row, int column) {
  return row * DTD_PAIR_COLUMNS + column;
}

/* A target on the right with one inked pixel at (10, 40): relevance 4 on it, 2
   diagonally beside it, 1 two pixels away, 3 on the distractor's half (of which
   1 where ink never is), and -2 on the target's half. */
TEST(measures_of_a_small_heatmap) {
  struct scene s = black(false, true);
  s.image[at(10, 40)] = 1;
  s.image[at(5, 27)] = 1; /* the distractor's ink, beside the border */
  s.R_p[at(10, 40)] = 4;
  s.R_p[at(11, 41)] = 2;
  s.R_p[at(10, 42)] = 1;
  s.R_p[at(20, 3)] = 2;
  s.R_p[at(0, 0)] = 1;
  s.never_inked[at(0, 0)] = true;
  s.R_p[at(27, 55)] = -2;
  struct dtd_measures m = measure(&s, 50);
  assert_true(is_near(m.f, 50) && is_near(m.sum_r, 8));
  assert_true(is_near(m.positive, 10) && is_near(m.negative, 2));
  assert_true(is_near(m.target_share, 0.7) && is_near(m.ink_share, 0.6));
  assert_true(is_near(m.distractor_share, 0.3));
  assert_true(m.target_found == 1 && m.distractor_ink_share == 0);
  assert_true(m.distractor_share_of_ink == 0);
  assert_true(is_near(m.ink_evenness, 1)); /* one pixel of ink */
  assert_true(is_near(m.black_share, 0.1));
}

/* Relevance on one pixel after another around a single pixel of ink. */
TEST(ink_reaches_its_eight_neighbours) {
  struct scene s = black(false, true);
  s.image[at(10, 40)] = 1;
  for (int down = -2; down <= 2; down++)
    for (int right = -2; right <= 2; right++) {
      s.R_p[at(10 + down, 40 + right)] = 1;
      struct dtd_measures m = measure(&s, 1);
      s.R_p[at(10 + down, 40 + right)] = 0;
      assert_true(m.ink_share == (abs(down) < 2 && abs(right) < 2));
    }
}

/* What lies in memory above and below an image is not its ink. */
TEST(ink_ends_with_the_image) {
  float rows[3 * DTD_PAIR_PIXELS], *image = rows + DTD_PAIR_PIXELS;
  float R_p[DTD_PAIR_PIXELS] = {0};
  bool never_inked[DTD_PAIR_PIXELS] = {0};
  struct dtd_pair pair = {.is_target = {false, true}};
  for (int i = 0; i < 3 * DTD_PAIR_PIXELS; i++) rows[i] = 1;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) image[p] = DTD_PIXEL_LOW;
  R_p[at(0, 40)] = R_p[at(27, 40)] = R_p[at(27, 55)] = 1;
  struct dtd_measures m = dtd_measure(R_p, 1, image, &pair, never_inked);
  assert_true(is_near(m.target_share, 1) && m.ink_share == 0);
}

/* Ink dilates within its half only: (5, 28) touches the distractor's ink. */
TEST(ink_stays_on_its_half) {
  struct scene s = black(false, true);
  s.image[at(5, 27)] = 1;
  s.R_p[at(5, 28)] = 1;
  struct dtd_measures m = measure(&s, 1);
  assert_true(is_near(m.target_share, 1) && is_near(m.ink_share, 0));
}

/* Relevance 3 beside the target's ink, 1 beside the distractor's, 4 on neither;
   what lies beside both halves' border counts for its own half alone. */
TEST(ink_of_either_digit_has_its_share) {
  struct scene s = black(true, false);
  s.image[at(9, 9)] = 1;
  s.image[at(20, 28)] = 1; /* the distractor's, at its edge */
  s.R_p[at(8, 9)] = 3;
  s.R_p[at(21, 28)] = 1;
  s.R_p[at(20, 27)] = 4;
  struct dtd_measures m = measure(&s, 50);
  assert_true(is_near(m.ink_share, 3 / 8.0));
  assert_true(is_near(m.distractor_ink_share, 1 / 8.0));
  assert_true(is_near(m.distractor_share_of_ink, 1 / 4.0));
  assert_true(isnan(m.ink_evenness)); /* none on the ink itself */
}

TEST(shares_need_one_target_and_relevance) {
  float R_p[DTD_PAIR_PIXELS] = {1}, none[DTD_PAIR_PIXELS] = {0};
  float image[DTD_PAIR_PIXELS] = {0};
  bool never_inked[DTD_PAIR_PIXELS] = {0};
  struct dtd_pair both = {.is_target = {true, true}};
  struct dtd_pair one = {.is_target = {true, false}};
  struct dtd_measures m = dtd_measure(R_p, 1, image, &both, never_inked);
  assert_true(isnan(m.black_share)); /* ink may be anywhere */
  never_inked[at(27, 0)] = true;
  m = dtd_measure(R_p, 1, image, &both, never_inked);
  assert_true(isnan(m.target_share) && is_near(m.black_share, 0));
  m = dtd_measure(none, 0, image, &one, never_inked);
  assert_true(isnan(m.target_share) && isnan(m.black_share));
}

/* Relevance 8, 4, 2 and then eight times 1, in all 22: 90 % is 19.8, held by
   8 + 4 + 2 + 6 in 9 pixels; the strongest 16 hold everything. K = 4 pixels are
   inked, so the last of the K places goes to one of eight equals. */
TEST(measures_of_a_sorted_heatmap) {
  struct scene s = black(true, false);
  for (int i = 0; i < 11; i++) s.R_p[at(i, 5)] = i < 3 ? (float)(8 >> i) : 1;
  s.image[at(0, 5)] = s.image[at(2, 5)] = 1;  /* 8 and 2 */
  s.image[at(7, 5)] = s.image[at(20, 5)] = 1; /* 1 and 0 */
  s.image[at(1, 40)] = 1;                     /* not the target's */
  struct dtd_measures m = measure(&s, 50);
  assert_true(m.spread == 9);
  assert_true(is_near(m.top_share, 1));
  /* two of the first three, and the fourth place shared by eight, one inked */
  assert_true(is_near(m.rank_accuracy, (2 + 1 / 8.0) / 4));
  /* 8, 2, 1 and 0: three of four among the 9 strongest, of which the last six
     places are shared by the eight of relevance 1 */
  assert_true(is_near(m.ink_coverage, (2 + 6 / 8.0) / 4));
  assert_true(is_near(m.ink_evenness, 11.0 * 11 / (4 * (64 + 4 + 1))));
  /* 11 strongest on the target's half, the other 146 of the tenth shared by
     all 1557 of relevance 0, of which 784 are on the other half */
  assert_true(is_near(m.distractor_top_share, 146.0 / 1557 * 784 / 157));
  assert_true(isnan(m.floor_share)); /* ink may be anywhere */
}

/* Floor: (2 + 4) / 2 = 3 on the two pixels that never have ink. Positive: 40,
   so the floor makes 3 * 1568 / 40 of it, more than all: capped. Above it: 1
   and 7 on the target's half, 12 on the other. */
TEST(measures_above_the_floor) {
  struct scene s = black(false, true);
  s.R_p[at(0, 30)] = 2, s.never_inked[at(0, 30)] = true;
  s.R_p[at(0, 55)] = 4, s.never_inked[at(0, 55)] = true;
  s.R_p[at(9, 50)] = 10;
  s.R_p[at(9, 10)] = 15;
  s.R_p[at(9, 12)] = 3;
  s.R_p[at(9, 52)] = 2;
  s.R_p[at(9, 14)] = 3;
  s.R_p[at(9, 54)] = 1;
  struct dtd_measures m = measure(&s, 50);
  assert_true(is_near(m.positive, 40) && is_near(m.floor_share, 1));
  assert_true(is_near(m.target_share_above_floor, 8.0 / 20));
  assert_true(is_near(m.distractor_share_above_floor, 12.0 / 20));
  assert_true(m.target_found == 0);
  s.R_p[at(0, 30)] = -3.875f;
  s.R_p[at(0, 55)] = 3.876953125f; /* a floor of 2^-10 */
  m = measure(&s, 50);
  assert_true(is_near(m.floor_share, 1568 / 1024.0 / 37.876953125));
  s.R_p[at(0, 30)] = -5; /* a mean below 0 is no floor */
  m = measure(&s, 50);
  assert_true(m.floor_share == 0);
  assert_true(is_near(m.target_share_above_floor, m.target_share));
}

/* Counts, for each pixel, those stronger: O(n^2), no sorting. */
static int stronger(const float *R_p, int p) {
  int count = 0;
  for (int q = 0; q < DTD_PAIR_PIXELS; q++)
    count += R_p[q] > R_p[p] || (R_p[q] == R_p[p] && q < p);
  return count;
}

TEST(measures_equal_counting_without_sorting) {
  struct scene s = black(false, true);
  struct dtd_rng rng = dtd_rng_open(1, "test/measure", 0);
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    s.R_p[p] = (float)(pow(dtd_rng_uniform(&rng), 3) - 0.1);
    s.image[p] = dtd_rng_uniform(&rng) < 0.1 ? 1 : DTD_PIXEL_LOW;
  }
  struct dtd_measures m = measure(&s, 50);
  double held[DTD_PAIR_PIXELS] = {0}, positive = 0, top = 0;
  int K = 0, hits = 0, spread = 0, covered = 0, on_distractor = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++)
    K += p % 56 >= 28 && s.image[p] > DTD_PIXEL_LOW;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    int place = stronger(s.R_p, p);
    held[place] = fmax(0, s.R_p[p]);
    positive += held[place];
    if (place < 16) top += held[place];
    hits += place < K && p % 56 >= 28 && s.image[p] > DTD_PIXEL_LOW;
  }
  for (double sum = 0; sum < 0.9 * positive; spread++) sum += held[spread];
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    int place = stronger(s.R_p, p);
    covered += place < spread && p % 56 >= 28 && s.image[p] > DTD_PIXEL_LOW;
    on_distractor += place < 157 && p % 56 < 28;
  }
  assert_true(is_near(m.rank_accuracy, (double)hits / K));
  assert_true(is_near(m.ink_coverage, (double)covered / K));
  assert_true(is_near(m.distractor_top_share, on_distractor / 157.0));
  assert_true(is_near(m.top_share, top / positive));
  assert_true(m.spread == spread);
}

TEST(a_constant_heatmap_has_known_measures) {
  struct scene s = black(true, false);
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    s.R_p[p] = 97.3f / DTD_PAIR_PIXELS;
    s.image[p] = p % 56 < 28 && p % 7 == 0 ? 1 : DTD_PIXEL_LOW;
    s.never_inked[p] = p % 5 == 0;
  }
  struct dtd_measures m = measure(&s, 97);
  assert_true(is_near(m.target_share, 0.5) && is_near(m.spread, 1412));
  assert_true(is_near(m.top_share, 16 / 1568.0));
  assert_true(is_near(m.rank_accuracy, 112 / 1568.0)); /* K / pixels */
  assert_true(is_near(m.floor_share, 1));
  assert_true(isnan(m.target_share_above_floor)); /* nothing is above */
  /* exactly one half is not most of it */
  assert_true(m.target_found == 0 && is_near(m.distractor_top_share, 0.5));
  assert_true(is_near(m.ink_evenness, 1));
  assert_true(is_near(m.ink_coverage, 1412 / 1568.0));
}

TEST(never_inked_is_seen_on_both_halves) {
  uint8_t images[2 * DTD_DIGIT_PIXELS] = {0}, labels[2] = {0, 1};
  struct dtd_digits digits = {2, images, labels};
  bool never_inked[DTD_PAIR_PIXELS];
  images[3 * 28 + 4] = 1;
  images[DTD_DIGIT_PIXELS + 5 * 28 + 6] = 255;
  dtd_never_inked(never_inked, &digits);
  int inked = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) inked += !never_inked[p];
  assert_int_equal(inked, 4);
  assert_false(never_inked[at(3, 4)] || never_inked[at(3, 32)]);
  assert_false(never_inked[at(5, 6)] || never_inked[at(5, 34)]);
}

/* The columns of examples.tsv, in their order. */
TEST(measures_are_listed_by_name) {
  struct dtd_measures m = {.f = 1, .sum_r = 2, .aopc_gain_early = 3};
  int count = 0;
  while (dtd_measure_name(count)) count++;
  assert_int_equal(count, 36);
  assert_string_equal(dtd_measure_name(0), "f");
  assert_true(dtd_measure_value(&m, 0) == 1);
  assert_string_equal(dtd_measure_name(1), "sum_r");
  assert_true(dtd_measure_value(&m, 1) == 2);
  assert_string_equal(dtd_measure_name(25), "aopc_gain_early");
  assert_string_equal(dtd_measure_name(35), "swap_ratio");
  assert_true(dtd_measure_value(&m, 25) == 3);
}
