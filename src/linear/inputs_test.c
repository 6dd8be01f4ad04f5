/* Holds every form of inputs to the dense rows that they stand for. */
#include "linear/inputs.h"

#include "base/test_numbers.h"
#include "base/rng.h"
#include "linear/image_batch.h"
#include "linear/ink.h"
#include "linear/weights.h"

TEST_OWNS(image_batch)
TEST_OWNS(ink)
TEST_OWNS(weights)

enum { INPUTS = 31, BATCH = 70 };

static const float low = -0.5f;

/* Every third image has much ink, the others a tenth; x - low is exact. */
static void draw(float *images) {
  struct dtd_rng rng = dtd_rng_open(2, "test/inputs", 0);
  for (int i = 0; i < BATCH * INPUTS; i++)
    images[i] = i / INPUTS % 3 && dtd_rng_uniform(&rng) < 0.9
                    ? low
                    : low + (float)dtd_rng_below(&rng, 256) / 128;
}

static void assert_rows(const struct dtd_inputs *x, const float *images,
                        int batch) {
  assert_int_equal(x->batch, batch);
  assert_same_bits(dtd_inputs_rows(x, INPUTS), images, batch * INPUTS);
}

/* Also of ink whose images are no longer at hand, and of some examples. */
TEST(rows_of_any_form_are_the_images) {
  float images[BATCH * INPUTS];
  struct dtd_range some = {13, 20};
  draw(images);
  struct dtd_ink *ink = own_ink(dtd_ink_new(INPUTS, BATCH));
  struct dtd_image_batch *batch =
      own_image_batch(dtd_image_batch_new(INPUTS, low, BATCH));
  dtd_ink_gather(ink, images, low, BATCH);
  ink->rows = NULL;
  struct dtd_inputs forms[] = {dtd_rows(images, BATCH), dtd_inked(ink),
                               dtd_image_batch_read(batch, images, BATCH)};
  for (int i = 0; i < 3; i++) {
    assert_rows(&forms[i], images, BATCH);
    struct dtd_inputs cut = dtd_inputs_range(forms[i], some);
    assert_rows(&cut, images + some.first * INPUTS, some.count);
  }
}

/* Parts follow one another and are what they are part of, known sums too. */
TEST(parts_make_the_whole) {
  float images[BATCH * INPUTS], w[INPUTS * 2] = {0}, z[BATCH * 2], copy[2];
  struct dtd_weights *weights =
      own_weights(dtd_weights_new(&dtd_plain, w, INPUTS, 2, low, BATCH));
  struct dtd_image_batch *batch =
      own_image_batch(dtd_image_batch_new(INPUTS, low, BATCH));
  draw(images);
  for (int i = 0; i < BATCH * 2; i++) z[i] = (float)i;
  struct dtd_inputs x = dtd_inputs_knowing(
      dtd_image_batch_read(batch, images, BATCH), weights, z);
  int next = 0, parts = dtd_inputs_parts(&x);
  assert_true(parts > 1);
  for (int i = 0; i < parts; i++) {
    struct dtd_range range;
    struct dtd_inputs part = dtd_inputs_part(&x, i, &range);
    assert_int_equal(range.first, next);
    assert_rows(&part, images + next * INPUTS, range.count);
    part = dtd_inputs_range(part, (struct dtd_range){1, 1});
    dtd_weights_apply(copy, weights, &part);
    assert_memory_equal(copy, z + 2 * (next + 1), sizeof copy);
    next += range.count;
  }
  assert_int_equal(next, BATCH);
}
