/* A small data set of made-up digits, for tests that train.

   Label n is a bar of three rows at height 2 n + 4, with random gray noise, so
   that a small network can learn it. */
#ifndef DTD_TEST_DIGITS_H
#define DTD_TEST_DIGITS_H

#include "files/idx.h"
#include "base/test.h"
#include "files/pairs.h"
#include "base/rng.h"

TEST_OWNS(sampler)
#define new_sampler(...) own_sampler(dtd_sampler_new(__VA_ARGS__))

static inline struct dtd_digits plain_digits(int count, uint64_t seed) {
  struct dtd_digits digits = {count,
                              test_new((size_t)count * DTD_DIGIT_PIXELS, 1),
                              test_new((size_t)count, 1)};
  struct dtd_rng rng = dtd_rng_open(seed, "test/digits", 0);
  for (int n = 0; n < count; n++) {
    digits.labels[n] = (uint8_t)(n % DTD_CLASSES);
    for (int row = 2 * (n % DTD_CLASSES) + 4, i = 0; i < 3 * 20; i++)
      digits.images[n * DTD_DIGIT_PIXELS + (row + i / 20) * DTD_DIGIT_SIDE + 4 +
                    i % 20] = (uint8_t)(100 + dtd_rng_below(&rng, 156));
  }
  return digits;
}

/* Pairs of them, with the paper's targets. */
static inline struct dtd_sampler *plain_sampler(const struct dtd_digits *digits,
                                                const char *stream) {
  struct dtd_pair_settings settings = {
      .seed = 1, .stream = stream, .translation = 1, .is_target = {1, 1, 1, 1}};
  return new_sampler(digits, &settings);
}

#endif
