/* Holds every registered explanation method to what it declares, and the
   paper's four to their equations in plain double loops. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "explain/test_explainer.h"
#include "linear/threads.h"
#include "files/pairs.h"
#include "relevance/test_reference.h"

enum { PIXELS = DTD_PAIR_PIXELS, COUNT = 7, MANY = 130 };

static const struct dtd_layer_shape paper[] = {LAYER(PIXELS, 400, 4),
                                               LAYER(100, 400, 400)};

enum { MODELS = 16 };

/* A random network with random relevance models, one of each kind that learns,
   and images in [low, 1.5]. */
struct bench {
  struct dtd_network *net;
  struct dtd_relevance_model *model[MODELS];
  int models;
  struct dtd_explanation_settings settings;
  float *x, *R_p; /* (COUNT, PIXELS) */
  double *wide;   /* x */
};

static struct bench open_bench(const struct dtd_layer_shape *shape, int depth,
                               const char *first_rule, float low) {
  struct bench b = {.net = random_network(shape, depth, 3)};
  struct dtd_rng rng = dtd_rng_open(8, "test/method", 0);
  struct dtd_rng own_rng = dtd_rng_open(8, "test/models", 0);
  for (int n = 0; dtd_model_kinds[n]; n++) {
    if (!dtd_model_kinds[n]->trained) continue;
    assert_true(b.models < MODELS);
    struct dtd_relevance_model *model = b.model[b.models++] =
        own_relevance_model(dtd_relevance_model_sized(
            dtd_model_kinds[n], &b.net->layer[0], 3, shape[1].units, MANY));
    model->kind->initialise(model, 5, 0.3, 0.01);
    if (model->top_down_bias)
      fill_random(model->top_down_bias, model->detection.shape.units, -0.5, 0.5,
                  &own_rng);
  }
  b.settings = quick_explanation(); /* what is tested holds for any root */
  b.settings.first_rule = dtd_rule_find(first_rule);
  b.settings.low = low;
  b.x = new_random(COUNT * PIXELS, low, 1.5, &rng);
  for (int p = 0; p < COUNT * PIXELS; p++) /* every other one mostly black */
    if (p / PIXELS % 2 && dtd_rng_uniform(&rng) < 0.8) b.x[p] = low;
  b.wide = widened(b.x, COUNT * PIXELS);
  b.R_p = test_new(COUNT * PIXELS, sizeof *b.R_p);
  return b;
}

static struct dtd_explainer *explainer_of(const struct bench *b, int capacity) {
  struct dtd_explainer *explainer =
      new_explainer(b->net, NULL, &b->settings, capacity);
  for (int n = 0; n < b->models; n++) dtd_explainer_add(explainer, b->model[n]);
  return explainer;
}

/* Heatmaps of the bench's images by a fresh explainer, until the test ends. */
static float *explained(const struct bench *b, const struct dtd_method *method,
                        int capacity, float *f) {
  struct dtd_explainer *explainer = explainer_of(b, capacity);
  float *R_p = test_new(COUNT * PIXELS, sizeof *R_p);
  dtd_explain(R_p, f, explainer, method, b->x, COUNT);
  return R_p;
}

/* ---- every method ---- */

static void check_declarations(const struct dtd_method *method, const float *R,
                               double f) {
  double sum = 0;
  for (int p = 0; p < PIXELS; p++) {
    assert_true(isfinite(R[p]));
    assert_true(!method->positive || R[p] >= 0);
    sum += R[p];
  }
  if (method->conservative && fabs(sum - f) > 1e-5 * f)
    fail_msg("%s: relevance sums to %.9g where f is %.9g", method->name, sum,
             f);
}

/* Of every method that is slow, or of every other. */
static void check_all_declarations(const struct bench *b, bool slow) {
  struct dtd_explainer *explainer = explainer_of(b, COUNT);
  float f[COUNT];
  for (int m = 0; dtd_methods[m]; m++) {
    if (dtd_methods[m]->slow != slow) continue;
    dtd_explain(b->R_p, f, explainer, dtd_methods[m], b->x, COUNT);
    for (int n = 0; n < COUNT; n++) {
      assert_true(f[n] > 1);
      check_declarations(dtd_methods[m], b->R_p + n * PIXELS, f[n]);
    }
  }
}

