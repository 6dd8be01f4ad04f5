/* Times the library's jobs beside PyTorch's and the machine's own limits.

   | job           | contenders                                               |
   |---------------|----------------------------------------------------------|
   | training step | kernels sparse and dense; PyTorch by autograd, in place  |
   | METHOD        | that method; PyTorch by hooks beside deep-taylor-free    |
   | photos        | deep Taylor by a network from ONNX; PyTorch by hand      |
   | nearest roots | the configured solver; NLopt, one image after another    |
   | start-up      | explain, and PyTorch, from nothing to one heatmap        |
   | peak memory   | train, and PyTorch after training by autograd; explain   |
   |               | of a photo                                               |
   | machine       | product, reading and updating of machine.h               |

   Contenders of a job take turns (stopwatch.h), each with one thread and with
   two. A row with the unit "ratio" compares two of them, each at its best
   number of threads, round by round; "A / floor" is A's time over the floor of
   machine.h at the same number of threads. Before they are timed, contenders
   must agree: on the errors of a first few steps, and on the heatmaps' sums.

   Columns: job variant threads batch median low high unit; low and high are the
   quantiles .1 and .9 over rounds. */
#ifndef DTD_BENCHMARK_H
#define DTD_BENCHMARK_H

#include "runs/result_folder.h"

#define DTD_USUAL_TURN 0.04
enum { DTD_BENCHMARK_IMAGES = 500 }; /* explained at most */

struct dtd_benchmark_request {
  struct dtd_result_folder *folder; /* of the trained model, opened for that
                                       many images */
  const char *programs;             /* folder of train and explain */
  const char *torch;                /* scripts/bench-torch.py, or null */
  const char *torch_network;        /* bench-torch-network.py, or null */
  const char *network;              /* from ONNX, or null for no photos */
  struct dtd_texts photos;          /* files that it explains */
  const char *scratch;              /* an existing folder for files */
  const char *output;               /* path of the table */
  int rounds;                       /* at least 1 */
  double turn;                      /* seconds of a contender's turn */
};

/* Writes the table and prints it row by row. Dies (failure) when contenders
   disagree. */
void dtd_benchmark(const struct dtd_benchmark_request *request);

#endif
