/* Tests which parameters a re-drawn model keeps, and what the others become. */

#include "base/test.h"
#include "files/pairs.h"
#include "explain/test_explainer.h"
#include "evaluate/randomisation.h"

TEST_OWNS(trained_model)

enum { INPUTS = DTD_PAIR_PIXELS, UNITS = 40, UPPER = 30 };

static const struct dtd_layer_shape shape[] = {LAYER(INPUTS, UNITS, 4),
                                               LAYER(UNITS / 4, UPPER, UPPER)};

/* Besides min-max: one without v_lj, one with units of its own. */
static const char *const others[] = {"minmax-no-context", "minmax-units"};
enum { OTHERS = sizeof others / sizeof *others };

static struct dtd_relevance_model *
minmax_of(const struct dtd_explainer *explainer) {
  return dtd_explainer_model(explainer, "minmax");
}

/* dtd_randomised_model, for the test to own. */
static struct dtd_trained_model *
randomised(const struct dtd_explainer *original, int layers, uint64_t example,
           int capacity) {
  return own_trained_model(
      dtd_randomised_model(original, layers, 1, example, capacity));
}

static struct dtd_explainer *open_original(void) {
  struct dtd_network *net = random_network(shape, 2, 9);
  struct dtd_relevance_model *minmax =
      random_model("minmax", net, 0, 8, 9, 0.2, 0.01);
  for (int j = 0; j < UNITS; j++) minmax->top_down_bias[j] = (float)j / 7;
  struct dtd_explainer *original = quick_explainer(net, minmax, 8);
  for (int n = 0; n < OTHERS; n++)
    dtd_explainer_add(original,
                      random_model(others[n], net, 6, 8, 9, 0.2, 0.01));
  return original;
}

static bool same(const float *a, const float *b, int count) {
  return !memcmp(a, b, count * sizeof *a);
}

/* Which of w1, b1, w2, b2, v, v_lj, d_j are those of the original, as bits. */
static int kept(const struct dtd_trained_model *model,
                const struct dtd_explainer *original) {
  const struct dtd_layer *a = model->network->layer;
  const struct dtd_layer *b = original->network->layer;
  const struct dtd_relevance_model *v = minmax_of(model->explainer),
                                   *u = minmax_of(original);
  return same(a[0].w, b[0].w, INPUTS * UNITS) |
         same(a[0].b, b[0].b, UNITS) << 1 |
         same(a[1].w, b[1].w, UNITS / 4 * UPPER) << 2 |
         same(a[1].b, b[1].b, UPPER) << 3 |
         same(v->detection.w, u->detection.w, INPUTS * UNITS) << 4 |
         same(v->top_down, u->top_down, UPPER * UNITS) << 5 |
         same(v->top_down_bias, u->top_down_bias, UNITS) << 6;
}

TEST(layers_go_from_the_top) {
  struct dtd_explainer *original = open_original();
  const int wanted[] = {0x7f, 0x13, 0}; /* all; w1, b1 and v; none */
  for (int layers = 0; layers <= 2; layers++) {
    struct dtd_trained_model *model = randomised(original, layers, 0, 8);
    assert_int_equal(kept(model, original), wanted[layers]);
  }
}

TEST(the_cascade_goes_on_where_it_was) {
  struct dtd_explainer *original = open_original();
  struct dtd_trained_model *top = randomised(original, 1, 5, 8);
  struct dtd_trained_model *all = randomised(original, 2, 5, 8);
  struct dtd_trained_model *other = randomised(original, 1, 6, 8);
  int count = UNITS / 4 * UPPER;
  const float *w = top->network->layer[1].w;
  assert_true(same(w, all->network->layer[1].w, count));
  assert_false(same(w, other->network->layer[1].w, count));
  assert_true(same(minmax_of(top->explainer)->top_down,
                   minmax_of(all->explainer)->top_down, UPPER * UNITS));
}

static double second_moment(const float *a, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += (double)a[i] * (double)a[i];
  return sum / count;
}

/* The trained weights here have mean 0; their deviation is kept to within 6
   standard errors, 1 / sqrt(2 count) each. */
TEST(weights_keep_their_deviation) {
  struct dtd_explainer *original = open_original();
  struct dtd_trained_model *model = randomised(original, 2, 0, 8);
  const struct {
    const float *drawn, *trained;
    int count;
  } weights[] = {
      {model->network->layer[0].w, original->network->layer[0].w,
       INPUTS * UNITS},
      {model->network->layer[1].w, original->network->layer[1].w,
       UNITS / 4 * UPPER},
      {minmax_of(model->explainer)->detection.w,
       minmax_of(original)->detection.w, INPUTS * UNITS},
      {minmax_of(model->explainer)->top_down, minmax_of(original)->top_down,
       UPPER * UNITS},
  };
  for (int i = 0; i < 4; i++) {
    double ratio = sqrt(second_moment(weights[i].drawn, weights[i].count) /
                        second_moment(weights[i].trained, weights[i].count));
    assert_true(fabs(ratio - 1) < 6 / sqrt(2.0 * weights[i].count));
  }
}

static int ascending(const void *left, const void *right) {
  float a = *(const float *)left, b = *(const float *)right;
  return (a > b) - (a < b);
}

/* Whether a and b hold the same numbers in any order. */
static bool permuted(const float *a, const float *b, int count) {
  float *x = test_copy(a, count, sizeof *a);
  float *y = test_copy(b, count, sizeof *b);
  qsort(x, count, sizeof *x, ascending);
  qsort(y, count, sizeof *y, ascending);
  return same(x, y, count);
}

TEST(biases_are_permuted) {
  struct dtd_explainer *original = open_original();
  struct dtd_trained_model *model = randomised(original, 2, 0, 8);
  const struct dtd_layer *a = model->network->layer;
  const struct dtd_layer *b = original->network->layer;
  assert_true(permuted(a[0].b, b[0].b, UNITS));
  assert_true(permuted(a[1].b, b[1].b, UPPER));
  assert_true(permuted(minmax_of(model->explainer)->top_down_bias,
                       minmax_of(original)->top_down_bias, UNITS));
}

/* With nothing re-drawn every heatmap is the original's; with all re-drawn,
   no method that reads the weights keeps it, and controls, which do not, do. */
TEST(heatmaps_follow_the_parameters) {
  struct dtd_explainer *original = open_original();
  float R[INPUTS], S[INPUTS];
  float *x = random_numbers(INPUTS, -0.5, 1.5, 9, "test/randomisation");
  for (int layers = 0; layers <= 2; layers += 2) {
    struct dtd_trained_model *model = randomised(original, layers, 0, 1);
    for (int m = 0; dtd_methods[m]; m++) {
      if (!dtd_explainer_offers(original, dtd_methods[m])) continue;
      dtd_explain(R, NULL, original, dtd_methods[m], x, 1);
      dtd_explain(S, NULL, model->explainer, dtd_methods[m], x, 1);
      double correlation = dtd_size_correlation(R, S, INPUTS);
      if (!strcmp(dtd_methods[m]->name, "constant"))
        assert_true(isnan(correlation));
      else if (!layers || dtd_methods[m]->control)
        assert_true(correlation > 0.9999);
      else
        assert_true(correlation < 0.8);
    }
  }
}

TEST(sizes_are_compared_without_their_signs) {
  const float R[] = {1, -2, 3, -4}, S[] = {-10, 20, 30, 40};
  assert_true(fabs(dtd_size_correlation(R, S, 4) - 1) < 1e-12);
}
