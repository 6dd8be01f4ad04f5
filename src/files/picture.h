/* Reads grayscale PNG pictures, and draws images and their heatmaps as PNG. */
#ifndef DTD_PICTURE_H
#define DTD_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads a grayscale PNG of exactly rows x columns, of any bit depth from 1 to
   16, into (rows, columns) floats: samples are mapped linearly, 0 to `low` and
   full scale to `high`, without regard to gamma. Dies, naming the file, when it
   is no PNG, corrupt, of another size, or has colour or transparency. Release
   with dtd_free(). */
float *dtd_picture_read(const char *path, int rows, int columns, float low,
                        float high);

/* One part of a drawing: a photo, or a heatmap. */
struct dtd_panel {
  const uint8_t *rgb;   /* (rows, columns, 3); null for a heatmap */
  const float *heatmap; /* (rows, columns); null for a photo */
  double full; /* the relevance of full colour; 0 for the greatest there is */
};

/* How panels of one size stand in a drawing. */
struct dtd_drawing {
  int rows, columns; /* of each panel */
  bool beside;       /* one another; else one below another */
  int zoom;          /* pixels of the drawing for one of a panel, each way */
  int gap;           /* white pixels of the drawing between panels */
};

/* Draws panels as an RGB PNG: relevance 0 is white, +-full the red or blue of
   plots/style.gp's palette, as is what lies beyond. Dies when a relevance is
   not finite. */
void dtd_picture_draw(const char *path, const struct dtd_panel *panel,
                      int panels, struct dtd_drawing drawing);

/* The magnitude of relevance that a share of the pixels reaches: where a few
   pixels have most of it, as in heatmaps of photos, their colour may be full
   before the greatest. */
double dtd_picture_full(const float *heatmap, long pixels, double share);

/* Draws an image above its heatmap, with one white row between them and each of
   the 2 rows + 1 rows and columns `zoom` pixels wide. The image runs from black
   at `low` to white at `high` and is cut off there; full colour is
   max|heatmap|. */
void dtd_picture_write(const char *path,
                       const float *image /* (rows, columns) */,
                       const float *heatmap /* (rows, columns) */, int rows,
                       int columns, float low, float high, int zoom);

#endif
