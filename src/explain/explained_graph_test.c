/* Holds every registered method, on graphs, to what it declares, and to slopes
   and plain loops. */

#include "base/assert_dies.h"
#include "explain/explained_graph.h"
#include "explain/test_explainer.h"
#include "linear/threads.h"
#include "network/test_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)

enum { COUNT = 70, FEATURES = 6, PIXELS = 3 * 12 * 10, CLASSES = 5 };

/* A convolutional network of pictures, with rectified maps and biases <= 0. */
static struct dtd_graph *pictures(void) {
  return GRAPH("input x N 3 12 10", "tensor w 4 3 3 3",
               "tensor b 4 = -.1 -.2 0 -.05", "Conv x w b > a pads=1,1,1,1",
               "Relu a > r", "MaxPool r > m kernel_shape=2,2 strides=2,2",
               "Flatten m > f", "tensor v 120 5", "Gemm f v > z",
               "output z N 5");
}

/* A regression on vectors. */
static struct dtd_graph *vectors(void) {
  return GRAPH("input x N 6", "tensor w 6 9",
               "tensor b 9 = -.1 0 -.2 0 -.1 0 0 -.3 0", "Gemm x w b > a",
               "Relu a > r", "tensor v 9 1 > 0", "MatMul r v > y",
               "output y N 1");
}

struct bench {
  struct dtd_graph *graph;
  struct dtd_explainer *explainer;
  float low[FEATURES], high[FEATURES];
  int classes;
  float *x, *R_p, f[COUNT]; /* (COUNT, inputs) */
};

static void open_explainer(struct bench *b) {
  struct dtd_explanation_settings settings = quick_explanation();
  struct dtd_composite composite = dtd_composite_find("deep-taylor");
  struct dtd_maps shape = b->graph->node[0].out;
  struct dtd_box box = {shape.channels, b->low, b->high};
  b->explainer = own_explainer(dtd_explainer_of_graph(b->graph, &composite, box,
                                                      shape, &settings, COUNT));
}

/* Each channel has an interval of its own. The bench borrows it: it stays where
   it is. */
static void open_bench(struct bench *b, struct dtd_graph *graph) {
  const float low[] = {-1, -0.5f, -2, -1, 0, -0.1f};
  const float high[] = {2, 1, 1.5f, 0, 1, 3};
  long inputs = dtd_graph_inputs(graph);
  *b = (struct bench){.graph = graph, .classes = (int)dtd_graph_outputs(graph)};
  memcpy(b->low, low, sizeof low);
  memcpy(b->high, high, sizeof high);
  open_explainer(b);
  b->R_p = test_new(COUNT * inputs, sizeof *b->R_p);
  b->x = random_numbers(COUNT * inputs, 0, 1, 7, "test/explained_graph");
  for (long i = 0; i < COUNT * inputs; i++) {
    float l = b->explainer->low[i % inputs], h = b->explainer->high[i % inputs];
    b->x[i] = l + (h - l) * b->x[i];
  }
}

static void explain(struct bench *b, const struct dtd_method *method,
                    int count) {
  dtd_explain(b->R_p, b->f, b->explainer, method, b->x, count);
}

static bool suits_graphs(const struct dtd_method *method) {
  return !method->finds_roots &&
         (!method->model || !strcmp(method->model->name, "training-free"));
}

