/* Trains the network, and what learns beside it, by stochastic gradient
   descent.

       minimise over w, b   < (f(x) - t)^2 >     subject to  b <= 0

   (section 6.1), < > being the mean over pairs: each iteration draws `batch`
   pairs, takes one step against the gradient of their mean, and projects
   b := min(b, 0), unless biases are left free to show what that buys. Another
   optimiser may take the network's step. Learners, such as the min-max
   relevance model, see the same pairs and the same activations, before the
   network's step; no gradient of theirs flows into the network, and their steps
   are always plain.

   Iteration n draws pairs n batch .. (n + 1) batch - 1 of the training stream,
   so the state of a run is the parameters, the iteration and the sums for the
   next row of history: training may stop anywhere and resume bit for bit.

   The kernel says how the weights that read the pairs are stored: the same
   mathematics, several times as fast where they are sparse. Weights settle in
   every DTD_SETTLE_EVERYth iteration, wherever a run stops or resumes, so that
   rounding stays bounded. */
#ifndef DTD_TRAINER_H
#define DTD_TRAINER_H

#include <signal.h>

#include "network/network.h"
#include "network/optimiser.h"
#include "files/pairs.h"

enum dtd_schedule {
  DTD_CONSTANT, /* the rate itself */
  DTD_LINEAR,   /* falling linearly to 0 at the last iteration */
};

enum dtd_kernel {
  DTD_DENSE,  /* matrix products over all pixels */
  DTD_SPARSE, /* sums over inked pixels */
};

/* Their names in configurations, by the two enums; null ends each list. */
extern const char *const dtd_schedules[];
extern const char *const dtd_kernels[];

enum { DTD_SETTLE_EVERY = 1000 };

struct dtd_rate {
  double start;
  enum dtd_schedule schedule;
  long rise; /* so many first iterations climb to that, in proportion */
};

struct dtd_training_settings {
  long iterations;
  int batch;
  struct dtd_rate rate;
  int evaluate_every;   /* iterations between rows of history */
  int evaluation_pairs; /* test pairs in each evaluation */
  int checkpoint_every; /* iterations between checkpoints */
  enum dtd_kernel kernel;
  struct dtd_optimiser_settings optimiser; /* takes the network's step */
  bool free_biases;                        /* leaves out b := min(b, 0) */
};

/* How a kernel stores the weights that read the pairs. */
const struct dtd_weights_kind *dtd_kernel_weights(enum dtd_kernel kernel);

/* The rate in iteration n of `iterations`. */
double dtd_rate_at(struct dtd_rate rate, long n, long iterations);

/* A matrix or vector of parameters under its name in model files. */
struct dtd_parameter {
  const char *name;
  float *values; /* (inputs, units) in memory, saved as (units, inputs) */
  int inputs;    /* 0 for a vector (units) */
  int units;
  struct dtd_weights *weights; /* the matrix, ready for products; or null */
};

enum {
  DTD_MOST_PARAMETERS = 8, /* of one learner */
  DTD_MOST_LEARNERS = 16,
  DTD_MOST_STORED = DTD_MOST_LAYERS + DTD_MOST_LEARNERS * DTD_MOST_PARAMETERS,
};

/* What of a learner is off for every pair of an evaluation. */
struct dtd_dead {
  int units; /* y_j never > 0 */
  int pools; /* without a living unit, though there is R_k > 0 to predict */
};

/* Something that learns beside the network. */
struct dtd_learner {
  const char *name; /* prefix of its columns in training.tsv */
  void *self;
  /* The weights that read the pairs: their sums over the batch are computed
     while the network computes its own. Null for none. */
  const struct dtd_weights *reads;
  /* Takes what it needs of the network for this batch, before the network's
     step. Null when there is nothing. */
  void (*prepare)(void *self, const struct dtd_activations *act);
  /* One step on this batch at `rate`, from its inputs, which know the sums of
     `reads`; returns the mean error before it. Runs beside the network's step,
     so it does not read the network. */
  double (*learn)(void *self, const struct dtd_inputs *x, double rate);
  /* total (batch): the learner's prediction of f(x), and what of it was off
     meanwhile; a learner without units leaves `dead` as it is, zeros. */
  void (*predict)(float *total, struct dtd_dead *dead, void *self,
                  const struct dtd_activations *act);
  struct dtd_rate rate;
  const struct dtd_parameter *parameter; /* borrowed */
  int parameters;
};

