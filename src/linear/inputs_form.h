/* The forms that inputs have, for the storages of weights in linear/ alone. */
#ifndef DTD_INPUTS_FORM_H
#define DTD_INPUTS_FORM_H

struct dtd_ink;
struct dtd_inputs;

struct dtd_inputs_form {
  /* x (batch, inputs) */
  const float *(*rows)(const struct dtd_inputs *x, int inputs);
  /* The ink that examples first .. first + batch - 1 are of; null where rows
     are all there is. */
  const struct dtd_ink *(*ink)(const struct dtd_inputs *x);
  /* The form of some of the examples, where it is another. */
  const struct dtd_inputs_form *range;
  /* Parts for threads; null for one. */
  int (*parts)(const struct dtd_inputs *x);
  struct dtd_inputs (*part)(const struct dtd_inputs *x, int index);
};

/* Of inputs of which only sums are known. */
extern const struct dtd_inputs_form dtd_only_sums;

/* The ink of x on a background of `low`; null when it has none. */
const struct dtd_ink *dtd_inputs_ink(const struct dtd_inputs *x, float low);

#endif
