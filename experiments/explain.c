/* Explains given inputs with one method: heatmaps, scores and classes to files.
 */

#include "base/die.h"
#include "base/memory.h"
#include "runs/explanation_run.h"

static struct dtd_explanation_request request;

static const struct dtd_option options[] = {
    {"model", 'm', "FILE",
     "What to explain: a model.safetensors, a folder that has one, or a "
     "network FILE.onnx",
     .text = &request.model},
    {"method", 'e', "NAME", "The explanation method (see --list)",
     .text = &request.method},
    {"input", 'i', "FILE",
     "Images of pairs: an .npy of (N, 28, 56) or (N, 1568), float32 between "
     "-0.5 and 1.5 or uint8, or a grayscale PNG of 56 x 28 pixels. For a "
     "network from ONNX, repeatable: a PNG or JPEG, an .npy of (N, C, H, W) "
     "or (N, F), or a .tsv of one vector a row",
     .texts = &request.inputs},
    {"output", 'o', "FILE.npy",
     "Heatmaps, float32 (N, H, W), or (N, F) of vectors; scores and sums of "
     "relevance go to FILE.scores.tsv",
     .text = &request.output},
    {"png", 'p', "DIR", "Also draw each image with its heatmap",
     .text = &request.pictures},
    {"first-rule", 'f', "RULE", "Rule of the first layer (zB)",
     .text = &request.first_rule},
    {"upper-rule", 'u', "RULE", "Rule of the layers above (z+)",
     .text = &request.upper_rule},
    {"class", 'c', "N|NAME", "The class to explain (the one of greatest score)",
     .text = &request.class},
    {"composite", 'C', "NAME", "Rules by kind of layer (deep-taylor)",
     .text = &request.composite},
    {"rule", 'r', "NODE=RULE", "Rule of one node; repeatable",
     .texts = &request.rules},
    {"channels", 'k', NULL, "Keep channels apart: (N, C, H, W)",
     .given = &request.channels},
    {"input-settings", 's', "FILE",
     "How pictures become the network's input (NAME.ini beside NAME.onnx)",
     .text = &request.input_settings},
    {"low", 'L', "NUMBERS",
     "Least value of each feature of a vector, or of all (that of the data)",
     .text = &request.low},
    {"high", 'H', "NUMBERS", "Greatest value, likewise", .text = &request.high},
    {"list", 'l', NULL,
     "List methods, rules, composites and settings, or, with a network "
     "FILE.onnx, its nodes",
     .given = &request.list},
    {0}};
static const struct dtd_words settings = {0};
static const struct argp about = {
    .args_doc = "[explanation.key=value ...]",
    .doc = "Explains images or vectors with one method.\v"
           "Of a network from ONNX, FILE.classes.tsv has the five likeliest "
           "classes, FILE.ledger.tsv the relevance that enters each node, and "
           "FILE.relevance.tsv the relevance of vectors by column. For "
           "example, a photo, and the test pairs that evaluate has kept:\n"
           "  build/bin/explain --model data/models/googlenet.onnx \\\n"
           "    --method deep-taylor-free --input frog.jpg \\\n"
           "    --output frog.npy --png frog\n"
           "  build/bin/explain --model results/quick/model.safetensors \\\n"
           "    --method deep-taylor-free --input "
           "results/quick/heatmaps/pairs.npy \\\n"
           "    --output free.npy --png free",
};

int main(int argc, char **argv) {
  request.settings = dtd_arguments_read(&about, options, &settings, argc, argv);
  dtd_explanation_run(&request, argc, argv);
  dtd_free(request.inputs.text);
  dtd_free(request.rules.text);
  dtd_free(request.settings.text);
  return DTD_OK;
}
