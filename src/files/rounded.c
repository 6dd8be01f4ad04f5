/* Writes numbers for people: with the digits that their intervals support. */
#include "files/rounded.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MINUS      "\u2212"
#define DASH       "\u2013"
#define TIMES_TEN  "\u2009\u00d7\u200910"
#define HARD_SPACE "\u00a0"

enum { POWER_OF_TEN = -1, MOST_DECIMALS = 5 };

/* ---- digits ---- */

/* n of 10^n <= |x| < 10^(n + 1) */
static int magnitude(double x) {
  return (int)floor(log10(fabs(x)));
}

/* Decimals that show three digits of x, and two of its interval's width. */
static int decimals_of(double x, double width) {
  int needed = x == 0 ? 1 : 2 - magnitude(x);
  if (width > 1e-6 * fabs(x)) {
    int of_width = 1 - magnitude(width);
    if (of_width < needed + 2) needed = of_width;
  }
  return needed < 0 ? 0 : needed > MOST_DECIMALS ? MOST_DECIMALS : needed;
}

/* How x is to be written: with so many decimals, or POWER_OF_TEN. */
static int form_of(double x, double width) {
  double size = fabs(x);
  if (width == 0 && x == floor(x) && size < 1e6) return 0;
  bool fits = size >= 1e-4 && size < 1e6;
  return x == 0 || fits || width >= 1e-3 ? decimals_of(x, width) : POWER_OF_TEN;
}

static double width_of(double low, double high) {
  return isnan(low) || isnan(high) ? 0 : high - low;
}

/* ---- text ---- */

/* What printf has written, with a minus sign instead of its hyphen. */
static struct dtd_rounded with_sign(const char *number) {
  struct dtd_rounded r;
  bool negative = *number == '-';
  snprintf(r.text, sizeof r.text, "%s%s", negative ? MINUS : "",
           number + negative);
  return r;
}

/* 10^power, without its 10. */
static void write_exponent(char *text, size_t size, int power) {
  static const char *const digit[] = {"\u2070", "\u00b9", "\u00b2", "\u00b3",
                                      "\u2074", "\u2075", "\u2076", "\u2077",
                                      "\u2078", "\u2079"};
  char plain[16];
  snprintf(plain, sizeof plain, "%d", power);
  *text = 0;
  for (const char *c = plain; *c; c++)
    strncat(text, *c == '-' ? "\u207b" : digit[*c - '0'],
            size - strlen(text) - 1);
}

static struct dtd_rounded in_powers_of_ten(double x) {
  int power = magnitude(x);
  if (fabs(x) / pow(10, power) >= 9.95) power++;
  char exponent[64];
  write_exponent(exponent, sizeof exponent, power);
  struct dtd_rounded r = dtd_rounded_to(x / pow(10, power), 1);
  size_t length = strlen(r.text);
  snprintf(r.text + length, sizeof r.text - length, TIMES_TEN "%s", exponent);
  return r;
}

static struct dtd_rounded written(double x, int form) {
  if (isnan(x)) return (struct dtd_rounded){DASH};
  if (x == 0) return (struct dtd_rounded){"0"};
  return form == POWER_OF_TEN ? in_powers_of_ten(x) : dtd_rounded_to(x, form);
}

/* ---- what is written ---- */

struct dtd_rounded dtd_rounded_to(double x, int decimals) {
  char text[64];
  snprintf(text, sizeof text, "%.*f", decimals, x);
  bool vanishes = !text[strspn(text, "-0.")];
  return with_sign(text + (vanishes && *text == '-'));
}

struct dtd_rounded dtd_rounded(double x) {
  return written(x, form_of(x, 0));
}

struct dtd_rounded dtd_rounded_choice(double x) {
  if (isnan(x) || (x != 0 && fabs(x) < 1e-4)) {
    char power[64];
    if (isnan(x) || x != pow(10, magnitude(x))) return dtd_rounded(x);
    struct dtd_rounded r = {"10"};
    write_exponent(power, sizeof power, magnitude(x));
    strcat(r.text, power);
    return r;
  }
  char text[64];
  snprintf(text, sizeof text, "%g", x);
  return with_sign(text);
}

struct dtd_rounded dtd_rounded_value(double x, double low, double high) {
  return written(x, form_of(x, width_of(low, high)));
}

struct dtd_rounded dtd_rounded_interval(double x, double low, double high) {
  struct dtd_rounded r = {""};
  if (isnan(x) || isnan(low) || isnan(high)) return r;
  int form = form_of(x, width_of(low, high));
  snprintf(r.text, sizeof r.text, "[%.70s, %.70s]", written(low, form).text,
           written(high, form).text);
  return r;
}

struct dtd_rounded dtd_rounded_estimate(double x, double low, double high) {
  struct dtd_rounded r, value = dtd_rounded_value(x, low, high);
  struct dtd_rounded interval = dtd_rounded_interval(x, low, high);
  snprintf(r.text, sizeof r.text, "%.60s%s%.90s", value.text,
           *interval.text ? " " : "", interval.text);
  return r;
}

struct dtd_rounded dtd_rounded_share(double x, double low, double high,
                                     int decimals) {
  if (isnan(x)) return (struct dtd_rounded){"an unknown share"};
  struct dtd_rounded r, share = dtd_rounded_to(100 * x, decimals);
  if (isnan(low) || isnan(high))
    snprintf(r.text, sizeof r.text, "%.40s" HARD_SPACE "%%", share.text);
  else
    snprintf(r.text, sizeof r.text, "%.40s" HARD_SPACE "%% [%.40s, %.40s]",
             share.text, dtd_rounded_to(100 * low, decimals).text,
             dtd_rounded_to(100 * high, decimals).text);
  return r;
}
