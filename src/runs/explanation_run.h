/* Explains given inputs by a trained model or a network from ONNX, and writes
   what came out: what the program explain does. */
#ifndef DTD_EXPLANATION_RUN_H
#define DTD_EXPLANATION_RUN_H

#include "base/arguments.h"

/* What is asked for, as it was typed; null where nothing was. */
struct dtd_explanation_request {
  const char *model;  /* model.safetensors, a result folder, or .onnx */
  const char *method; /* its name */
  struct dtd_texts inputs;
  const char *output, *pictures;
  const char *first_rule, *upper_rule;
  bool list; /* what can be asked for, or the network's nodes; nothing else */
  /* Of networks from ONNX alone. */
  const char *class, *composite, *input_settings, *low, *high;
  struct dtd_texts rules; /* NODE=RULE */
  bool channels;
  struct dtd_texts settings; /* explanation.key=value */
};

/* Dies, naming the option or the file, when it cannot be done. */
void dtd_explanation_run(const struct dtd_explanation_request *request,
                         int argc, char **argv);

#endif
