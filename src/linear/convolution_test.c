/* Holds convolutions to seven plain loops in double, and their bits across
   processors, threads and neighbours. */
#include "linear/convolution.h"

#include "base/test.h"
#include "base/assert_dies.h"
#include "base/test_numbers.h"
#include "linear/contributions.h"
#include "linear/processor.h"
#include "linear/threads.h"
#include "network/test_network.h"
#include "relevance/propagator.h"

TEST_OWNS(propagator)

/* kernel, stride, dilation, pads, the same in both directions. */
#define SQUARE(k, s, d, p)                                                     \
  {                                                                            \
    {(k), (k)}, {(s), (s)}, {(d), (d)}, {                                      \
      (p), (p), (p), (p)                                                       \
    }                                                                          \
  }

/* Channels, rows, columns; maps; groups; window. */
static const struct dtd_convolution_shape shapes[] = {
    {1, 1, 1, 1, 1, SQUARE(1, 1, 1, 0)},     /* one pixel */
    {5, 7, 6, 3, 1, SQUARE(1, 1, 1, 0)},     /* a matrix a pixel */
    {37, 7, 7, 61, 1, SQUARE(1, 1, 1, 0)},   /* few positions, 49 */
    {16, 14, 14, 33, 1, SQUARE(3, 1, 1, 1)}, /* 196 */
    {3, 9, 11, 16, 1, SQUARE(3, 1, 1, 1)},   /* not square */
    {2, 13, 5, 7, 1, SQUARE(1, 2, 1, 0)},    /* skips pixels */
    {4, 8, 9, 5, 1, SQUARE(5, 1, 1, 2)},     /* inception's largest */
    {3, 31, 29, 21, 1, SQUARE(7, 2, 1, 3)},  /* GoogLeNet's first */
    {3, 35, 47, 17, 1, SQUARE(11, 4, 1, 0)}, /* CaffeNet's first */
    {8, 13, 13, 6, 2, SQUARE(3, 1, 1, 1)},   /* CaffeNet's groups */
    {12, 6, 7, 12, 12, SQUARE(3, 1, 1, 1)},  /* depthwise */
    {12, 9, 7, 24, 12, SQUARE(3, 2, 1, 1)},  /* two maps a channel */
    {3, 15, 14, 4, 1, SQUARE(3, 1, 3, 2)},   /* dilated */
    {3, 15, 14, 4, 1, SQUARE(3, 2, 2, 2)},   /* and stepping */
    {2, 2, 3, 4, 1, SQUARE(5, 1, 1, 2)},     /* larger than the picture */
    {2, 3, 2, 3, 1, SQUARE(3, 1, 1, 4)},     /* windows of padding alone */
    {70, 6, 6, 40, 1, SQUARE(3, 1, 1, 1)},   /* k beyond a block of them */
    {6, 40, 33, 20, 1, SQUARE(3, 1, 1, 0)},
    {4, 10, 12, 6, 2, {{2, 4}, {1, 3}, {2, 1}, {0, 1, 2, 3}}},
    {3, 9, 9, 4, 1, {{3, 2}, {2, 5}, {1, 4}, {2, 0, 0, 1}}},
    {6, 11, 9, 40, 2, {{3, 2}, {2, 3}, {1, 2}, {1, 0, 2, 1}}},
    {2, 4, 5, 18, 1, SQUARE(3, 9, 1, 1)}, /* one step only */
    {1, 1, 300, 1, 1, {{1, 9}, {1, 1}, {1, 1}, {0, 4, 0, 4}}}, /* a line */
    {300, 1, 1, 90, 1, SQUARE(1, 1, 1, 0)},                    /* a vector */
};
enum { SHAPES = sizeof shapes / sizeof *shapes, BATCH = 3 };

struct bench {
  struct dtd_convolution_shape shape;
  struct dtd_weights *weights;
  long inputs, units, count;
  float *values, *x, *d, *z, *d_x;
};

/* Leaves one element in ten. */
static void thin(float *x, long count, struct dtd_rng *rng) {
  for (long i = 0; i < count; i++)
    if (dtd_rng_uniform(rng) >= 0.1) x[i] = 0;
}

static struct bench open_bench(const struct dtd_convolution_shape *shape,
                               int batch) {
  struct bench b = {.shape = *shape};
  struct dtd_rng rng = dtd_rng_open(3, "test/convolution", 0);
  b.count = (long)dtd_convolution_values(shape);
  b.values = new_random(b.count, -1, 1, &rng);
  b.weights = own_weights(dtd_convolution_new(shape, b.values));
  b.inputs = dtd_weights_inputs(b.weights);
  b.units = dtd_weights_units(b.weights);
  b.x = new_random(batch * b.inputs, -1, 1, &rng);
  b.d = new_random(batch * b.units, -1, 1, &rng);
  for (int n = 1; n < batch; n += 2) { /* zeros are another way */
    thin(b.x + n * b.inputs, b.inputs, &rng);
    thin(b.d + n * b.units, b.units, &rng);
  }
  b.z = new_random(batch * b.units, -1, 1, &rng);
  b.d_x = new_random(batch * b.inputs, -1, 1, &rng);
  return b;
}

