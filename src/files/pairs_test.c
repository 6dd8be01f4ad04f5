/* Tests the pair sampler on hand-made digits. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "linear/threads.h"
#include "files/test_digits.h"

TEST_OWNS(ink)

enum { DIGITS = 40 };

/* Digit n has label n mod 10 and one bright pixel, of value n + 1, at row 10,
   column 12. */
static struct dtd_digits make_digits(void) {
  struct dtd_digits digits = {DIGITS, test_new(DIGITS * DTD_DIGIT_PIXELS, 1),
                              test_new(DIGITS, 1)};
  for (int n = 0; n < DIGITS; n++) {
    digits.images[n * DTD_DIGIT_PIXELS + 10 * DTD_DIGIT_SIDE + 12] =
        (uint8_t)(n + 1);
    digits.labels[n] = (uint8_t)(n % 10);
  }
  return digits;
}

static struct dtd_pair_settings settings_of(enum dtd_pair_mode mode,
                                            int translation) {
  return (struct dtd_pair_settings){.seed = 5,
                                    .stream = "pairs/test",
                                    .mode = mode,
                                    .translation = translation,
                                    .is_target = {1, 1, 1, 1}};
}

TEST(pair_n_is_the_same_however_drawn) {
  enum { COUNT = 50 };
  struct dtd_digits digits = make_digits();
  struct dtd_pair_settings settings = settings_of(DTD_INDEPENDENT, 3);
  struct dtd_sampler *sampler = new_sampler(&digits, &settings);
  float *once = test_new(COUNT * DTD_PAIR_PIXELS, sizeof *once);
  float *apart = test_new(COUNT * DTD_PAIR_PIXELS, sizeof *apart);
  float t[COUNT], t_apart[COUNT];
  dtd_threads(4);
  dtd_pairs_draw(once, t, NULL, sampler, 100, COUNT);
  dtd_threads(1);
  for (int n = COUNT - 1; n >= 0; n--)
    dtd_pairs_draw(apart + n * DTD_PAIR_PIXELS, t_apart + n, NULL, sampler,
                   (uint64_t)(100 + n), 1);
  assert_memory_equal(once, apart, COUNT * DTD_PAIR_PIXELS * sizeof *once);
  assert_memory_equal(t, t_apart, sizeof t);
}

/* Every mode and shift: what dtd_pairs_draw draws, gathered. */
TEST(ink_is_that_of_the_images) {
  enum { COUNT = 60 };
  struct dtd_digits digits = make_digits();
  struct dtd_rng rng = dtd_rng_open(2, "test/pairs", 0);
  for (int i = 0; i < DIGITS * DTD_DIGIT_PIXELS; i++)
    if (dtd_rng_uniform(&rng) < 0.2)
      digits.images[i] = (uint8_t)dtd_rng_below(&rng, 256);
  float *images = test_new(COUNT * DTD_PAIR_PIXELS, sizeof *images);
  struct dtd_ink *ink = own_ink(dtd_ink_new(DTD_PAIR_PIXELS, COUNT));
  struct dtd_ink *wanted = own_ink(dtd_ink_new(DTD_PAIR_PIXELS, COUNT));
  float t[COUNT], wanted_t[COUNT];
  const int translations[] = {0, 3, 27};
  for (int i = 0; i < 6; i++) {
    struct dtd_pair_settings settings = settings_of(
        i % 2 ? DTD_ONE_TARGET : DTD_INDEPENDENT, translations[i / 2]);
    struct dtd_sampler *sampler = new_sampler(&digits, &settings);
    dtd_pairs_draw(images, wanted_t, NULL, sampler, 7, COUNT);
    dtd_ink_gather(wanted, images, DTD_PIXEL_LOW, COUNT);
    dtd_ink_sort(wanted);
    dtd_pairs_ink(ink, t, sampler, 7, COUNT);
    assert_memory_equal(t, wanted_t, sizeof t);
    assert_int_equal(dtd_ink_spots(ink), dtd_ink_spots(wanted));
    for (int n = 0; n < COUNT; n++) {
      const struct dtd_spot *spot = dtd_ink_example(ink, n);
      const struct dtd_spot *other = dtd_ink_example(wanted, n);
      do {
        assert_int_equal(spot->at, other->at);
        assert_true(fabsf(spot->s - other->s) < 1e-6f);
        other++;
      } while (spot++->at < DTD_PAIR_PIXELS);
    }
    assert_memory_equal(ink->start_of_pixel, wanted->start_of_pixel,
                        (DTD_PAIR_PIXELS + 1) * sizeof *ink->start_of_pixel);
  }
}

/* The one bright pixel shows where and how each digit was drawn. */
TEST(images_show_the_digits_shifted) {
  struct dtd_digits digits = make_digits();
  struct dtd_pair_settings settings = settings_of(DTD_INDEPENDENT, 3);
  struct dtd_sampler *sampler = new_sampler(&digits, &settings);
  for (uint64_t n = 0; n < 200; n++) {
    float image[DTD_PAIR_PIXELS], t;
    struct dtd_pair pair;
    dtd_pairs_draw(image, &t, &pair, sampler, n, 1);
    int bright = 0;
    for (int p = 0; p < DTD_PAIR_PIXELS; p++) bright += image[p] > -0.5f;
    assert_int_equal(bright, 2);
    for (int side = 0; side < 2; side++) {
      assert_int_equal(pair.label[side], pair.digit[side] % 10);
      assert_true(pair.is_target[side] == (pair.label[side] < 4));
      int row = 10 + pair.down[side], column = 12 + pair.right[side];
      float wanted = -0.5f + 2.0f * (float)(pair.digit[side] + 1) / 255;
      assert_true(fabsf(image[row * 56 + 28 * side + column] - wanted) < 1e-6f);
    }
    assert_true(t == (pair.is_target[0] || pair.is_target[1] ? 100 : 0));
  }
}

