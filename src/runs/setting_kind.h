/* A setting has a name and a place, and a kind that reads, writes and describes
   its value.

   A kind is one const struct dtd_setting_kind. Numbers are one kind for each C
   type that holds them; a choice is one kind for each list of names, which
   stands where the names belong: dtd_kernels, dtd_optimisers, dtd_methods.

   To add a kind of value: one const descriptor in setting_kind.c, declared
   here. To add a setting: one row in settings.c. */
#ifndef DTD_SETTING_KIND_H
#define DTD_SETTING_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "network/trainer.h"
#include "relevance/relevance_model.h"

/* Bytes of a path or of a list of names, so that its line suits inih. */
enum { DTD_MOST_TEXT = 180 };

struct dtd_setting;
struct dtd_settings; /* settings.h */

struct dtd_setting_kind {
  /* Stores the value of `text` at `at`. False when `text` is no value of this
     kind or outside the setting's range; *at is then undefined. */
  bool (*read)(void *at, const struct dtd_setting *setting, const char *text);
  /* Writes the text from which `read` makes the same value. */
  void (*write)(FILE *output, const void *at,
                const struct dtd_setting *setting);
  /* The values that there are, cut at `size`: "a whole number from 1 to 10000".
   */
  void (*describe)(char *text, size_t size, const struct dtd_setting *setting);
  const char *brief; /* the same for --list; null when `describe` is brief */
  /* To and from the C type that holds the value: of numbers, the number, where
     whole ones are so small that a double holds each of them exactly; of
     choices, the index of the name. Null for other kinds. */
  double (*load)(const void *at);
  void (*store)(void *at, double value);
  bool whole;
  /* Of names: each of them, then null, and what comes before them in a
     description, or null. */
  const char *(*name)(int n);
  const char *intro;
};

/* What a setting can change. */
enum dtd_reach {
  DTD_NO_RESULT,    /* no number at all */
  DTD_EXPLANATIONS, /* what is made of a trained model */
  DTD_TRAINING,     /* the trained model */
};

struct dtd_setting {
  const char *name;    /* "section.key" */
  const char *initial; /* the default, as one would write it */
  const char *meaning; /* one line */
  const struct dtd_setting_kind *kind;
  double low, high; /* of numbers: the range, ends included */
  enum dtd_reach reach;
  size_t offset; /* of its place in struct dtd_settings */
  /* Of lists of numbers: how many fit, and the bytes from one to the next. The
     first 0 ends a list. */
  int most;
  size_t stride;
  /* Fills in what follows from this setting, and dies (usage) when it
     contradicts another one. Called when all are read; may be null. */
  void (*settle)(struct dtd_settings *settings);
};

/* ---- the kinds ---- */

extern const struct dtd_setting_kind dtd_int_setting;   /* int */
extern const struct dtd_setting_kind dtd_long_setting;  /* long */
extern const struct dtd_setting_kind dtd_seed_setting;  /* uint64_t < 2^53 */
extern const struct dtd_setting_kind dtd_float_setting; /* float */
extern const struct dtd_setting_kind dtd_real_setting;  /* double */

extern const struct dtd_setting_kind dtd_yes_no_setting; /* bool */
extern const struct dtd_setting_kind dtd_path_setting; /* [DTD_MOST_TEXT + 1] */
extern const struct dtd_setting_kind dtd_digits_setting; /* bool, one a class */

extern const struct dtd_setting_kind dtd_schedule_setting; /* dtd_schedule */
extern const struct dtd_setting_kind dtd_kernel_setting;   /* dtd_kernel */
extern const struct dtd_setting_kind dtd_solver_setting;   /* dtd_root_solver */

/* Borrowed pointers to what is registered. */
extern const struct dtd_setting_kind dtd_optimiser_setting;
extern const struct dtd_setting_kind dtd_rule_setting;

/* Several relevance models, none twice. */
struct dtd_model_list {
  const struct dtd_model_kind *kind[DTD_MOST_LEARNERS];
  int count;
};
extern const struct dtd_setting_kind dtd_models_setting; /* dtd_model_list */

/* bool skip[], by the index in dtd_methods. */
extern const struct dtd_setting_kind dtd_methods_setting;

/* Whether it is written as names of methods, not as "paper" or "all". */
bool dtd_methods_are_listed(const bool *skip);

#endif
