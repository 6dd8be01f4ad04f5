/* Tests what methods ask of a detection-pooling network against plain loops.
 */

#include "base/test.h"
#include "base/assert_dies.h"
#include "explain/test_explainer.h"
#include "files/pairs.h"
#include "relevance/test_reference.h"

enum { P = DTD_PAIR_PIXELS, COUNT = 4 };

struct bench {
  struct dtd_explainer *explainer;
  const struct dtd_explained_kind *kind;
  struct dtd_reference *reference;
  float *x; /* (COUNT, P), read */
  double *wide;
};

static struct bench open_bench(const struct dtd_layer_shape *shape, int depth) {
  struct dtd_network *net = random_network(shape, depth, 3);
  struct bench b = {.reference = new_reference(net)};
  b.explainer = quick_explainer(net, NULL, COUNT);
  b.kind = b.explainer->kind;
  b.x = random_numbers(COUNT * P, -0.5, 1.5, 4, "test/explained");
  b.wide = widened(b.x, COUNT * P);
  b.explainer->f = b.kind->forward(b.explainer, b.x, COUNT);
  return b;
}

static void nth_image(float *image, int index, const void *context) {
  memcpy(image, (const float *)context + index * P, P * sizeof *image);
}

TEST(scores_are_those_of_plain_loops) {
  struct bench b = open_bench(three, 3);
  float f[COUNT];
  b.kind->scores_of(f, b.explainer, 0, nth_image, b.x, COUNT);
  for (int n = 0; n < COUNT; n++) {
    double wanted = dtd_reference_forward(b.reference, b.wide + n * P);
    assert_true(wanted > 1);
    assert_near(b.explainer->f[n], wanted, 1e-5 * wanted);
    assert_near(f[n], wanted, 1e-5 * wanted);
  }
}

TEST(gradients_are_those_of_plain_loops) {
  struct bench b = open_bench(three, 3);
  float *gradient = test_new(COUNT * P, sizeof *gradient);
  double mean[P], sum[P] = {0};
  b.kind->gradient(gradient, b.explainer, b.x, COUNT);
  b.kind->mean_gradient(mean, b.explainer, 0, nth_image, b.x, COUNT);
  for (int n = 0; n < COUNT; n++) {
    dtd_reference_forward(b.reference, b.wide + n * P);
    dtd_reference_backward(b.reference);
    const double *wanted = b.reference->layer[0].d_i;
    assert_close(gradient + n * P, wanted, P, 1e-5);
    for (int p = 0; p < P; p++) sum[p] += wanted[p] / COUNT;
  }
  float *rounded = test_new(P, sizeof *rounded);
  for (int p = 0; p < P; p++) rounded[p] = (float)mean[p];
  assert_close(rounded, sum, P, 1e-5);
}

TEST(pairs_have_rows_and_columns) {
  const struct dtd_layer_shape plane[] = {LAYER(2, 4, 4)};
  struct dtd_maps pair = open_bench(two, 2).explainer->shape;
  struct dtd_maps other =
      quick_explainer(random_network(plane, 1, 3), NULL, 1)->shape;
  assert_true(pair.channels == 1 && pair.rows == 28 && pair.columns == 56);
  assert_true(other.channels == 1 && other.rows == 1 && other.columns == 2);
}

TEST(more_models_than_there_is_room_for_are_refused) {
  struct bench b = open_bench(two, 2);
  struct dtd_relevance_model *model = own_relevance_model(
      dtd_relevance_model_sized(dtd_model_kind_find("minmax"),
                                &b.explainer->network->layer[0], 4, 20, COUNT));
  for (int n = b.explainer->models; n < DTD_MOST_MODELS; n++)
    dtd_explainer_add(b.explainer, model);
  assert_dies(2, "minmax: more than 16 relevance models (explain with fewer",
              dtd_explainer_add(b.explainer, model));
}
