/* Explains photos by networks read from ONNX: the tables of section 6.2. */

#include <string.h>

#include "base/arguments.h"
#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "linear/threads.h"
#include "runs/listing.h"
#include "runs/photo_tables.h"

static const char *directory, *zoom = "volcano";
static struct dtd_texts photos;
static int most = 1000000;
static const struct dtd_option options[] = {
    {"out", 'o', "DIR", "Where the tables go; made when it is missing",
     .text = &directory, .as = "--out DIR", .missing = "is missing",
     .to_do = "see --help"},
    {"photo", 'p', "FILE",
     "A PNG or JPEG, or an .npy of the networks' own input; may be repeated",
     .texts = &photos},
    {"first", 'f', "N", "Of an .npy, the first N examples (all)",
     .number = &most, .least = 1, .most = 1000000},
    {"zoom", 'z', "NAME",
     "The photo of Fig. 8, by its name without .jpg (volcano, or else the "
     "first)",
     .text = &zoom},
    {0}};
static const struct dtd_words networks = {
    .as = "NETWORK.onnx",
    .missing = "no network is given",
    .to_do = "see --help, and scripts/ilsvrc.sh for all that is at hand",
};
static const struct argp about = {
    .args_doc = "NETWORK.onnx ...",
    .children = dtd_list_option,
    .doc = "Explains photos by sensitivity analysis and by deep Taylor "
           "decomposition, as section 6.2 does.\v"
           "Writes tables below DIR for scripts/plot.sh and the page. How a "
           "network reads photos says NETWORK.ini beside it, or one of "
           "experiments/input.",
};

int main(int argc, char **argv) {
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &networks, argc, argv);
  if (!photos.count)
    dtd_die(DTD_USAGE, "--photo FILE", "see --help", "is missing");
  dtd_threads(0);
  struct dtd_photo_study **study =
      dtd_new((size_t)words.count, sizeof(struct dtd_photo_study *));
  for (int n = 0; n < words.count; n++)
    study[n] =
        dtd_photo_study_new(words.text[n], photos.text, photos.count, most);
  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_photo_study_digest(digest, study, words.count);
  struct dtd_provenance from = {command, digest, 0};
  dtd_photo_tables_write(directory, study, words.count, zoom, stdout, &from);
  for (int n = 0; n < words.count; n++) dtd_photo_study_free(study[n]);
  dtd_free(study);
  dtd_free(command);
  dtd_free(photos.text);
  dtd_free(words.text);
  return DTD_OK;
}
