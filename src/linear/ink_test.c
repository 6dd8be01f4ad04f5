/* Tests that ink holds exactly what an image holds, by example and by pixel. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "linear/ink.h"
#include "base/rng.h"

TEST_OWNS(ink)

enum { PIXELS = 50, BATCH = 7 };

/* Images of `low` with about `density` of the pixels inked; example 2 blank. */
static void draw(float *images, float low, double density) {
  struct dtd_rng rng = dtd_rng_open(3, "test/ink", 0);
  for (int n = 0; n < BATCH; n++)
    for (int p = 0; p < PIXELS; p++)
      images[n * PIXELS + p] = n != 2 && dtd_rng_uniform(&rng) < density
                                   ? low + 0.25f + (float)dtd_rng_below(&rng, 8)
                                   : low;
}

/* Both lists, spot by spot, against the images. */
static void assert_holds(const struct dtd_ink *ink, const float *images,
                         float low) {
  float by_example[BATCH * PIXELS] = {0}, by_pixel[BATCH * PIXELS] = {0};
  size_t spots = 0;
  assert_int_equal(ink->batch, BATCH);
  for (int n = 0; n < BATCH; n++) {
    double total = 0;
    int last = -1;
    const struct dtd_spot *spot = dtd_ink_example(ink, n);
    for (; spot->at < PIXELS; last = spot->at, spot++, spots++) {
      assert_true(spot->at > last);
      by_example[n * PIXELS + spot->at] = spot->s;
      total += spot->s;
    }
    assert_int_equal(spot->at, PIXELS);
    assert_true(fabs(total - ink->total[n]) <= 1e-6 * total);
  }
  assert_int_equal(dtd_ink_spots(ink), spots);
  assert_int_equal(ink->start_of_pixel[0], 0);
  assert_int_equal(ink->start_of_pixel[PIXELS], spots);
  for (int p = 0; p < PIXELS; p++) {
    int last = -1;
    for (size_t i = ink->start_of_pixel[p]; i < ink->start_of_pixel[p + 1];
         i++) {
      assert_true(ink->by_pixel[i].at > last);
      last = ink->by_pixel[i].at;
      by_pixel[last * PIXELS + p] = ink->by_pixel[i].s;
    }
  }
  for (int i = 0; i < BATCH * PIXELS; i++) {
    assert_true(low + by_example[i] == images[i]);
    assert_true(by_pixel[i] == by_example[i]);
  }
}

TEST(ink_holds_what_the_images_hold) {
  const float lows[] = {-0.5f, 0, 0.25f};
  const double densities[] = {0, 0.2, 1};
  float images[BATCH * PIXELS];
  struct dtd_ink *ink = own_ink(dtd_ink_new(PIXELS, BATCH));
  for (int l = 0; l < 3; l++)
    for (int d = 0; d < 3; d++) {
      draw(images, lows[l], densities[d]);
      dtd_ink_gather(ink, images, lows[l], BATCH);
      dtd_ink_sort(ink);
      assert_holds(ink, images, lows[l]);
    }
}

TEST(values_below_the_background_are_ink_too) {
  const float image[3] = {0, -2, 1};
  struct dtd_ink *ink = own_ink(dtd_ink_new(3, 1));
  dtd_ink_gather(ink, image, 0, 1);
  assert_int_equal(dtd_ink_spots(ink), 2);
  assert_true(dtd_ink_example(ink, 0)->s == -2);
  assert_true(ink->total[0] == -1);
}

/* A full batch stays where the reserved room is. */
TEST(reserved_room_holds_any_examples) {
  float images[BATCH * PIXELS];
  struct dtd_ink *ink = own_ink(dtd_ink_new(PIXELS, BATCH));
  dtd_ink_reserve(ink);
  const struct dtd_spot *room = ink->by_example;
  for (int i = 0; i < BATCH * PIXELS; i++) images[i] = 1;
  dtd_ink_gather(ink, images, 0, BATCH);
  assert_ptr_equal(ink->by_example, room);
  assert_int_equal(dtd_ink_spots(ink), BATCH * PIXELS);
}

TEST(more_than_the_capacity_dies) {
  struct dtd_ink *ink = own_ink(dtd_ink_new(PIXELS, 1));
  const float images[2 * PIXELS] = {0};
  assert_dies(1, "more than 1 examples", dtd_ink_gather(ink, images, 0, 2));
}
