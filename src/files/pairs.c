/* Draws pairs of digits: pair n of a stream depends on n alone. */
#include "files/pairs.h"

#include "base/die.h"
#include "base/memory.h"
#include "base/rng.h"

enum { KINDS = 2, LEFT = 0, RIGHT = 1 };

/* A digit is black outside rows [top, bottom) and columns [left, right). */
struct box {
  uint8_t top, bottom, left, right;
};

struct dtd_sampler {
  const struct dtd_digits *digits;
  struct dtd_pair_settings settings;
  struct box *box;     /* of each digit */
  int *of_kind[KINDS]; /* indices of the other digits [0] and the targets [1] */
  int count[KINDS];
};

static struct box find_box(const uint8_t *digit) {
  struct box box = {DTD_DIGIT_SIDE, 0, DTD_DIGIT_SIDE, 0};
  for (uint8_t row = 0; row < DTD_DIGIT_SIDE; row++)
    for (uint8_t column = 0; column < DTD_DIGIT_SIDE; column++) {
      if (!*digit++) continue;
      if (row < box.top) box.top = row;
      box.bottom = row + 1;
      if (column < box.left) box.left = column;
      if (column >= box.right) box.right = column + 1;
    }
  return box;
}

struct dtd_sampler *dtd_sampler_new(const struct dtd_digits *digits,
                                    const struct dtd_pair_settings *settings) {
  struct dtd_sampler *sampler = dtd_new(1, sizeof *sampler);
  sampler->digits = digits;
  sampler->settings = *settings;
  sampler->box = dtd_new((size_t)digits->count, sizeof *sampler->box);
  for (int n = 0; n < digits->count; n++)
    sampler->box[n] = find_box(digits->images + (long)n * DTD_DIGIT_PIXELS);
  for (int kind = 0; kind < KINDS; kind++)
    sampler->of_kind[kind] = dtd_new((size_t)digits->count, sizeof(int));
  for (int n = 0; n < digits->count; n++) {
    int kind = settings->is_target[digits->labels[n]];
    sampler->of_kind[kind][sampler->count[kind]++] = n;
  }
  if (!sampler->count[0] || !sampler->count[1])
    dtd_die(DTD_USAGE, "data.targets",
            "choose some digits of the data, but not all of them",
            "%s digit of the data is a target",
            sampler->count[1] ? "every" : "no");
  return sampler;
}

void dtd_sampler_free(struct dtd_sampler *sampler) {
  if (!sampler) return;
  for (int kind = 0; kind < KINDS; kind++) dtd_free(sampler->of_kind[kind]);
  dtd_free(sampler->box);
  dtd_free(sampler);
}

static int draw_of_kind(const struct dtd_sampler *sampler, struct dtd_rng *rng,
                        int kind) {
  uint32_t n = dtd_rng_below(rng, (uint32_t)sampler->count[kind]);
  return sampler->of_kind[kind][n];
}

static int draw_shift(struct dtd_rng *rng, int translation) {
  return (int)dtd_rng_below(rng, 2 * (uint32_t)translation + 1) - translation;
}

struct dtd_pair dtd_pair_at(const struct dtd_sampler *sampler, uint64_t n) {
  const struct dtd_pair_settings *settings = &sampler->settings;
  const struct dtd_digits *digits = sampler->digits;
  struct dtd_rng rng = dtd_rng_open(settings->seed, settings->stream, n);
  struct dtd_pair pair;
  if (settings->mode == DTD_ONE_TARGET) {
    int target_side = (int)dtd_rng_below(&rng, 2);
    for (int side = LEFT; side <= RIGHT; side++)
      pair.digit[side] = draw_of_kind(sampler, &rng, side == target_side);
  } else {
    for (int side = LEFT; side <= RIGHT; side++)
      pair.digit[side] = (int)dtd_rng_below(&rng, (uint32_t)digits->count);
  }
  for (int side = LEFT; side <= RIGHT; side++) {
    pair.label[side] = digits->labels[pair.digit[side]];
    pair.is_target[side] = settings->is_target[pair.label[side]];
    pair.down[side] = draw_shift(&rng, settings->translation);
    pair.right[side] = draw_shift(&rng, settings->translation);
  }
  return pair;
}

static const float step = (DTD_PIXEL_HIGH - DTD_PIXEL_LOW) / 255;

