/* Holds every storage of weights to plain loops in double over the matrix. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "linear/ink.h"
#include "linear/threads.h"
#include "base/test_numbers.h"
#include "linear/processor.h"
#include "linear/weights.h"

TEST_OWNS(ink)
TEST_OWNS(weights)

/* Shapes that fill panels of every width, with padding and without. */
static const struct shape {
  int inputs, units, batch;
  float low;
} shapes[] = {
    {9, 1, 3, -0.5f},  {30, 16, 5, 0},       {90, 40, 20, -0.5f},
    {170, 61, 33, -1}, {100, 83, 70, 0.25f}, {33, 128, 8, -0.5f},
    {81, 150, 6, 0},   {20, 700, 4, -0.5f},  {1568, 400, 20, -0.5f},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static const struct dtd_weights_kind *const kinds[] = {&dtd_plain, &dtd_folded};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Weights and their twin W, dense and in double. */
struct bench {
  struct shape shape;
  float *w, *images, *d, *z, *d_x;
  double *twin, *twin_z, *twin_d_x;
  struct dtd_ink *ink;
  struct dtd_inputs x; /* the batch, as ink */
  struct dtd_weights *weights;
  struct dtd_rng rng;
};

static struct bench open_bench(const struct dtd_weights_kind *kind,
                               struct shape s) {
  struct bench b = {.shape = s, .rng = dtd_rng_open(8, "test/weights", 0)};
  size_t count = s.inputs * s.units;
  b.w = test_new(count, sizeof *b.w);
  b.twin = test_new(count, sizeof *b.twin);
  b.images = test_new(s.batch * s.inputs, sizeof *b.images);
  b.d = test_new(s.batch * s.units, sizeof *b.d);
  b.z = test_new(s.batch * s.units, sizeof *b.z);
  b.twin_z = test_new(s.batch * s.units, sizeof *b.twin_z);
  b.d_x = test_new(s.batch * s.inputs, sizeof *b.d_x);
  b.twin_d_x = test_new(s.batch * s.inputs, sizeof *b.twin_d_x);
  b.ink = own_ink(dtd_ink_new(s.inputs, s.batch));
  fill_random(b.w, count, -1, 1, &b.rng);
  widen(b.twin, b.w, count);
  b.weights = own_weights(
      dtd_weights_new(kind, b.w, s.inputs, s.units, s.low, s.batch));
  return b;
}

/* Another batch: images with a fifth of ink, the first blank, and a gradient.
 */
static void draw(struct bench *b) {
  struct shape s = b->shape;
  for (int i = 0; i < s.batch * s.inputs; i++)
    b->images[i] = i >= s.inputs && dtd_rng_uniform(&b->rng) < 0.2
                       ? s.low + 2 * (float)dtd_rng_uniform(&b->rng)
                       : s.low;
  fill_random(b->d, (long)s.batch * s.units, -1, 1, &b->rng);
  dtd_ink_gather(b->ink, b->images, s.low, s.batch);
  b->x = dtd_inked(b->ink);
}

/* z = x W, one plain loop a sum. */
static void apply_twin(struct bench *b) {
  struct shape s = b->shape;
  for (int n = 0; n < s.batch; n++)
    for (int j = 0; j < s.units; j++) {
      double z = 0;
      for (int p = 0; p < s.inputs; p++)
        z += b->images[n * s.inputs + p] * b->twin[p * s.units + j];
      b->twin_z[n * s.units + j] = z;
    }
}

/* d_x = d W', d being the batch's. */
static void transpose_twin(struct bench *b) {
  struct shape s = b->shape;
  for (int n = 0; n < s.batch; n++)
    for (int p = 0; p < s.inputs; p++) {
      double sum = 0;
      for (int j = 0; j < s.units; j++)
        sum += b->d[n * s.units + j] * b->twin[p * s.units + j];
      b->twin_d_x[n * s.inputs + p] = sum;
    }
}

/* W += scale x'd. */
static void add_twin(struct bench *b, double scale) {
  struct shape s = b->shape;
  for (int p = 0; p < s.inputs; p++)
    for (int n = 0; n < s.batch; n++)
      for (int j = 0; j < s.units; j++)
        b->twin[p * s.units + j] +=
            scale * b->images[n * s.inputs + p] * b->d[n * s.units + j];
}

/* The sums of examples first .. first + batch - 1 in any form. */
static void assert_sums(struct bench *b, const struct dtd_inputs *x, int first,
                        int batch) {
  long count = (long)batch * b->shape.units;
  memset(b->z, 0xff, count * sizeof *b->z);
  dtd_weights_apply(b->z, b->weights, x);
  assert_close(b->z, b->twin_z + first * b->shape.units, count, 5e-6);
}

/* Products with ink, dense rows and some of both, and with the transpose. */
static void assert_products(struct bench *b) {
  struct shape s = b->shape;
  struct dtd_inputs rows = dtd_rows(b->images, s.batch);
  struct dtd_range last = {s.batch / 2, s.batch - s.batch / 2};
  struct dtd_inputs some = dtd_inputs_range(rows, last);
  struct dtd_inputs some_ink = dtd_inputs_range(b->x, last);
  apply_twin(b);
  assert_sums(b, &b->x, 0, s.batch);
  assert_sums(b, &rows, 0, s.batch);
  assert_sums(b, &some, last.first, last.count);
  assert_sums(b, &some_ink, last.first, last.count);
  transpose_twin(b);
  dtd_weights_transpose(b->d_x, b->weights, b->d, s.batch);
  assert_close(b->d_x, b->twin_d_x, (long)s.batch * s.inputs, 5e-6);
}

static void assert_equals_twin(struct bench *b) {
  struct shape s = b->shape;
  draw(b);
  assert_products(b); /* before the values are written, and after */
  dtd_weights_write(b->weights);
  assert_close(b->w, b->twin, (long)s.inputs * s.units, 2e-6);
  assert_products(b);
}

/* Five steps with rates that move the weights by about their own size, with
   every kernel that runs here. */
TEST(products_and_steps_equal_the_twin) {
  for (int i = 0; i < DTD_PROCESSORS * SHAPES * KINDS; i++) {
    if (!dtd_processor_runs(i % DTD_PROCESSORS)) continue;
    dtd_processor_use(i % DTD_PROCESSORS);
    struct bench b = open_bench(kinds[i / DTD_PROCESSORS / SHAPES],
                                shapes[i / DTD_PROCESSORS % SHAPES]);
    assert_equals_twin(&b);
    for (int step = 0; step < 5; step++) {
      draw(&b);
      dtd_weights_accumulate(b.weights, -0.05f, &b.x, b.d);
      add_twin(&b, -0.05f);
      assert_equals_twin(&b);
      if (step == 2) dtd_weights_settle(b.weights);
    }
  }
  dtd_processor_use(dtd_processor_best());
}

/* Before each step every weight is multiplied, mildly or so that the factor has
   to go into the weights, at last by 0. */
TEST(weights_are_scaled_as_one) {
  const double keep[] = {0.999, 0.5, 1e-4, 1e-3, 1, 0.97, 0};
  for (int i = 0; i < SHAPES * KINDS; i++) {
    struct bench b = open_bench(kinds[i / SHAPES], shapes[i % SHAPES]);
    long count = (long)b.shape.inputs * b.shape.units;
    for (int step = 0; step < 7; step++) {
      draw(&b);
      dtd_weights_scale(b.weights, keep[step]);
      for (long n = 0; n < count; n++) b.twin[n] *= keep[step];
      dtd_weights_accumulate(b.weights, -0.05f, &b.x, b.d);
      add_twin(&b, -0.05f);
      assert_equals_twin(&b);
      if (step == 1) dtd_weights_settle(b.weights), assert_equals_twin(&b);
    }
  }
}

/* Any sequence of operations leaves the twin's weights. */
TEST(any_sequence_of_operations_equals_the_twin) {
  for (int i = 0; i < 40 * KINDS; i++) {
    struct bench b = open_bench(kinds[i % KINDS], shapes[i / KINDS % 7]);
    struct dtd_rng rng = dtd_rng_open(3, "test/sequence", i / KINDS);
    long count = (long)b.shape.inputs * b.shape.units;
    for (int step = 0; step < 12; step++) {
      struct dtd_inputs rows = dtd_rows(b.images, b.shape.batch);
      double keep = dtd_rng_uniform(&rng);
      draw(&b);
      switch (dtd_rng_below(&rng, 6)) {
      case 0: /* as ink */
      case 1: /* as rows */
        dtd_weights_accumulate(b.weights, 0.02f, step % 2 ? &b.x : &rows, b.d);
        add_twin(&b, 0.02f);
        break;
      case 2:
        dtd_weights_scale(b.weights, keep);
        for (long n = 0; n < count; n++) b.twin[n] *= keep;
        break;
      case 3:
        dtd_weights_settle(b.weights);
        break;
      case 4:
        dtd_weights_write(b.weights);
        break;
      case 5: /* the values change elsewhere */
        dtd_weights_write(b.weights);
        for (long n = 0; n < count; n++) b.w[n] += 0.125f;
        widen(b.twin, b.w, count);
        dtd_weights_read(b.weights);
      }
      draw(&b);
      assert_products(&b);
    }
    assert_equals_twin(&b);
  }
}

/* Sums that are known already are copied, for any W, and cut. */
TEST(known_sums_are_not_computed_again) {
  for (int k = 0; k < KINDS; k++) {
    struct bench b = open_bench(kinds[k], shapes[2]);
    struct bench other = open_bench(kinds[k], shapes[2]);
    int units = b.shape.units, batch = b.shape.batch;
    float *z = test_new(batch * units, sizeof *z);
    fill_random(z, (long)batch * units, -1, 1, &b.rng);
    draw(&b);
    struct dtd_inputs x = dtd_inputs_knowing(b.x, b.weights, z);
    dtd_weights_apply(b.z, b.weights, &x);
    assert_same_bits(b.z, z, batch * units);
    x = dtd_inputs_range(x, (struct dtd_range){3, 5});
    dtd_weights_apply(b.z, b.weights, &x);
    assert_same_bits(b.z, z + 3 * units, 5 * units);
    x = dtd_inputs_knowing(b.x, other.weights, z);
    apply_twin(&b);
    assert_sums(&b, &x, 0, batch); /* those of other weights say nothing */
    x = dtd_sums(z, b.weights, batch);
    assert_dies(1, "only sums are known", dtd_inputs_rows(&x, 90));
  }
}

/* A step whose ink is nowhere moves the background alone, and blank inputs see
   it. */
TEST(blank_inputs_move_every_row_alike) {
  struct bench b = open_bench(&dtd_folded, (struct shape){12, 20, 2, -0.5f});
  for (int i = 0; i < 2 * 12; i++) b.images[i] = -0.5f;
  fill_random(b.d, 2 * 20, -1, 1, &b.rng);
  dtd_ink_gather(b.ink, b.images, -0.5f, 2);
  b.x = dtd_inked(b.ink);
  dtd_weights_accumulate(b.weights, 1, &b.x, b.d);
  dtd_weights_write(b.weights);
  for (int p = 0; p < 12; p++)
    for (int j = 0; j < 20; j++) {
      double wanted = b.twin[p * 20 + j] - 0.5 * (b.d[j] + b.d[20 + j]);
      assert_true(fabs(b.w[p * 20 + j] - wanted) < 1e-6);
    }
}

TEST(settling_changes_no_weight) {
  struct bench b = open_bench(&dtd_folded, shapes[2]);
  size_t size = (b.shape.inputs * b.shape.units) * sizeof *b.w;
  draw(&b);
  dtd_weights_accumulate(b.weights, 0.3f, &b.x, b.d);
  dtd_weights_write(b.weights);
  float *before = test_copy(b.w, size, 1);
  dtd_weights_settle(b.weights);
  struct dtd_weights_state state[DTD_MOST_STATES];
  assert_int_equal(dtd_weights_save(state, b.weights), 3);
  for (int n = 0; n < 3; n++) own_memory(state[n].at);
  for (int j = 0; j < b.shape.units; j++) /* u_j */
    assert_true(((double *)state[1].at)[j] == 0);
  dtd_weights_write(b.weights);
  assert_memory_equal(before, b.w, size);
}

/* The paper's shape, whose panels several threads share. */
TEST(threads_change_no_bit) {
  struct shape shape = shapes[SHAPES - 1];
  size_t weights = (shape.inputs * shape.units) * sizeof(float);
  size_t outputs = (shape.batch * shape.units) * sizeof(float);
  struct bench b[3];
  for (int i = 0; i < 3; i++) {
    dtd_threads(1 << i);
    b[i] = open_bench(&dtd_folded, shape);
    draw(&b[i]);
#pragma omp parallel
#pragma omp single
    {
      dtd_weights_accumulate(b[i].weights, 0.01f, &b[i].x, b[i].d);
      dtd_weights_apply(b[i].z, b[i].weights, &b[i].x);
    }
    dtd_weights_write(b[i].weights);
  }
  for (int i = 1; i < 3; i++) {
    assert_memory_equal(b[0].w, b[i].w, weights);
    assert_memory_equal(b[0].z, b[i].z, outputs);
  }
  dtd_threads(1);
}

/* Goes on from a saved state as if nothing had happened, bit for bit. */
TEST(a_restored_state_goes_on_unchanged) {
  for (int i = 2; i < 5 * KINDS; i++) {
    struct bench b = open_bench(kinds[i % KINDS], shapes[i % 5]);
    size_t count = b.shape.inputs * b.shape.units;
    size_t outputs = b.shape.batch * b.shape.units;
    float *other_w = test_new(count, sizeof *other_w);
    float *other_z = test_new(outputs, sizeof *other_z);
    struct dtd_weights_state state[DTD_MOST_STATES];
    draw(&b);
    dtd_weights_scale(b.weights, 0.9);
    dtd_weights_accumulate(b.weights, 0.3f, &b.x, b.d);
    int states = dtd_weights_save(state, b.weights);
    for (int n = 0; n < states; n++) own_memory(state[n].at);
    if (!states) memcpy(other_w, b.w, count * sizeof *b.w);
    struct dtd_weights *other =
        own_weights(dtd_weights_like(b.weights, other_w));
    dtd_weights_restore(other, state);
    for (int step = 0; step < 3; step++) {
      draw(&b);
      dtd_weights_accumulate(b.weights, -0.1f, &b.x, b.d);
      dtd_weights_accumulate(other, -0.1f, &b.x, b.d);
      dtd_weights_apply(b.z, b.weights, &b.x);
      dtd_weights_apply(other_z, other, &b.x);
      assert_same_bits(b.z, other_z, outputs);
      if (step == 1) dtd_weights_settle(b.weights), dtd_weights_settle(other);
    }
    dtd_weights_write(b.weights);
    dtd_weights_write(other);
    assert_same_bits(b.w, other_w, count);
  }
}

TEST(a_batch_beyond_the_capacity_dies) {
  float w[6] = {0}, images[6] = {0}, d[4] = {0};
  struct dtd_weights *folded =
      own_weights(dtd_weights_new(&dtd_folded, w, 3, 2, 0, 1));
  struct dtd_inputs x = dtd_rows(images, 2);
  assert_dies(1, "a batch of 2 exceeds 1",
              dtd_weights_accumulate(folded, 1, &x, d));
}
