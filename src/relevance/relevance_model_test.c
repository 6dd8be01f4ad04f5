/* Holds every relevance model to its definition, in plain double loops. */

#include "base/test.h"
#include "linear/ink.h"
#include "relevance/test_models.h"
#include "network/test_network.h"
#include "base/assert_dies.h"
#include "relevance/test_reference.h"
#include "relevance/relevance_model.h"

TEST_OWNS(ink)

enum { BATCH = 6, INPUTS = 14, UNITS = 12, POOL = 3, UPPER = 7 };
enum { POOLS = UNITS / POOL, OWN_POOL = 5, MOST_UNITS = POOLS * OWN_POOL };

/* A layer with a batch of inputs, its activations, relevances from above. */
struct bench {
  struct dtd_layer layer;
  struct dtd_relevance_model *model;
  struct dtd_site site;
  float x_i[BATCH * INPUTS], x_j[BATCH * UNITS], x_k[BATCH * POOLS];
  float R_k[BATCH * POOLS], R_l[BATCH * UPPER], R_j[BATCH * MOST_UNITS];
};

static struct bench *open_bench_with(const struct dtd_model_kind *kind,
                                     float norm) {
  struct bench *b = test_new(1, sizeof *b);
  struct dtd_rng rng = dtd_rng_open(4, "test/model", 0);
  b->layer = random_layer(INPUTS, UNITS, -0.5, 0, &rng);
  b->layer.shape.pool = POOL, b->layer.shape.norm = norm;
  fill_random(b->x_i, BATCH * INPUTS, -0.5, 1.5, &rng);
  fill_random(b->x_j, BATCH * UNITS, -1, 2, &rng);
  for (int j = 0; j < BATCH * UNITS; j++)
    b->x_j[j] = b->x_j[j] > 0 && j >= POOL ? b->x_j[j] : 0; /* pool 0 is off */
  dtd_pool(b->x_k, b->x_j, &b->layer, BATCH);
  fill_random(b->R_l, BATCH * UPPER, -1, 2, &rng);
  for (int l = 0; l < BATCH * UPPER; l++)
    b->R_l[l] = b->R_l[l] > 0 ? b->R_l[l] : 0;
  fill_random(b->R_k, BATCH * POOLS, 0, 3, &rng);
  b->R_k[0] = 0;
  b->site = (struct dtd_site){.batch = BATCH,
                              .x_i = dtd_rows(b->x_i, BATCH),
                              .x_j = b->x_j,
                              .x_k = b->x_k,
                              .R_k = b->R_k,
                              .R_l = b->R_l};
  b->model = own_relevance_model(
      dtd_relevance_model_sized(kind, &b->layer, OWN_POOL, UPPER, BATCH));
  assert_true(b->model->detection.shape.units <= MOST_UNITS);
  if (kind->initialise) {
    kind->initialise(b->model, 9, 0.5, 0.5);
    if (b->model->top_down_bias)
      fill_random(b->model->top_down_bias, b->model->detection.shape.units,
                  -0.5, 0.5, &rng);
  }
  return b;
}

static struct bench *open_bench(const struct dtd_model_kind *kind) {
  return open_bench_with(kind, 1);
}

/* The benches of the registered kinds one by one, null at their end; with
   `trained`, of those that learn. */
static struct bench *next_bench(int *kind, bool trained) {
  while (dtd_model_kinds[*kind] && trained && !dtd_model_kinds[*kind]->trained)
    ++*kind;
  return dtd_model_kinds[*kind] ? open_bench(dtd_model_kinds[(*kind)++]) : NULL;
}

static const char *name_of(const struct bench *b) {
  return b->model->kind->name;
}

static double learn(struct dtd_relevance_model *into, float scale,
                    struct bench *b) {
  return b->model->kind->learn(into, scale, b->model, &b->site);
}

/* ---- R_j ---- */

