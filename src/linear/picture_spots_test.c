/* Holds spots to the pictures that they are of. */
#include "linear/picture_spots.h"

#include "base/test.h"
#include "base/test_numbers.h"
#include "linear/processor.h"
#include "linear/threads.h"

TEST_OWNS(picture_spots)

/* Channels, groups, places; below, at and above bands and strips. */
static const int shapes[][3] = {{1, 1, 1},   {3, 1, 7},    {64, 1, 8},
                                {65, 1, 49}, {130, 2, 17}, {12, 12, 20},
                                {64, 2, 33}, {200, 1, 16}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* A share of its elements is not zero; some zeros are negative, and one element
   is no number, which must not get lost. */
static float *new_picture(int count, double share) {
  struct dtd_rng rng = dtd_rng_open(7, "test/picture_spots", 0);
  float *x = new_random(count, -1, 1, &rng);
  for (int i = 0; i < count; i++)
    if (dtd_rng_uniform(&rng) >= share) x[i] = i % 2 ? 0 : -0.0f;
  if (share > 0) x[count / 2] = NAN;
  return x;
}

static void assert_spots(const struct dtd_picture_spots *s, const float *x) {
  int in_group = s->channels / s->groups, bands = dtd_bands(in_group);
  long count = 0;
  for (int b = 0; b < s->bands; b++) {
    const int *start = s->start + b * (s->places + 2);
    int first = b / bands * in_group + b % bands * DTD_BAND;
    int end = (b / bands + 1) * in_group;
    if (end > first + DTD_BAND) end = first + DTD_BAND;
    for (int q = 0; q < s->places; q++) {
      const struct dtd_spot *spot = s->spot + start[q];
      for (int i = first; i < end; i++) {
        float value = x[i * s->places + q];
        if (value == 0) continue;
        assert_int_equal(spot->at, i - first);
        assert_true(spot->s == value || (isnan(value) && isnan(spot->s)));
        spot++, count++;
      }
      assert_ptr_equal(spot, s->spot + start[q + 1]);
    }
    assert_int_equal(start[s->places], start[s->places + 1]);
  }
  assert_near(s->density, (double)count / (s->channels * s->places), 1e-12);
}

TEST(spots_are_what_is_not_zero) {
  const double share[] = {0, 0.1, 0.5, 1};
  for (int kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs((enum dtd_processor)kind)) continue;
    dtd_processor_use((enum dtd_processor)kind);
    for (int i = 0; i < SHAPES * 4; i++) {
      const int *shape = shapes[i / 4];
      dtd_threads(1 + i % 3);
      float *x = new_picture(shape[0] * shape[2], share[i % 4]);
      struct dtd_picture_spots *s = own_picture_spots(
          dtd_picture_spots_new(x, shape[0], shape[1], shape[2]));
      dtd_picture_spots_list(s, x);
      assert_spots(s, x);
    }
  }
  dtd_processor_use(dtd_processor_best());
}
