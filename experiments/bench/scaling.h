/* Measures how the cost of training and explaining grows with the job's size.

   | factor   | what varies                                                  |
   |----------|--------------------------------------------------------------|
   | batch    | pairs in a training step                                     |
   | units    | detection units of the first layer, four a pool              |
   | ink      | share of pixels that are not black, in made-up digits        |
   | examples | images that deep-taylor-free explains at a time              |

   Everything else is as in the folder's configuration. Steps start from initial
   weights, which hardly move, so that half of the units are on throughout;
   heatmaps are those of the folder's model.

   Columns: factor value variant threads median low high floor unit, in
   microseconds an example; the floor is that of machine.h, with rates measured
   for the size of the point's weights. */
#ifndef DTD_SCALING_H
#define DTD_SCALING_H

#include "runs/result_folder.h"

/* Each contender takes `rounds` turns of about `turn` seconds. The folder must
   have been opened for DTD_BENCHMARK_IMAGES images. */
void dtd_scaling(const char *output, struct dtd_result_folder *folder,
                 int rounds, double turn);

#endif