static const uint8_t *digit_of(const struct dtd_sampler *sampler,
                               const struct dtd_pair *pair, int side) {
  return sampler->digits->images + (long)pair->digit[side] * DTD_DIGIT_PIXELS;
}

static float target_of(const struct dtd_pair *pair) {
  return pair->is_target[LEFT] || pair->is_target[RIGHT] ? DTD_TARGET_VALUE : 0;
}

/* Copies one digit, shifted, into its half of the image. */
static void draw_digit(float *image, const uint8_t *digit, int side, int down,
                       int right) {
  for (int row = 0; row < DTD_DIGIT_SIDE; row++)
    for (int column = 0; column < DTD_DIGIT_SIDE; column++) {
      int from_row = row - down, from_column = column - right;
      bool inside = from_row >= 0 && from_row < DTD_DIGIT_SIDE &&
                    from_column >= 0 && from_column < DTD_DIGIT_SIDE;
      int byte = inside ? digit[from_row * DTD_DIGIT_SIDE + from_column] : 0;
      image[row * DTD_PAIR_COLUMNS + side * DTD_DIGIT_SIDE + column] =
          DTD_PIXEL_LOW + step * (float)byte;
    }
}

void dtd_pairs_draw(float *images, float *t, struct dtd_pair *pairs,
                    const struct dtd_sampler *sampler, uint64_t first,
                    int count) {
#pragma omp parallel for schedule(static) if (count > 8)
  for (int n = 0; n < count; n++) {
    struct dtd_pair pair = dtd_pair_at(sampler, first + (uint64_t)n);
    for (int side = LEFT; side <= RIGHT; side++)
      draw_digit(images + (long)n * DTD_PAIR_PIXELS,
                 digit_of(sampler, &pair, side), side, pair.down[side],
                 pair.right[side]);
    t[n] = target_of(&pair);
    if (pairs) pairs[n] = pair;
  }
}

/* Appends one row of a digit, shifted, to a list of spots; returns its new
   length. `byte` is the row, `p` the pixel where its half begins. */
static size_t ink_row(struct dtd_spot *spot, size_t count, const uint8_t *byte,
                      const struct box *box, int p, int right) {
  int from = box->left + right < 0 ? -right : box->left;
  int to =
      box->right + right > DTD_DIGIT_SIDE ? DTD_DIGIT_SIDE - right : box->right;
  for (int column = from; column < to;
       column++) { /* a black byte is written over by the next */
    spot[count].at = p + column + right;
    spot[count].s = step * (float)byte[column]; /* x - low */
    count += byte[column] > 0;
  }
  return count;
}

/* Appends the spots of a whole pair; returns how many there are. */
static size_t ink_pair(struct dtd_spot *spot, const struct dtd_sampler *sampler,
                       const struct dtd_pair *pair) {
  size_t count = 0;
  for (int row = 0; row < DTD_PAIR_ROWS; row++)
    for (int side = LEFT; side <= RIGHT; side++) {
      const struct box *box = &sampler->box[pair->digit[side]];
      int from = row - pair->down[side];
      if (from < box->top || from >= box->bottom) continue;
      count = ink_row(spot, count,
                      digit_of(sampler, pair, side) + from * DTD_DIGIT_SIDE,
                      box, row * DTD_PAIR_COLUMNS + side * DTD_DIGIT_SIDE,
                      pair->right[side]);
    }
  return count;
}

/* Fetches the bytes of a pair's digits into the cache before they are needed:
   they may lie anywhere in the data. */
static void prefetch(const struct dtd_sampler *sampler,
                     const struct dtd_pair *pair) {
  for (int side = LEFT; side <= RIGHT; side++)
    for (int byte = 0; byte < DTD_DIGIT_PIXELS; byte += 64)
      __builtin_prefetch(digit_of(sampler, pair, side) + byte);
}

void dtd_pairs_ink(struct dtd_ink *ink, float *t,
                   const struct dtd_sampler *sampler, uint64_t first,
                   int count) {
  dtd_ink_clear(ink, DTD_PIXEL_LOW);
  struct dtd_pair pair = dtd_pair_at(sampler, first);
  for (int n = 0; n < count; n++) {
    struct dtd_pair next = dtd_pair_at(sampler, first + (uint64_t)n + 1);
    prefetch(sampler, &next);
    dtd_ink_close(ink, ink_pair(dtd_ink_open(ink), sampler, &pair));
    t[n] = target_of(&pair);
    pair = next;
  }
  dtd_ink_sort(ink);
}
