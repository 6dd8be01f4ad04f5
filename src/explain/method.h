/* An explanation method turns images into heatmaps R_p.

   To add a method: one file in methods/ that defines a const struct dtd_method,
   and one line in methods/registry.h. Each relevance model of models/registry.h
   has its method deep-taylor-NAME as it is. */
#ifndef DTD_METHOD_H
#define DTD_METHOD_H

#include <stdbool.h>

#include "relevance/relevance_model.h"

struct dtd_explainer; /* explainer.h */

struct dtd_method {
  const char *name;        /* "deep-taylor-free" */
  const char *title;       /* as in the paper's figures */
  const char *description; /* one line */
  const char *meaning; /* for readers of the report, in whole sentences; null
                          for the description */
  const char *source;
  bool conservative; /* sum_p R_p = f(x) of any model, if its rules are */
  bool positive;     /* R_p >= 0 of any model, if its rules are */
  const struct dtd_model_kind *model; /* that explains the first layer; null
                                         when the method needs none */
  bool perturbs;    /* asks f at other images than x, so that f(x) = 0 need not
                       give an empty heatmap */
  bool cuts;        /* cuts the image into blocks: needs rows and columns */
  bool slow;        /* searches for each example: run on few */
  bool finds_roots; /* leaves the root of each image in explainer->root */
  bool of_paper;    /* one of the four of section 6.1 */
  bool control;     /* explains nothing: what any method has to beat */
  /* R_p (batch, inputs); x has been read, its scores are explainer->f, and
     explainer->kind is what to ask (explained_kind.h). Nothing is allocated
     but other images to ask f at. */
  void (*explain)(float *R_p, struct dtd_explainer *explainer, const float *x,
                  int batch);
};

/* ---- the registry ---- */

extern const struct dtd_method *const dtd_methods[]; /* ended by null */
/* The method called `name`; dies (usage), listing those that exist. */
const struct dtd_method *dtd_method_find(const char *name);
/* Whether it needs a relevance model that was trained. */
bool dtd_method_is_trained(const struct dtd_method *method);

/* Whether a method is evaluated unless a configuration says otherwise: the
   paper's four, and the controls. */
bool dtd_method_is_usual(const struct dtd_method *method);

#endif