/* ---- the twin ---- */

/* Calls visit(self, i, j, value) for every weight that joins an input and a
   unit of one example. */
static void walk(const struct dtd_convolution_shape *s,
                 void (*visit)(void *self, long i, long j, long value),
                 void *self) {
  const struct dtd_window *w = &s->window;
  int rows = dtd_window_positions(w, DTD_ROWS, s->rows);
  int columns = dtd_window_positions(w, DTD_COLUMNS, s->columns);
  int channels = s->channels / s->groups, maps = s->maps / s->groups;
  for (int o = 0; o < s->maps; o++)
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < columns; c++)
        for (int i = 0; i < channels; i++)
          for (int u = 0; u < w->kernel[0]; u++)
            for (int v = 0; v < w->kernel[1]; v++) {
              int down =
                  r * w->stride[0] + u * w->dilation[0] - w->pad[DTD_TOP];
              int right =
                  c * w->stride[1] + v * w->dilation[1] - w->pad[DTD_LEFT];
              int channel = o / maps * channels + i;
              if (down >= 0 && down < s->rows && right >= 0 &&
                  right < s->columns)
                visit(self,
                      ((long)channel * s->rows + down) * s->columns + right,
                      ((long)o * rows + r) * columns + c,
                      (((long)o * channels + i) * w->kernel[0] + u) *
                              w->kernel[1] +
                          v);
            }
}

/* Sums of one example, in double. */
struct twin {
  const float *values, *x, *d;
  double *z, *d_x, *step;
};

static void visit_twin(void *self, long i, long j, long value) {
  struct twin *t = self;
  double w = (double)t->values[value];
  t->z[j] += (double)t->x[i] * w;
  t->d_x[i] += (double)t->d[j] * w;
  t->step[value] += (double)t->x[i] * (double)t->d[j];
}

/* Of a batch; `step` is its sum. */
static struct twin twin_of(const struct bench *b, int batch) {
  struct twin whole = {
      .values = b->values,
      .z = test_new((size_t)(batch * b->units), sizeof(double)),
      .d_x = test_new((size_t)(batch * b->inputs), sizeof(double)),
      .step = test_new((size_t)b->count, sizeof(double))};
  for (int n = 0; n < batch; n++) {
    struct twin one = whole;
    one.x = b->x + n * b->inputs;
    one.d = b->d + n * b->units;
    one.z += n * b->units;
    one.d_x += n * b->inputs;
    walk(&b->shape, visit_twin, &one);
  }
  return whole;
}

TEST(products_and_steps_equal_seven_loops) {
  for (int kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs((enum dtd_processor)kind)) continue;
    dtd_processor_use((enum dtd_processor)kind);
    for (int s = 0; s < SHAPES; s++) {
      struct bench b = open_bench(&shapes[s], BATCH);
      struct twin twin = twin_of(&b, BATCH);
      struct dtd_inputs x = dtd_rows(b.x, BATCH);
      dtd_weights_apply(b.z, b.weights, &x);
      assert_close(b.z, twin.z, BATCH * b.units, 2e-6);
      dtd_weights_transpose(b.d_x, b.weights, b.d, BATCH);
      assert_close(b.d_x, twin.d_x, BATCH * b.inputs, 2e-6);
      for (long i = 0; i < b.count; i++)
        twin.step[i] = (double)b.values[i] - 0.25 * twin.step[i];
      dtd_weights_accumulate(b.weights, -0.25f, &x, b.d);
      assert_close(b.values, twin.step, b.count, 2e-6);
      dtd_weights_scale(b.weights, 0.75);
      for (long i = 0; i < b.count; i++) twin.step[i] *= 0.75;
      assert_close(b.values, twin.step, b.count, 2e-6);
    }
  }
  dtd_processor_use(dtd_processor_best());
}

