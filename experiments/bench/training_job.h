/* A training job: steps on minibatches, to be timed, and their least cost.

   The step is the experiment's: network and min-max relevance model on one
   minibatch. With s spots of ink in the batch, on r different pixels, J, K, L
   the units and pools of Table "symbols" (network.h), N examples and A of the
   N L upper units on, over l different ones,

   | part                            | operations                     |
   |---------------------------------|--------------------------------|
   | x W and x V, x'D for both       | 4 (2 s J)                      |
   | x_k w_kl; its update and dL/dx_k| 2 N K L + 2 (2 A K)            |
   | z+ below the top: z_l, R_k      | 2 (2 A K)                      |
   | R_l v_lj, its update            | 2 (2 A J)                      |

   Every row of W and V with ink is read going forward, and read and written in
   the update; so is all of w_kl, and the rows of v_lj whose unit is on:

       read = updated = 4 bytes (2 r J + K L + l J) . */
#ifndef DTD_TRAINING_JOB_H
#define DTD_TRAINING_JOB_H

#include "runs/config.h"
#include "machine.h"
#include "network/trainer.h"

struct dtd_training_job;

/* Steps with the settings' shapes and batch, always at their starting rates,
   from initial weights; the sampler is borrowed. Dies (usage) unless there are
   two layers. */
struct dtd_training_job *
dtd_training_job_new(const struct dtd_settings *settings,
                     const struct dtd_sampler *sampler, enum dtd_kernel kernel);

/* The same from the weights in a model file. */
struct dtd_training_job *
dtd_training_job_from(const char *model, const struct dtd_settings *settings,
                      const struct dtd_sampler *sampler,
                      enum dtd_kernel kernel);

/* Takes that many steps; returns seconds a step. */
double dtd_training_job_run(struct dtd_training_job *job, int steps);

/* The same for one step of a struct dtd_training_job; for a turn (stopwatch.h).
 */
double dtd_training_job_once(void *job);

/* The latest step's errors, before it: the network's, the relevance model's. */
void dtd_training_job_errors(double error[2],
                             const struct dtd_training_job *job);

/* What the sparse formulation needs, on average over the next `batches`
   minibatches, for the weights as they are. */
struct dtd_work dtd_training_job_work(const struct dtd_training_job *job,
                                      int batches);

/* Bytes of all weights, which a step walks through. */
size_t dtd_training_job_bytes(const struct dtd_training_job *job);

void dtd_training_job_free(struct dtd_training_job *job);

#endif
