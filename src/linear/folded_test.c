/* Holds folded weights to plain loops in double over the unfolded matrix. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "base/assert_dies.h"
#include "linear/folded.h"
#include "linear/mat.h"
#include "base/memory.h"
#include "base/test_numbers.h"
#include "linear/processor.h"

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

/* Folded weights and their twin W, dense and in double. */
struct bench {
  struct shape shape;
  float *w, *images, *d, *z;
  double *twin, *twin_z;
  struct dtd_ink *ink;
  struct dtd_folded *folded;
  struct dtd_rng rng;
};

static struct bench open_bench(struct shape s) {
  struct bench b = {.shape = s, .rng = dtd_rng_open(8, "test/folded", 0)};
  size_t count = (size_t)(s.inputs * s.units);
  b.w = dtd_new(count, sizeof *b.w);
  b.twin = dtd_new(count, sizeof *b.twin);
  b.images = dtd_new((size_t)(s.batch * s.inputs), sizeof *b.images);
  b.d = dtd_new((size_t)(s.batch * s.units), sizeof *b.d);
  b.z = dtd_new((size_t)(s.batch * s.units), sizeof *b.z);
  b.twin_z = dtd_new((size_t)(s.batch * s.units), sizeof *b.twin_z);
  b.ink = dtd_ink_new(s.inputs, s.batch);
  fill_random(b.w, (long)count, -1, 1, &b.rng);
  widen(b.twin, b.w, (long)count);
  b.folded = dtd_folded_new(b.w, s.inputs, s.units, s.low, s.batch);
  return b;
}

static void close_bench(struct bench *b) {
  float *floats[] = {b->w, b->images, b->d, b->z};
  for (int i = 0; i < 4; i++) free(floats[i]);
  free(b->twin);
  free(b->twin_z);
  dtd_ink_free(b->ink);
  dtd_folded_free(b->folded);
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
  dtd_ink_sort(b->ink);
}

/* z = x W, one plain loop a sum. */
static void apply_twin(struct bench *b) {
  struct shape s = b->shape;
  for (int n = 0; n < s.batch; n++)
    for (int j = 0; j < s.units; j++) {
      double z = 0;
      for (int p = 0; p < s.inputs; p++)
        z += (double)b->images[n * s.inputs + p] * b->twin[p * s.units + j];
      b->twin_z[n * s.units + j] = z;
    }
}

/* W += scale x'd. */
static void add_twin(struct bench *b, double scale) {
  struct shape s = b->shape;
  for (int p = 0; p < s.inputs; p++)
    for (int n = 0; n < s.batch; n++)
      for (int j = 0; j < s.units; j++)
        b->twin[p * s.units + j] += scale *
                                    (double)b->images[n * s.inputs + p] *
                                    (double)b->d[n * s.units + j];
}

static void assert_equals_twin(struct bench *b) {
  struct shape s = b->shape;
  draw(b);
  apply_twin(b);
  memset(b->z, 0xff, (size_t)(s.batch * s.units) * sizeof *b->z);
  dtd_folded_apply(b->z, b->folded, b->ink);
  assert_true(relative_distance(b->z, b->twin_z, (long)s.batch * s.units) <
              5e-6);
  dtd_folded_write(b->folded);
  assert_true(relative_distance(b->w, b->twin, (long)s.inputs * s.units) <
              2e-6);
}

/* Five steps with rates that move the weights by about their own size, with
   every kernel that runs here. */
TEST(products_and_steps_equal_the_twin) {
  for (int i = 0; i < DTD_PROCESSORS * SHAPES; i++) {
    if (!dtd_processor_runs(i % DTD_PROCESSORS)) continue;
    dtd_processor_use(i % DTD_PROCESSORS);
    struct bench b = open_bench(shapes[i / DTD_PROCESSORS]);
    assert_equals_twin(&b);
    for (int step = 0; step < 5; step++) {
      draw(&b);
      dtd_folded_add(b.folded, -0.05f, b.ink, b.d);
      add_twin(&b, (double)-0.05f);
      assert_equals_twin(&b);
      if (step == 2) dtd_folded_settle(b.folded);
    }
    close_bench(&b);
  }
  dtd_processor_use(dtd_processor_best());
}

/* Before each step every weight is multiplied, mildly or so that the factor has
   to go into the weights, at last by 0. */
TEST(weights_are_scaled_as_one) {
  const double keep[] = {0.999, 0.5, 1e-4, 1e-3, 1, 0.97, 0};
  for (int i = 0; i < SHAPES; i++) {
    struct bench b = open_bench(shapes[i]);
    long count = (long)b.shape.inputs * b.shape.units;
    for (int step = 0; step < 7; step++) {
      draw(&b);
      dtd_folded_scale(b.folded, keep[step]);
      for (long n = 0; n < count; n++) b.twin[n] *= keep[step];
      dtd_folded_add(b.folded, -0.05f, b.ink, b.d);
      add_twin(&b, (double)-0.05f);
      assert_equals_twin(&b);
      if (step == 1) dtd_folded_settle(b.folded), assert_equals_twin(&b);
    }
    close_bench(&b);
  }
}

