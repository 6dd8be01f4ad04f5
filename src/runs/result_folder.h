/* A result folder that train has written, opened to examine its model.

   Programs that examine a trained model take `DIR [section.key=value ...]`:
   DIR/config.ini and DIR/model.safetensors are read. Assignments change how the
   model is explained and evaluated, never what it was trained on.

   A folder that holds model.safetensors alone has a network from elsewhere,
   such as PyTorch. Its settings are those in the file, or the defaults with the
   layers of the file. [data] may be changed, too, because the data of its
   training are not known here. */
#ifndef DTD_RESULT_FOLDER_H
#define DTD_RESULT_FOLDER_H

#include "base/arguments.h"

#include "runs/config.h"
#include "explain/trained_model.h"
#include "files/table.h"

/* ---- the command line ---- */

/* DIR, then assignments: for dtd_arguments_read. */
extern const struct dtd_words dtd_folder_words;

/* ---- the folder ---- */

struct dtd_result_folder {
  const char *directory; /* borrowed */
  struct dtd_settings settings;
  struct dtd_trained_model *model;
  char *command; /* the command line, for provenance */
  char digest[17];
  char path[4096]; /* of the file that was named last */
};

/* Reads the configuration and model of the folder that the first of `words`
   names; the others are assignments. Its explainer will take up to `capacity`
   images at a time. Sets the number of threads. Dies, naming the
   file, when one is missing or bad, and (usage) when an assignment would change
   a setting that shaped the training. */
struct dtd_result_folder *dtd_result_folder_open(const struct dtd_texts *words,
                                                 int argc, char **argv,
                                                 int capacity);

/* DIR/name; borrowed, and valid until the next call. */
const char *dtd_result_folder_file(struct dtd_result_folder *folder,
                                   const char *name);

/* The provenance of tables written to the folder; borrows from it. */
struct dtd_provenance
dtd_result_folder_provenance(const struct dtd_result_folder *folder);

/* The first `count` one-target test pairs, (count, 28, 56), as evaluate
   explains them; release with dtd_free(). */
float *dtd_result_folder_pairs(const struct dtd_result_folder *folder,
                               int count);

void dtd_result_folder_close(struct dtd_result_folder *folder);

#endif