#define FOR_EACH_METHOD(m)                                                     \
  for (int n_##m = 0; dtd_methods[n_##m]; n_##m++)                             \
    for (const struct dtd_method *m = dtd_methods[n_##m];                      \
         m && suits_graphs(m); m = NULL)

/* z (classes) of one input, by a forward pass of its own. */
static const float *scores_at(const struct dtd_graph *graph, const float *x) {
  return dtd_graph_scores(graph, values_for(graph, x, 1));
}

/* ---- every method ---- */

static void check_declarations(const struct dtd_method *method, const float *R,
                               long inputs, double f) {
  double sum = 0;
  for (long p = 0; p < inputs; p++) {
    assert_true(isfinite(R[p]));
    assert_true(!method->positive || R[p] >= 0);
    sum += R[p];
  }
  if (method->conservative && fabs(sum - fmax(f, 0)) > 1e-5 * fabs(f))
    fail_msg("%s: relevance sums to %.9g where f is %.9g", method->name, sum,
             f);
}

TEST(declared_properties_hold) {
  for (int kind = 0; kind < 2; kind++) {
    struct bench b;
    open_bench(&b, kind ? vectors() : pictures());
    long inputs = b.explainer->inputs;
    FOR_EACH_METHOD(m) {
      explain(&b, m, COUNT);
      for (int n = 0; n < COUNT; n++)
        check_declarations(m, b.R_p + n * inputs, inputs, b.f[n]);
    }
  }
}

/* Bit by bit: one by one, many at once, by any number of threads, and after
   any other method. */
TEST(batches_threads_and_history_do_not_change_a_bit) {
  for (int kind = 0; kind < 2; kind++) {
    struct bench b;
    open_bench(&b, kind ? vectors() : pictures());
    long inputs = b.explainer->inputs;
    float *alone = test_new(COUNT * inputs, sizeof *alone);
    FOR_EACH_METHOD(m) {
      dtd_threads(1);
      open_explainer(&b);
      for (int n = 0; n < COUNT; n++)
        dtd_explain(alone + n * inputs, NULL, b.explainer, m, b.x + n * inputs,
                    1);
      for (int threads = 1; threads <= 4; threads++) {
        dtd_threads(threads);
        open_explainer(&b);
        explain(&b, dtd_method_find("smoothgrad"), 3);
        explain(&b, m, COUNT);
        if (memcmp(b.R_p, alone, COUNT * inputs * sizeof *alone) != 0)
          fail_msg("%s: batches of %d threads change it", m->name, threads);
      }
    }
  }
  dtd_threads(1);
}

/* One alone is shared out among all threads. */
TEST(threads_do_not_change_one_alone) {
  struct bench b;
  open_bench(&b, pictures());
  float *first = test_new(PIXELS, sizeof *first);
  FOR_EACH_METHOD(m)
  for (int threads = 1; threads <= 4; threads++) {
    dtd_threads(threads);
    open_explainer(&b);
    explain(&b, m, 1);
    if (threads == 1) memcpy(first, b.R_p, PIXELS * sizeof *first);
    assert_memory_equal(b.R_p, first, PIXELS * sizeof *first);
  }
  dtd_threads(1);
}

TEST(what_graphs_cannot_have_is_refused) {
  struct bench b;
  open_bench(&b, pictures());
  int refused = 0;
  for (int m = 0; dtd_methods[m]; m++) {
    char words[128];
    if (suits_graphs(dtd_methods[m])) continue;
    snprintf(words, sizeof words, "%s: %s of detection-pooling networks",
             dtd_methods[m]->name,
             dtd_methods[m]->model ? "explains by a relevance model"
                                   : "searches for roots");
    assert_dies(2, words, explain(&b, dtd_methods[m], 1));
    refused++;
  }
  assert_true(refused >= 3);
}

/* ---- which score is explained ---- */

TEST(the_greatest_score_is_explained_or_the_one_that_is_asked_for) {
  struct bench b;
  open_bench(&b, pictures());
  bool seen[CLASSES] = {false};
  for (int asked = DTD_GREATEST_CLASS; asked < CLASSES; asked++) {
    dtd_explainer_choose(b.explainer, asked);
    for (int n = 0; n < COUNT; n++) {
      const float *z = scores_at(b.graph, b.x + n * PIXELS);
      int wanted = asked < 0 ? 0 : asked;
      for (int c = 0; asked < 0 && c < CLASSES; c++)
        if (z[c] > z[wanted]) wanted = c;
      float f;
      dtd_explain(b.R_p, &f, b.explainer, dtd_method_find("constant"),
                  b.x + n * PIXELS, 1);
      assert_int_equal(dtd_explainer_class(b.explainer, 0), wanted);
      assert_true(f == z[wanted]);
      assert_memory_equal(dtd_explainer_scores(b.explainer, 0), z,
                          CLASSES * sizeof *z);
      seen[wanted] |= asked < 0;
    }
  }
  int classes = 0;
  for (int c = 0; c < CLASSES; c++) classes += seen[c];
  assert_true(classes > 1);
}

/* All examples of a batch have a class of their own. */
TEST(each_example_is_explained_for_its_own_class) {
  struct bench b;
  open_bench(&b, pictures());
  float *alone = test_new(PIXELS, sizeof *alone);
  const struct dtd_method *method = dtd_method_find("sensitivity");
  struct bench one;
  open_bench(&one, b.graph);
  int batch = b.explainer->capacity < 9 ? b.explainer->capacity : 9;
  explain(&b, method, batch);
  for (int n = 0; n < batch; n++) {
    dtd_explainer_choose(one.explainer, dtd_explainer_class(b.explainer, n));
    dtd_explain(alone, NULL, one.explainer, method, b.x + n * PIXELS, 1);
    assert_memory_equal(alone, b.R_p + n * PIXELS, PIXELS * sizeof *alone);
  }
}

TEST(a_score_that_is_not_positive_is_no_relevance) {
  struct bench b;
  open_bench(&b, pictures());
  int negative = 0;
  for (int class = 0; class < CLASSES; class ++) {
    dtd_explainer_choose(b.explainer, class);
    FOR_EACH_METHOD(m) {
      if (!m->conservative) continue;
      explain(&b, m, COUNT);
      for (int n = 0; n < COUNT; n++) {
        if (b.f[n] > 0) continue;
        negative++;
        for (int p = 0; p < PIXELS; p++)
          assert_true(b.R_p[n * PIXELS + p] == 0);
      }
    }
  }
  assert_true(negative > COUNT);
}

/* What enters the scores and the input, whichever thread walked the example. */
TEST(each_example_has_a_ledger_of_its_own) {
  struct bench b;
  dtd_threads(3);
  open_bench(&b, pictures());
  explain(&b, dtd_method_find("sensitivity"), 3);
  assert_false(dtd_explainer_has_ledger(b.explainer));
  int batch = b.explainer->capacity < COUNT ? b.explainer->capacity : COUNT;
  explain(&b, dtd_method_find("deep-taylor-free"), batch);
  assert_true(dtd_explainer_has_ledger(b.explainer));
  for (int n = 0; n < batch; n++) {
    double f = fmax(b.f[n], 0), sum = sum_of(b.R_p + n * PIXELS, PIXELS);
    struct dtd_node_entry top =
        dtd_explainer_entry(b.explainer, b.graph->output, n);
    struct dtd_node_entry input = dtd_explainer_entry(b.explainer, 0, n);
    assert_near(top.entered, f, 1e-6 * f);
    assert_near(input.entered, sum, 1e-6 * f);
  }
  dtd_threads(1);
}

TEST(a_score_that_is_not_finite_is_refused) {
  struct bench b;
  open_bench(&b, vectors());
  b.x[2] = 3e38f;
  b.x[3] = -3e38f;
  assert_dies(1, "net.onnx: the score of class 0 is ",
              explain(&b, dtd_method_find("sensitivity"), 1));
}

/* ---- single methods ---- */

/* Where a step straddles a kink the difference is wrong: some may be. */
TEST(sensitivity_is_the_squared_slope) {
  const double step = 0.01;
  for (int kind = 0; kind < 2; kind++) {
    struct bench b;
    open_bench(&b, kind ? vectors() : pictures());
    long inputs = b.explainer->inputs;
    int wrong = 0, nonzero = 0;
    explain(&b, dtd_method_find("sensitivity"), 1);
    int class = dtd_explainer_class(b.explainer, 0);
    for (long p = 0; p < inputs; p++) {
      float *x = test_copy(b.x, inputs, sizeof *x);
      x[p] += (float)step;
      double above = scores_at(b.graph, x)[class];
      x[p] = b.x[p] - (float)step;
      double slope = (above - scores_at(b.graph, x)[class]) / (2 * step);
      nonzero += slope * slope > 1e-3;
      wrong += fabs(b.R_p[p] - slope * slope) > 2e-2 * fmax(1, slope * slope);
    }
    assert_true(nonzero > inputs / 2);
    assert_true(wrong <= inputs / 10);
  }
}

/* The mean gradient over one copy without noise is the gradient, of which the
   square is the sensitivity. */
TEST(methods_agree_on_the_gradient) {
  struct bench b;
  open_bench(&b, pictures());
  double *squared = test_new(COUNT * PIXELS, sizeof *squared);
  explain(&b, dtd_method_find("sensitivity"), COUNT);
  widen(squared, b.R_p, COUNT * PIXELS);
  b.explainer->settings.smooth_deviation = 0;
  explain(&b, dtd_method_find("smoothgrad"), COUNT);
  for (long i = 0; i < COUNT * PIXELS; i++) b.R_p[i] *= b.R_p[i];
  assert_close(b.R_p, squared, COUNT * PIXELS, 1e-5);
}

/* Proposition 1 of Sundararajan et al., from the low end of each interval. */
TEST(integrated_gradients_are_complete_to_their_steps) {
  struct bench b;
  open_bench(&b, pictures());
  b.explainer->settings.integrated_steps = 400;
  explain(&b, dtd_method_find("integrated-gradients"), 1);
  int class = dtd_explainer_class(b.explainer, 0);
  double black = scores_at(b.graph, b.explainer->low)[class];
  double f = scores_at(b.graph, b.x)[class];
  assert_true(fabs(f - black) > 0.5);
  assert_near(sum_of(b.R_p, PIXELS), f - black, 5e-3 * fabs(f - black));
}

/* Blocks of 5 x 5 of 12 x 10 pixels, in all channels at once. */
TEST(occlusion_blackens_all_channels_of_a_block) {
  struct bench b;
  open_bench(&b, pictures());
  b.explainer->settings.occlusion_side = 5;
  explain(&b, dtd_method_find("occlusion"), 1);
  int class = dtd_explainer_class(b.explainer, 0);
  double f = scores_at(b.graph, b.x)[class], wanted[PIXELS];
  for (int p = 0; p < PIXELS; p++) {
    int top = p % 120 / 10 / 5 * 5, left = p % 10 / 5 * 5, size = 0;
    float *x = test_copy(b.x, PIXELS, sizeof *x);
    for (int c = 0; c < 3; c++)
      for (int row = top; row < top + 5 && row < 12; row++)
        for (int column = left; column < left + 5; column++, size++)
          x[120 * c + 10 * row + column] = b.low[c];
    wanted[p] = (f - scores_at(b.graph, x)[class]) / size;
  }
  assert_close(b.R_p, wanted, PIXELS, 1e-5);
}

TEST(occlusion_of_a_vector_takes_one_element_at_a_time) {
  struct bench b;
  open_bench(&b, vectors());
  explain(&b, dtd_method_find("occlusion"), 1);
  double f = scores_at(b.graph, b.x)[0], wanted[FEATURES];
  for (int p = 0; p < FEATURES; p++) {
    float *x = test_copy(b.x, FEATURES, sizeof *x);
    x[p] = b.low[p];
    wanted[p] = f - scores_at(b.graph, x)[0];
  }
  assert_close(b.R_p, wanted, FEATURES, 1e-5);
}