/* A step whose ink is nowhere moves the background alone, and blank inputs see
   it. */
TEST(blank_inputs_move_every_row_alike) {
  struct bench b = open_bench((struct shape){12, 20, 2, -0.5f});
  for (int i = 0; i < 2 * 12; i++) b.images[i] = -0.5f;
  fill_random(b.d, 2 * 20, -1, 1, &b.rng);
  dtd_ink_gather(b.ink, b.images, -0.5f, 2);
  dtd_ink_sort(b.ink);
  dtd_folded_add(b.folded, 1, b.ink, b.d);
  dtd_folded_write(b.folded);
  for (int p = 0; p < 12; p++)
    for (int j = 0; j < 20; j++) {
      double wanted = b.twin[p * 20 + j] - 0.5 * (double)(b.d[j] + b.d[20 + j]);
      assert_true(fabs((double)b.w[p * 20 + j] - wanted) < 1e-6);
    }
  close_bench(&b);
}

TEST(settling_changes_no_weight) {
  struct bench b = open_bench(shapes[2]);
  size_t size = (size_t)(b.shape.inputs * b.shape.units) * sizeof *b.w;
  draw(&b);
  dtd_folded_add(b.folded, 0.3f, b.ink, b.d);
  dtd_folded_write(b.folded);
  float *before = dtd_copy(b.w, size, 1);
  dtd_folded_settle(b.folded);
  for (int j = 0; j < b.shape.units; j++) assert_true(b.folded->u[j] == 0);
  dtd_folded_write(b.folded);
  assert_memory_equal(before, b.w, size);
  free(before);
  close_bench(&b);
}

/* The paper's shape, whose panels several threads share. */
TEST(threads_change_no_bit) {
  struct shape shape = shapes[SHAPES - 1];
  size_t weights = (size_t)(shape.inputs * shape.units) * sizeof(float);
  size_t outputs = (size_t)(shape.batch * shape.units) * sizeof(float);
  struct bench b[3];
  for (int i = 0; i < 3; i++) {
    dtd_threads(1 << i);
    b[i] = open_bench(shape);
    draw(&b[i]);
#pragma omp parallel
#pragma omp single
    {
      dtd_folded_add(b[i].folded, 0.01f, b[i].ink, b[i].d);
      dtd_folded_apply(b[i].z, b[i].folded, b[i].ink);
    }
    dtd_folded_write(b[i].folded);
  }
  for (int i = 1; i < 3; i++) {
    assert_memory_equal(b[0].w, b[i].w, weights);
    assert_memory_equal(b[0].z, b[i].z, outputs);
  }
  for (int i = 0; i < 3; i++) close_bench(&b[i]);
  dtd_threads(1);
}

/* Goes on from a saved state as if nothing had happened, bit for bit. */
TEST(a_restored_state_goes_on_unchanged) {
  for (int i = 2; i < 5; i++) {
    struct bench b = open_bench(shapes[i]);
    size_t count = (size_t)(b.shape.inputs * b.shape.units);
    size_t outputs = (size_t)(b.shape.batch * b.shape.units);
    float *other_w = dtd_new(count, sizeof *other_w);
    float *other_z = dtd_new(outputs, sizeof *other_z);
    float *what = dtd_new(count, sizeof *what);
    double *background = dtd_new(2 * (size_t)b.shape.units, sizeof *background);
    draw(&b);
    dtd_folded_scale(b.folded, 0.9);
    dtd_folded_add(b.folded, 0.3f, b.ink, b.d);
    dtd_folded_save(what, background, b.folded);
    struct dtd_folded *other = dtd_folded_new(
        other_w, b.shape.inputs, b.shape.units, b.shape.low, b.shape.batch);
    dtd_folded_restore(other, what, background, b.folded->factor);
    for (int step = 0; step < 3; step++) {
      draw(&b);
      dtd_folded_add(b.folded, -0.1f, b.ink, b.d);
      dtd_folded_add(other, -0.1f, b.ink, b.d);
      dtd_folded_apply(b.z, b.folded, b.ink);
      dtd_folded_apply(other_z, other, b.ink);
      assert_memory_equal(b.z, other_z, outputs * sizeof *other_z);
      if (step == 1) dtd_folded_settle(b.folded), dtd_folded_settle(other);
    }
    dtd_folded_write(b.folded);
    dtd_folded_write(other);
    assert_memory_equal(b.w, other_w, count * sizeof *other_w);
    dtd_folded_free(other);
    free(other_w);
    free(other_z);
    free(what);
    free(background);
    close_bench(&b);
  }
}

TEST(a_batch_beyond_the_capacity_dies) {
  float w[6] = {0}, images[6] = {0}, d[4] = {0};
  struct dtd_folded *folded = dtd_folded_new(w, 3, 2, 0, 1);
  struct dtd_ink *ink = dtd_ink_new(3, 2);
  dtd_ink_gather(ink, images, 0, 2);
  dtd_ink_sort(ink);
  assert_dies(1, "a batch of 2 exceeds 1", dtd_folded_add(folded, 1, ink, d));
  dtd_ink_free(ink);
  dtd_folded_free(folded);
}
