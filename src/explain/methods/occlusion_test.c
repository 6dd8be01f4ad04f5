/* Tests occlusion against blocks blackened one by one in plain loops. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "explain/test_explainer.h"
#include "files/pairs.h"
#include "relevance/test_reference.h"

enum { P = DTD_PAIR_PIXELS, COUNT = 4 };

/* Heatmaps and scores of `count` images, `capacity` at a time. */
static void explain(float *R_p, float *f, const struct dtd_network *net,
                    const float *x, int count, int capacity) {
  struct dtd_explainer *explainer = quick_explainer(net, NULL, capacity);
  dtd_explain(R_p, f, explainer, dtd_method_find("occlusion"), x, count);
}

TEST(occlusion_equals_blocks_blackened_one_by_one) {
  struct dtd_network *net = random_network(two, 2, 3);
  struct dtd_reference *reference = new_reference(net);
  float R_p[COUNT * P], alone[COUNT * P], f[COUNT];
  float *x = random_numbers(COUNT * P, -0.5, 1.5, 4, "test/occlusion");
  explain(R_p, f, net, x, COUNT, COUNT);
  explain(alone, f, net, x, COUNT, 1);
  for (int n = 0; n < COUNT; n++) {
    double wanted[P], image[P];
    widen(image, x + n * P, P);
    double whole = dtd_reference_forward(reference, image);
    for (int top = 0; top < 28; top += 7)
      for (int left = 0; left < 56; left += 7) {
        widen(image, x + n * P, P);
        for (int row = top; row < top + 7; row++)
          for (int column = left; column < left + 7; column++)
            image[56 * row + column] = -0.5;
        double fall = whole - dtd_reference_forward(reference, image);
        for (int row = top; row < top + 7; row++)
          for (int column = left; column < left + 7; column++)
            wanted[56 * row + column] = fall / 49;
      }
    assert_close(R_p + n * P, wanted, P, 1e-5);
  }
  assert_memory_equal(R_p, alone, sizeof R_p);
}

/* f(x) - f(black), where f is linear. */
TEST(heatmaps_of_a_linear_f_sum_to_its_fall_to_black) {
  const struct dtd_layer_shape one[] = {LAYER(P, 1, 1)};
  struct dtd_network *net = new_network(one, 1);
  float x[P], black[P], R_p[P], f, at_black;
  struct dtd_rng rng = dtd_rng_open(4, "test/occlusion", 1);
  fill_random(x, P, -0.5, 1.5, &rng);
  fill_random(net->layer[0].w, P, 0, 0.1, &rng);
  net->layer[0].b[0] = 100;
  for (int p = 0; p < P; p++) black[p] = -0.5f;
  explain(R_p, &at_black, net, black, 1, 1);
  for (int p = 0; p < P; p++) assert_true(fabs(R_p[p]) <= 1e-6 * at_black / 49);
  explain(R_p, &f, net, x, 1, 1);
  assert_true(fabs(sum_of(R_p, P) - (f - at_black)) <= 1e-4 * f);
  assert_true(f - at_black > 10);
}

/* Blocks of 10 x 10 do not tile 28 x 56 pixels: those at the right and lower
   edges are 6 wide and 8 high. */
TEST(blocks_are_cut_off_at_the_edges) {
  struct dtd_network *net = random_network(two, 2, 3);
  struct dtd_reference *reference = new_reference(net);
  struct dtd_explainer *explainer = quick_explainer(net, NULL, 1);
  double wanted[P], image[P];
  float R_p[P], *x = random_numbers(P, -0.5, 1.5, 4, "test/occlusion");
  explainer->settings.occlusion_side = 10;
  dtd_explain(R_p, NULL, explainer, dtd_method_find("occlusion"), x, 1);
  widen(image, x, P);
  double whole = dtd_reference_forward(reference, image);
  for (int p = 0; p < P; p++) {
    int top = p / 56 / 10 * 10, left = p % 56 / 10 * 10;
    int bottom = top + 10 < 28 ? top + 10 : 28;
    int right = left + 10 < 56 ? left + 10 : 56;
    widen(image, x, P);
    for (int row = top; row < bottom; row++)
      for (int column = left; column < right; column++)
        image[56 * row + column] = -0.5;
    wanted[p] = (whole - dtd_reference_forward(reference, image)) /
                ((bottom - top) * (right - left));
  }
  assert_close(R_p, wanted, P, 1e-5);
}

TEST(an_image_of_another_size_is_refused) {
  const struct dtd_layer_shape one[] = {LAYER(60, 4, 4)};
  struct dtd_network *net = new_network(one, 1);
  float x[60] = {0}, R_p[60], f;
  assert_dies(2, "occlusion: the network reads 60 inputs, not 28 x 56 pixels",
              explain(R_p, &f, net, x, 1, 1));
}
