/* Explains given images with one method: heatmaps and scores to files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "config.h"
#include "die.h"
#include "listing.h"
#include "mat.h"
#include "memory.h"
#include "model.h"
#include "npy.h"
#include "output.h"
#include "picture.h"
#include "table.h"

enum {
  BATCH = 250,
  ZOOM = 8,
  ROWS = DTD_PAIR_ROWS,
  COLUMNS = DTD_PAIR_COLUMNS
};

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
  switch (key) {
  case DTD_LIST:
    dtd_list_everything(stdout);
    exit(DTD_OK);
  case 'm':
    a->model = value;
    return 0;
  case 'e':
    a->method = value;
    return 0;
  case 'i':
    a->input = value;
    return 0;
  case 'o':
    a->output = value;
    return 0;
  case 'p':
    a->pictures = value;
    return 0;
  case 'f':
    a->first_rule = value;
    return 0;
  case 'u':
    a->upper_rule = value;
    return 0;
  case ARGP_KEY_ARG:
    dtd_die(DTD_USAGE, value, "write --input FILE, for example; see --help",
            "stands after no option");
  case ARGP_KEY_END:
    need("--model", a->model);
    need("--method", a->method);
    need("--input", a->input);
    need("--output", a->output);
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
    DTD_LIST_OPTION,
    {0}};
static const struct argp parser = {
    options,
    parse,
    NULL,
    "Explains images with one method.\v"
    "For example, the test pairs that evaluate has kept:\n"
    "  build/bin/explain --model results/quick/model.safetensors \\\n"
    "    --method deep-taylor-free --input results/quick/heatmaps/pairs.npy "
    "\\\n"
    "    --output free.npy --png free",
    NULL,
    NULL,
    NULL};

static bool ends_with(const char *text, const char *end) {
  size_t a = strlen(text), b = strlen(end);
  return a >= b && !strcmp(text + a - b, end);
}

static float *read_images(int *count, const char *path, float low, float high) {
  *count = 1;
  if (ends_with(path, ".png"))
    return dtd_picture_read(path, ROWS, COLUMNS, low, high);
  return dtd_npy_read_images(count, path, ROWS, COLUMNS, low, high);
}

/* FILE.scores.tsv beside FILE.npy. */
static void write_scores(const char *output, const struct dtd_provenance *from,
                         const float *f, const float *sums, int count) {
  char path[4096];
  snprintf(path, sizeof path, "%.*s.scores.tsv", (int)strlen(output) - 4,
           output);
  FILE *table = dtd_table_open(path, from, "example f sum_r");
  for (int n = 0; n < count; n++)
    dtd_table_row(table, "dff", n, (double)f[n], (double)sums[n]);
  dtd_table_close(table);
}

static void draw(const char *directory, const float *images, const float *R_p,
                 int count, float low, float high) {
  dtd_output_directory(directory);
  for (int n = 0; n < count; n++) {
    char path[4096];
    long at = (long)n * DTD_PAIR_PIXELS;
    snprintf(path, sizeof path, "%s/%05d.png", directory, n);
    dtd_picture_write(path, images + at, R_p + at, ROWS, COLUMNS, low, high,
                      ZOOM);
  }
}

int main(int argc, char **argv) {
  struct arguments arguments = {0};
  dtd_arguments_parse(&parser, argc, argv, &arguments);
  if (!ends_with(arguments.output, ".npy"))
    dtd_die(DTD_USAGE, arguments.output, "name it FILE.npy",
            "the output does not end in .npy");

  struct dtd_settings settings;
  char digest[17];
  dtd_config_defaults(&settings);
  if (arguments.first_rule)
    settings.explanation.first_rule = dtd_rule_find(arguments.first_rule);
  if (arguments.upper_rule)
    settings.explanation.upper_rule = dtd_rule_find(arguments.upper_rule);
  dtd_check_rules(&settings.explanation);
  dtd_config_digest(digest, &settings);
  dtd_threads(0);
  const struct dtd_method *method = dtd_method_find(arguments.method);
  struct dtd_model *model =
      dtd_model_read(arguments.model, &settings.explanation, BATCH);
  float low = model->explainer->settings.low;
  float high = model->explainer->settings.high;

  int count;
  float *images = read_images(&count, arguments.input, low, high);
  size_t pixels = (size_t)count * DTD_PAIR_PIXELS;
  float *R_p = dtd_new(pixels, sizeof *R_p);
  float *f = dtd_new((size_t)count, sizeof *f);
  float *sums = dtd_new((size_t)count, sizeof *sums);
  dtd_explain(R_p, f, model->explainer, method, images, count);
  dtd_sum_rows(sums, R_p, count, DTD_PAIR_PIXELS);

  char *command = dtd_command_line(argc, argv);
  struct dtd_provenance from = {command, digest, 0};
  dtd_npy_write(arguments.output, R_p, (size_t)count, ROWS, COLUMNS);
  write_scores(arguments.output, &from, f, sums, count);
  if (arguments.pictures)
    draw(arguments.pictures, images, R_p, count, low, high);

  void *all[] = {images, R_p, f, sums, command};
  for (size_t n = 0; n < sizeof all / sizeof *all; n++) free(all[n]);
  dtd_model_free(model);
  return DTD_OK;
}