TEST(relevance_is_positive_and_conserved_as_declared) {
  for (int norm = 1; norm <= 3; norm++)
    for (int m = 0; dtd_model_kinds[m]; m++) {
      struct bench *b = open_bench_with(dtd_model_kinds[m], (float)norm);
      int pool = b->model->detection.shape.pool;
      dtd_model_relevance(b->R_j, b->model, &b->site);
      for (int k = 0; k < BATCH * POOLS; k++) {
        double sum = 0, R_k = b->R_k[k];
        for (int j = 0; j < pool; j++) {
          assert_true(b->R_j[k * pool + j] >= 0);
          sum += b->R_j[k * pool + j];
        }
        if (b->model->kind->conservative && b->x_k[k] > 0)
          assert_true(fabs(sum - R_k) <= 1e-6 * R_k);
      }
    }
}

/* R_j of example n in plain loops, for a kind that reference_knows. */
static void relevance_in_loops(double *R_j, const struct bench *b, int n) {
  double x_i[INPUTS], x_j[UNITS], R_k[POOLS], R_l[UPPER], own_R_j[UNITS];
  struct dtd_reference_layer layer = {.inputs = INPUTS,
                                      .units = UNITS,
                                      .pools = POOLS,
                                      .q = b->layer.shape.norm,
                                      .x_i = x_i,
                                      .x_j = x_j,
                                      .R_k = R_k,
                                      .R_j = own_R_j};
  widen(x_i, b->x_i + n * INPUTS, INPUTS);
  widen(x_j, b->x_j + n * UNITS, UNITS);
  widen(R_k, b->R_k + n * POOLS, POOLS);
  widen(R_l, b->R_l + n * UPPER, UPPER);
  reference_relevance(R_j, b->model, &layer, R_l);
}

TEST(models_equal_their_equations) {
  const float norms[] = {1, 2.5f, INFINITY};
  int known = 0;
  for (int m = 0; dtd_model_kinds[m]; m++)
    for (int q = 0; q < 3 && reference_knows(dtd_model_kinds[m]); q++) {
      struct bench *b = open_bench_with(dtd_model_kinds[m], norms[q]);
      int units = b->model->detection.shape.units;
      double wanted[BATCH * MOST_UNITS];
      for (int n = 0; n < BATCH; n++)
        relevance_in_loops(wanted + n * units, b, n);
      dtd_model_relevance(b->R_j, b->model, &b->site);
      assert_close_by(name_of(b), b->R_j, wanted, BATCH * units, 1e-5);
      known += q == 0;
    }
  assert_int_equal(known, REFERENCE_MODELS);
}

TEST(training_free_explains_by_the_networks_weights) {
  for (int m = 0; dtd_model_kinds[m]; m++) {
    struct bench *b = open_bench(dtd_model_kinds[m]);
    assert_true(b->model->kind->trained ==
                (b->model->detection.w != b->layer.w));
  }
}

/* Section 5.2: with sum-pooling c_k is 1 whether it is held fixed or not; with
   max-pooling it makes all the difference. */
TEST(the_pooling_ratio_matters_beyond_sum_pooling) {
  for (int inf = 0; inf < 2; inf++) {
    float norm = inf ? INFINITY : 1;
    struct bench *frozen =
        open_bench_with(dtd_model_kind_find("training-free"), norm);
    struct bench *live =
        open_bench_with(dtd_model_kind_find("training-free-live"), norm);
    double wanted[BATCH * UNITS];
    dtd_model_relevance(frozen->R_j, frozen->model, &frozen->site);
    dtd_model_relevance(live->R_j, live->model, &live->site);
    widen(wanted, frozen->R_j, BATCH * UNITS);
    double distance = relative_distance(live->R_j, wanted, BATCH * UNITS);
    assert_true(inf ? distance > 0.1 : distance < 1e-6);
  }
}

/* c_k moves with the x_j: R_j = x_j dR_k/dx_j by central differences of
   R_k(x) = |x|_q d_k, d_k held as it is (Euler's theorem). */
TEST(live_is_the_euler_decomposition_of_the_norm) {
  const double q = 2.5, h = 1e-6;
  struct bench *b =
      open_bench_with(dtd_model_kind_find("training-free-live"), (float)q);
  dtd_model_relevance(b->R_j, b->model, &b->site);
  for (int k = 1; k < BATCH * POOLS; k++) {
    double x[POOL], d_k = (double)b->R_k[k] / (double)b->x_k[k];
    widen(x, b->x_j + k * POOL, POOL);
    for (int j = 0; j < POOL && b->x_k[k] > 0; j++) {
      double at = x[j];
      x[j] = at + h;
      double above = dtd_reference_pool(x, POOL, q) * d_k;
      x[j] = fabs(at - h);
      double below = dtd_reference_pool(x, POOL, q) * d_k;
      x[j] = at;
      double wanted = at * (above - below) / (2 * h);
      assert_true(fabs(b->R_j[k * POOL + j] - wanted) <= 1e-5);
    }
  }
}