/* One evaluation: a row of training.tsv. */
struct dtd_history_row {
  double iteration;
  double rate;
  double training_error;          /* mean (f - t)^2 since the row before */
  double test_error;              /* mean (f - t)^2 over the evaluation pairs */
  double accuracy;                /* share with (f > 50) = (t > 50) */
  double active[DTD_MOST_LAYERS]; /* share of units on for at least one pair */
  double learner_error[DTD_MOST_LEARNERS]; /* mean since the row before */
  double learner_rms[DTD_MOST_LEARNERS];   /* RMS(prediction - f) */
  double dead_units[DTD_MOST_LEARNERS];    /* y_j off for every pair */
  double dead_pools[DTD_MOST_LEARNERS];    /* of no other units */
};

struct dtd_trainer {
  struct dtd_training_settings settings;
  struct dtd_network *network;     /* borrowed, changed by training */
  struct dtd_network *stored;      /* the same, as the kernel stores it */
  struct dtd_optimiser *optimiser; /* null when steps are taken in place */
  const struct dtd_sampler *train, *test; /* borrowed */
  struct dtd_learner learner[DTD_MOST_LEARNERS];
  int learners;
  long iteration; /* steps done */
  double error_sum,
      learner_error_sum[DTD_MOST_LEARNERS]; /* since the last row */
  struct dtd_history_row *history; /* (rows); null while there is none */
  int rows, room;
  struct dtd_training_buffers *buffers;
};

enum dtd_training_end {
  DTD_TRAINED,
  DTD_STOPPED, /* the stop flag was set */
};

/* What the caller wants to hear of; any may be null. A hook that reads weights
   calls dtd_trainer_write_weights first. */
struct dtd_training_hooks {
  void *self;
  void (*progress)(void *self, const struct dtd_trainer *trainer);
  void (*evaluated)(void *self, const struct dtd_trainer *trainer);
  void (*checkpoint)(void *self, const struct dtd_trainer *trainer);
  const volatile sig_atomic_t *stop; /* training ends after a step if set */
};

/* ---- create ---- */

/* Dies (usage) when the optimiser cannot run with the kernel, or weight decay
   takes more than there is. */
void dtd_check_training(const struct dtd_training_settings *settings);

/* Borrows everything; the network must be initialised. Dies as
   dtd_check_training does. */
struct dtd_trainer *
dtd_trainer_new(struct dtd_network *network, const struct dtd_sampler *train,
                const struct dtd_sampler *test,
                const struct dtd_training_settings *settings);
void dtd_trainer_add(struct dtd_trainer *trainer,
                     const struct dtd_learner *learner);

/* ---- compute ---- */

/* Runs from trainer->iteration to the last iteration, and writes the weights.
   Dies, naming the setting
   to change, when an error is not finite or when all units of a layer are off
   on a whole evaluation. */
enum dtd_training_end dtd_train(struct dtd_trainer *trainer,
                                const struct dtd_training_hooks *hooks);

/* One iteration; returns the batch's mean (f - t)^2 before the step. */
double dtd_trainer_step(struct dtd_trainer *trainer);

/* Brings the parameters of network and learners up to date, which weights may
   keep elsewhere; training goes on as if it had not been called. */
void dtd_trainer_write_weights(const struct dtd_trainer *trainer);

/* Gives the history so many rows; new ones are to be filled in. */
void dtd_trainer_set_rows(struct dtd_trainer *trainer, int rows);

/* ---- inspect ---- */

/* Every matrix that is trained, under its name in model files; returns their
   number. */
int dtd_trainer_weights(struct dtd_parameter stored[DTD_MOST_STORED],
                        const struct dtd_trainer *trainer);

/* The most recent batch's errors: the network's, and each learner's. */
double dtd_trainer_recent_error(const struct dtd_trainer *trainer);
double dtd_trainer_recent_learner_error(const struct dtd_trainer *trainer,
                                        int learner);

/* ---- free ---- */

void dtd_trainer_free(struct dtd_trainer *trainer);

#endif
