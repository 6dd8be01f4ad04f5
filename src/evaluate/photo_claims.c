/* Says whether what section 6.2 states of photos holds for networks at hand. */
#include "evaluate/photo_claims.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum {
  CELLS = DTD_PHOTO_GRID * DTD_PHOTO_GRID,
  COARSE = DTD_PHOTO_GRID / 2, /* cells a side for parts of an object */
  PARTS = COARSE * COARSE,
  RESAMPLES = 10000,
  SEED = 1
};

static struct dtd_heatmap heatmap_of(const struct dtd_explained_photos *n,
                                     const float *R, int photo) {
  return (struct dtd_heatmap){R + (long)photo * n->rows * n->columns, n->rows,
                              n->columns};
}

static struct dtd_heatmap deep(const struct dtd_explained_photos *n,
                               int photo) {
  return heatmap_of(n, n->deep_taylor, photo);
}

/* ---- what is measured ---- */

/* Evenness of sensitivity less that of deep Taylor, over the object's parts. */
static double less_even(const struct dtd_photo_subject *s, int photo) {
  const struct dtd_explained_photos *n = s->fine;
  double a[PARTS], b[PARTS];
  dtd_photo_cells(a, heatmap_of(n, n->sensitivity, photo), 1, COARSE);
  dtd_photo_cells(b, deep(n, photo), 1, COARSE);
  return dtd_photo_evenness(a, b, PARTS) - dtd_photo_evenness(b, a, PARTS);
}

/* A network's cells over what both are shown. */
static void common_cells(double cells[CELLS], const struct dtd_photo_subject *s,
                         const struct dtd_explained_photos *n, int photo) {
  double part = fmin(s->fine->part, s->coarse->part);
  dtd_photo_cells(cells, deep(n, photo), part / n->part, DTD_PHOTO_GRID);
}

/* The finer network's cells, of one photo, beside the other's of any. */
static double alike(const double fine[CELLS], const struct dtd_photo_subject *s,
                    int photo) {
  double coarse[CELLS];
  common_cells(coarse, s, s->coarse, photo);
  return dtd_photo_alikeness(fine, coarse, CELLS);
}

static double alike_by_itself(const struct dtd_photo_subject *s, int photo) {
  double fine[CELLS];
  common_cells(fine, s, s->fine, photo);
  return alike(fine, s, photo);
}

static double alike_beside_others(const struct dtd_photo_subject *s,
                                  int photo) {
  double fine[CELLS], others = 0;
  int count = s->fine->count;
  common_cells(fine, s, s->fine, photo);
  for (int other = 0; other < count; other++)
    if (other != photo) others += alike(fine, s, other) / (count - 1);
  return count > 1 ? alike(fine, s, photo) - others : NAN;
}

/* Both in the pixels of what is shown, after means over the larger stride. */
static double better_resolved(const struct dtd_photo_subject *s, int photo) {
  int a = s->fine->stride, b = s->coarse->stride, block = a > b ? a : b;
  if (block < 1) return NAN;
  return s->fine->part *
             dtd_photo_correlation_length(deep(s->fine, photo), block) -
         s->coarse->part *
             dtd_photo_correlation_length(deep(s->coarse, photo), block);
}

static double beside_edge(const struct dtd_photo_subject *s, int photo,
                          int bright) {
  const struct dtd_explained_photos *n = s->fine;
  double side[2];
  dtd_photo_edge_sides(&side[0], &side[1], deep(n, photo),
                       n->gray + (long)photo * n->rows * n->columns);
  return side[bright];
}

static double on_dark_side(const struct dtd_photo_subject *s, int photo) {
  return beside_edge(s, photo, 0);
}

static double on_bright_side(const struct dtd_photo_subject *s, int photo) {
  return beside_edge(s, photo, 1);
}

/* A period of one pixel more divides none of the stride's. */
static double stride_shown(const struct dtd_photo_subject *s, int photo) {
  struct dtd_heatmap h = deep(s->fine, photo);
  int stride = s->fine->stride;
  if (stride < 2) return NAN;
  return dtd_photo_trace(h, stride) - dtd_photo_trace(h, stride + 1);
}

/* ---- the claims ---- */

#define AT_LEAST(t) .side = DTD_AT_LEAST, .threshold = (t)
#define AT_MOST(t)  .side = DTD_AT_MOST, .threshold = (t)
#define CLAIMS(...)                                                            \
  (const struct dtd_photo_claim[]) {                                           \
    __VA_ARGS__, {                                                             \
      .claim = { 0 }                                                           \
    }                                                                          \
  }

