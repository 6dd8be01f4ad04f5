/* Tests parts of weights: what is copied, and that products are by p_t(w). */
#include "linear/weight_parts.h"

#include "base/test.h"
#include "base/test_numbers.h"
#include "network/test_network.h"

TEST_OWNS(weight_parts)

enum { INPUTS = 4, UNITS = 3 };

static float square(float w, float scale) {
  return scale * w * w;
}

static const struct dtd_term term[] = {
    {.part = square},
    {.part = dtd_weight_itself},
    {.factor = dtd_input_itself, .part = square}};
static const struct dtd_terms terms = {term, 3, .parameter = 2};

TEST(products_are_by_parts_of_the_values_as_read) {
  float *w = random_numbers(INPUTS * UNITS, -1, 1, 4, "test/parts");
  struct dtd_layer layer = {.shape = LAYER(INPUTS, UNITS, 1), .w = w};
  store_plain(&layer);
  struct dtd_weight_parts *parts =
      own_weight_parts(dtd_weight_parts_new(layer.weights, &terms));
  for (int round = 0; round < 2; round++) {
    dtd_weight_parts_read(parts);
    for (int t = 0; t < terms.count; t++)
      for (int i = 0; i < INPUTS; i++) {
        float x[INPUTS] = {0}, z[UNITS];
        struct dtd_inputs row = dtd_rows(x, 1);
        x[i] = 1;
        dtd_weights_apply(z, dtd_weight_parts_at(parts, t), &row);
        for (int j = 0; j < UNITS; j++)
          assert_true(z[j] == term[t].part(w[i * UNITS + j], 2));
      }
    for (int i = 0; i < INPUTS * UNITS; i++) w[i] -= 0.5f;
  }
}

TEST(nothing_is_copied_twice) {
  float *w = random_numbers(INPUTS * UNITS, -1, 1, 4, "test/parts");
  struct dtd_layer layer = {.shape = LAYER(INPUTS, UNITS, 1), .w = w};
  store_plain(&layer);
  struct dtd_weight_parts *parts =
      own_weight_parts(dtd_weight_parts_new(layer.weights, &terms));
  assert_ptr_equal(dtd_weight_parts_at(parts, 1), layer.weights);
  assert_ptr_equal(dtd_weight_parts_at(parts, 0),
                   dtd_weight_parts_at(parts, 2));
  assert_ptr_not_equal(dtd_weight_parts_at(parts, 0), layer.weights);
}
