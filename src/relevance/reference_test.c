/* Holds the reference to networks worked by hand, to the paper's propositions
   and to finite differences, all in double. */

#include "base/test.h"
#include "network/test_network.h"
#include "relevance/test_models.h"
#include "relevance/test_reference.h"
#include "base/test_numbers.h"
#include "network/network.h"
#include "relevance/reference.h"
#include "relevance/relevance_model.h"

static const double EXACT = 1e-12;
static const char *const rules[] = {"w^2", "z+", "zB"};
enum { RULES = 3 };

static void assert_all_near(const double *values, const double *wanted,
                            int count) {
  for (int i = 0; i < count; i++) assert_near(values[i], wanted[i], EXACT);
}

static double sum(const double *values, int count) {
  double total = 0;
  for (int i = 0; i < count; i++) total += values[i];
  return total;
}

/* ---- worked by hand ---- */

/* Two inputs, two pools of two, and one pool of two above. */
static struct dtd_reference *by_hand(float q) {
  const struct dtd_layer_shape shape[] = {LAYER_NORM(2, 4, 2, q),
                                          LAYER(2, 2, 2)};
  const double w[] = {1, 2, -1, 0, 1, -1, 1, 0.5}, b[] = {0, -1, 0, -0.5};
  const double upper_w[] = {1, 1, -1, 2}, upper_b[] = {0, -1};
  struct dtd_network *zeros = new_network(shape, 2);
  struct dtd_reference *r = new_reference(zeros);
  memcpy(r->layer[0].w, w, sizeof w);
  memcpy(r->layer[0].b, b, sizeof b);
  memcpy(r->layer[1].w, upper_w, sizeof upper_w);
  memcpy(r->layer[1].b, upper_b, sizeof upper_b);
  return r;
}

/* A min-max model of its first layer, with v = w, in pools of two. */
static struct dtd_reference_model *min_max_by_hand(void) {
  const struct dtd_layer_shape shape[] = {LAYER(2, 4, 2), LAYER(2, 2, 2)};
  const double v[] = {1, 2, -1, 0, 1, -1, 1, 0.5},
               v_l[] = {1, 0, -2, 0, 0, 0, 0.5, 1};
  const double d[] = {-2, -1, 0, -5.25};
  struct dtd_network *net = new_network(shape, 2);
  struct dtd_relevance_model *zeros =
      new_relevance_model(dtd_model_kind_find("minmax"), &net->layer[0], 2, 1);
  struct dtd_reference_model *m = new_reference_model(zeros);
  memcpy(m->v, v, sizeof v);
  memcpy(m->v_l, v_l, sizeof v_l);
  memcpy(m->d, d, sizeof d);
  return m;
}

TEST(forward_and_backward_are_as_by_hand) {
  struct dtd_reference *r = by_hand(1);
  assert_near(dtd_reference_forward(r, (double[]){1, 2}), 6.5, 0);
  assert_all_near(r->layer[0].z_j, (double[]){3, -1, 1, 0.5}, 4);
  assert_all_near(r->layer[0].x_j, (double[]){3, 0, 1, 0.5}, 4);
  assert_all_near(r->layer[1].x_i, (double[]){3, 1.5}, 2);
  assert_all_near(r->layer[1].x_j, (double[]){1.5, 5}, 2);
  dtd_reference_backward(r);
  assert_all_near(r->layer[0].d_k, (double[]){2, 1}, 2);
  assert_all_near(r->layer[0].d_j, (double[]){2, 0, 1, 1}, 4);
  assert_all_near(r->layer[0].d_i, (double[]){1, 3.5}, 2);
}

TEST(relevance_is_as_by_hand) {
  const double R_p[RULES][2] = {
      {17 / 6., 11 / 3.}, {4 / 3., 31 / 6.}, {34 / 15., 127 / 30.}};
  struct dtd_reference *r = by_hand(1);
  dtd_reference_forward(r, (double[]){1, 2});
  for (int rule = 0; rule < RULES; rule++) {
    dtd_reference_decompose(r, NULL, rules[rule], -1, 3);
    assert_all_near(r->layer[1].R_j, (double[]){1.5, 5}, 2);
    assert_all_near(r->layer[0].R_k, (double[]){4, 2.5}, 2);
    assert_all_near(r->layer[0].R_j, (double[]){4, 0, 5 / 3., 5 / 6.}, 4);
    assert_all_near(r->layer[0].R_i, R_p[rule], 2);
    assert_near(dtd_reference_d(&r->layer[1], 0), 4 / 3., EXACT);
    assert_near(dtd_reference_d(&r->layer[1], 1), 5 / 3., EXACT);
  }
}

