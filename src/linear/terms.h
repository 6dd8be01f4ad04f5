/* The terms of a rule: functions of an input times functions of a weight. */
#ifndef DTD_TERMS_H
#define DTD_TERMS_H

enum { DTD_MOST_TERMS = 4, DTD_MOST_GROUPS = 2 };

struct dtd_term {
  float (*factor)(float x, float low, float high); /* u_t; null for 1 */
  float (*part)(float w, float parameter);         /* p_t */
  /* The same of many inputs or weights, for the compiler to do several at once;
     null to call `factor` or `part` on each. */
  void (*factors)(float *factor, const float *x, long count, float low,
                  float high);
  void (*parts)(float *part, const float *w, long count);
  int group; /* g */
};

struct dtd_terms {
  const struct dtd_term *term; /* borrowed */
  int count;
  float parameter, low, high; /* what their functions are given */
};

#endif
