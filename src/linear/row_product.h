/* Products of rows with fixed weights in which no row depends on another.

       out_n = a_n B,    out_nc = sum_k a_nk B_kc

   A library product may round a row differently in another place or beside
   other rows (OpenBLAS's kernels for AVX2 do). Here every sum runs over k from
   first to last in one accumulator, for any `rows` and in any place among them,
   so a search that takes thousands of such products gives one image the same
   answer alone and in any batch.

   B is copied once into panels of a few columns, which suit the processor.

   | symbol | C      | shape                      |
   |--------|--------|----------------------------|
   | a      | a      | (rows, inner)              |
   | B      | panels | (inner, columns), in panels|
   | out    | out    | (rows, columns)            |  */
#ifndef DTD_ROW_PRODUCT_H
#define DTD_ROW_PRODUCT_H

#include "linear/product.h"

struct dtd_row_product {
  int inner, columns;
  const struct kernels *kernels; /* for this processor */
  float *panels;                 /* (panels, inner, a panel's columns) */
};

/* Copies B. */
struct dtd_row_product *dtd_row_product_new(struct dtd_view b);

/* out (rows, columns) = a (rows, inner) B, by the calling thread alone; several
   threads may share the product. */
void dtd_row_product_apply(float *out, const struct dtd_row_product *product,
                           const float *a, int rows);

void dtd_row_product_free(struct dtd_row_product *product);

#endif
