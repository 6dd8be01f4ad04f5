/* Saves and restores models and the state of a training run, as safetensors.

   A model file holds every parameter under its name in the network or in a
   learner ("detection1.weight" (units, inputs), as PyTorch's Linear stores it).
   A checkpoint is a model file with what resuming needs besides:
   "training.history" and "training.sums", the iteration as metadata and, for
   each weight NAME whose storage holds more than its values, its exact state
   (see dtd_weights_save): of folded ones "training.NAME",
   "training.NAME.background" and, unless it is 1, "training.NAME.factor"; and
   what an optimiser remembers, for example "training.velocity", every parameter
   in the network's own order. */
#ifndef DTD_CHECKPOINT_H
#define DTD_CHECKPOINT_H

#include "network/network.h"
#include "files/safetensors.h"
#include "network/trainer.h"

/* What a model file says of itself; strings are borrowed from its tensors. */
struct dtd_model_facts {
  const char *config;          /* the resolved configuration, or "" */
  const char *source_revision; /* or "" */
  uint64_t seed;
  long iterations;
  float low, high; /* pixel_low, pixel_high: -0.5 and 1.5 unless said */
};

/* ---- write ---- */

/* Writes network and learners; with `resumable`, the state of the run too. */
void dtd_checkpoint_write(const char *path, const struct dtd_trainer *trainer,
                          const struct dtd_model_facts *facts, bool resumable);

/* ---- read ---- */

/* The network in a model file: depth, sizes and pools follow from the shapes of
   detection1.weight, detection2.weight, ... Dies, naming the file, when tensors
   are missing, do not fit one another or the metadata, or hold positive biases
   that the network may not have (`allow_positive_biases` false). */
struct dtd_network *dtd_model_network(const struct dtd_tensors *tensors,
                                      bool allow_positive_biases);

/* Copies the named parameters out of a file; dies when one is missing or of
   another shape. */
void dtd_model_parameters(const struct dtd_parameter *parameter, int count,
                          const struct dtd_tensors *tensors);

struct dtd_model_facts dtd_model_facts(const struct dtd_tensors *tensors);

/* Restores a trainer, its network and its learners from a checkpoint. Dies when
   the file is a model without the state of a run, or is of another run: other
   layers, more iterations, another number of evaluations. */
void dtd_checkpoint_restore(struct dtd_trainer *trainer,
                            const struct dtd_tensors *tensors);

#endif