const struct dtd_photo_sentence dtd_photo_sentences[] = {
    /* Ignoring some parts and stressing others is to be uneven over parts: of
       cells of a fourteenth of the side, those that hold half of what both
       methods show together. Any difference counts. */
    {"sensitivity-uneven",
     "sensitivity analysis ignores or overrepresents some of the relevant "
     "regions",
     CLAIMS({{.name = "sensitivity-less-even",
              .statement = "sensitivity is less even over the object's parts "
                           "than deep Taylor",
              AT_MOST(0)},
             false,
             less_even})},
    /* One heatmap tells half of the other's variance, r^2 >= 1/2, in cells that
       are larger than any stride. Photos show their object in the middle, so
       heatmaps of different photos are alike to some degree, too. */
    {"networks-alike",
     "decompositions for CaffeNet and GoogleNet predictions have a high level "
     "of similarity",
     CLAIMS({{.name = "networks-alike",
              .statement = "the two networks' heatmaps are alike",
              .reading = "by themselves",
              AT_LEAST(0.7071)},
             true,
             alike_by_itself},
            {{.name = "networks-more-alike-than-photos",
              .statement = "the two networks' heatmaps of a photo are more "
                           "alike than those of different photos",
              .reading = "beside other photos",
              AT_LEAST(0)},
             true,
             alike_beside_others})},
    {"better-resolved",
     "GoogleNet heatmaps are of higher quality, in particular, with better "
     "spatial resolution",
     CLAIMS({{.name = "finer-better-resolved",
              .statement = "heatmaps of the network with the finer first layer "
                           "are correlated over shorter distances",
              AT_MOST(0)},
             true,
             better_resolved})},
    /* Present: at least as much as an even heatmap has there. */
    {"both-sides", "the relevance is present on both sides of the edge",
     CLAIMS({{.name = "dark-side-relevant",
              .statement = "the darker side of strong edges is relevant",
              .reading = "darker side",
              AT_LEAST(1)},
             false,
             on_dark_side},
            {{.name = "bright-side-relevant",
              .statement = "the brighter side of strong edges is relevant",
              .reading = "brighter side",
              AT_LEAST(1)},
             false,
             on_bright_side})},
    /* Beside a period that is no stride. */
    {"stride-shown",
     "reveals different stride sizes in the first convolution layer",
     CLAIMS({{.name = "stride-shown",
              .statement = "the heatmap repeats with the first layer's stride",
              AT_LEAST(0)},
             false,
             stride_shown})},
    {0}};

/* ---- verdicts ---- */

struct dtd_estimate
dtd_photo_claim_estimate(const struct dtd_photo_claim *claim,
                         const struct dtd_photo_subject *subject) {
  int count = subject->fine->count;
  double *value = dtd_new((size_t)count, sizeof *value);
  for (int photo = 0; photo < count; photo++)
    value[photo] = claim->measure(subject, photo);
  struct dtd_estimate estimate =
      dtd_estimate(dtd_mean, value, NULL, count, RESAMPLES, SEED);
  dtd_free(value);
  return estimate;
}

static bool is_finer(const struct dtd_explained_photos *a,
                     const struct dtd_explained_photos *b) {
  return a->stride != b->stride ? a->stride < b->stride
                                : a->kernel <= b->kernel;
}

/* One claim of one network or pair, to the table and to the terminal. */
static void write_claim(FILE *table, FILE *output,
                        const struct dtd_photo_sentence *sentence,
                        const struct dtd_photo_claim *c,
                        const struct dtd_photo_subject *s) {
  struct dtd_estimate e = dtd_photo_claim_estimate(c, s);
  const char *verdict = dtd_verdict(&c->claim, e);
  const char *side = c->claim.side == DTD_AT_LEAST ? "at least" : "at most";
  const char *coarse = s->coarse ? s->coarse->network : "NA";
  dtd_table_row(table, "%s %s %s %s %s %s %f %f %f %d %s %f %s", c->claim.name,
                c->claim.statement, s->fine->network, coarse, sentence->name,
                c->claim.reading ? c->claim.reading : "NA", e.value, e.low,
                e.high, e.n, side, c->claim.threshold, verdict);
  fprintf(output, "%-14s  %s (%s%s%s): %.3g [%.3g, %.3g], %s %g\n", verdict,
          c->claim.statement, s->fine->network, s->coarse ? " and " : "",
          s->coarse ? coarse : "", e.value, e.low, e.high, side,
          c->claim.threshold);
}

static void write_sentence(FILE *table, FILE *output,
                           const struct dtd_photo_sentence *sentence,
                           const struct dtd_explained_photos *networks,
                           int count) {
  fprintf(output, "\"%s\"\n", sentence->quote);
  for (const struct dtd_photo_claim *c = sentence->claims; c->claim.name; c++)
    for (int n = 0; n < count; n++) {
      struct dtd_photo_subject subject = {&networks[n], NULL};
      if (!c->of_pairs) write_claim(table, output, sentence, c, &subject);
      for (int m = n + 1; m < count && c->of_pairs; m++) {
        bool finer = is_finer(&networks[n], &networks[m]);
        subject.fine = &networks[finer ? n : m];
        subject.coarse = &networks[finer ? m : n];
        write_claim(table, output, sentence, c, &subject);
      }
    }
}

void dtd_photo_claims_write(const char *path, FILE *output,
                            const struct dtd_explained_photos *networks,
                            int count, const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(
      path, from,
      "claim statement network beside sentence reading value low high n side "
      "threshold verdict");
  for (const struct dtd_photo_sentence *s = dtd_photo_sentences; s->name; s++)
    write_sentence(table, output, s, networks, count);
  dtd_table_close(table);
}
