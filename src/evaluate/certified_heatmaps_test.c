/* Tests that heatmaps at roots without a certificate are NAN, and no others. */

#include "base/test.h"
#include "base/rng.h"
#include "evaluate/certified_heatmaps.h"
#include "explain/test_explainer.h"

enum { INPUTS = 20, COUNT = 11, CAPACITY = 4 };

TEST(heatmaps_at_uncertified_roots_are_nan) {
  const struct dtd_layer_shape shape[] = {LAYER(INPUTS, 16, 4), LAYER(4, 8, 8)};
  struct dtd_network *network = new_network(shape, 2);
  dtd_network_initialise(network, 8, 0.5);
  struct dtd_explainer *explainer = quick_explainer(network, NULL, CAPACITY);
  explainer->settings.root.evaluations = 45;
  float x[COUNT * INPUTS], R_p[COUNT * INPUTS], plain[COUNT * INPUTS];
  struct dtd_rng rng = dtd_rng_open(2, "certified/test", 0);
  for (int p = 0; p < COUNT * INPUTS; p++)
    x[p] = -0.5f + 2 * (float)dtd_rng_uniform(&rng);
  const char *const names[] = {"taylor", "sensitivity"};
  for (int m = 0; m < 2; m++) {
    const struct dtd_method *method = dtd_method_find(names[m]);
    int left_out = 0;
    dtd_certified_heatmaps(R_p, explainer, method, x, COUNT);
    for (int n = 0; n < COUNT; n++) {
      dtd_explain(plain + n * INPUTS, NULL, explainer, method, x + n * INPUTS,
                  1);
      bool certified = !method->finds_roots || explainer->root[0].certified;
      left_out += !certified;
      for (int p = n * INPUTS; p < (n + 1) * INPUTS; p++)
        assert_true(certified ? R_p[p] == plain[p] : isnan(R_p[p]));
    }
    assert_true(m == 0 ? left_out > 0 && left_out < COUNT : left_out == 0);
  }
}
