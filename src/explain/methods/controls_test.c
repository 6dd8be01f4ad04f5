/* Tests that the control methods conserve f and depend on nothing else. */

#include "base/test.h"
#include "evaluate/measure.h"
#include "explain/test_explainer.h"

enum { P = DTD_PAIR_PIXELS, COUNT = 40 };

struct bench {
  struct dtd_network *net;
  struct dtd_explainer *explainer;
  float *x, *R_p, f[COUNT];
};

static struct bench open_bench(int capacity) {
  const struct dtd_layer_shape shape[] = {LAYER(P, 8, 4), LAYER(2, 5, 5)};
  struct bench b = {.net = random_network(shape, 2, 4)};
  b.explainer = quick_explainer(b.net, NULL, capacity);
  b.x = random_numbers(COUNT * P, -0.5, 1.5, 1, "test/controls");
  b.R_p = test_new(COUNT * P, sizeof *b.R_p);
  return b;
}

TEST(there_are_controls_and_they_come_last) {
  int controls = 0;
  for (int m = 0; dtd_methods[m]; m++) {
    if (controls) assert_true(dtd_methods[m]->control);
    controls += dtd_methods[m]->control;
  }
  assert_true(controls >= 2);
}

TEST(constant_is_f_over_d) {
  struct bench b = open_bench(7);
  dtd_explain(b.R_p, b.f, b.explainer, dtd_method_find("constant"), b.x, COUNT);
  for (int i = 0; i < COUNT * P; i++) /* Eq. 1 */
    assert_near(b.R_p[i], (double)b.f[i / P] / 1568, 1e-7 * b.f[i / P]);
}

TEST(random_is_positive_and_sums_to_f) {
  struct bench b = open_bench(7);
  dtd_explain(b.R_p, b.f, b.explainer, dtd_method_find("random"), b.x, COUNT);
  int scored = 0;
  for (int n = 0; n < COUNT; n++) {
    double sum = 0, f = b.f[n];
    scored += f > 0;
    for (int p = 0; p < P; p++) {
      double R = b.R_p[n * P + p];
      assert_true(f > 0 ? R > 0 : R == 0);
      sum += R;
    }
    assert_true(fabs(sum - f) <= 1e-6 * f);
  }
  assert_true(scored > COUNT / 4);
}

/* u uniform on (0, 1] over 1568 pixels: a half holds 1/2 with deviation
   sqrt(1/12) / (1/2) / sqrt(1568) / 2 = .0073; the strongest 1 % hold .0203,
   the mean of the top hundredth being .995; the pixels above u = sqrt(.1) hold
   90 %.
 */
TEST(random_has_the_measures_of_uniform_numbers) {
  struct bench b = open_bench(COUNT);
  bool never_inked[P] = {0};
  struct dtd_pair pair = {.is_target = {true, false}};
  dtd_explain(b.R_p, b.f, b.explainer, dtd_method_find("random"), b.x, COUNT);
  double share = 0, top = 0, spread = 0;
  int scored = 0;
  for (int n = 0; n < COUNT; n++) {
    if (!(b.f[n] > 0)) continue;
    struct dtd_measures m =
        dtd_measure(b.R_p + n * P, b.f[n], b.x + n * P, &pair, never_inked);
    scored++;
    share += m.target_share, top += m.top_share, spread += m.spread;
  }
  assert_true(fabs(share / scored - 0.5) < 5 * 0.0073 / sqrt(scored));
  assert_true(fabs(top / scored - 0.0203) < 0.0004);
  assert_true(fabs(spread / scored / (1568 * (1 - sqrt(0.1))) - 1) < 0.01);
}

/* The same image has the same heatmap at any place of any batch; an image that
   differs in one pixel has another one altogether. */
TEST(random_follows_from_the_image_alone) {
  struct bench one = open_bench(1), many = open_bench(COUNT);
  const struct dtd_method *method = dtd_method_find("random");
  memcpy(many.x + P, many.x, P * sizeof *many.x);
  memcpy(many.x + 2 * P, many.x, P * sizeof *many.x);
  many.x[2 * P + 5] += 0.25f;
  dtd_explain(one.R_p, one.f, one.explainer, method, one.x, 1);
  dtd_explain(many.R_p, many.f, many.explainer, method, many.x, 3);
  int changed = 0;
  for (int p = 0; p < P; p++) {
    double whole = (double)many.R_p[p] / (double)many.f[0];
    double again = (double)many.R_p[P + p] / (double)many.f[1];
    double other = (double)many.R_p[2 * P + p] / (double)many.f[2];
    double alone = (double)one.R_p[p] / (double)one.f[0];
    assert_true(fabs(again - whole) <= 1e-6 * whole);
    assert_true(fabs(alone - whole) <= 1e-6 * whole);
    changed += fabs(other - whole) > 1e-3 * whole;
  }
  assert_true(changed > 0.9 * P);
}
