/* Tests student.c against published values, closed forms and an integral. */
#include "base/test_numbers.h"
#include "evaluate/student_t.h"

/* P(|T| <= t) = .95 and .99, from the tables in statistics texts, carried to 10
   decimals. */
TEST(bounds_are_the_published_ones) {
  static const struct {
    int freedom;
    double within, t;
  } published[] = {
      {1, 0.95, 12.7062047362},  {2, 0.95, 4.3026527297},
      {3, 0.95, 3.1824463053},   {4, 0.95, 2.7764451052},
      {5, 0.95, 2.5705818356},   {9, 0.95, 2.2621571628},
      {10, 0.95, 2.2281388520},  {14, 0.95, 2.1447866879},
      {30, 0.95, 2.0422724563},  {60, 0.95, 2.0002978220},
      {100, 0.95, 1.9839715185}, {1, 0.99, 63.6567411629},
      {2, 0.99, 9.9248432009},   {5, 0.99, 4.0321429836},
      {10, 0.99, 3.1692726726},  {30, 0.99, 2.7499956536},
  };
  for (size_t n = 0; n < sizeof published / sizeof *published; n++)
    assert_near(dtd_student_t_bound(published[n].within, published[n].freedom),
                published[n].t, 1e-9);
}

/* nu = 1 is Cauchy's distribution; nu = 2 and 4 have algebraic quantiles
   (Shaw 2006, "Sampling Student's T distribution"). */
TEST(bounds_have_closed_forms) {
  for (double within = 0.05; within < 1; within += 0.09) {
    double p = (1 + within) / 2, a = 4 * p * (1 - p);
    assert_near(dtd_student_t_bound(within, 1) /
                    tan(3.14159265358979323846 * (p - 0.5)),
                1, 1e-12);
    assert_near(dtd_student_t_bound(within, 2) / (2 * (p - 0.5) * sqrt(2 / a)),
                1, 1e-12);
    double q = cos(acos(sqrt(a)) / 3) / sqrt(a);
    assert_near(dtd_student_t_bound(within, 4) / (2 * sqrt(q - 1)), 1, 1e-11);
  }
  assert_true(dtd_student_t_bound(0, 7) < 1e-15);
}

/* Simpson's rule over the density, whose constant comes from lgamma. */
TEST(the_probability_is_the_integral_of_the_density) {
  enum { STEPS = 20000 };
  for (int nu = 1; nu <= 12; nu++)
    for (double t = 0.5; t < 6; t += 1.7) {
      double constant = exp(lgamma((nu + 1) / 2.0) - lgamma(nu / 2.0)) /
                        sqrt(nu * 3.14159265358979323846);
      double sum = 0, h = t / STEPS;
      for (int n = 0; n <= STEPS; n++) {
        double x = n * h, weight = n == 0 || n == STEPS ? 1 : n % 2 ? 4 : 2;
        sum += weight * pow(1 + x * x / nu, -(nu + 1) / 2.0);
      }
      assert_near(dtd_student_t_within(t, nu), 2 * constant * sum * h / 3,
                  1e-11);
    }
}

/* With many degrees of freedom it is the normal distribution. */
TEST(many_degrees_of_freedom_are_normal) {
  assert_near(dtd_student_t_within(1.5, 1000000), erf(1.5 / sqrt(2)), 1e-6);
  assert_near(dtd_student_t_bound(0.95, 1000000), 1.959963984540054, 1e-5);
}

/* Darwin's maize: differences in height between crossed and self-fertilised
   plants of 15 pairs, in eighths of an inch (Fisher 1935, The design of
   experiments, section 17: mean 20.933, t = 2.148). */
TEST(darwins_maize_has_its_interval) {
  static const double maize[15] = {49, -67, 8,  16, 6,  23, 28, 41,
                                   14, 29,  56, 24, 75, 60, -48};
  struct dtd_mean_interval found = dtd_student_t_interval(maize, 15);
  assert_near(found.mean, 314.0 / 15, 1e-12);
  assert_near(found.mean / (found.deviation / sqrt(15)), 2.148, 5e-4);
  assert_near(1 - dtd_student_t_within(2.148, 14), 0.0497, 5e-5);
  double reach = 2.1447866879169273 * found.deviation / sqrt(15);
  assert_near(found.low, 314.0 / 15 - reach, 1e-9);
  assert_near(found.high, 314.0 / 15 + reach, 1e-9);
}

TEST(few_values_have_no_interval) {
  double one = 3;
  struct dtd_mean_interval found = dtd_student_t_interval(&one, 1);
  assert_true(found.mean == 3 && isnan(found.low) && isnan(found.high));
  found = dtd_student_t_interval(NULL, 0);
  assert_true(isnan(found.mean) && found.n == 0);
  double equal[] = {2, 2, 2};
  found = dtd_student_t_interval(equal, 3);
  assert_true(found.low == 2 && found.high == 2);
}
