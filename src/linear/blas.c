/* Matrix products on OpenBLAS, for the dense kernel and the benchmark. */
#include "linear/blas.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

struct product {
  float *out, keep, scale;
  struct dtd_view a, b;
  struct dtd_share share;
};

/* The part of a view that starts at row or column `first` of what is read. */
static const float *from_row(struct dtd_view v, int first) {
  return v.at + (v.transposed ? (long)first : (long)first * v.columns);
}

static const float *from_column(struct dtd_view v, int first) {
  return v.at + (v.transposed ? (long)first * v.columns : (long)first);
}

/* Rows [r, r + m) and columns [c, c + n) of the product. */
static void multiply_part(const struct product *p, int r, int m, int c, int n) {
  struct dtd_view a = p->a, b = p->b;
  int width = dtd_view_columns(b), inner = dtd_view_columns(a);
  float *corner = p->out + (long)r * width + c;
  if (dtd_view_rows(a) == 1) /* a vector: y = op(b)' x without packing b */
    cblas_sgemv(CblasRowMajor, b.transposed ? CblasNoTrans : CblasTrans,
                b.transposed ? n : b.rows, b.transposed ? b.columns : n,
                p->scale, from_column(b, c), b.columns, a.at, 1, p->keep,
                corner, 1);
  else
    cblas_sgemm(CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans,
                b.transposed ? CblasTrans : CblasNoTrans, m, n, inner, p->scale,
                from_row(a, r), a.columns, from_column(b, c), b.columns,
                p->keep, corner, width);
}

static void multiply_piece(const void *of, int first, int count) {
  const struct product *p = of;
  if (p->share.by_row)
    multiply_part(p, first, count, 0, dtd_view_columns(p->b));
  else
    multiply_part(p, 0, dtd_view_rows(p->a), first, count);
}

/* The threads are ours: OpenBLAS's own would run beside them. */
static void keep_to_one_thread(void) {
  static bool kept;
#pragma omp critical(dtd_blas)
  if (!kept) {
    openblas_set_num_threads(1);
    kept = true;
  }
}

void dtd_blas_multiply(float *out, float keep, float scale, struct dtd_view a,
                       struct dtd_view b) {
  struct product product = {out, keep, scale, a, b, dtd_product_share(a, b)};
  keep_to_one_thread();
  dtd_share_out(&product.share, multiply_piece, &product);
}

const char *dtd_blas_better_core(const char *chosen, enum dtd_processor best) {
  static const char *const with_avx2[] = {"Haswell",    "Zen",
                                          "Excavator",  "SkylakeX",
                                          "Cooperlake", "Sapphirerapids"};
  for (size_t n = 0; n < sizeof with_avx2 / sizeof *with_avx2; n++)
    if (!strcasecmp(chosen, with_avx2[n])) return NULL;
  if (best == DTD_AVX512) return "SkylakeX";
  return best == DTD_AVX2 ? "Haswell" : NULL;
}

void dtd_blas_settle_core(char **argv) {
  const char *core =
      dtd_blas_better_core(openblas_get_corename(), dtd_processor_best());
  if (!core || getenv("OPENBLAS_CORETYPE")) return;
  setenv("OPENBLAS_CORETYPE", core, 1);
  execv("/proc/self/exe", argv); /* where that fails, it goes on as it is */
}

const char *dtd_blas_configuration(void) {
  static char text[256];
  snprintf(text, sizeof text, "%s, kernels %s, own kernels %s",
           openblas_get_config(), openblas_get_corename(),
           dtd_processor_names[dtd_processor_in_use()]);
  return text;
}
