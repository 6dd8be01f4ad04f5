/* Tests mean gradients of f against plain loops. */

#include "base/test.h"
#include "linear/threads.h"
#include "network/mean_gradient.h"
#include "network/test_network.h"
#include "relevance/test_reference.h"

enum { INPUTS = 30, COUNT = 60 };

static const struct dtd_layer_shape shape[] = {LAYER_NORM(INPUTS, 24, 3, 2),
                                               LAYER(8, 12, 12)};

struct bench {
  struct dtd_network *net;
  struct dtd_reference *reference;
  float x[COUNT * INPUTS];
};

static struct bench *open_bench(void) {
  struct bench *b = test_new(1, sizeof *b);
  struct dtd_rng rng = dtd_rng_open(1, "test/mean_gradient", 0);
  b->net = random_network(shape, 2, 3);
  b->reference = new_reference(b->net);
  fill_random(b->x, COUNT * INPUTS, -0.5, 1.5, &rng);
  return b;
}

static const double *reference_gradient(struct bench *b, const float *x) {
  reference_score(b->reference, x);
  dtd_reference_backward(b->reference);
  return b->reference->layer[0].d_i;
}

static void image_of_bench(float *image, int index, const void *context) {
  const struct bench *b = context;
  memcpy(image, b->x + index * INPUTS, INPUTS * sizeof *image);
}

/* Of one image, of fewer than are computed together, and of more. */
TEST(means_equal_plain_loops) {
  const int counts[] = {1, 2, 24, 25, 26, 60};
  struct bench *b = open_bench();
  for (int c = 0; c < 6; c++) {
    double mean[INPUTS], wanted[INPUTS] = {0}, largest = 0;
    for (int n = 0; n < counts[c]; n++) {
      const double *gradient = reference_gradient(b, b->x + n * INPUTS);
      for (int p = 0; p < INPUTS; p++) wanted[p] += gradient[p] / counts[c];
    }
    dtd_mean_gradient(mean, b->net, image_of_bench, b, counts[c]);
    for (int p = 0; p < INPUTS; p++) largest = fmax(largest, fabs(wanted[p]));
    assert_true(largest > 0);
    for (int p = 0; p < INPUTS; p++)
      assert_true(fabs(mean[p] - wanted[p]) <= 1e-5 * largest);
  }
}

TEST(threads_do_not_change_means) {
  struct bench *b = open_bench();
  double one[INPUTS], several[INPUTS];
  dtd_threads(1);
  dtd_mean_gradient(one, b->net, image_of_bench, b, COUNT);
  dtd_threads(3);
  dtd_mean_gradient(several, b->net, image_of_bench, b, COUNT);
  dtd_threads(1);
  assert_memory_equal(one, several, sizeof one);
}
