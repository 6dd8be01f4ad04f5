/* Pixel flipping: removes pixels, the most relevant first, and measures how
   fast f falls.

   Pixels are set to black, l, in order of relevance, the strongest first; the
   faster f falls, the better the heatmap marks what f depends on. Two curves:

   | curve | removed at each step                      | after              |
   |-------|-------------------------------------------|--------------------|
   | pixel | the 14 strongest pixels left              | Bach et al. 2015   |
   | block | the 7 x 7 block with the largest sum left | Samek et al. 2017  |

   Both go on until the whole image is black, S steps. With x^(s) the image
   after s of them and g_s = f(x^(s)) / f(x), so that pairs of every score count
   alike,

       area = (1/S) sum_{s=1..S} (g_{s-1} + g_s) / 2        (low is good)
       AOPC = 1/(S+1) sum_{s=0..S} (1 - g_s)                (high is good)

   AOPC, the area over the perturbation curve, is that of Samek et al. with f
   relative to f(x), black for their noise and L = S. Pixels of equal relevance
   are removed in random order.

   A network need not give a black image a low score: there is none among the
   pairs it was trained on. So the same numbers are computed of the early steps
   alone, too, which remove as much as Samek et al. do: 100 squares of 9 x 9
   pixels in 227 x 227, 15.7 % of the image. */
#ifndef DTD_FLIPPING_H
#define DTD_FLIPPING_H

#include "network/network.h"
#include "base/rng.h"

enum { DTD_FLIPPINGS = 2, DTD_MOST_FLIPPING_STEPS = 112 };

struct dtd_flipping {
  const char *name;
  int block;   /* side of the squares that are removed, in pixels */
  int at_once; /* squares removed at each step */
  int steps;   /* until all are removed: S */
  int early;   /* steps that remove the first 15.7 % */
};

extern const struct dtd_flipping dtd_flippings[DTD_FLIPPINGS];

/* g_0 .. g_S for one pair x in the order of R_p, or in random order when it is
   null; `rng` orders equal relevances, `act` is scratch for steps + 1 images.
   Returns f(x); the curve means nothing when that is 0. */
double dtd_flip(double *curve /* (steps + 1) */,
                const struct dtd_flipping *flipping,
                struct dtd_activations *act, const struct dtd_network *network,
                const float *x /* (28, 56), black at DTD_PIXEL_LOW */,
                const float *R_p /* (28, 56) */, struct dtd_rng *rng);

/* Of the first `steps` steps, S or fewer. */
double dtd_flipping_area(const double *curve /* (steps + 1) */, int steps);
double dtd_aopc(const double *curve /* (steps + 1) */, int steps);

#endif
