/* Holds every relevance model to its definition, in plain double loops. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assert_dies.h"
#include "memory.h"
#include "plain_twin.h"
#include "relevance_model.h"

enum { BATCH = 6, INPUTS = 14, UNITS = 12, POOL = 3, UPPER = 7 };
enum { POOLS = UNITS / POOL };

/* A layer with a batch of inputs, its activations, and relevances from above.
 */
struct bench {
  struct dtd_layer layer;
  struct dtd_relevance_model *model;
  struct dtd_site site;
  float w[INPUTS * UNITS], b[UNITS];
  float x_i[BATCH * INPUTS], x_j[BATCH * UNITS], x_k[BATCH * POOLS];
  float R_k[BATCH * POOLS], R_l[BATCH * UPPER], R_j[BATCH * UNITS];
};

static struct bench *open_bench(const struct dtd_model_kind *kind) {
  struct bench *b = dtd_new(1, sizeof *b);
  struct dtd_rng rng = dtd_rng_open(4, "test/model", 0);
  b->layer = (struct dtd_layer){INPUTS, UNITS, POOL, 1, b->w, b->b};
  twin_fill(b->w, INPUTS * UNITS, -1, 1, &rng);
  twin_fill(b->b, UNITS, -0.5, 0, &rng);
  twin_fill(b->x_i, BATCH * INPUTS, -0.5, 1.5, &rng);
  twin_fill(b->x_j, BATCH * UNITS, -1, 2, &rng);
  for (int j = 0; j < BATCH * UNITS; j++)
    b->x_j[j] = b->x_j[j] > 0 && j >= POOL ? b->x_j[j] : 0; /* pool 0 is off */
  dtd_pool(b->x_k, b->x_j, &b->layer, BATCH);
  twin_fill(b->R_l, BATCH * UPPER, -1, 2, &rng);
  for (int l = 0; l < BATCH * UPPER; l++)
    b->R_l[l] = b->R_l[l] > 0 ? b->R_l[l] : 0;
  twin_fill(b->R_k, BATCH * POOLS, 0, 3, &rng);
  b->R_k[0] = 0;
  b->site = (struct dtd_site){.batch = BATCH,
                              .x_i = b->x_i,
                              .x_j = b->x_j,
                              .x_k = b->x_k,
                              .R_k = b->R_k,
                              .R_l = b->R_l};
  b->model = dtd_relevance_model_new(kind, &b->layer, UPPER, BATCH);
  if (kind->initialise) {
    kind->initialise(b->model, 9, 0.5, 0.5);
    twin_fill(b->model->top_down_bias, UNITS, -0.5, 0.5, &rng);
  }
  return b;
}

static void close_bench(struct bench *b) {
  dtd_relevance_model_free(b->model);
  free(b);
}

/* What a learner does with a batch. */
static double learn(struct dtd_relevance_model *into, float scale,
                    struct bench *b) {
  const struct dtd_model_kind *kind = b->model->kind;
  if (kind->see) kind->see(b->model, &b->site);
  return kind->learn(into, scale, b->model, &b->site);
}

static void models_that_conserve_share_out_R_k(void **state) {
  (void)state;
  for (int m = 0; dtd_model_kinds[m]; m++) {
    struct bench *b = open_bench(dtd_model_kinds[m]);
    dtd_model_relevance(b->R_j, b->model, &b->site);
    for (int k = 0; k < BATCH * POOLS; k++) {
      double sum = 0;
      for (int j = 0; j < POOL; j++) {
        assert_true(b->R_j[k * POOL + j] >= 0);
        sum += (double)b->R_j[k * POOL + j];
      }
      if (b->model->kind->conservative && b->x_k[k] > 0)
        assert_true(fabs(sum - (double)b->R_k[k]) <= 1e-6 * (double)b->R_k[k]);
    }
    close_bench(b);
  }
}

static void training_free_is_proportional(void **state) {
  (void)state;
  struct bench *b = open_bench(dtd_model_kind_find("training-free"));
  double wanted[BATCH * UNITS];
  dtd_model_relevance(b->R_j, b->model, &b->site);
  for (int k = 0; k < BATCH * POOLS; k++) {
    double sum = 0;
    for (int j = 0; j < POOL; j++) sum += (double)b->x_j[k * POOL + j];
    for (int j = 0; j < POOL; j++)
      wanted[k * POOL + j] =
          sum > 0 ? (double)b->x_j[k * POOL + j] / sum * (double)b->R_k[k] : 0;
  }
  assert_true(twin_distance(b->R_j, wanted, BATCH * UNITS) < 1e-6);
  assert_ptr_equal(b->model->detection.w, b->w);
  close_bench(b);
}