TEST(declared_properties_hold) {
  const char *rules[] = {"w^2", "zB"};
  for (int r = 0; r < 2; r++)
    for (int slow = 0; slow < 2; slow++) {
      struct bench b = open_bench(slow ? two : paper, 2, rules[r], -0.5f);
      check_all_declarations(&b, slow);
    }
}

TEST(scores_are_those_of_the_network) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  struct dtd_reference *reference = new_reference(b.net);
  for (int m = 0; dtd_methods[m]; m++) {
    float f[COUNT];
    explained(&b, dtd_methods[m], 3, f);
    for (int n = 0; n < COUNT; n++) {
      double wanted = reference_score(reference, b.x + n * PIXELS);
      assert_true(fabs(f[n] - wanted) <= 1e-5 * wanted);
    }
  }
}

/* The network is silent but its min-max model is not. */
TEST(no_score_gives_an_empty_heatmap) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  struct dtd_explainer *explainer = explainer_of(&b, COUNT);
  float f[COUNT];
  for (int j = 0; j < 20; j++) b.net->layer[1].b[j] = -1e6f;
  for (int m = 0; dtd_methods[m]; m++) {
    for (int p = 0; p < COUNT * PIXELS; p++) b.R_p[p] = NAN;
    dtd_explain(b.R_p, f, explainer, dtd_methods[m], b.x, COUNT);
    for (int p = 0; p < COUNT * PIXELS; p++) {
      assert_true(f[p / PIXELS] == 0);
      if (b.R_p[p] != 0)
        fail_msg("%s: relevance %g where f is 0", dtd_methods[m]->name,
                 b.R_p[p]);
    }
  }
}

/* f is 0 for every other example: the rest is as if these were not there. A
   method that asks f elsewhere may still find something to say of them. */
TEST(an_empty_heatmap_leaves_its_neighbours_alone) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  float f[COUNT];
  for (int n = 1; n < COUNT; n += 2)
    memset(b.x + n * PIXELS, 0, PIXELS * sizeof *b.x); /* f(0) = 0: b <= 0 */
  for (int m = 0; dtd_methods[m]; m++) {
    float *R_p = explained(&b, dtd_methods[m], COUNT, f);
    for (int n = 0; n < COUNT; n++) {
      double largest = 0;
      for (int p = 0; p < PIXELS; p++)
        largest = fmax(largest, fabs(R_p[n * PIXELS + p]));
      assert_true((f[n] > 0) == (n % 2 == 0));
      if (n % 2 == 0 || !dtd_methods[m]->perturbs)
        assert_true((largest > 0) == (n % 2 == 0));
    }
  }
}

TEST(batches_do_not_change_heatmaps) {
  const int capacities[] = {3, COUNT - 1, COUNT + 1};
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  for (int m = 0; dtd_methods[m]; m++) {
    float *alone = explained(&b, dtd_methods[m], 1, NULL);
    for (int c = 0; c < 3; c++) {
      float *R_p = explained(&b, dtd_methods[m], capacities[c], NULL);
      for (int n = 0; n < COUNT; n++)
        assert_close_floats(R_p + n * PIXELS, alone + n * PIXELS, PIXELS, 1e-5);
    }
  }
}

TEST(explaining_writes_what_it_should_and_no_more) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  struct dtd_explainer *explainer = explainer_of(&b, 3);
  float f[COUNT];
  for (int m = 0; dtd_methods[m]; m++)
    for (int count = 0; count < COUNT; count += 3) { /* 0, 3 and 6 */
      for (int p = 0; p < COUNT * PIXELS; p++) b.R_p[p] = -77;
      for (int n = 0; n < COUNT; n++) f[n] = -77;
      dtd_explain(b.R_p, f, explainer, dtd_methods[m], b.x, count);
      for (int n = 0; n < COUNT; n++) {
        bool last_untouched = b.R_p[n * PIXELS + PIXELS - 1] == -77;
        bool first_untouched = b.R_p[n * PIXELS] == -77;
        assert_true((f[n] == -77) == (n >= count));
        assert_true(first_untouched == (n >= count));
        assert_true(last_untouched == (n >= count));
      }
    }
}