/* <x W, d> = <x, d W'>. */
TEST(the_transpose_is_the_adjoint) {
  for (int s = 0; s < SHAPES; s++) {
    struct bench b = open_bench(&shapes[s], 1);
    struct dtd_inputs x = dtd_rows(b.x, 1);
    double forward = 0, backward = 0, size = 0;
    dtd_weights_apply(b.z, b.weights, &x);
    dtd_weights_transpose(b.d_x, b.weights, b.d, 1);
    for (long j = 0; j < b.units; j++) {
      forward += (double)b.z[j] * (double)b.d[j];
      size += fabs((double)b.z[j] * (double)b.d[j]);
    }
    for (long i = 0; i < b.inputs; i++)
      backward += (double)b.d_x[i] * (double)b.x[i];
    assert_near(forward, backward, 1e-6 * size);
  }
}

/* ---- bits ---- */

/* Every processor's kernels, one, two and three threads, outside of a parallel
   region and inside one, one example and several. */
static void products(const struct bench *b, int batch, bool inside) {
  struct dtd_inputs x = dtd_rows(b->x, batch);
  if (!inside) {
    dtd_weights_apply(b->z, b->weights, &x);
    dtd_weights_transpose(b->d_x, b->weights, b->d, batch);
    return;
  }
#pragma omp parallel
#pragma omp single
  {
    dtd_weights_apply(b->z, b->weights, &x);
    dtd_weights_transpose(b->d_x, b->weights, b->d, batch);
  }
}

static void assert_one_result(const struct dtd_convolution_shape *shape,
                              int batch) {
  struct bench first = open_bench(shape, batch);
  dtd_threads(1);
  for (int n = 0; n < batch; n++) { /* each example alone */
    struct bench one = first;
    one.x += n * one.inputs;
    one.d += n * one.units;
    one.z += n * one.units;
    one.d_x += n * one.inputs;
    products(&one, 1, false);
  }
  for (int kind = 0; kind < DTD_PROCESSORS; kind++)
    for (int threads = 1; threads <= 3; threads++)
      for (int inside = 0; inside < 2; inside++) {
        if (!dtd_processor_runs((enum dtd_processor)kind)) continue;
        dtd_processor_use((enum dtd_processor)kind);
        dtd_threads(threads);
        struct bench b = open_bench(shape, batch);
        products(&b, batch, inside);
        assert_same_bits(b.z, first.z, (size_t)(batch * b.units));
        assert_same_bits(b.d_x, first.d_x, (size_t)(batch * b.inputs));
      }
  dtd_processor_use(dtd_processor_best());
}

/* Large enough to be shared out, too. */
TEST(processors_threads_and_neighbours_do_not_change_a_bit) {
  const struct dtd_convolution_shape large[] = {
      {32, 28, 28, 28, 1, SQUARE(3, 1, 1, 1)},
      {3, 64, 64, 42, 1, SQUARE(7, 2, 1, 3)},
      {832, 7, 7, 160, 1, SQUARE(1, 1, 1, 0)},
      {32, 27, 27, 24, 2, SQUARE(5, 1, 1, 2)},
  };
  for (int s = 0; s < SHAPES; s++)
    for (int batch = 1; batch <= 5; batch += 2)
      assert_one_result(&shapes[s], batch);
  for (size_t s = 0; s < sizeof large / sizeof *large; s++)
    assert_one_result(&large[s], 2);
}

/* ---- rules ---- */

/* One layer as a convolution and as the matrix that does the same. */
struct layers {
  struct dtd_layer convolved, dense;
};

struct matrix {
  float *w;
  const float *values;
  long units;
};

static void write_out(void *self, long i, long j, long value) {
  struct matrix *m = self;
  m->w[i * m->units + j] = m->values[value];
}

static struct layers layers_of(const struct bench *b) {
  struct dtd_rng rng = dtd_rng_open(4, "test/convolution", 0);
  struct matrix m = {test_new((size_t)(b->inputs * b->units), sizeof(float)),
                     b->values, b->units};
  walk(&b->shape, write_out, &m);
  struct layers layers;
  layers.dense = (struct dtd_layer){
      .shape = LAYER((int)b->inputs, (int)b->units, 1), .w = m.w};
  layers.dense.b = new_random(b->units, -0.5, 0.1, &rng);
  layers.convolved = layers.dense;
  layers.convolved.weights = b->weights;
  store_plain(&layers.dense);
  return layers;
}

static void propagate(float *R_i, const struct dtd_rule *rule,
                      const struct dtd_layer *layer, const struct bench *b) {
  struct dtd_propagator *p =
      own_propagator(dtd_propagator_new(rule, layer, -1, 1, BATCH));
  dtd_propagate(R_i, p, b->x, NULL, b->z, BATCH);
}

