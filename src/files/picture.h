/* Reads grayscale PNG pictures, and draws heatmaps as PNG. */
#ifndef DTD_PICTURE_H
#define DTD_PICTURE_H

/* Reads a grayscale PNG of exactly rows x columns, of any bit depth from 1 to
   16, into (rows, columns) floats: samples are mapped linearly, 0 to `low` and
   full scale to `high`, without regard to gamma. Dies, naming the file, when it
   is no PNG, corrupt, of another size, or has colour or transparency. Release
   with dtd_free(). */
float *dtd_picture_read(const char *path, int rows, int columns, float low,
                        float high);

/* Draws an image above its heatmap, with one white row between them and each of
   the 2 rows + 1 rows and columns `zoom` pixels wide, as an RGB PNG. The image
   runs from black at `low` to white at `high` and is cut off there; relevance 0
   is white, +-max|heatmap| the full red or blue of plots/style.gp's palette.
   Dies when a relevance is not finite. */
void dtd_picture_write(const char *path,
                       const float *image /* (rows, columns) */,
                       const float *heatmap /* (rows, columns) */, int rows,
                       int columns, float low, float high, int zoom);

#endif