/* The equations of 5.1 for one example; returns sum_k (Rhat_k - R_k)^2. */
static double min_max_error(double *y, const struct bench *b, int n) {
  double x_i[INPUTS], R_l[UPPER], error = 0;
  twin_widen(x_i, b->x_i + n * INPUTS, INPUTS);
  twin_widen(R_l, b->R_l + n * UPPER, UPPER);
  twin_min_max(y, x_i, R_l, b->model);
  for (int k = 0; k < POOLS; k++) {
    double predicted = 0;
    for (int j = 0; j < POOL; j++) predicted += y[k * POOL + j];
    predicted -= (double)b->R_k[n * POOLS + k];
    error += predicted * predicted;
  }
  return error;
}

static double min_max_loss(const struct bench *b) {
  double y[UNITS], sum = 0;
  for (int n = 0; n < BATCH; n++) sum += min_max_error(y, b, n);
  return sum / BATCH;
}

static void min_max_equals_its_equations(void **state) {
  (void)state;
  struct bench *b = open_bench(dtd_model_kind_find("minmax"));
  double y[BATCH * UNITS];
  for (int n = 0; n < BATCH; n++) min_max_error(y + n * UNITS, b, n);
  dtd_model_relevance(b->R_j, b->model, &b->site);
  assert_true(twin_distance(b->R_j, y, BATCH * UNITS) < 1e-5);
  close_bench(b);
}

/* All parameters, by central differences of the twin's loss in double. */
static void min_max_gradient_equals_finite_differences(void **state) {
  (void)state;
  const struct dtd_model_kind *kind = dtd_model_kind_find("minmax");
  struct bench *b = open_bench(kind);
  struct dtd_relevance_model *gradient =
      dtd_relevance_model_new(kind, &b->layer, UPPER, BATCH);
  double loss = learn(gradient, 1, b);
  assert_true(fabs(loss - min_max_loss(b)) < 1e-5 * loss);
  int nonzero[3] = {0}, inhibited = 0;
  for (size_t i = 0; i < b->model->parameter_count; i++) {
    float *at = &b->model->memory[i], before = *at;
    volatile float up = before + 1e-3f, down = before - 1e-3f;
    *at = up;
    double above = min_max_loss(b);
    *at = down;
    double below = min_max_loss(b);
    *at = before;
    double slope = (above - below) / ((double)up - (double)down);
    double found = (double)gradient->memory[i];
    assert_true(fabs(found - slope) < 5e-3 * fmax(1, fabs(slope)));
    int part = i < INPUTS * UNITS ? 0 : i < (INPUTS + UPPER) * UNITS ? 1 : 2;
    nonzero[part] += fabs(slope) > 1e-3;
  }
  for (int i = 0; i < UNITS; i++) inhibited += gradient->top_down_bias[i] == 0;
  assert_true(nonzero[0] > INPUTS * UNITS / 4);
  assert_true(nonzero[1] > UPPER * UNITS / 8 && nonzero[2] > UNITS / 8);
  assert_true(inhibited < UNITS);
  dtd_relevance_model_free(gradient);
  close_bench(b);
}

/* Twenty steps from ink, folded, end where twenty from images do. */
static void folded_models_learn_alike(void **state) {
  (void)state;
  for (int m = 0; dtd_model_kinds[m]; m++) {
    if (!dtd_model_kinds[m]->fold) continue;
    struct bench *dense = open_bench(dtd_model_kinds[m]);
    struct bench *folded = open_bench(dtd_model_kinds[m]);
    struct dtd_ink *ink = dtd_ink_new(INPUTS, BATCH);
    dtd_ink_gather(ink, folded->x_i, -0.5f, BATCH);
    dtd_ink_sort(ink);
    dtd_relevance_model_fold(folded->model, -0.5f);
    folded->site.x_i = NULL;
    folded->site.ink = ink;
    for (int step = 0; step < 20; step++) {
      double error = learn(dense->model, -0.01f, dense);
      double other = learn(folded->model, -0.01f, folded);
      assert_true(fabs(other - error) < 1e-5 * error);
    }
    double R_j[BATCH * UNITS];
    dtd_model_relevance(dense->R_j, dense->model, &dense->site);
    dtd_model_relevance(folded->R_j, folded->model, &folded->site);
    twin_widen(R_j, dense->R_j, BATCH * UNITS);
    assert_true(twin_distance(folded->R_j, R_j, BATCH * UNITS) < 1e-5);
    for (int n = 0; n < folded->model->parameters; n++) {
      const struct dtd_parameter *p = &folded->model->parameter[n];
      double wanted[INPUTS * UNITS];
      long count = (long)(p->inputs ? p->inputs : 1) * p->units;
      if (p->folded) dtd_folded_write(p->folded);
      twin_widen(wanted, dense->model->parameter[n].values, count);
      assert_true(twin_distance(p->values, wanted, count) < 1e-5);
    }
    dtd_ink_free(ink);
    close_bench(dense);
    close_bench(folded);
  }
}

/* dL/dy_j = 2 (Rhat_k - R_k) / batch [y_j > 0], and the chain rule from there,
   added to `wanted` for example n. */
