/* Tests continuity on a linear network, by hand, and against the definition. */

#include "base/test.h"
#include "evaluate/continuity.h"
#include "explain/test_explainer.h"
#include "files/pairs.h"

enum { P = DTD_PAIR_PIXELS };

TEST(translation_moves_and_fills_with_black) {
  float x[P], moved[P];
  for (int p = 0; p < P; p++) x[p] = (float)p;
  dtd_translate(moved, x, 2, -3);
  for (int row = 0; row < 28; row++)
    for (int column = 0; column < 56; column++) {
      float wanted = row < 2 || column > 52
                         ? DTD_PIXEL_LOW
                         : (float)((row - 2) * 56 + column + 3);
      assert_true(moved[row * 56 + column] == wanted);
    }
}

/* f = max(0, x_a + x_b) for a pixel a and its right neighbour b. White on a
   alone: f = 1, and zB's q_p = x_p + 1/2 gives all of it to a. Moved to the
   right, b has it all: |R - R'|_1 = 2 over |x - x'|_2 = sqrt(8). Moved
   elsewhere f = 0: |R - R'|_1 = 1, and no relative change. */
TEST(a_white_pixel_moves_its_relevance) {
  struct dtd_layer_shape one = LAYER(P, 1, 1);
  struct dtd_network *net = new_network(&one, 1);
  const int a = 10 * 56 + 20;
  net->layer[0].w[a] = net->layer[0].w[a + 1] = 1;
  struct dtd_explainer *explainer = quick_explainer(net, NULL, 3);
  const struct dtd_method *method = dtd_method_find("deep-taylor-free");
  float x[P], R_p[P];
  for (int p = 0; p < P; p++) x[p] = DTD_PIXEL_LOW;
  x[a] = DTD_PIXEL_HIGH;
  dtd_explain(R_p, NULL, explainer, method, x, 1);
  assert_true(fabs((double)R_p[a] - 1) < 1e-6);
  struct dtd_continuity c;
  dtd_continuity(&c, explainer, method, x, R_p, 1);
  assert_true(fabs(c.absolute - 2 / sqrt(8)) < 1e-6);
  assert_true(isnan(c.relative)); /* elsewhere nothing is left */
  x[a] = DTD_PIXEL_LOW;
  dtd_explain(R_p, NULL, explainer, method, x, 1);
  dtd_continuity(&c, explainer, method, x, R_p, 1);
  assert_true(isnan(c.absolute) && isnan(c.relative)); /* all black */
}

/* x moved, by the definition: pixel (r, c) comes from (r - down, c - right). */
static float moved_by_hand(const float *x, int p, int down, int right) {
  int row = p / 56 - down, column = p % 56 - right;
  return row < 0 || row > 27 || column < 0 || column > 55
             ? DTD_PIXEL_LOW
             : x[56 * row + column];
}

static struct dtd_continuity continuity_by_hand(struct dtd_explainer *explainer,
                                                const struct dtd_method *method,
                                                const float *x) {
  float R[P], S[P], y[P];
  struct dtd_continuity c = {0, 0};
  dtd_explain(R, NULL, explainer, method, x, 1);
  for (int down = -1; down <= 1; down++)
    for (int right = -1; right <= 1; right++) {
      if (abs(down) + abs(right) != 1) continue;
      double away = 0, size = 0, moved_size = 0, change = 0, relative = 0;
      for (int p = 0; p < P; p++) {
        y[p] = moved_by_hand(x, p, down, right);
        away += pow((double)x[p] - (double)y[p], 2);
      }
      dtd_explain(S, NULL, explainer, method, y, 1);
      for (int p = 0; p < P; p++) size += fabs(R[p]);
      for (int p = 0; p < P; p++) moved_size += fabs(S[p]);
      for (int p = 0; p < P; p++) {
        change += fabs((double)R[p] - (double)S[p]);
        relative += fabs(R[p] / size - S[p] / moved_size);
      }
      c.absolute = fmax(c.absolute, change / sqrt(away));
      c.relative = fmax(c.relative, relative / sqrt(away));
    }
  return c;
}

TEST(continuity_is_the_steepest_of_four) {
  enum { COUNT = 3 };
  struct dtd_layer_shape shape[] = {LAYER(P, 8, 4), LAYER(2, 5, 5)};
  struct dtd_network *net = random_network(shape, 2, 4);
  struct dtd_explainer *explainer = quick_explainer(net, NULL, 5);
  float *x = random_numbers(COUNT * P, -0.5, 1.5, 3, "test/continuity");
  float *R_p = test_new(COUNT * P, sizeof *x);
  const char *const names[] = {"sensitivity", "deep-taylor-free", "constant"};
  for (int m = 0; m < 3; m++) {
    const struct dtd_method *method = dtd_method_find(names[m]);
    struct dtd_continuity c[COUNT];
    dtd_explain(R_p, NULL, explainer, method, x, COUNT);
    dtd_continuity(c, explainer, method, x, R_p, COUNT);
    for (int n = 0; n < COUNT; n++) {
      struct dtd_continuity wanted =
          continuity_by_hand(explainer, method, x + (long)n * P);
      assert_true(wanted.absolute > 0);
      /* batches of another size may round otherwise */
      assert_true(fabs(c[n].absolute / wanted.absolute - 1) < 1e-4);
      assert_true(fabs(c[n].relative - wanted.relative) <
                  1e-4 * wanted.relative + 1e-7);
      if (m == 2) assert_true(c[n].relative < 1e-7); /* always the same */
    }
  }
}
