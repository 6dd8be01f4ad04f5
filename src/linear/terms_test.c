/* Tests the terms of a rule: what is known by its address, and many at once. */
#include "linear/terms.h"

#include "base/test.h"
#include "base/test_numbers.h"

TEST(what_several_rules_have_is_what_it_says) {
  float *x = random_numbers(37, -2, 2, 4, "test/inputs"), many[37];
  dtd_inputs_themselves(many, x, 37, -1, 1);
  assert_same_bits(many, x, 37);
  for (int i = 0; i < 37; i++) {
    assert_true(dtd_input_itself(x[i], -1, 1) == x[i]);
    assert_true(dtd_weight_itself(x[i], 3) == x[i]);
  }
}

static float shifted(float x, float low, float high) {
  return x - low * high;
}

static float scaled(float w, float parameter) {
  return w * parameter;
}

TEST(many_are_as_each) {
  const struct dtd_term term[] = {{.factor = shifted, .part = scaled},
                                  {.part = scaled}};
  struct dtd_terms terms = {term, 2, .parameter = 3, .low = -1, .high = 2};
  float *x = random_numbers(37, -2, 2, 4, "test/inputs"), many[37];
  dtd_terms_factors(many, &terms, 0, x, 37);
  for (int i = 0; i < 37; i++) {
    assert_true(many[i] == x[i] + 2);
    assert_true(many[i] == dtd_terms_factor(&terms, 0, x[i]));
  }
  dtd_terms_factors(many, &terms, 1, x, 37);
  for (int i = 0; i < 37; i++) assert_true(many[i] == 1);
  dtd_terms_parts(many, &terms, 1, x, 37);
  for (int i = 0; i < 37; i++) assert_true(many[i] == 3 * x[i]);
}
