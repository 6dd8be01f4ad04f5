/* A graph job: deep Taylor decomposition of pictures by a network from ONNX, to
   be timed, and its least operations.

   With F the operations of an example's products going forward,

   | part                                     | operations |
   |------------------------------------------|------------|
   | forward                                  | F          |
   | z+ above: sums of w+, and their transpose | 2 F        |
   | zB below: two transposes, N is known     | likewise   |

   all of them as if nothing was zero. */
#ifndef DTD_GRAPH_JOB_H
#define DTD_GRAPH_JOB_H

#include "base/arguments.h"
#include "explain/explained_graph.h"
#include "explain/input_settings.h"
#include "machine.h"

struct dtd_graph_job;

/* Explains the first `batch` examples of the files' (network_input.h), again
   from the first where they have fewer, on so many threads. */
struct dtd_graph_job *
dtd_graph_job_new(const char *network, const struct dtd_texts *files,
                  const struct dtd_explanation_settings *settings, int batch,
                  int threads);

/* Explains the batch once; returns seconds. For a turn (stopwatch.h). */
double dtd_graph_job_once(void *job);

/* What is explained, (batch, inputs), its intervals, and the latest heatmaps,
   likewise; borrowed. */
const float *dtd_graph_job_inputs(const struct dtd_graph_job *job);
struct dtd_maps dtd_graph_job_shape(const struct dtd_graph_job *job);
struct dtd_box dtd_graph_job_box(const struct dtd_graph_job *job);
const float *dtd_graph_job_heatmaps(const struct dtd_graph_job *job);

/* Of the batch. */
struct dtd_work dtd_graph_job_work(const struct dtd_graph_job *job);

void dtd_graph_job_free(struct dtd_graph_job *job);

#endif