/* Bit by bit, for any number of threads and after any other method. */
TEST(threads_and_history_do_not_change_heatmaps) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  struct dtd_explainer *explainer = explainer_of(&b, 4);
  size_t size = COUNT * PIXELS * sizeof(float);
  float *again = test_new(COUNT * PIXELS, sizeof *again);
  for (int m = 0; dtd_methods[m]; m++) {
    dtd_threads(1);
    float *first = explained(&b, dtd_methods[m], 4, NULL);
    for (int threads = 1; threads <= 4; threads *= 2) {
      dtd_threads(threads);
      dtd_explain(again, NULL, explainer, dtd_methods[m], b.x, COUNT);
      assert_memory_equal(first, again, size);
    }
  }
  dtd_threads(1);
}

/* Batches large enough for every step to be shared among threads. */
TEST(threads_do_not_change_large_batches) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  struct dtd_explainer *explainer = explainer_of(&b, MANY);
  size_t count = MANY * PIXELS;
  float *x = test_new(count, sizeof *x), *R_p = test_new(count, sizeof *R_p);
  float *alone = test_new(count, sizeof *alone);
  for (int n = 0; n < MANY; n++) /* no two are alike */
    for (int p = 0; p < PIXELS; p++)
      x[n * PIXELS + p] = b.x[n % COUNT * PIXELS + (p + n) % PIXELS];
  for (int m = 0; dtd_methods[m]; m++) {
    if (dtd_methods[m]->slow) continue;
    dtd_threads(1);
    dtd_explain(alone, NULL, explainer, dtd_methods[m], x, MANY);
    for (int threads = 2; threads <= 4; threads *= 2) {
      dtd_threads(threads);
      memset(R_p, 0, count * sizeof *R_p);
      dtd_explain(R_p, NULL, explainer, dtd_methods[m], x, MANY);
      if (memcmp(R_p, alone, count * sizeof *R_p) != 0)
        fail_msg("%s: %d threads change it", dtd_methods[m]->name, threads);
    }
  }
  dtd_threads(1);
}

/* Counts what dtd_new asks for; the linker sends it here (Makefile). */
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

static int allocations;

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  allocations++;
  return __real_aligned_alloc(alignment, size);
}

/* Images of any ink, from the first batch on; a search for roots is another
   matter, and so are methods that ask f at images of their own. */
TEST(explaining_allocates_nothing) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  float f[COUNT];
  for (int p = 0; p < 4 * PIXELS; p++)
    if (p % 4) b.x[p] = -0.5f; /* four images of little ink, three of much */
  for (int m = 0; dtd_methods[m]; m++) {
    if (dtd_methods[m]->slow || dtd_methods[m]->perturbs) continue;
    allocations = 0;
    struct dtd_explainer *explainer = explainer_of(&b, 4);
    assert_true(allocations > 0);
    if (dtd_methods[m]->model && !dtd_method_is_trained(dtd_methods[m]))
      dtd_explainer_add_untrained(explainer, dtd_methods[m]->model);
    allocations = 0;
    dtd_explain(b.R_p, f, explainer, dtd_methods[m], b.x, COUNT);
    if (allocations)
      fail_msg("%s: %d allocations", dtd_methods[m]->name, allocations);
  }
}

TEST(rules_must_suit_their_layers) {
  struct dtd_explanation_settings settings = {.first_rule = dtd_rule_find("z+"),
                                              .upper_rule = dtd_rule_find("z+"),
                                              .low = -0.5f,
                                              .high = 1.5f};
  assert_dies(2, "z+ is meant for inputs >= 0, but black pixels are -0.5",
              dtd_check_rules(&settings));
  settings.low = 0;
  assert_exits(99, "", {
    dtd_check_rules(&settings);
    fputs("silent\n", stderr); /* assert_dies allows one line */
  });
  settings.upper_rule = dtd_rule_find("zB");
  assert_dies(2, "zB needs inputs between two bounds",
              dtd_check_rules(&settings));
}

TEST(methods_say_when_they_need_a_trained_model) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  struct dtd_explainer *explainer = new_explainer(b.net, NULL, &b.settings, 1);
  float *R_p = test_new(PIXELS, sizeof *R_p);
  for (int m = 0; dtd_methods[m]; m++)
    if (dtd_method_is_trained(dtd_methods[m])) {
      char words[96];
      snprintf(words, sizeof words, "the model holds no relevance model %s (",
               dtd_methods[m]->model->name);
      assert_dies(2, words,
                  dtd_explain(R_p, NULL, explainer, dtd_methods[m], b.x, 1));
    } else
      dtd_explain(R_p, NULL, explainer, dtd_methods[m], b.x, 1);
  assert_true(dtd_method_is_trained(dtd_method_find("deep-taylor-minmax")));
  assert_false(dtd_method_is_trained(dtd_method_find("deep-taylor-free")));
}

