/* Tests rounded.c: as many digits as the interval supports, and no more. */
#include "base/test.h"
#include "files/rounded.h"

/* As in the text: a thin space around the cross, a hard one before percent. */
#define TIMES   "\u2009×\u2009"
#define PERCENT "\u00a0%"

#define assert_reads(expression, words)                                        \
  assert_string_equal((expression).text, words)

TEST(three_digits_are_shown) {
  assert_reads(dtd_rounded(0.75170543), "0.752");
  assert_reads(dtd_rounded(-12.345), "−12.3");
  assert_reads(dtd_rounded(286.6179), "287");
  assert_reads(dtd_rounded(123456.7), "123457");
  assert_reads(dtd_rounded(0.000123456), "0.00012");
  assert_reads(dtd_rounded(640), "640");
  assert_reads(dtd_rounded(0), "0");
  assert_reads(dtd_rounded(NAN), "–");
}

TEST(what_is_small_or_large_has_a_power_of_ten) {
  assert_reads(dtd_rounded(2.890613e-07), "2.9" TIMES "10⁻⁷");
  assert_reads(dtd_rounded(-9.97e-12), "−1.0" TIMES "10⁻¹¹");
  assert_reads(dtd_rounded(3.14e8), "3.1" TIMES "10⁸");
}

TEST(an_interval_decides_the_digits) {
  assert_reads(dtd_rounded_estimate(0.7517054, 0.7438869, 0.7603405),
               "0.752 [0.744, 0.760]");
  assert_reads(dtd_rounded_estimate(286.6179, 267.6142, 308.4884),
               "287 [268, 308]");
  assert_reads(dtd_rounded_estimate(0.9615005, 0.9593688, 0.963546),
               "0.9615 [0.9594, 0.9635]");
  assert_reads(dtd_rounded_value(0.00001, -0.01, 0.02), "0.000");
  assert_reads(dtd_rounded_estimate(0, 0, 0), "0 [0, 0]");
}

TEST(without_an_interval_there_is_none) {
  assert_reads(dtd_rounded_estimate(0.5, NAN, NAN), "0.500");
  assert_reads(dtd_rounded_interval(0.5, 0.4, NAN), "");
  assert_reads(dtd_rounded_interval(NAN, 0.4, 0.6), "");
  assert_reads(dtd_rounded_estimate(NAN, NAN, NAN), "–");
}

TEST(zero_has_no_sign) {
  assert_reads(dtd_rounded_to(-0.0004, 2), "0.00");
  assert_reads(dtd_rounded_to(-0.4, 1), "−0.4");
}

TEST(a_choice_is_as_short_as_it_is) {
  assert_reads(dtd_rounded_choice(0.05), "0.05");
  assert_reads(dtd_rounded_choice(1e-5), "10⁻⁵");
  assert_reads(dtd_rounded_choice(2.5e-5), "2.5" TIMES "10⁻⁵");
  assert_reads(dtd_rounded_choice(-100), "−100");
  assert_reads(dtd_rounded_choice(0), "0");
}

TEST(shares_are_in_percent) {
  assert_reads(dtd_rounded_share(0.75171, 0.7438, 0.7603, 0),
               "75" PERCENT " [74, 76]");
  assert_reads(dtd_rounded_share(0.9798, 0.9758, 0.9832, 1),
               "98.0" PERCENT " [97.6, 98.3]");
  assert_reads(dtd_rounded_share(0.5, NAN, NAN, 0), "50" PERCENT);
  assert_reads(dtd_rounded_share(NAN, NAN, NAN, 0), "an unknown share");
}