/* Digits with ink in every pixel, of values that differ by row and column. */
TEST(every_pixel_lands_where_the_shift_says) {
  struct dtd_digits digits = make_digits();
  for (int i = 0; i < DIGITS * DTD_DIGIT_PIXELS; i++)
    digits.images[i] = (uint8_t)(1 + i * 7 % 253);
  struct dtd_pair_settings settings = settings_of(DTD_INDEPENDENT, 3);
  struct dtd_sampler *sampler = new_sampler(&digits, &settings);
  for (uint64_t n = 0; n < 20; n++) {
    float image[DTD_PAIR_PIXELS], t;
    struct dtd_pair pair;
    dtd_pairs_draw(image, &t, &pair, sampler, n, 1);
    for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
      int side = p % 56 / 28;
      int row = p / 56 - pair.down[side], column = p % 28 - pair.right[side];
      bool inside = row >= 0 && row < 28 && column >= 0 && column < 28;
      int at = pair.digit[side] * 784 + row * 28 + column;
      float wanted = -0.5f + (inside ? 2.0f * digits.images[at] / 255 : 0);
      assert_true(fabsf(image[p] - wanted) < 1e-6f);
    }
  }
}

/* Every shift in [-3, 3]^2 is drawn: 49 cells, 2 x 4000 draws, each expected
   163 times; 5 standard deviations are 64. */
TEST(shifts_are_uniform) {
  struct dtd_digits digits = make_digits();
  struct dtd_pair_settings settings = settings_of(DTD_INDEPENDENT, 3);
  struct dtd_sampler *sampler = new_sampler(&digits, &settings);
  int count[7][7] = {{0}};
  for (uint64_t n = 0; n < 4000; n++) {
    struct dtd_pair pair = dtd_pair_at(sampler, n);
    for (int side = 0; side < 2; side++)
      count[pair.down[side] + 3][pair.right[side] + 3]++;
  }
  for (int i = 0; i < 49; i++)
    assert_in_range(count[i / 7][i % 7], 163 - 64, 163 + 64);
}

TEST(ink_that_leaves_its_half_is_lost) {
  struct dtd_digits digits = make_digits();
  struct dtd_pair_settings settings = settings_of(DTD_INDEPENDENT, 27);
  struct dtd_sampler *sampler = new_sampler(&digits, &settings);
  for (uint64_t n = 0; n < 200; n++) {
    float image[DTD_PAIR_PIXELS], t;
    struct dtd_pair pair;
    dtd_pairs_draw(image, &t, &pair, sampler, n, 1);
    int bright = 0, inside = 0;
    for (int p = 0; p < DTD_PAIR_PIXELS; p++) bright += image[p] > -0.5f;
    for (int side = 0; side < 2; side++) {
      int row = 10 + pair.down[side], column = 12 + pair.right[side];
      inside += row >= 0 && row < 28 && column >= 0 && column < 28;
    }
    assert_int_equal(bright, inside);
  }
}

TEST(one_target_mode_has_one_target) {
  struct dtd_digits digits = make_digits();
  struct dtd_pair_settings settings = settings_of(DTD_ONE_TARGET, 0);
  struct dtd_sampler *sampler = new_sampler(&digits, &settings);
  int on_the_left = 0, seen[10] = {0};
  for (uint64_t n = 0; n < 1000; n++) {
    struct dtd_pair pair = dtd_pair_at(sampler, n);
    assert_int_equal(pair.is_target[0] + pair.is_target[1], 1);
    assert_int_equal(pair.down[0] | pair.right[1], 0);
    on_the_left += pair.is_target[0];
    for (int side = 0; side < 2; side++) seen[pair.label[side]] = 1;
  }
  assert_in_range(on_the_left, 500 - 80, 500 + 80);
  for (int label = 0; label < 10; label++) assert_int_equal(seen[label], 1);
}

TEST(streams_and_seeds_differ) {
  struct dtd_digits digits = make_digits();
  struct dtd_pair_settings settings[3] = {settings_of(DTD_INDEPENDENT, 3),
                                          settings_of(DTD_INDEPENDENT, 3),
                                          settings_of(DTD_INDEPENDENT, 3)};
  settings[1].stream = "pairs/train";
  settings[2].seed = 6;
  struct dtd_sampler *sampler[3];
  for (int i = 0; i < 3; i++) sampler[i] = new_sampler(&digits, &settings[i]);
  int same[3] = {0};
  for (uint64_t n = 0; n < 100; n++)
    for (int i = 1; i < 3; i++)
      same[i] += dtd_pair_at(sampler[0], n).digit[0] ==
                 dtd_pair_at(sampler[i], n).digit[0];
  assert_in_range(same[1], 0, 15);
  assert_in_range(same[2], 0, 15);
}

TEST(all_or_no_targets_die) {
  struct dtd_digits digits = make_digits();
  struct dtd_pair_settings settings = settings_of(DTD_INDEPENDENT, 0);
  memset(settings.is_target, 0, sizeof settings.is_target);
  assert_dies(2, "no digit of the data is a target",
              dtd_sampler_new(&digits, &settings));
  for (int c = 0; c < DTD_CLASSES; c++) settings.is_target[c] = true;
  assert_dies(2, "every digit of the data is a target",
              dtd_sampler_new(&digits, &settings));
}
