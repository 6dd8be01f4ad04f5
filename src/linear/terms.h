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

/* What several rules have: u(x) = x and p(w) = w. They are known by their
   address, so that nothing is computed or copied where a rule has them. */
float dtd_input_itself(float x, float low, float high);
void dtd_inputs_themselves(float *factor, const float *x, long count, float low,
                           float high);
float dtd_weight_itself(float w, float parameter);

/* u_t(x), and of many inputs. */
float dtd_terms_factor(const struct dtd_terms *terms, int term, float x);
void dtd_terms_factors(float *u, const struct dtd_terms *terms, int term,
                       const float *x, long count);

/* p_t of many weights. */
void dtd_terms_parts(float *part, const struct dtd_terms *terms, int term,
                     const float *w, long count);

#endif
