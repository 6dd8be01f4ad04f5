/* Inputs of a layer: dense rows, ink, or sums that are known already. */
#include "linear/inputs.h"

#include "base/die.h"
#include "linear/ink.h"
#include "linear/inputs_form.h"

/* ---- dense rows ---- */

static const float *rows_of_rows(const struct dtd_inputs *x, int inputs) {
  return (const float *)x->at + (long)x->first * inputs;
}

static const struct dtd_inputs_form rows = {.rows = rows_of_rows};

struct dtd_inputs dtd_rows(const float *x, int batch) {
  return (struct dtd_inputs){.batch = batch, .form = &rows, .at = x};
}

/* ---- ink ---- */

static const float *rows_of_ink(const struct dtd_inputs *x, int inputs) {
  return dtd_ink_rows(x->at) + (long)x->first * inputs;
}

static const struct dtd_ink *ink_of_ink(const struct dtd_inputs *x) {
  return x->at;
}

static const struct dtd_inputs_form inked = {.rows = rows_of_ink,
                                             .ink = ink_of_ink};

struct dtd_inputs dtd_inked(const struct dtd_ink *ink) {
  return (struct dtd_inputs){.batch = ink->batch, .form = &inked, .at = ink};
}

/* ---- sums ---- */

static _Noreturn const float *no_rows(const struct dtd_inputs *x, int inputs) {
  (void)x;
  dtd_die(DTD_FAILURE, "inputs", NULL,
          "only sums are known of a batch of %d inputs", inputs);
}

const struct dtd_inputs_form dtd_only_sums = {.rows = no_rows};

/* ---- parts ---- */

struct dtd_inputs dtd_inputs_range(struct dtd_inputs x,
                                   struct dtd_range range) {
  if (x.form && x.form->range) x.form = x.form->range;
  x.first += range.first;
  x.batch = range.count;
  if (x.sums) x.sums += (long)range.first * x.units;
  return x;
}

int dtd_inputs_parts(const struct dtd_inputs *x) {
  return x->form->parts ? x->form->parts(x) : 1;
}

struct dtd_inputs dtd_inputs_part(const struct dtd_inputs *x, int index,
                                  struct dtd_range *range) {
  *range = (struct dtd_range){0, x->batch};
  if (!x->form->part) return *x;
  *range = dtd_batch_part_at(x->batch, index);
  struct dtd_inputs part = x->form->part(x, index);
  part.summed_by = x->summed_by;
  part.units = x->units;
  if (x->sums) part.sums = x->sums + (long)range->first * x->units;
  return part;
}

/* ---- inspect ---- */

const float *dtd_inputs_rows(const struct dtd_inputs *x, int inputs) {
  return x->form->rows(x, inputs);
}

const struct dtd_ink *dtd_inputs_ink(const struct dtd_inputs *x, float low) {
  const struct dtd_ink *ink = x->form->ink ? x->form->ink(x) : NULL;
  return ink && ink->low == low ? ink : NULL;
}
