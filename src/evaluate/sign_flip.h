/* Tests whether paired differences centre on 0, and corrects many such tests.

   Under the hypothesis that two variants do not differ, each difference d_i has
   either sign with probability 1/2, for any distribution (Fisher 1935).
   The p-value is the share of the 2^n sign patterns s with

     |sum_i s_i d_i| >= |sum_i d_i|,

   exactly for up to 16 pairs. For more, B = 99999 random patterns are drawn and
   p = (1 + hits) / (1 + B), which is never too small (Phipson and Smyth 2010).
   With n pairs no p is below 2^(1 - n).

   Of m tests at once, Holm (1979) adjusts the p-values so that the chance of
   one false rejection among all is at most the level: sorted ascending,
   p_(i) becomes the largest of min(1, (m - j + 1) p_(j)), j <= i.

   | symbol   | C name      | shape |
   |----------|-------------|-------|
   | d_i      | differences | (n)   |
   | p_(i)    | p, adjusted | (m)   |
 */
#ifndef DTD_SIGN_FLIP_H
#define DTD_SIGN_FLIP_H

#include <stdint.h>

enum { DTD_MOST_EXACT_PAIRS = 16, DTD_SIGN_PATTERNS = 99999 };

/* The two-sided p-value of n finite differences; 1 when n is 0. Random patterns
   come from the stream "sign-flips" of `seed`. */
double dtd_sign_flip_test(const double *differences, int n, uint64_t seed);

/* Holm's p-values; a p of NAN is no test and stays NAN. `adjusted` may be `p`.
 */
void dtd_holm(double *adjusted, const double *p, int m);

#endif
