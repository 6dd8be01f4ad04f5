/* Tests elementary functions against the C library's, and exact values. */

#include "base/elementary.h"
#include "base/rng.h"
#include "base/test.h"

/* Relative to the value, or absolute where that is near a zero of the
   function. */
static void assert_near(double value, double wanted, double error) {
  if (!(fabs(value - wanted) <= error * fmax(fabs(wanted), 1e-3)))
    fail_msg("%.17g, wanted %.17g", value, wanted);
}

enum { MANY = 200000 };

TEST(they_agree_with_the_library) {
  struct dtd_rng rng = dtd_rng_open(1, "test/elementary", 0);
  for (int n = 0; n < MANY; n++) {
    double u = dtd_rng_uniform(&rng), v = dtd_rng_uniform(&rng);
    double angle = (u - 0.5) * (n % 2 ? 13 : 1e4), x = (v - 0.5) * 100;
    double positive = ldexp(0.5 + u / 2, (int)((v - 0.5) * 2000));
    if (!(positive > 0)) continue;
    assert_near(dtd_log(positive), log(positive), 1e-15);
    assert_near(dtd_log(1 + x * 1e-6), log(1 + x * 1e-6), 1e-15);
    assert_near(dtd_exp(x), exp(x), 1e-15);
    assert_near(dtd_exp(x * 14), exp(x * 14), 1e-15);
    assert_near(dtd_cos(angle), cos(angle), 1e-12);
    assert_near(dtd_sin(angle), sin(angle), 1e-12);
    assert_near(dtd_cos(2 * M_PI * u), cos(2 * M_PI * u), 3e-13);
    assert_near(dtd_pow(u, 3 * v), pow(u, 3 * v), 1e-14);
  }
}

TEST(they_are_exact_where_the_result_is) {
  assert_true(dtd_log(1) == 0 && dtd_exp(0) == 1 && dtd_cos(0) == 1);
  assert_true(dtd_sin(0) == 0 && dtd_pow(7, 0) == 1 && dtd_pow(1, 7) == 1);
  assert_true(dtd_pow(0, 2) == 0 && isinf(dtd_pow(0, -1)));
  assert_true(dtd_log(0) == -INFINITY && isnan(dtd_log(-1)));
  assert_true(isinf(dtd_log(INFINITY)) && isnan(dtd_exp(NAN)));
  assert_true(dtd_exp(-800) == 0 && isinf(dtd_exp(800)));
  assert_true(dtd_exp(-745) > 0 && !isinf(dtd_exp(709)));
  assert_near(dtd_exp(1), 2.718281828459045, 2e-16);
  assert_near(dtd_log(10), 2.302585092994046, 2e-16);
}

static uint64_t mixed(uint64_t sum, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (sum ^ bits) * 0x100000001b3; /* FNV-1a */
}

/* A digest of many values that was computed once: every compiler and processor
   must find the same. */
TEST(bits_are_the_same_everywhere) {
  uint64_t sum = 0xcbf29ce484222325;
  for (int n = 1; n < 10000; n++) {
    double x = n / 1024.0;
    sum = mixed(sum, dtd_log(x));
    sum = mixed(sum, dtd_exp(x - 5));
    sum = mixed(sum, dtd_cos(x));
    sum = mixed(sum, dtd_sin(x));
    sum = mixed(sum, dtd_pow(x, 1.7));
  }
  if (sum != 0x5129d8eb54667a6) fail_msg("%#llx", (unsigned long long)sum);
}
