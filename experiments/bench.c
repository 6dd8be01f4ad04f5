/* Times training, explanation and root search beside PyTorch and the machine's
   limits. */
#include <libgen.h>
#include <string.h>

#include "base/arguments.h"
#include "linear/blas.h"
#include "base/memory.h"
#include "bench/benchmark.h"
#include "base/die.h"
#include "runs/listing.h"
#include "bench/scaling.h"

static struct dtd_benchmark_request request = {.rounds = 15,
                                               .turn = DTD_USUAL_TURN};
static bool scaling;
static const struct dtd_option options[] = {
    {"out", 'o', "FILE", "The table to write", .text = &request.output},
    {"scratch", 's', "FOLDER",
     "An existing folder for files that PyTorch reads",
     .text = &request.scratch},
    {"torch", 't', "SCRIPT", "Compare with PyTorch, by bench-torch.py",
     .text = &request.torch},
    {"torch-network", 'T', "SCRIPT", "The same by bench-torch-network.py",
     .text = &request.torch_network},
    {"network", 'N', "FILE.onnx", "Explain photos by this network, too",
     .text = &request.network},
    {"photo", 'p', "FILE", "A photo that it explains; repeatable",
     .texts = &request.photos},
    {"scaling", 'c', NULL, "Time other sizes instead, for how cost grows",
     .given = &scaling},
    {"rounds", 'r', "N", "Times that each contender is run (15)",
     .number = &request.rounds, .least = 1, .most = 1000},
    {0}};
static const struct argp about = {
    .args_doc = "DIR [section.key=value ...]",
    .children = dtd_list_option,
    .doc = "Times the library's jobs beside PyTorch's and the machine's own "
           "limits.\v"
           "Reads DIR/model.safetensors and DIR/config.ini; prints a table and "
           "writes it. scripts/bench.sh trains a model for it, passes all "
           "options and draws the figures.",
};

int main(int argc, char **argv) {
  dtd_blas_settle_core(argv);
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &dtd_folder_words, argc, argv);
  if (!request.output || (!request.scratch && !scaling))
    dtd_die(DTD_USAGE, "--out, --scratch", "or run scripts/bench.sh",
            "must be given");
  if (request.network && !request.photos.count)
    dtd_die(DTD_USAGE, "--network", "name photos by --photo",
            "has nothing to explain");
  char *self = strdup(argv[0]);
  request.programs = dirname(self);
  request.folder =
      dtd_result_folder_open(&words, argc, argv, DTD_BENCHMARK_IMAGES);
  if (scaling)
    dtd_scaling(request.output, request.folder, request.rounds, request.turn);
  else
    dtd_benchmark(&request);
  dtd_result_folder_close(request.folder);
  dtd_free(words.text);
  dtd_free(request.photos.text);
  dtd_free(self);
  return DTD_OK;
}
