/* Elementary functions that are the same bits everywhere.

   The C library's differ from one version and processor to another. These are
   sums of plain products in one order, so that initial weights, noise and
   pooling, and all that follows from them, do not depend on it. Relative errors
   are below 1e-15 (dtd_pow: times |y log x| where that is above 1). */
#ifndef DTD_ELEMENTARY_H
#define DTD_ELEMENTARY_H

/* The natural logarithm of x > 0; -INFINITY of 0. */
double dtd_log(double x);

/* e^x; 0 below and INFINITY above what a double holds. */
double dtd_exp(double x);

/* x^y of x >= 0. */
double dtd_pow(double x, double y);

/* The cosine and the sine of an angle, |angle| below 1e6. */
double dtd_cos(double angle);
double dtd_sin(double angle);

#endif
