/* The images that a user gives to explain, and their heatmaps, as files.

   | file               | holds                                            |
   |--------------------|--------------------------------------------------|
   | the input          | x, an .npy of images or a PNG of one             |
   | NAME.npy           | R_p, float32 (N, 28, 56)                         |
   | NAME.scores.tsv    | f(x) and sum_p R_p of each image                 |
   | DIR/00000.png, ... | each image above its heatmap                     | */
#ifndef DTD_EXPLAINED_IMAGES_H
#define DTD_EXPLAINED_IMAGES_H

#include "files/table.h"

struct dtd_explained_images {
  int count;
  float *x;        /* (count, 1568), within [low, high] */
  float *R_p;      /* (count, 1568) */
  float *f;        /* (count) */
  float low, high; /* the pixels' domain */
};

/* Dies (usage) unless the name of heatmaps ends in .npy, and when it, or that
   of a table beside it, is the file `input`. */
void dtd_check_heatmaps_name(const char *path, const char *input);

/* Dies (usage) when `input` is one of the pictures, NNNNN.png, that drawing
   into the directory replaces. */
void dtd_check_pictures(const char *directory, const char *input);

/* Reads the images of an .npy (npy.h), or the one of a file that is called .png
   (picture.h); R_p and f are 0. Dies, naming the file, when it cannot be used.
 */
struct dtd_explained_images dtd_explained_images_read(const char *path,
                                                      float low, float high);

/* Writes R_p to `path`, NAME.npy, and NAME.scores.tsv beside it. */
void dtd_explained_images_write(const char *path,
                                const struct dtd_explained_images *images,
                                const struct dtd_provenance *from);

/* Draws every image into the directory, which is made when it is missing. */
void dtd_explained_images_draw(const char *directory,
                               const struct dtd_explained_images *images);

void dtd_explained_images_free(struct dtd_explained_images *images);

#endif
