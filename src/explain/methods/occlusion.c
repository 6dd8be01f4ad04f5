/* Occlusion: how far f falls when a block of 7 x 7 pixels turns black.

   Zeiler and Fergus 2014, section 4.2 (there a gray square that slides). The
   blocks tile the image, 4 rows of 8; with x^(B) the image whose block B is
   black,

       R_p = (f(x) - f(x^(B))) / 49   for the pixels p of B,

   so that each pixel of a block has an equal part of the fall. */
#include "explain/explainer.h"

#include "base/die.h"
#include "base/memory.h"
#include "base/region.h"
#include "files/pairs.h"

enum {
  SIDE = 7,
  ACROSS = DTD_PAIR_COLUMNS / SIDE,
  BLOCKS = DTD_PAIR_ROWS / SIDE * ACROSS
};

static int block_of(int p) {
  return p / DTD_PAIR_COLUMNS / SIDE * ACROSS + p % DTD_PAIR_COLUMNS / SIDE;
}

/* One image. Its score is computed in one batch with those of its blocks, so
   that the heatmap does not depend on how many images are explained at once. */
static void occlude(float *R_p, const struct dtd_network *network,
                    const float *x, float black) {
  struct dtd_activations *act = dtd_activations_new(network, BLOCKS + 1);
  float *images = dtd_new((BLOCKS + 1) * DTD_PAIR_PIXELS, sizeof *images);
  for (int block = 0; block <= BLOCKS; block++) /* the last blackens nothing */
    for (int p = 0; p < DTD_PAIR_PIXELS; p++)
      images[block * DTD_PAIR_PIXELS + p] = block_of(p) == block ? black : x[p];
  dtd_forward(act, network, dtd_rows(images, BLOCKS + 1));
  const float *f = dtd_score(act);
  for (int p = 0; p < DTD_PAIR_PIXELS; p++)
    R_p[p] = (f[BLOCKS] - f[block_of(p)]) / (SIDE * SIDE);
  dtd_free(images);
  dtd_activations_free(act);
}

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  const struct dtd_network *network = explainer->network;
  if (network->layer[0].shape.inputs != DTD_PAIR_PIXELS)
    dtd_die(DTD_USAGE, "occlusion", "explain a network of pairs of digits",
            "the network reads %d inputs, not %d x %d pixels",
            network->layer[0].shape.inputs, DTD_PAIR_ROWS, DTD_PAIR_COLUMNS);
  struct dtd_region region = {0};
#pragma omp parallel for schedule(dynamic)
  for (long n = 0; n < batch; n++)
    DTD_GUARD (&region)
      occlude(R_p + n * DTD_PAIR_PIXELS, network, x + n * DTD_PAIR_PIXELS,
              explainer->settings.low);
  dtd_region_end(&region);
}

const struct dtd_method dtd_method_occlusion = {
    .name = "occlusion",
    .title = "Occlusion",
    .description = "the fall of f when blocks of 7 x 7 pixels turn black",
    .meaning = "How far f falls when a block of 7 × 7 pixels turns black, in "
               "equal parts for its pixels.",
    .source = "Zeiler and Fergus 2014, section 4.2",
    .perturbs = true,
    .explain = explain,
};
