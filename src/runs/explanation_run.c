/* Explains given inputs by a trained model or a network from ONNX, and writes
   what came out: what the program explain does. */
#include "runs/explanation_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"
#include "explain/explained_images.h"
#include "explain/explained_input_files.h"
#include "explain/trained_model.h"
#include "linear/threads.h"
#include "network/graph_listing.h"
#include "network/graph_reader.h"
#include "runs/config.h"
#include "runs/listing.h"

typedef const struct dtd_explanation_request request;

/* ---- the request ---- */

static bool is_onnx(const char *path) {
  size_t length = strlen(path);
  return length > 5 && !strcmp(path + length - 5, ".onnx");
}

static void check_given(request *r) {
  const struct {
    const char *option;
    bool given;
  } needed[] = {{"--model", r->model},
                {"--method", r->method},
                {"--input", r->inputs.count > 0},
                {"--output", r->output}};
  for (int n = 0; n < 4; n++)
    if (!needed[n].given)
      dtd_die(DTD_USAGE, needed[n].option, "see --help and --list",
              "is not given");
}

static struct dtd_settings settings_of(request *r) {
  struct dtd_settings settings;
  for (int n = 0; n < r->settings.count; n++)
    if (strncmp(r->settings.text[n], "explanation.", 12) != 0)
      dtd_die(DTD_USAGE, r->settings.text[n],
              "write --input FILE, for example; see --help",
              "stands after no option, and is no explanation.key=value");
  dtd_config_defaults(&settings);
  dtd_config_change(&settings, r->settings.text, r->settings.count);
  struct dtd_explanation_settings *own = &settings.explanation;
  if (r->first_rule) own->first_rule = dtd_rule_find(r->first_rule);
  if (r->upper_rule) own->upper_rule = dtd_rule_find(r->upper_rule);
  return settings;
}

static void open_pictures(request *r) {
  for (int n = 0; n < r->inputs.count; n++)
    dtd_check_pictures(r->pictures, r->inputs.text[n]);
  dtd_output_directory(r->pictures);
}

/* ---- a trained model ---- */

static void refuse_what_is_of_onnx(request *r) {
  const struct {
    const char *option;
    bool given;
  } own[] = {{"--class", r->class},
             {"--composite", r->composite},
             {"--rule", r->rules.count > 0},
             {"--channels", r->channels},
             {"--input-settings", r->input_settings},
             {"--low", r->low},
             {"--high", r->high}};
  for (int n = 0; n < 7; n++)
    if (own[n].given)
      dtd_die(DTD_USAGE, own[n].option, "leave it out",
              "is for networks from ONNX, which %s is not", r->model);
  if (r->inputs.count > 1)
    dtd_die(DTD_USAGE, r->inputs.text[1], "put all images into one .npy",
            "a second input of a trained model");
}

/* A folder's model.safetensors; release it. */
static char *model_file(const char *model) {
  struct stat is;
  bool folder = !stat(model, &is) && S_ISDIR(is.st_mode);
  return folder ? dtd_printed("%s/model.safetensors", model)
                : dtd_copy_text(model);
}

static void explain_trained(request *r, const struct dtd_settings *settings,
                            const struct dtd_provenance *from) {
  refuse_what_is_of_onnx(r);
  dtd_check_heatmaps_name(r->output, r->inputs.text[0]);
  dtd_check_rules(&settings->explanation);
  const struct dtd_method *method = dtd_method_find(r->method);
  char *file = model_file(r->model);
  struct dtd_trained_model *trained =
      dtd_trained_model_read(file, &settings->explanation, DTD_AT_A_TIME);
  struct dtd_explainer *explainer = trained->explainer;
  struct dtd_explained_images images = dtd_explained_images_read(
      r->inputs.text[0], explainer->settings.low, explainer->settings.high);
  if (r->pictures) open_pictures(r);
  dtd_explain(images.R_p, images.f, explainer, method, images.x, images.count);
  dtd_explained_images_write(r->output, &images, from);
  if (r->pictures) dtd_explained_images_draw(r->pictures, &images);
  dtd_explained_images_free(&images);
  dtd_trained_model_free(trained);
  dtd_free(file);
}

/* ---- a network from ONNX ---- */

/* The name of a node that is given by its number in the network's listing. */
static const char *name_of(const struct dtd_graph *graph, const char *node) {
  char *end;
  long number = strtol(node, &end, 10);
  for (int n = 1; n < graph->nodes; n++)
    if (!strcmp(graph->node[n].name, node)) return node;
  bool numbered = end > node && !*end && number > 0 && number < graph->nodes;
  return numbered ? graph->node[number].name : node;
}

