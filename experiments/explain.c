/* Explains given images with one method: heatmaps and scores to files. */

#include "base/arguments.h"
#include "base/memory.h"
#include "runs/config.h"
#include "base/die.h"
#include "explain/explained_images.h"
#include "runs/listing.h"
#include "linear/mat.h"
#include "explain/trained_model.h"
#include "base/output.h"

struct arguments {
  const char *model, *method, *input, *output, *pictures;
  const char *first_rule, *upper_rule;
};

static void need(const char *option, const char *value) {
  if (!value)
    dtd_die(DTD_USAGE, option, "see --help and --list", "is not given");
}

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *a = state->input;
  const struct dtd_text_option texts[] = {
      {'m', &a->model},      {'e', &a->method},
      {'i', &a->input},      {'o', &a->output},
      {'p', &a->pictures},   {'f', &a->first_rule},
      {'u', &a->upper_rule}, {0}};
  if (dtd_argument_text(texts, key, value)) return 0;
  switch (key) {
  case ARGP_KEY_ARG:
    dtd_die(DTD_USAGE, value, "write --input FILE, for example; see --help",
            "stands after no option");
  case ARGP_KEY_END:
    need("--model", a->model);
    need("--method", a->method);
    need("--input", a->input);
    need("--output", a->output);
    dtd_check_heatmaps_name(a->output, a->input);
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {
    {"model", 'm', "FILE", 0, "The model.safetensors to explain", 0},
    {"method", 'e', "NAME", 0, "The explanation method (see --list)", 0},
    {"input", 'i', "FILE", 0,
     "Images: an .npy of (N, 28, 56) or (N, 1568), float32 between -0.5 and "
     "1.5 "
     "or uint8, or a grayscale PNG of 56 x 28 pixels",
     0},
    {"output", 'o', "FILE.npy", 0,
     "Heatmaps, float32 (N, 28, 56); the scores f(x) and the sums of relevance "
     "go to FILE.scores.tsv",
     0},
    {"png", 'p', "DIR", 0, "Also draw each image above its heatmap", 0},
    {"first-rule", 'f', "RULE", 0, "Rule of the first layer (zB)", 0},
    {"upper-rule", 'u', "RULE", 0, "Rule of the layers above (z+)", 0},
    {0}};
static const struct argp parser = {
    .options = options,
    .parser = parse,
    .children = dtd_list_option,
    .doc = "Explains images with one method.\v"
           "For example, the test pairs that evaluate has kept:\n"
           "  build/bin/explain --model results/quick/model.safetensors \\\n"
           "    --method deep-taylor-free --input "
           "results/quick/heatmaps/pairs.npy \\\n"
           "    --output free.npy --png free",
};

static struct dtd_settings settings_of(const struct arguments *a) {
  struct dtd_settings settings;
  dtd_config_defaults(&settings);
  struct dtd_explanation_settings *own = &settings.explanation;
  if (a->first_rule) own->first_rule = dtd_rule_find(a->first_rule);
  if (a->upper_rule) own->upper_rule = dtd_rule_find(a->upper_rule);
  dtd_check_rules(own);
  return settings;
}

int main(int argc, char **argv) {
  struct arguments arguments = {0};
  dtd_arguments_parse(&parser, argc, argv, &arguments);
  struct dtd_settings settings = settings_of(&arguments);
  dtd_threads(0);
  const struct dtd_method *method = dtd_method_find(arguments.method);
  struct dtd_trained_model *trained = dtd_trained_model_read(
      arguments.model, &settings.explanation, DTD_AT_A_TIME);
  struct dtd_explainer *explainer = trained->explainer;
  struct dtd_explained_images images = dtd_explained_images_read(
      arguments.input, explainer->settings.low, explainer->settings.high);
  if (arguments.pictures) dtd_output_directory(arguments.pictures);
  dtd_explain(images.R_p, images.f, explainer, method, images.x, images.count);

  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_config_digest(digest, &settings);
  struct dtd_provenance from = {command, digest, 0};
  dtd_explained_images_write(arguments.output, &images, &from);
  if (arguments.pictures)
    dtd_explained_images_draw(arguments.pictures, &images);
  dtd_free(command);
  dtd_explained_images_free(&images);
  dtd_trained_model_free(trained);
  return DTD_OK;
}
