/* Explains given images with one method: heatmaps and scores to files. */

#include "base/arguments.h"
#include "base/memory.h"
#include "runs/config.h"
#include "base/die.h"
#include "explain/explained_images.h"
#include "runs/listing.h"
#include "linear/threads.h"
#include "explain/trained_model.h"
#include "base/output.h"

static const char *model, *method_name, *input, *output, *pictures;
static const char *first_rule, *upper_rule;

#define NEEDED(option)                                                         \
  .as = option, .missing = "is not given", .to_do = "see --help and --list"
static const struct dtd_option options[] = {
    {"model", 'm', "FILE", "The model.safetensors to explain", .text = &model,
     NEEDED("--model")},
    {"method", 'e', "NAME", "The explanation method (see --list)",
     .text = &method_name, NEEDED("--method")},
    {"input", 'i', "FILE",
     "Images: an .npy of (N, 28, 56) or (N, 1568), float32 between -0.5 and "
     "1.5 or uint8, or a grayscale PNG of 56 x 28 pixels",
     .text = &input, NEEDED("--input")},
    {"output", 'o', "FILE.npy",
     "Heatmaps, float32 (N, 28, 56); the scores f(x) and the sums of relevance "
     "go to FILE.scores.tsv",
     .text = &output, NEEDED("--output")},
    {"png", 'p', "DIR", "Also draw each image above its heatmap",
     .text = &pictures},
    {"first-rule", 'f', "RULE", "Rule of the first layer (zB)",
     .text = &first_rule},
    {"upper-rule", 'u', "RULE", "Rule of the layers above (z+)",
     .text = &upper_rule},
    {0}};
static const struct dtd_words none = {
    .surplus = "stands after no option",
    .instead = "write --input FILE, for example; see --help"};
static const struct argp about = {
    .children = dtd_list_option,
    .doc = "Explains images with one method.\v"
           "For example, the test pairs that evaluate has kept:\n"
           "  build/bin/explain --model results/quick/model.safetensors \\\n"
           "    --method deep-taylor-free --input "
           "results/quick/heatmaps/pairs.npy \\\n"
           "    --output free.npy --png free",
};

static struct dtd_settings settings_of_rules(void) {
  struct dtd_settings settings;
  dtd_config_defaults(&settings);
  struct dtd_explanation_settings *own = &settings.explanation;
  if (first_rule) own->first_rule = dtd_rule_find(first_rule);
  if (upper_rule) own->upper_rule = dtd_rule_find(upper_rule);
  dtd_check_rules(own);
  return settings;
}

int main(int argc, char **argv) {
  dtd_arguments_read(&about, options, &none, argc, argv);
  dtd_check_heatmaps_name(output, input);
  struct dtd_settings settings = settings_of_rules();
  dtd_threads(0);
  const struct dtd_method *method = dtd_method_find(method_name);
  struct dtd_trained_model *trained =
      dtd_trained_model_read(model, &settings.explanation, DTD_AT_A_TIME);
  struct dtd_explainer *explainer = trained->explainer;
  struct dtd_explained_images images = dtd_explained_images_read(
      input, explainer->settings.low, explainer->settings.high);
  if (pictures) dtd_output_directory(pictures);
  dtd_explain(images.R_p, images.f, explainer, method, images.x, images.count);

  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_config_digest(digest, &settings);
  struct dtd_provenance from = {command, digest, 0};
  dtd_explained_images_write(output, &images, &from);
  if (pictures) dtd_explained_images_draw(pictures, &images);
  dtd_free(command);
  dtd_explained_images_free(&images);
  dtd_trained_model_free(trained);
  return DTD_OK;
}