TEST(pooling_is_as_by_hand) {
  const double x_j[] = {3, 4};
  assert_near(dtd_reference_pool(x_j, 2, 1), 7, EXACT);
  assert_near(dtd_reference_pool(x_j, 2, 2), 5, EXACT);
  assert_near(dtd_reference_pool(x_j, 2, INFINITY), 4, EXACT);
  double x[2] = {3, 4}, z[2], x_k = 5, R_k = 14, R_j[2];
  struct dtd_reference_layer layer = {.units = 2, .pools = 1, .q = 2};
  layer.x_j = x, layer.z_j = z, layer.x_k = &x_k;
  layer.R_k = &R_k, layer.R_j = R_j;
  assert_near(dtd_reference_c(&layer, 0), 5 / 7., EXACT);
  dtd_reference_training_free(&layer);
  assert_all_near(R_j, (double[]){6, 8}, 2);
}

/* The largest of a pool has the whole slope. */
TEST(a_maximum_passes_its_slope_to_one_unit) {
  struct dtd_reference *r = by_hand(INFINITY);
  assert_near(dtd_reference_forward(r, (double[]){1, 2}), 6, 0);
  dtd_reference_backward(r);
  assert_all_near(r->layer[0].d_j, (double[]){2, 0, 1, 0}, 4);
}

/* A bias above 0 keeps its share (6.2); a bias below 0 has none. */
TEST(a_positive_bias_keeps_its_share) {
  const double x[] = {1, 2}, w[] = {1, 1}, R_j = 4, up = 1, down = -1;
  double R_i[2];
  dtd_reference_rule(R_i, x, &R_j, w, &up, "z+", 0, 0, 2, 1);
  assert_all_near(R_i, (double[]){1, 2}, 2);
  dtd_reference_rule(R_i, x, &R_j, w, &down, "z+", 0, 0, 2, 1);
  assert_all_near(R_i, (double[]){4 / 3., 8 / 3.}, 2);
  dtd_reference_rule(R_i, x, &R_j, w, &up, "w^2", 0, 0, 2, 1);
  assert_all_near(R_i, (double[]){2, 2}, 2);
}

TEST(unknown_rules_give_no_number) {
  assert_true(isnan(dtd_reference_q("flat", 1, 1, 0, 1)));
  assert_true(isnan(dtd_reference_direction("flat", 1, 1, 0, 1)));
}

/* ---- random networks ---- */

static double draw(struct dtd_rng *rng, double low, double high) {
  return low + (high - low) * dtd_rng_uniform(rng);
}

/* Three layers of pooling norm q, then its one-layer kin of sum-pooling, with
   weights on [-1, 1) and biases on [-0.3, 0). */
static struct dtd_reference *random_reference(int depth, float q,
                                              struct dtd_rng *rng) {
  const struct dtd_layer_shape deep[] = {
      LAYER_NORM(12, 9, 3, q), LAYER_NORM(3, 8, 2, q), LAYER(4, 6, 6)};
  const struct dtd_layer_shape flat = LAYER(12, 9, 9);
  struct dtd_network *zeros = new_network(depth == 1 ? &flat : deep, depth);
  struct dtd_reference *r = new_reference(zeros);
  for (int n = 0; n < depth; n++) {
    struct dtd_reference_layer *l = &r->layer[n];
    for (int i = 0; i < l->inputs * l->units; i++) l->w[i] = draw(rng, -1, 1);
    for (int j = 0; j < l->units; j++) l->b[j] = draw(rng, -0.3, 0);
  }
  return r;
}

/* An image of the rule's domain: x >= 0 for z+, else -0.5 <= x <= 1.5, with
   every fourth pixel on the edge. */
static void draw_image(double *x, const char *rule, struct dtd_rng *rng) {
  double low = strcmp(rule, "z+") ? -0.5 : 0;
  for (int i = 0; i < 12; i++) x[i] = i % 4 ? draw(rng, low, 1.5) : low;
}

