/* Says whether what section 6.2 states of photos holds for networks at hand.

   As in claims.h a sentence becomes claims with readings, and a claim a number
   a photo, whose mean with its interval is held against a threshold that was
   chosen from the words. A claim is made of each network, or of each pair of
   them, of which the first is the finer one: the smaller stride of the first
   layer, then the smaller kernel, then the first given. */
#ifndef DTD_PHOTO_CLAIMS_H
#define DTD_PHOTO_CLAIMS_H

#include <stdio.h>

#include "evaluate/claims.h"
#include "evaluate/photo_measures.h"
#include "files/table.h"

/* One network's heatmaps of the photos; all borrowed. */
struct dtd_explained_photos {
  const char *network;
  int stride, kernel; /* of the convolution that reads the pixels; 0 if none */
  double part;        /* of the photo's short side that the network is shown */
  int count, rows, columns;
  const float *gray;        /* (count, rows, columns) */
  const float *sensitivity; /* (count, rows, columns) */
  const float *deep_taylor; /* (count, rows, columns) */
};

/* Two networks, or one with `coarse` null. */
struct dtd_photo_subject {
  const struct dtd_explained_photos *fine, *coarse;
};

struct dtd_photo_claim {
  struct dtd_claim claim; /* subject, metric and against null */
  bool of_pairs;
  /* The number of one photo; NAN when there is none. */
  double (*measure)(const struct dtd_photo_subject *subject, int photo);
};

struct dtd_photo_sentence {
  const char *name, *quote;
  const struct dtd_photo_claim *claims; /* ended by a null name */
};

/* Section 6.2's, in its order; ended by a null name. */
extern const struct dtd_photo_sentence dtd_photo_sentences[];

/* The mean of a claim over the photos, with its bootstrap interval. */
struct dtd_estimate
dtd_photo_claim_estimate(const struct dtd_photo_claim *claim,
                         const struct dtd_photo_subject *subject);

/* Writes a table to `path`, a row for each claim of each network or
   pair, and prints the same to `output`. All have the same photos. */
void dtd_photo_claims_write(const char *path, FILE *output,
                            const struct dtd_explained_photos *networks,
                            int count, const struct dtd_provenance *from);

#endif
