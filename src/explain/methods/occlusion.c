/* Occlusion: how far f falls when a block of pixels turns black.

   Zeiler and Fergus 2014, section 4.2 (there a gray square that slides). Square
   blocks tile the image from its first pixel on, and the last of a row or
   column are cut off at the edge; a side of a quarter of the image's short one
   makes 4 rows of 8 blocks of 7 x 7 of a pair. With x^(B) the image whose block
   B is black in all channels,

       R_p = (f(x) - f(x^(B))) / |B|   for the elements p of B,

   so that each element of a block, pixel and channel, has an equal part of the
   fall. The blocks of a
   vector are its single elements. */
#include "explain/explainer.h"

#include "base/memory.h"

struct tiling {
  const struct dtd_explainer *explainer;
  const float *x; /* (inputs) */
  int blocks;
  int *block; /* (inputs): which each element lies in */
  int *size;  /* (blocks): elements of each, of all channels */
};

/* Of a vector, each element is a block. */
static void tile_vector(struct tiling *t) {
  t->blocks = t->explainer->shape.channels;
  for (int p = 0; p < t->blocks; p++) t->block[p] = p;
}

static void tile_image(struct tiling *t) {
  struct dtd_maps shape = t->explainer->shape;
  int side = t->explainer->settings.occlusion_side;
  int least = shape.rows < shape.columns ? shape.rows : shape.columns;
  if (side < 1) side = least < 8 ? 1 : least / 4;
  int across = (shape.columns + side - 1) / side;
  t->blocks = (shape.rows + side - 1) / side * across;
  int *block = t->block;
  for (int c = 0; c < shape.channels; c++)
    for (int row = 0; row < shape.rows; row++)
      for (int column = 0; column < shape.columns; column++)
        *block++ = row / side * across + column / side;
}

static struct tiling tile(const struct dtd_explainer *explainer,
                          const float *x) {
  struct tiling t = {.explainer = explainer, .x = x};
  t.block = dtd_new((size_t)explainer->inputs, sizeof *t.block);
  if (dtd_maps_positions(explainer->shape) == 1)
    tile_vector(&t);
  else
    tile_image(&t);
  t.size = dtd_new((size_t)t.blocks, sizeof *t.size);
  for (long p = 0; p < explainer->inputs; p++) t.size[t.block[p]]++;
  return t;
}

/* The image whose block number `block` is black; the one after the last block
   is x itself. */
static void image_at(float *image, int block, const void *context) {
  const struct tiling *t = context;
  for (long p = 0; p < t->explainer->inputs; p++)
    image[p] = t->block[p] == block ? t->explainer->low[p] : t->x[p];
}

/* One image. Its score is asked for together with those of its blocks, so that
   the heatmap does not depend on how many images are explained at once. */
static void explain_one(float *R_p, struct dtd_explainer *explainer,
                        const float *x, int n) {
  struct tiling t = tile(explainer, x);
  float *f = dtd_new((size_t)t.blocks + 1, sizeof *f);
  explainer->kind->scores_of(f, explainer, n, image_at, &t, t.blocks + 1);
  for (long p = 0; p < explainer->inputs; p++)
    R_p[p] = (f[t.blocks] - f[t.block[p]]) / (float)t.size[t.block[p]];
  dtd_free(f);
  dtd_free(t.size);
  dtd_free(t.block);
}

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  dtd_explain_each(R_p, explainer, x, batch, explain_one);
}

const struct dtd_method dtd_method_occlusion = {
    .name = "occlusion",
    .title = "Occlusion",
    .description = "the fall of f when blocks of pixels turn black",
    .meaning = "How far f falls when a block of pixels turns black, in equal "
               "parts for its pixels.",
    .source = "Zeiler and Fergus 2014, section 4.2",
    .perturbs = true,
    .cuts = true,
    .explain = explain,
};