/* Propositions 1 to 3: each rule is Taylor decomposition (Eq. 12) at a root
   that lies in the rule's domain, and is consistent (Definition 3). */
TEST(rules_are_taylor_decompositions_at_their_roots) {
  struct dtd_rng rng = dtd_rng_open(1, "test/reference", 0);
  int active = 0;
  for (int n = 0; n < 60; n++) {
    const char *rule = rules[n % RULES];
    struct dtd_reference *r = random_reference(1, 1, &rng);
    struct dtd_reference_layer *l = &r->layer[0];
    double x[12], root[12], taylor[12] = {0};
    draw_image(x, rule, &rng);
    double f = dtd_reference_forward(r, x);
    dtd_reference_decompose(r, NULL, rule, -0.5, 1.5);
    assert_all_near(l->R_j, l->x_j, 9); /* Eq. 10 */
    for (int j = 0; j < 9; j++) {
      if (l->z_j[j] <= 0) continue;
      double t = dtd_reference_root(root, l, j, rule, -0.5, 1.5);
      double z = l->b[j], squares = 0;
      active++;
      for (int i = 0; i < 12; i++) {
        double w = l->w[i * 9 + j];
        z += root[i] * w, squares += w * w;
        taylor[i] += w * (x[i] - root[i]); /* Eq. 12 */
        if (!strcmp(rule, "z+")) assert_true(root[i] >= 0);
        if (!strcmp(rule, "zB")) assert_true(root[i] >= -0.5 && root[i] <= 1.5);
      }
      assert_near(z, 0, EXACT);
      if (!strcmp(rule, "w^2"))
        assert_near(t, l->z_j[j] / squares, EXACT); /* the nearest: along w */
      else
        assert_true(t > 0 && t <= 1); /* on the paper's segment */
    }
    assert_all_near(l->R_i, taylor, 12);
    assert_near(sum(l->R_i, 12), f, EXACT);
    for (int i = 0; i < 12; i++) assert_true(l->R_i[i] >= 0);
  }
  assert_true(active > 100);
}

/* Every layer of a deep network conserves f, with relevance that is nowhere
   negative, and R_k = (sum_j x_j) c_k d_k (5.2). */
TEST(the_walk_is_consistent) {
  struct dtd_rng rng = dtd_rng_open(2, "test/reference", 0);
  const float norms[] = {1, 2.5f, INFINITY};
  double total = 0;
  for (int n = 0; n < 60; n++) {
    const char *rule = rules[n % RULES];
    struct dtd_reference *r = random_reference(3, norms[n / 20], &rng);
    double x[12], f;
    draw_image(x, rule, &rng);
    total += f = dtd_reference_forward(r, x);
    dtd_reference_decompose(r, NULL, rule, -0.5, 1.5);
    for (int m = 0; m < 3; m++) {
      const struct dtd_reference_layer *l = &r->layer[m];
      assert_near(sum(l->R_j, l->units), f, EXACT * (1 + f));
      assert_near(sum(l->R_i, l->inputs), f, EXACT * (1 + f));
      for (int j = 0; j < l->units; j++) assert_true(l->R_j[j] >= 0);
      for (int i = 0; i < l->inputs; i++) assert_true(l->R_i[i] >= 0);
      int pool = l->units / l->pools;
      for (int k = 0; k < l->pools && m < 2; k++) {
        double x_j = sum(l->x_j + k * pool, pool),
               d_k = dtd_reference_d(l + 1, k);
        if (x_j > 0)
          assert_near(x_j * dtd_reference_c(l, k) * d_k, l->R_k[k],
                      EXACT * (1 + f));
      }
    }
  }
  assert_true(total > 1);
}

