/* A heatmap job: one method on one batch, to be timed, and its least cost.

   With s spots of ink in the batch, N examples, P pixels, J, K, L the units and
   pools of the two layers (network.h), A the upper units that are on in all
   examples, and B the lower units j that pass relevance on (R_j > 0, or x_j > 0
   for sensitivity), over U different ones,

   | part                          | operations                              |
   |-------------------------------|-----------------------------------------|
   | x W; x_k w_kl                 | 2 s J + 2 N K L                         |
   | sensitivity: dL/dx_k, dL/dx_p | 2 A K + 2 P B                           |
   | z+: z_l and R_k               | 2 (2 A K)                               |
   | min-max: x V, R_l v_lj        | 2 s J + 2 A J                           |
   | zB: two products, see below   | 2 (2 P B)                               |

   zB's q-sums are (x_p - h) (W r)_p + (h - l) (W+ r)_p, r_j being R_j over its
   denominator. Rows of weights with ink are read once going forward, columns of
   units that pass relevance on once in each product; every image is read and
   every heatmap written (at the cost of an update, because memory is read
   before it is written). */
#ifndef DTD_HEATMAP_JOB_H
#define DTD_HEATMAP_JOB_H

#include "machine.h"
#include "explain/explained_network.h"

struct dtd_heatmap_job;

/* Explains images (batch, inputs), borrowed, by `method`. */
struct dtd_heatmap_job *dtd_heatmap_job_new(
    const struct dtd_network *network, struct dtd_relevance_model *minmax,
    const struct dtd_explanation_settings *settings,
    const struct dtd_method *method, const float *images, int batch);

/* Explains the batch that many times; returns seconds a batch. */
double dtd_heatmap_job_run(struct dtd_heatmap_job *job, int repeats);

/* The same for one batch of a struct dtd_heatmap_job; for a turn (stopwatch.h).
 */
double dtd_heatmap_job_once(void *job);

/* The latest heatmaps, (batch, inputs); borrowed. */
const float *dtd_heatmap_job_heatmaps(const struct dtd_heatmap_job *job);

/* What the batch needs, after a run; all 0 for a method that is not in the
   table, or rules other than zB and z+. */
struct dtd_work dtd_heatmap_job_work(const struct dtd_heatmap_job *job);

void dtd_heatmap_job_free(struct dtd_heatmap_job *job);

#endif
