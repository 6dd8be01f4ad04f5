/* A picture as spots: at each place, the channels that are not zero there.

   What a rectifier has seen is about half zeros, and relevance, of which the
   winners of pools take all, mostly is. Channels come in bands, so that the
   weights of one stay in the nearest cache while places pass over them:

   | here                 | C                                      | shape     |
   |----------------------|----------------------------------------|-----------|
   | i with x_i(q) not 0  | mask, bit by bit                       | (bands,
   places) | | x_i(q) not 0         | spot[start[q]] .. before start[q + 1]  |
   ragged    | | start of a band      | start + band (places + 2)              |
   (places + 2) |

   Place number `places` is any outside of the picture: it has no spots. */
#ifndef DTD_PICTURE_SPOTS_H
#define DTD_PICTURE_SPOTS_H

#include <stdint.h>

#include "linear/ink.h"

enum { DTD_BAND = 64 }; /* channels */

struct dtd_picture_spots {
  int channels, groups, bands; /* bands of all groups */
  int places;                  /* of a channel */
  uint64_t *mask;
  int *start;
  struct dtd_spot *spot; /* `at` is the channel in its band, rising */
  double density;        /* the share of elements that are not zero */
};

/* How many bands so many channels are. */
int dtd_bands(int channels);

/* Which elements of x (channels, places) are not zero; bands are those of each
   of so many groups of channels. Shared out among threads (threads.h). */
struct dtd_picture_spots *dtd_picture_spots_new(const float *x, int channels,
                                                int groups, int places);

/* Fills in `start` and `spot`; likewise. */
void dtd_picture_spots_list(struct dtd_picture_spots *spots, const float *x);

void dtd_picture_spots_free(struct dtd_picture_spots *spots);

#endif