/* ---- learning ---- */

/* Mean over the batch of sum_k (Rhat_k - R_k)^2, in double by the reference or,
   for a kind that it does not know, by the model's own R_j. */
static double loss_of(struct bench *b) {
  int pool = b->model->detection.shape.pool,
      units = b->model->detection.shape.units;
  bool known = reference_knows(b->model->kind);
  double R_j[MOST_UNITS], sum = 0;
  if (!known) dtd_model_relevance(b->R_j, b->model, &b->site);
  for (int n = 0; n < BATCH; n++) {
    if (known)
      relevance_in_loops(R_j, b, n);
    else
      widen(R_j, b->R_j + n * units, units);
    for (int k = 0; k < POOLS; k++) {
      double error = -(double)b->R_k[n * POOLS + k];
      for (int j = 0; j < pool; j++) error += R_j[k * pool + j];
      sum += error * error / BATCH;
    }
  }
  return sum;
}

/* dL/d(*at) by central differences. */
static double slope_of(struct bench *b, float *at) {
  const float h = reference_knows(b->model->kind) ? 1e-4f : 1e-2f;
  float before = *at;
  volatile float up = before + h, down = before - h;
  *at = up;
  double above = loss_of(b);
  *at = down;
  double below = loss_of(b);
  *at = before;
  return (above - below) / ((double)up - (double)down);
}

/* Every parameter of every kind that learns. */
TEST(gradients_equal_finite_differences) {
  struct bench *b;
  for (int m = 0; (b = next_bench(&m, true));) {
    double tolerance = reference_knows(b->model->kind) ? 1e-4 : 2e-2;
    struct dtd_relevance_model *gradient = own_relevance_model(
        dtd_relevance_model_like(b->model, &b->layer, BATCH));
    double loss = learn(gradient, 1, b);
    assert_true(fabs(loss - loss_of(b)) < 1e-5 * loss);
    for (int n = 0; n < b->model->parameters; n++) {
      const struct dtd_parameter *p = &b->model->parameter[n];
      long count = (long)(p->inputs ? p->inputs : 1) * p->units, steep = 0;
      for (long i = 0; i < count; i++) {
        double slope = slope_of(b, &p->values[i]);
        double found = gradient->parameter[n].values[i];
        if (!(fabs(found - slope) < tolerance * fmax(1, fabs(slope))))
          fail_msg("%s[%ld]: gradient %g, slope %g", p->name, i, found, slope);
        steep += fabs(slope) > 1e-3;
      }
      if (steep <= count / 10)
        fail_msg("%s: %ld of %ld have a slope", p->name, steep, count);
    }
  }
}

/* min(0, .) passes no gradient on where a_j is cut off; without a ceiling every
   a_j of an active unit learns. */
TEST(only_inhibition_learns_unless_signs_are_free) {
  const char *const names[] = {"minmax", "minmax-any-sign"};
  for (int m = 0; m < 2; m++) {
    struct bench *b = open_bench(dtd_model_kind_find(names[m]));
    struct dtd_relevance_model *gradient = own_relevance_model(
        dtd_relevance_model_like(b->model, &b->layer, BATCH));
    for (int j = 0; j < UNITS; j++) b->model->top_down_bias[j] = 1e3f;
    learn(gradient, 1, b);
    int still = 0;
    for (int j = 0; j < UNITS; j++) still += gradient->top_down_bias[j] == 0;
    assert_int_equal(still, m ? 0 : UNITS);
  }
}