TEST(rules_run_on_convolutions_as_on_their_matrices) {
  const char *const names[] = {"z+", "zB", "w^2"};
  const int some[] = {4, 9, 11, 18};
  for (size_t s = 0; s < sizeof some / sizeof *some; s++)
    for (size_t r = 0; r < sizeof names / sizeof *names; r++) {
      struct bench b = open_bench(&shapes[some[s]], BATCH);
      struct layers layers = layers_of(&b);
      float *wanted = test_new((size_t)(BATCH * b.inputs), sizeof *wanted);
      const struct dtd_rule *rule = dtd_rule_find(names[r]);
      assert_non_null(rule);
      for (long j = 0; j < BATCH * b.units; j++) /* one in three, R_j > 0 */
        b.z[j] = j % 3 ? 0 : 1 + b.z[j];
      if (rule->domain == DTD_NONNEGATIVE_INPUT)
        for (long i = 0; i < BATCH * b.inputs; i++) b.x[i] = fabsf(b.x[i]);
      propagate(wanted, rule, &layers.dense, &b);
      propagate(b.d_x, rule, &layers.convolved, &b);
      assert_true(sum_of(wanted, BATCH * b.inputs) > 1);
      assert_close_floats(b.d_x, wanted, BATCH * b.inputs, 1e-5);
    }
}

/* ---- values and shapes ---- */

/* Weights of the same shape with other values, and values that change. */
TEST(values_are_read_again) {
  for (int s = 0; s < SHAPES; s++) {
    struct bench b = open_bench(&shapes[s], BATCH);
    struct dtd_inputs x = dtd_rows(b.x, BATCH);
    float *other = test_copy(b.values, (size_t)b.count, sizeof *other);
    struct dtd_weights *alike = own_weights(dtd_weights_like(b.weights, other));
    for (long i = 0; i < b.count; i++) b.values[i] = other[i] = -1 - other[i];
    dtd_weights_read(b.weights);
    dtd_weights_read(alike);
    struct twin twin = twin_of(&b, BATCH);
    for (int second = 0; second < 2; second++) {
      struct dtd_weights *w = second ? alike : b.weights;
      dtd_weights_apply(b.z, w, &x);
      dtd_weights_transpose(b.d_x, w, b.d, BATCH);
      assert_close(b.z, twin.z, BATCH * b.units, 2e-6);
      assert_close(b.d_x, twin.d_x, BATCH * b.inputs, 2e-6);
    }
  }
}

TEST(positions_of_a_window) {
  struct dtd_window w = SQUARE(7, 2, 1, 3);
  assert_int_equal(dtd_window_positions(&w, DTD_ROWS, 224), 112);
  w = (struct dtd_window){{3, 2}, {2, 1}, {1, 3}, {0, 1, 1, 0}};
  assert_int_equal(dtd_window_positions(&w, DTD_ROWS, 4), 2);
  assert_int_equal(dtd_window_positions(&w, DTD_COLUMNS, 3), 1);
  assert_int_equal(dtd_window_positions(&w, DTD_COLUMNS, 2), 0);
}

TEST(sizes_that_do_not_fit_die) {
  const struct {
    struct dtd_convolution_shape shape;
    const char *why;
  } wrong[] = {
      {{4, 5, 5, 4, 3, SQUARE(3, 1, 1, 1)}, "groups must divide"},
      {{4, 5, 5, 4, 0, SQUARE(3, 1, 1, 1)}, "groups must divide"},
      {{4, 5, 5, 0, 1, SQUARE(3, 1, 1, 1)}, "at least 1"},
      {{4, 0, 5, 4, 1, SQUARE(3, 1, 1, 1)}, "at least 1"},
      {{4, 5, 5, 4, 1, SQUARE(0, 1, 1, 1)}, "at least 1"},
      {{4, 5, 5, 4, 1, SQUARE(3, 0, 1, 1)}, "strides and dilations"},
      {{4, 5, 5, 4, 1, SQUARE(3, 1, 0, 1)}, "strides and dilations"},
      {{4, 5, 5, 4, 1, SQUARE(3, 1, 1, -1)}, "must not be negative"},
      {{4, 5, 5, 4, 1, SQUARE(8, 1, 1, 1)}, "larger than the padded picture"},
      {{4, 5, 5, 4, 1, SQUARE(3, 1, 2000000000, 1)}, "larger than the padded"},
      {{4, 5, 5, 4, 1, SQUARE(3, 1, 1, 2000000000)}, "more than 2^31"},
      {{4, 50000, 50000, 4, 1, SQUARE(3, 1, 1, 1)}, "more than 2^31"},
      {{4, 5000, 5000, 400, 1, SQUARE(1, 1, 1, 0)}, "more than 2^31"},
      {{4000, 5, 5, 400000, 1, SQUARE(3, 1, 1, 1)}, "more than 2^31"},
  };
  float values[1];
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_dies(DTD_USAGE, wrong[i].why,
                dtd_convolution_new(&wrong[i].shape, values));
}