static struct dtd_composite composite_of(request *r,
                                         const struct dtd_graph *graph) {
  struct dtd_composite composite =
      dtd_composite_read(r->composite ? r->composite : "");
  if (r->first_rule) dtd_composite_set(&composite, "first", r->first_rule);
  if (r->upper_rule) {
    dtd_composite_set(&composite, "convolution", r->upper_rule);
    dtd_composite_set(&composite, "dense", r->upper_rule);
  }
  for (int n = 0; n < r->rules.count; n++) {
    const char *text = r->rules.text[n], *equals = strrchr(text, '=');
    if (!equals)
      dtd_die(DTD_USAGE, "--rule", "write NODE=RULE", "%s names no rule", text);
    char *node = dtd_printed("%.*s", (int)(equals - text), text);
    dtd_composite_set(&composite, name_of(graph, node), equals + 1);
    dtd_free(node);
  }
  return composite;
}

/* A rule that the method would pass over in silence is a mistake. */
static void refuse_rules_in_vain(request *r, const struct dtd_method *method) {
  const struct {
    const char *option;
    bool given;
  } rules[] = {{"--composite", r->composite},
               {"--rule", r->rules.count > 0},
               {"--first-rule", r->first_rule},
               {"--upper-rule", r->upper_rule}};
  for (int n = 0; n < 4 && !dtd_decomposes_graphs(method); n++)
    if (rules[n].given)
      dtd_die(DTD_USAGE, rules[n].option, "leave it out",
              "is for deep-taylor-free, which %s is not", method->name);
}

static struct dtd_input_settings *
input_settings_of(request *r, const struct dtd_graph *graph) {
  struct dtd_input_settings *settings =
      dtd_input_settings_read(r->model, r->input_settings, graph->node[0].out,
                              (int)dtd_graph_outputs(graph));
  if (r->low || r->high) dtd_input_settings_bound(settings, r->low, r->high);
  if (r->pictures && !dtd_input_is_picture(settings))
    dtd_die(DTD_USAGE, "--png", "leave it out",
            "draws pictures, but the network reads vectors");
  if (r->channels && !dtd_input_is_picture(settings))
    dtd_die(DTD_USAGE, "--channels", "leave it out",
            "is for pictures, but the network reads vectors");
  return settings;
}

static void explain_graph(request *r, const struct dtd_settings *settings,
                          const struct dtd_provenance *from) {
  for (int n = 0; n < r->inputs.count; n++)
    dtd_check_heatmaps_name(r->output, r->inputs.text[n]);
  const struct dtd_method *method = dtd_method_find(r->method);
  refuse_rules_in_vain(r, method);
  struct dtd_graph *graph = dtd_graph_read(r->model);
  struct dtd_composite composite = composite_of(r, graph);
  struct dtd_input_settings *input = input_settings_of(r, graph);
  int class =
      r->class ? dtd_class_find(&input->names, r->class) : DTD_GREATEST_CLASS;
  struct dtd_explained_inputs inputs =
      dtd_explained_inputs_read(graph, input, &r->inputs);
  if (input->of_data)
    dtd_warn(r->inputs.text[0], "give --low and --high for others",
             "each feature's interval is that of the data and 0");
  if (r->pictures) open_pictures(r);
  struct dtd_explainer *explainer = dtd_explainer_of_graph(
      graph, dtd_decomposes_graphs(method) ? &composite : NULL,
      dtd_input_box(input), input->picture, &settings->explanation,
      inputs.count);
  dtd_explainer_choose(explainer, class);
  dtd_explain_inputs(&inputs, explainer, method, r->channels);
  dtd_explained_inputs_write(r->output, &inputs, from);
  if (r->pictures) dtd_explained_inputs_draw(r->pictures, &inputs);
  dtd_explained_inputs_print(stdout, &inputs);
  dtd_explainer_free(explainer);
  dtd_explained_inputs_free(&inputs);
  dtd_input_settings_free(input);
  dtd_graph_free(graph);
}

/* ---- either ---- */

static void list(request *r) {
  if (!r->model || !is_onnx(r->model)) {
    dtd_list_everything(stdout);
    return;
  }
  struct dtd_graph *graph = dtd_graph_read(r->model);
  dtd_graph_list(stdout, graph);
  dtd_graph_free(graph);
}

void dtd_explanation_run(request *r, int argc, char **argv) {
  if (r->list) {
    list(r);
    return;
  }
  struct dtd_settings settings = settings_of(r);
  check_given(r);
  dtd_threads(0);
  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_config_digest(digest, &settings);
  struct dtd_provenance from = {command, digest, 0};
  if (is_onnx(r->model))
    explain_graph(r, &settings, &from);
  else
    explain_trained(r, &settings, &from);
  dtd_free(command);
}