static void min_max_chain_rule(double *wanted, const struct bench *b, int n) {
  const float *x_i = b->x_i + n * INPUTS, *R_l = b->R_l + n * UPPER;
  double y[UNITS];
  min_max_error(y, b, n);
  for (int j = 0; j < UNITS; j++) {
    double before = (double)b->model->top_down_bias[j];
    double error = -(double)b->R_k[n * POOLS + j / POOL];
    for (int l = 0; l < UPPER; l++)
      before += (double)R_l[l] * (double)b->model->top_down[l * UNITS + j];
    for (int i = 0; i < POOL; i++) error += y[j / POOL * POOL + i];
    double d_y = y[j] > 0 ? 2 * error / BATCH : 0, d_a = before < 0 ? d_y : 0;
    for (int i = 0; i < INPUTS; i++)
      wanted[i * UNITS + j] += (double)x_i[i] * d_y;
    for (int l = 0; l < UPPER; l++)
      wanted[(INPUTS + l) * UNITS + j] += (double)R_l[l] * d_a;
    wanted[(INPUTS + UPPER) * UNITS + j] += d_a;
  }
}

static void min_max_gradient_equals_the_chain_rule(void **state) {
  (void)state;
  const struct dtd_model_kind *kind = dtd_model_kind_find("minmax");
  struct bench *b = open_bench(kind);
  struct dtd_relevance_model *gradient =
      dtd_relevance_model_new(kind, &b->layer, UPPER, BATCH);
  double wanted[(INPUTS + UPPER + 1) * UNITS] = {0};
  learn(gradient, 1, b);
  for (int n = 0; n < BATCH; n++) min_max_chain_rule(wanted, b, n);
  const int row[] = {0, INPUTS, INPUTS + UPPER, INPUTS + UPPER + 1};
  for (int part = 0; part < 3; part++)
    assert_true(twin_distance(gradient->memory + row[part] * UNITS,
                              wanted + row[part] * UNITS,
                              (row[part + 1] - row[part]) * UNITS) <= 1e-5);
  dtd_relevance_model_free(gradient);
  close_bench(b);
}

static void learning_lowers_the_error(void **state) {
  (void)state;
  struct bench *b = open_bench(dtd_model_kind_find("minmax"));
  double before = min_max_loss(b);
  for (int step = 0; step < 200; step++) learn(b->model, -0.01f, b);
  assert_true(min_max_loss(b) < before / 4);
  close_bench(b);
}

/* Root mean square of `count` values over `deviation`, which is 1 up to five of
   its standard deviations. */
static void assert_deviates(const float *x, long count, double deviation) {
  double squares = 0;
  for (long i = 0; i < count; i++) squares += (double)x[i] * (double)x[i];
  double ratio = sqrt(squares / (double)count) / deviation;
  assert_true(fabs(ratio - 1) < 5 / sqrt(2.0 * (double)count));
}

static void starting_values_have_their_deviations(void **state) {
  (void)state;
  struct bench *b = open_bench(dtd_model_kind_find("minmax"));
  b->model->kind->initialise(b->model, 9, 0.5, 0.01);
  assert_deviates(b->model->detection.w, INPUTS * UNITS, 0.5);
  assert_deviates(b->model->top_down, UPPER * UNITS, 0.01);
  for (int j = 0; j < UNITS; j++) assert_true(b->model->top_down_bias[j] == 0);
  close_bench(b);
}

static void too_large_a_batch_dies(void **state) {
  (void)state;
  for (int m = 0; dtd_model_kinds[m]; m++) {
    struct bench *b = open_bench(dtd_model_kinds[m]);
    b->site.batch = BATCH + 1;
    assert_dies(1, "a batch of 7 exceeds 6",
                dtd_model_relevance(b->R_j, b->model, &b->site));
    close_bench(b);
  }
}

static void names_are_found_or_listed(void **state) {
  (void)state;
  for (int m = 0; dtd_model_kinds[m]; m++)
    assert_ptr_equal(dtd_model_kind_find(dtd_model_kinds[m]->name),
                     dtd_model_kinds[m]);
  assert_dies(2, "use one of training-free, minmax",
              dtd_model_kind_find("min-max"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(models_that_conserve_share_out_R_k),
      cmocka_unit_test(training_free_is_proportional),
      cmocka_unit_test(min_max_equals_its_equations),
      cmocka_unit_test(min_max_gradient_equals_finite_differences),
      cmocka_unit_test(folded_models_learn_alike),
      cmocka_unit_test(min_max_gradient_equals_the_chain_rule),
      cmocka_unit_test(learning_lowers_the_error),
      cmocka_unit_test(starting_values_have_their_deviations),
      cmocka_unit_test(too_large_a_batch_dies),
      cmocka_unit_test(names_are_found_or_listed),
  };
  return cmocka_run_group_tests_name("relevance_model", tests, NULL, NULL);
}
