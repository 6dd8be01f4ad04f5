/* Draws pairs of digits: pair n of a stream depends on n alone.

   A pair (section 6.1) is a 28 x 56 image, two digits side by side, whose
   target value is 100 when either digit is a target digit and 0 otherwise.
   Pixels are x = low + (high - low) byte / 255. In training each digit is moved
   by whole pixels, uniform on [-translation, translation] in both directions;
   what leaves its half is lost and what enters is black. */
#ifndef DTD_PAIRS_H
#define DTD_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "files/idx.h"
#include "linear/ink.h"

enum {
  DTD_PAIR_ROWS = 28,
  DTD_PAIR_COLUMNS = 56,
  DTD_PAIR_PIXELS = 1568, /* p = 56 row + column */
};

/* x_p of black and white: the box [l, h] of the zB-rule. */
#define DTD_PIXEL_LOW  (-0.5f)
#define DTD_PIXEL_HIGH 1.5f
/* The value f is trained to take when a target digit is present. */
#define DTD_TARGET_VALUE 100.0f

enum dtd_pair_mode {
  DTD_INDEPENDENT, /* each digit uniform on the data set */
  DTD_ONE_TARGET,  /* exactly one target digit, on a random side */
};

struct dtd_pair_settings {
  uint64_t seed;
  const char *stream; /* its name, borrowed for as long as the program runs:
                         "pairs/train", ... */
  enum dtd_pair_mode mode;
  int translation;             /* pixels, 0 to 27 */
  bool is_target[DTD_CLASSES]; /* which digits count; at least one, not all */
};

/* One pair before it is drawn. */
struct dtd_pair {
  int digit[2]; /* indices into the data set: left, right */
  int label[2]; /* 0 to 9 */
  bool is_target[2];
  int down[2], right[2]; /* translation in pixels */
};

struct dtd_sampler; /* settings, the digits and an index of them by kind */

/* A sampler over `digits`, borrowed. Dies (usage) when no digit or every digit
   is a target or a needed kind of digit is absent from the data. */
struct dtd_sampler *dtd_sampler_new(const struct dtd_digits *digits,
                                    const struct dtd_pair_settings *settings);

/* Pair number n of the stream. */
struct dtd_pair dtd_pair_at(const struct dtd_sampler *sampler, uint64_t n);

/* Pairs first .. first + count - 1: images and target values t; `pairs` may be
   null. */
void dtd_pairs_draw(float *images /* (count, 28, 56) */, float *t /* (count) */,
                    struct dtd_pair *pairs /* (count) */,
                    const struct dtd_sampler *sampler, uint64_t first,
                    int count);

/* The same pairs as ink on black, x = DTD_PIXEL_LOW + s; `ink` holds them alone
   afterwards, sorted. */
void dtd_pairs_ink(struct dtd_ink *ink, float *t /* (count) */,
                   const struct dtd_sampler *sampler, uint64_t first,
                   int count);

void dtd_sampler_free(struct dtd_sampler *sampler);

#endif