TEST(without_a_score_there_is_no_relevance) {
  struct dtd_reference *r = by_hand(1);
  assert_near(dtd_reference_forward(r, (double[]){0, 0}), 0, 0);
  for (int i = 0; i < 2; i++) r->layer[0].R_i[i] = 7;
  dtd_reference_decompose(r, NULL, "zB", -1, 3);
  assert_all_near(r->layer[0].R_i, (double[]){0, 0}, 2);
  struct dtd_reference_model *m = min_max_by_hand();
  for (int i = 0; i < 8; i++) m->v[i] = -1;
  for (int j = 0; j < 4; j++) m->d[j] = 0;
  dtd_reference_forward(r, (double[]){-0.5, -0.5}); /* f is 0, y_j is not */
  dtd_reference_min_max(m, r->layer[0].x_i, (double[]){0, 0});
  assert_near(sum(m->Rhat_k, 2), 4, EXACT);
  dtd_reference_decompose(r, m, "w^2", -1, 3);
  assert_all_near(r->layer[0].R_i, (double[]){0, 0}, 2);
}

/* ---- gradients ---- */

enum { TARGET = 5 };

static double loss(struct dtd_reference *r, const double *x) {
  return pow(dtd_reference_forward(r, x) - TARGET, 2);
}

TEST(gradients_equal_finite_differences) {
  struct dtd_rng rng = dtd_rng_open(3, "test/reference", 0);
  const double h = 1e-6;
  double steep = 0;
  for (int n = 0; n < 6; n++) {
    struct dtd_reference *r = random_reference(3, n % 2 ? 2 : 1, &rng);
    double x[12];
    draw_image(x, "zB", &rng);
    dtd_reference_forward(r, x);
    dtd_reference_backward(r);
    dtd_reference_learn(r, TARGET);
    double d_x[12];
    memcpy(d_x, r->layer[0].d_i, sizeof d_x);
    for (long i = 0; i < r->count; i++) {
      double at = r->parameters[i], above, below;
      r->parameters[i] = at + h, above = loss(r, x);
      r->parameters[i] = at - h, below = loss(r, x);
      r->parameters[i] = at;
      assert_near(r->gradient[i], (above - below) / (2 * h), 1e-6);
      steep += fabs(r->gradient[i]) > 0.1;
    }
    for (int i = 0; i < 12; i++)
      assert_near(d_x[i], reference_slope(r, x, i), 1e-6);
  }
  assert_true(steep > 100);
}

/* A step goes down the gradient, keeps b <= 0 and forgets the gradient. */
TEST(a_step_descends_and_keeps_biases_nonpositive) {
  struct dtd_reference *r = by_hand(1);
  double before = loss(r, (double[]){1, 2}); /* f = 6.5 > 5 */
  dtd_reference_backward(r);
  dtd_reference_learn(r, TARGET);
  assert_near(r->layer[0].dw[0], 2 * 1.5 * 2, EXACT); /* 2 (f - t) d_j x_i */
  dtd_reference_learn(r, TARGET);
  assert_near(r->layer[0].dw[0], 2 * 6, EXACT); /* of two examples: the sum */
  assert_near(r->layer[0].db[0], 2 * 6, EXACT);
  dtd_reference_step(r, 0.005);
  assert_near(r->layer[0].w[0], 1 - 0.06, EXACT);
  assert_near(r->layer[0].b[0], -0.06, EXACT);
  assert_true(r->layer[0].dw[0] == 0 && loss(r, (double[]){1, 2}) < before);
  dtd_reference_backward(r);
  dtd_reference_learn(r, 100); /* now biases would rise */
  dtd_reference_step(r, 0.1);
  assert_true(r->layer[0].b[0] == 0);
}

/* ---- the min-max model ---- */

TEST(the_min_max_model_is_as_by_hand) {
  struct dtd_reference *r = by_hand(1);
  struct dtd_reference_model *m = min_max_by_hand();
  const double x[] = {1, 2}, R_l[] = {1.5, 5};
  dtd_reference_forward(r, x);
  dtd_reference_decompose(r, m, "z+", 0, 0);
  assert_all_near(m->s_j, (double[]){-0.5, -1, -0.5, -0.25}, 4);
  assert_all_near(m->y_j, (double[]){2.5, 0, 0.5, 0.75}, 4);
  assert_all_near(m->Rhat_k, (double[]){2.5, 1.25}, 2);
  assert_all_near(r->layer[0].R_i, (double[]){2.5 / 3, 5 / 3. + 1.25}, 2);
  assert_near(dtd_reference_model_learn(m, x, R_l, (double[]){2, 1.25}), 0.25,
              EXACT); /* the second pool has no error, hence no gradient */
  assert_all_near(m->dv, (double[]){1, 0, 0, 0, 2, 0, 0, 0}, 8);
  assert_all_near(m->dv_l, (double[]){1.5, 0, 0, 0, 5, 0, 0, 0}, 8);
  assert_all_near(m->dd, (double[]){1, 0, 0, 0}, 4);
  dtd_reference_model_step(m, 0.1);
  assert_near(m->v[0], 0.9, EXACT);
  assert_near(m->d[0], -2.1, EXACT);
  assert_true(m->dv[0] == 0);
}

