/* Student's t distribution, and the interval it gives for a mean.

   For a whole number nu of degrees of freedom, P(|T| <= t) is a finite sum in
   theta = atan(t / sqrt(nu)) (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4),

     A(t|nu) = 2/pi (theta + sin theta (cos theta + 2/3 cos^3 theta + ...
               + (2 4 ... (nu-3)) / (1 3 ... (nu-2)) cos^(nu-2) theta)), nu odd,
     A(t|nu) = sin theta (1 + 1/2 cos^2 theta + (1 3)/(2 4) cos^4 theta + ...
               + (1 3 ... (nu-3)) / (2 4 ... (nu-2)) cos^(nu-2) theta), nu even,

   which grows with theta from 0 to 1; its inverse is found by halving.

   | symbol | C name               | range        |
   |--------|----------------------|--------------|
   | A      | dtd_student_t_within | 0 to 1       |
   | t      | t                    | >= 0         |
   | nu     | freedom              | 1 and above  |
 */
#ifndef DTD_STUDENT_T_H
#define DTD_STUDENT_T_H

/* P(|T| <= t). */
double dtd_student_t_within(double t, int freedom);

/* The t >= 0 with P(|T| <= t) = `within`, 0 <= within < 1. */
double dtd_student_t_bound(double within, int freedom);

/* A mean with its interval: mean -+ t s / sqrt(n), at a level of 95 %. */
struct dtd_mean_interval {
  double mean, low, high; /* NAN where there is none: n = 0, and n = 1 */
  double deviation;       /* s, with n - 1 */
  int n;
};

/* Of n independent normal values, which must be finite. */
struct dtd_mean_interval dtd_student_t_interval(const double *values, int n);

#endif