TEST(what_was_walked_is_there_to_inspect) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  struct dtd_explainer *e = explainer_of(&b, COUNT);
  for (int m = 0; dtd_methods[m]; m++) {
    const struct dtd_model_kind *kind = dtd_methods[m]->model;
    if (!kind) continue;
    dtd_explain(b.R_p, NULL, e, dtd_methods[m], b.x, COUNT);
    assert_ptr_equal(e->walked, dtd_explainer_decomposition(e, kind));
    assert_ptr_equal(e->walked->model[0], dtd_explainer_model(e, kind->name));
    assert_ptr_equal(e->walked->model[0]->kind, kind);
    assert_same_bits(e->walked->R_i[0], b.R_p, COUNT * PIXELS);
  }
  dtd_explain(b.R_p, NULL, e, dtd_method_find("sensitivity"), b.x, COUNT);
  assert_null(e->walked);
}

/* ---- sensitivity ---- */

TEST(sensitivity_is_the_squared_gradient) {
  const struct dtd_layer_shape *shapes[] = {two, paper, three};
  for (int s = 0; s < 3; s++) {
    struct bench b = open_bench(shapes[s], s < 2 ? 2 : 3, "zB", -0.5f);
    struct dtd_reference *reference = new_reference(b.net);
    const double *d_p = reference->layer[0].d_i;
    float *R_p = explained(&b, dtd_method_find("sensitivity"), 4, NULL);
    for (int n = 0; n < COUNT; n++) {
      double squared[PIXELS], largest = 0;
      reference_score(reference, b.x + n * PIXELS);
      dtd_reference_backward(reference);
      for (int p = 0; p < PIXELS; p++) {
        squared[p] = d_p[p] * d_p[p];
        largest = fmax(largest, squared[p]);
      }
      assert_true(largest > 1e-3);
      assert_close(R_p + n * PIXELS, squared, PIXELS, 1e-5);
    }
  }
}

/* A pixel in fifty; a step that straddles a kink is bad luck, so a hundredth
   may be wrong. */
TEST(sensitivity_equals_finite_differences) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  struct dtd_reference *reference = new_reference(b.net);
  float *R_p = explained(&b, dtd_method_find("sensitivity"), COUNT, NULL);
  int checked = 0, nonzero = 0, wrong = 0;
  for (int p = 0; p < COUNT * PIXELS; p += 50, checked++) {
    double *image = b.wide + p / PIXELS * PIXELS;
    double squared = pow(reference_slope(reference, image, p % PIXELS), 2);
    nonzero += squared > 1e-3;
    wrong += fabs(R_p[p] - squared) > 1e-4 * fmax(1e-3, squared);
  }
  assert_true(nonzero > checked / 2);
  assert_true(wrong <= checked / 100);
}

/* ---- Taylor at the nearest root ---- */

/* The least and greatest derivatives of f around r: where r lies at no kink,
   both are the gradient there, and at a kink they bound every element of the
   generalised gradient. */
static void derivatives_around(double *least, double *greatest, const float *r,
                               const struct dtd_network *net) {
  enum { SAMPLES = 400 };
  struct dtd_activations *act = new_activations(net, 1);
  struct dtd_activations *d = new_activations(net, 1);
  struct dtd_rng rng = dtd_rng_open(8, "test/around", 0);
  for (int p = 0; p < PIXELS; p++) least[p] = INFINITY, greatest[p] = -INFINITY;
  for (int n = 0; n < SAMPLES; n++) {
    float near[PIXELS], gradient[PIXELS], one = 1;
    for (int p = 0; p < PIXELS; p++)
      near[p] = r[p] + (float)(3e-3 * dtd_rng_normal(&rng));
    dtd_forward(act, net, dtd_rows(near, 1));
    dtd_backward(NULL, 1, 0, gradient, d, net, act, &one);
    for (int p = 0; p < PIXELS; p++) {
      least[p] = fmin(least[p], gradient[p]);
      greatest[p] = fmax(greatest[p], gradient[p]);
    }
  }
}