/* Twenty steps from ink, folded, end where twenty from images do. */
TEST(folded_models_learn_alike) {
  for (int m = 0; dtd_model_kinds[m]; m++) {
    if (!dtd_model_kinds[m]->trained) continue;
    struct bench *dense = open_bench(dtd_model_kinds[m]);
    struct bench *folded = open_bench(dtd_model_kinds[m]);
    struct dtd_ink *ink = own_ink(dtd_ink_new(INPUTS, BATCH));
    dtd_ink_gather(ink, folded->x_i, -0.5f, BATCH);
    dtd_relevance_model_store(folded->model, &dtd_folded, -0.5f);
    folded->site.x_i = dtd_inked(ink);
    for (int step = 0; step < 20; step++) {
      double error = learn(dense->model, -0.01f, dense);
      double other = learn(folded->model, -0.01f, folded);
      assert_true(fabs(other - error) < 1e-5 * error);
    }
    int units = dense->model->detection.shape.units;
    dtd_model_relevance(dense->R_j, dense->model, &dense->site);
    dtd_model_relevance(folded->R_j, folded->model, &folded->site);
    assert_close_floats(folded->R_j, dense->R_j, BATCH * units, 1e-5);
    for (int n = 0; n < folded->model->parameters; n++) {
      const struct dtd_parameter *p = &folded->model->parameter[n];
      long count = (long)(p->inputs ? p->inputs : 1) * p->units;
      if (p->weights) dtd_weights_write(p->weights);
      assert_close_floats(p->values, dense->model->parameter[n].values, count,
                          1e-5);
    }
  }
}

TEST(learning_lowers_the_error) {
  struct bench *b;
  for (int m = 0; (b = next_bench(&m, true));) {
    double before = loss_of(b);
    for (int step = 0; step < 200; step++) learn(b->model, -0.01f, b);
    double share = strcmp(name_of(b), "minmax") ? 0.75 : 0.25;
    if (!(loss_of(b) < share * before))
      fail_msg("%s: error from %g to %g", name_of(b), before, loss_of(b));
  }
}

/* a_j = d_j <= 0, though the error would fall faster with some d_j above. */
TEST(without_context_no_unit_is_excited) {
  struct bench *b = open_bench(dtd_model_kind_find("minmax-no-context"));
  int at_zero = 0, below = 0;
  assert_null(b->model->top_down);
  for (int step = 0; step < 50; step++) {
    learn(b->model, -0.01f, b);
    for (int j = 0; j < UNITS; j++)
      assert_true(b->model->top_down_bias[j] <= 0);
  }
  for (int j = 0; j < UNITS; j++) {
    at_zero += b->model->top_down_bias[j] == 0;
    below += b->model->top_down_bias[j] < 0;
  }
  assert_true(at_zero > 0 && below > 0);
}

TEST(neighbours_never_learn_from_their_own_pool) {
  struct bench *b = open_bench(dtd_model_kind_find("minmax-neighbours"));
  for (int step = 0; step < 5; step++) {
    for (int k = 0; k < POOLS; k++)
      for (int j = 0; j < UNITS; j++)
        assert_true((b->model->top_down[k * UNITS + j] == 0) ==
                    (j / POOL == k));
    learn(b->model, -0.01f, b);
  }
}

/* All v_lj of a unit held equal: the same predictions, and the mean of what
   5.1 would have learned, step for step. */
TEST(pooled_is_min_max_with_equal_top_down_weights) {
  struct bench *pooled = open_bench(dtd_model_kind_find("minmax-pooled"));
  struct bench *whole = open_bench(dtd_model_kind_find("minmax"));
  const float root = sqrtf(UPPER);
  memcpy(whole->model->detection.w, pooled->model->detection.w,
         INPUTS * UNITS * sizeof(float));
  memcpy(whole->model->top_down_bias, pooled->model->top_down_bias,
         UNITS * sizeof(float));
  for (int i = 0; i < UPPER * UNITS; i++)
    whole->model->top_down[i] = pooled->model->top_down[i % UNITS] / root;
  double error = learn(pooled->model, -0.01f, pooled);
  assert_true(fabs(learn(whole->model, -0.01f, whole) - error) < 1e-5 * error);
  for (int j = 0; j < UNITS; j++) {
    double sum = 0;
    for (int l = 0; l < UPPER; l++)
      sum += whole->model->top_down[l * UNITS + j];
    assert_true(fabs(sum / root - pooled->model->top_down[j]) < 1e-5);
  }
}

