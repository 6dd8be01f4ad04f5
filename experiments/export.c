/* Exports a trained network as ONNX, for other programs and for explain. */

#include "base/arguments.h"
#include "base/die.h"
#include "base/memory.h"
#include "files/table.h"
#include "runs/listing.h"
#include "runs/model_export.h"

static const struct dtd_option options[] = {{0}};
static const struct dtd_words expected = {
    .as = "MODEL",
    .missing = "no model is given",
    .to_do = "give a result folder or a model.safetensors; see --help",
    .most = 2,
    .surplus = "stands behind the file to write",
    .instead = "export one model at a time; see --help"};
static const struct argp about = {
    .args_doc = "DIR|MODEL.safetensors FILE.onnx",
    .children = dtd_list_option,
    .doc =
        "Writes a trained network as ONNX, with its input settings in "
        "FILE.ini.\v"
        "Its nodes are Gemm, Relu, and Reshape with ReduceSum for pools "
        "that sum or MaxPool for those that take the maximum, whose winner "
        "then takes all relevance; the input is "
        "x (N, 1, 28, 56), the output f (N, 1). The metadata hold the "
        "command, the revisions, the configuration and its digest. For "
        "example:\n"
        "  build/bin/export results/quick quick.onnx\n"
        "  build/bin/explain --model quick.onnx --method deep-taylor-free \\\n"
        "    --input results/quick/heatmaps/pairs.npy --output r.npy",
};

int main(int argc, char **argv) {
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &expected, argc, argv);
  if (words.count < 2)
    dtd_die(DTD_USAGE, "FILE.onnx", "name it behind the model; see --help",
            "no file to write is given");
  char *command = dtd_command_line(argc, argv);
  dtd_model_export(words.text[1], words.text[0], command);
  dtd_free(command);
  dtd_free(words.text);
  return DTD_OK;
}