/* Eq. 5 with the root points that were found: in the box, where f is small. */
TEST(taylor_is_eq_5_at_its_root_points) {
  struct bench b = open_bench(two, 2, "zB", -0.5f);
  b.settings.root = dtd_root_defaults();
  struct dtd_explainer *e = explainer_of(&b, COUNT);
  struct dtd_reference *reference = new_reference(b.net);
  float f[COUNT];
  dtd_explain(b.R_p, f, e, dtd_method_find("taylor"), b.x, COUNT);
  for (int n = 0; n < COUNT; n++) {
    const float *root = e->roots + n * PIXELS;
    double wide[PIXELS], least[PIXELS], greatest[PIXELS], sum = 0;
    widen(wide, root, PIXELS);
    double most = e->settings.root.fraction * f[n];
    assert_true(reference_score(reference, root) <=
                most * (1 + e->settings.root.tolerance) + 1e-4);
    derivatives_around(least, greatest, root, b.net);
    for (int p = 0; p < PIXELS; p++) {
      assert_true(root[p] >= -0.5f && root[p] <= 1.5f);
      double step = b.wide[n * PIXELS + p] - wide[p];
      double R = b.R_p[n * PIXELS + p], slack = 1e-5 * fabs(step) + 1e-6;
      assert_true(R >= fmin(least[p] * step, greatest[p] * step) - slack);
      assert_true(R <= fmax(least[p] * step, greatest[p] * step) + slack);
      sum += R;
    }
    assert_true(sum > 0);
  }
}

/* One linear unit: r = x - 0.9 f w / |w|^2, so R_p = 0.9 f w_p^2 / |w|^2. */
TEST(taylor_of_one_unit_has_a_closed_form) {
  const struct dtd_layer_shape one[] = {LAYER(PIXELS, 1, 1)};
  struct dtd_network *net = new_network(one, 1);
  struct dtd_explanation_settings settings = quick_explanation();
  settings.root = dtd_root_defaults();
  struct dtd_explainer *e = new_explainer(net, NULL, &settings, 1);
  float x[PIXELS], R_p[PIXELS];
  double f = -0.1, squares = 0, wanted[PIXELS];
  net->layer[0].b[0] = -0.1f;
  for (int p = 0; p < PIXELS; p++) {
    float w = net->layer[0].w[p] = 0.01f * (float)(1 + p % 5);
    x[p] = 0.4f + 0.001f * (float)(p % 100);
    f += w * x[p];
    squares += w * w;
  }
  for (int p = 0; p < PIXELS; p++) {
    double w = net->layer[0].w[p];
    wanted[p] = 0.9 * f * w * w / squares;
  }
  dtd_explain(R_p, NULL, e, dtd_method_find("taylor"), x, 1);
  assert_near(sum_of(R_p, PIXELS), 0.9 * f, 0.002 * f);
  assert_close(R_p, wanted, PIXELS, 0.02);
}

/* ---- deep Taylor ---- */

/* Three images by one method against the whole reference. */
static void check_decomposition(struct dtd_explainer *explainer,
                                struct dtd_reference *reference,
                                const struct bench *b, const char *rule,
                                const struct dtd_method *method) {
  dtd_explain(b->R_p, NULL, explainer, method, b->x, 3);
  const struct dtd_relevance_model *own =
      dtd_explainer_decomposition(explainer, method->model)->model[0];
  for (int n = 0; n < 3; n++) {
    reference_score(reference, b->x + n * PIXELS);
    reference_decompose(reference, own, rule, b->settings.low, 1.5);
    assert_close_by(method->name, b->R_p + n * PIXELS, reference->layer[0].R_i,
                    PIXELS, 1e-5);
  }
}

/* By every relevance model that the reference has. */
static void check_decompositions(const struct dtd_layer_shape *shape, int depth,
                                 const char *rule) {
  struct bench b =
      open_bench(shape, depth, rule, strcmp(rule, "z+") ? -0.5f : 0);
  struct dtd_reference *reference = new_reference(b.net);
  struct dtd_explainer *explainer = explainer_of(&b, 2);
  for (int m = 0; dtd_methods[m]; m++)
    if (dtd_methods[m]->model && reference_knows(dtd_methods[m]->model))
      check_decomposition(explainer, reference, &b, rule, dtd_methods[m]);
}

TEST(deep_taylor_equals_plain_loops) {
  const char *rules[] = {"w^2", "z+", "zB"};
  for (int r = 0; r < 3; r++) {
    check_decompositions(two, 2, rules[r]);
    check_decompositions(three, 3, rules[r]);
  }
  check_decompositions(paper, 2, "zB");
}