/* a_j = min(0, s_j): what is above excites no unit, and has no slope then. */
TEST(a_top_down_term_never_excites) {
  struct dtd_reference_model *m = min_max_by_hand();
  const double x[] = {1, 2}, R_l[] = {9, 0};
  dtd_reference_min_max(m, x, R_l);
  assert_near(m->s_j[0], 7, EXACT);
  assert_near(m->y_j[0], 3, EXACT);
  dtd_reference_model_learn(m, x, R_l, (double[]){0, 0});
  assert_near(m->dv[0], 6, EXACT);
  assert_true(m->dv_l[0] == 0 && m->dd[0] == 0);
}

TEST(min_max_gradients_equal_finite_differences) {
  struct dtd_rng rng = dtd_rng_open(4, "test/reference", 0);
  struct dtd_reference_model *m = min_max_by_hand();
  const double h = 1e-6, R_k[] = {2, 0.5};
  int steep = 0;
  for (int n = 0; n < 20; n++) {
    double x[] = {draw(&rng, 0, 3), draw(&rng, 0, 3)};
    double R_l[] = {draw(&rng, 0, 3), draw(&rng, 0, 3)};
    for (long i = 0; i < m->count; i++) {
      double at = m->parameters[i], side[2];
      for (int s = 0; s < 2; s++) {
        m->parameters[i] = at + (s ? h : -h);
        dtd_reference_min_max(m, x, R_l);
        side[s] = dtd_reference_model_learn(m, x, R_l, R_k);
      }
      m->parameters[i] = at;
      dtd_reference_model_step(m, 0); /* forgets the gradient */
      dtd_reference_min_max(m, x, R_l);
      dtd_reference_model_learn(m, x, R_l, R_k);
      assert_near(m->gradient[i], (side[1] - side[0]) / (2 * h), 1e-6);
      steep += fabs(m->gradient[i]) > 0.1;
      dtd_reference_model_step(m, 0);
    }
  }
  assert_true(steep > 50);
}

/* ---- reading what the library has ---- */

TEST(parameters_are_copied) {
  const struct dtd_layer_shape shape[] = {LAYER_NORM(3, 4, 2, 2),
                                          LAYER(2, 2, 2)};
  struct dtd_network *net = new_network(shape, 2);
  dtd_network_initialise(net, 1, 1);
  net->layer[0].b[3] = -0.25f;
  struct dtd_relevance_model *model =
      new_relevance_model(dtd_model_kind_find("minmax"), &net->layer[0], 2, 1);
  model->kind->initialise(model, 1, 1, 1);
  model->top_down_bias[3] = -0.5f;
  struct dtd_reference *r = new_reference(net);
  struct dtd_reference_model *m = new_reference_model(model);
  assert_int_equal(r->count, 16 + 6);
  assert_true(r->layer[0].q == 2 && r->layer[0].pools == 2);
  assert_ptr_equal(r->layer[0].x_k, r->layer[1].x_i);
  assert_true(relative_distance(net->layer[0].w, r->layer[0].w, 12) == 0);
  assert_true(relative_distance(net->layer[1].w, r->layer[1].w, 4) == 0);
  assert_true(r->layer[0].b[3] == -0.25);
  assert_int_equal(m->count, 12 + 8 + 4);
  assert_true(relative_distance(model->detection.w, m->v, 12) == 0);
  assert_true(relative_distance(model->top_down, m->v_l, 8) == 0);
  assert_true(m->d[3] == -0.5);
  net->layer[1].b[1] = -0.75f;
  dtd_reference_read(r, net);
  assert_true(r->layer[1].b[1] == -0.75 && r->parameters[21] == -0.75);
}
