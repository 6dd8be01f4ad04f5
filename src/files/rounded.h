/* Writes numbers for people: with the digits that their intervals support.

   Three digits, or, where an interval is known, two of its width; up to five
   decimals, and a power of ten for what is too small or too large for that. The
   text is UTF-8 without markup: "−0.042", "2.5 × 10⁻⁷", "–" for NAN. Where the
   interval is not known, low and high are NAN. */
#ifndef DTD_ROUNDED_H
#define DTD_ROUNDED_H

/* By value, so that a call may stand where the text is needed:
   puts(dtd_rounded(x).text). */
struct dtd_rounded {
  char text[160];
};

struct dtd_rounded dtd_rounded(double x);

/* With that many decimals, and never "-0.00". */
struct dtd_rounded dtd_rounded_to(double x, int decimals);

/* A number that somebody chose, such as a threshold: as short as it is. */
struct dtd_rounded dtd_rounded_choice(double x);

/* "[0.74, 0.76]", as many digits as x has; nothing where one of them is NAN. */
struct dtd_rounded dtd_rounded_interval(double x, double low, double high);

/* x, written with the digits that its interval supports. */
struct dtd_rounded dtd_rounded_value(double x, double low, double high);

/* Both: "0.75 [0.74, 0.76]". */
struct dtd_rounded dtd_rounded_estimate(double x, double low, double high);

/* A share in percent: "75 % [74, 76]", "an unknown share" for NAN. */
struct dtd_rounded dtd_rounded_share(double x, double low, double high,
                                     int decimals);

#endif
