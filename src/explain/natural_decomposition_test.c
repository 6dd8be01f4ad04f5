/* Tests the natural decomposition on sums whose terms are known. */
#include <math.h>
#include <string.h>

#include "base/test.h"
#include "base/assert_dies.h"
#include "explain/natural_decomposition.h"

enum { INPUTS = 3, UNITS = 5, BATCH = 4 };

/* sigma_1 = max(0, x) + max(0, 2 x - 1), sigma_2 = |x|, sigma_3 = 0, and a unit
   that reads nothing. */
static struct dtd_network *new_sum(int units, float norm) {
  struct dtd_layer shape = {
      .inputs = INPUTS, .units = units, .pool = units, .norm = norm};
  struct dtd_network *network = dtd_network_new(&shape, 1);
  static const float w[INPUTS][UNITS] = {{1, 0, 2, 0, 0}, {0, 1, 0, -1, 0}};
  for (int p = 0; p < INPUTS; p++)
    memcpy(network->layer[0].w + p * units, w[p], sizeof w[p]);
  network->layer[0].b[2] = -1;
  return network;
}

TEST(terms_of_a_sum_are_its_relevances) {
  struct dtd_network *network = new_sum(UNITS, 1);
  struct dtd_activations *act = dtd_activations_new(network, BATCH);
  const float x[BATCH][INPUTS] = {
      {0.25f, -1.5f, 7}, {2, 3, -7}, {-4, 0, 1}, {0.75f, 0.5f, 0}};
  const float sigma[BATCH][INPUTS] = {
      {0.25f, 1.5f, 0}, {5, 3, 0}, {0, 0, 0}, {1.25f, 0.5f, 0}};
  float R_p[BATCH][INPUTS];
  assert_true(dtd_is_natural_sum(network));
  dtd_forward(act, network, *x, BATCH);
  dtd_natural_decomposition(*R_p, network, act);
  for (int n = 0; n < BATCH; n++) {
    float sum = 0;
    for (int p = 0; p < INPUTS; p++) {
      assert_true(R_p[n][p] == sigma[n][p]);
      sum += R_p[n][p];
    }
    assert_true(sum == dtd_score(act)[n]); /* binary fractions: no rounding */
  }
  dtd_activations_free(act);
  dtd_network_free(network);
}

TEST(other_networks_are_no_sums) {
  struct dtd_network *network = new_sum(UNITS, 1);
  struct dtd_activations *act = dtd_activations_new(network, 1);
  const float x[INPUTS] = {1, 1, 1};
  float R_p[INPUTS];
  network->layer[0].b[UNITS - 1] = 0.5f; /* belongs to no input */
  assert_false(dtd_is_natural_sum(network));
  network->layer[0].b[UNITS - 1] = 0;
  assert_true(dtd_is_natural_sum(network));
  network->layer[0].w[2 * UNITS] = -0.5f; /* unit 1 reads inputs 1 and 3 */
  assert_false(dtd_is_natural_sum(network));
  dtd_forward(act, network, x, 1);
  assert_dies(2, "let each unit read one input",
              dtd_natural_decomposition(R_p, network, act));
  dtd_activations_free(act);
  dtd_network_free(network);

  network = new_sum(UNITS, 2);
  assert_false(dtd_is_natural_sum(network));
  dtd_network_free(network);

  const struct dtd_layer stack[] = {
      {.inputs = 2, .units = 2, .pool = 1, .norm = 1},
      {.inputs = 2, .units = 1, .pool = 1, .norm = 1}};
  network = dtd_network_new(stack, 2);
  assert_false(dtd_is_natural_sum(network));
  dtd_network_free(network);
}