TEST(shared_starts_from_the_network_and_learns_on) {
  struct bench *b = open_bench(dtd_model_kind_find("minmax-shared"));
  const float *w = b->layer.w, *v = b->model->detection.w;
  size_t size = INPUTS * UNITS * sizeof *w;
  float *before = test_copy(w, 1, size);
  assert_memory_equal(v, w, size);
  learn(b->model, -0.01f, b);
  assert_memory_equal(w, before, size);
  assert_memory_not_equal(v, w, size);
}

TEST(units_are_as_many_as_asked_for) {
  for (int m = 0; dtd_model_kinds[m]; m++) {
    struct bench *b = open_bench(dtd_model_kinds[m]);
    int pool = b->model->kind->own_pool ? OWN_POOL : POOL;
    assert_int_equal(b->model->detection.shape.pool, pool);
    assert_int_equal(b->model->detection.shape.units, POOLS * pool);
  }
  assert_true(dtd_model_kind_find("minmax-units")->own_pool);
}

/* Root mean square of `count` values over `deviation`, which is 1 up to five of
   its standard deviations. */
static void assert_deviates(const float *x, long count, double deviation) {
  double squares = 0;
  for (long i = 0; i < count; i++) squares += (double)x[i] * (double)x[i];
  double ratio = sqrt(squares / count) / deviation;
  assert_true(fabs(ratio - 1) < 5 / sqrt(2.0 * count));
}

TEST(starting_values_have_their_deviations) {
  struct bench *b = open_bench(dtd_model_kind_find("minmax"));
  b->model->kind->initialise(b->model, 9, 0.5, 0.01);
  assert_deviates(b->model->detection.w, INPUTS * UNITS, 0.5);
  assert_deviates(b->model->top_down, UPPER * UNITS, 0.01);
  for (int j = 0; j < UNITS; j++) assert_true(b->model->top_down_bias[j] == 0);
}

/* ---- names ---- */

/* NAME.weight first, and every parameter with its own starting values: streams
   are named after the model. */
TEST(parameters_are_named_after_their_model) {
  float start[16];
  int starts = 0;
  struct bench *b;
  for (int m = 0; (b = next_bench(&m, true));) {
    size_t length = strlen(name_of(b));
    assert_true(length <= DTD_MOST_MODEL_NAME);
    assert_int_equal(
        strspn(name_of(b), "abcdefghijklmnopqrstuvwxyz0123456789-"), length);
    assert_string_equal(b->model->parameter[0].name + length, ".weight");
    assert_ptr_equal(b->model->parameter[0].values, b->model->detection.w);
    for (int n = 0; n < b->model->parameters; n++) {
      assert_memory_equal(b->model->parameter[n].name, name_of(b), length);
      assert_true(b->model->parameter[n].name[length] == '.');
    }
    assert_true(starts < 16);
    start[starts++] = b->model->detection.w[0];
    for (int n = 0; n + 1 < starts; n++)
      assert_true(start[n] != start[starts - 1]);
  }
  assert_true(starts > 1);
}

TEST(the_tensors_of_min_max_are_named_as_ever) {
  const char *const names[] = {"minmax.weight", "minmax.top_down",
                               "minmax.top_down_bias"};
  struct bench *b = open_bench(dtd_model_kind_find("minmax"));
  assert_int_equal(b->model->parameters, 3);
  for (int n = 0; n < 3; n++)
    assert_string_equal(b->model->parameter[n].name, names[n]);
}

TEST(too_large_a_batch_dies) {
  for (int m = 0; dtd_model_kinds[m]; m++) {
    struct bench *b = open_bench(dtd_model_kinds[m]);
    b->site.batch = BATCH + 1;
    assert_dies(1, "a batch of 7 exceeds 6",
                dtd_model_relevance(b->R_j, b->model, &b->site));
  }
}

TEST(names_are_found_or_listed) {
  for (int m = 0; dtd_model_kinds[m]; m++)
    assert_ptr_equal(dtd_model_kind_find(dtd_model_kinds[m]->name),
                     dtd_model_kinds[m]);
  assert_dies(2, "use one of minmax, training-free",
              dtd_model_kind_find("min-max"));
}
