/* Exports a trained model as ONNX, with its input settings beside it. */
#include "runs/model_export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"
#include "base/version.h"
#include "files/pairs.h"
#include "network/checkpoint.h"
#include "network/network_export.h"
#include "runs/config.h"

/* ---- names of files ---- */

static char *model_in(const char *from) {
  struct stat status;
  bool folder = !stat(from, &status) && S_ISDIR(status.st_mode);
  return folder ? dtd_printed("%s/model.safetensors", from)
                : dtd_copy_text(from);
}

/* FILE.ini of FILE.onnx, which nothing else has the name of. */
static char *settings_beside(const char *onnx) {
  static const char end[] = ".onnx";
  size_t length = strlen(onnx), stem = length - strlen(end);
  if (length <= strlen(end) || strcmp(onnx + stem, end))
    dtd_die(DTD_USAGE, onnx, "give it a name like network.onnx",
            "does not end in %s", end);
  char *path = dtd_printed("%.*s.ini", (int)stem, onnx);
  if (!access(path, F_OK)) {
    char *text = dtd_input_text(path);
    if (!strstr(text, "[input]"))
      dtd_die(DTD_FAILURE, path, "export under another name",
              "is there, and would be replaced");
    dtd_free(text);
  }
  return path;
}

/* ---- contents ---- */

static void put_number(struct dtd_onnx_writer *writer, const char *key,
                       const char *format, double value) {
  char text[40];
  snprintf(text, sizeof text, format, value);
  dtd_onnx_put_metadata(writer, key, text);
}

static void put_text(struct dtd_onnx_writer *writer, const char *key,
                     const char *text) {
  if (*text) dtd_onnx_put_metadata(writer, key, text);
}

/* The settings of a model from elsewhere are not known. */
static void put_provenance(struct dtd_onnx_writer *writer,
                           const struct dtd_model_facts *facts,
                           const char *model, const char *command) {
  put_text(writer, "command", command);
  put_text(writer, "source_revision", dtd_source_revision());
  put_number(writer, "pixel_low", "%.9g", (double)facts->low);
  put_number(writer, "pixel_high", "%.9g", (double)facts->high);
  if (!*facts->config) return;
  struct dtd_settings settings;
  char digest[17], seed[24];
  dtd_config_parse(&settings, facts->config, model);
  dtd_config_digest(digest, &settings);
  snprintf(seed, sizeof seed, "%" PRIu64, facts->seed);
  put_text(writer, "config_digest", digest);
  put_text(writer, "model_revision", facts->source_revision);
  put_text(writer, "seed", seed);
  put_number(writer, "iterations", "%.0f", (double)facts->iterations);
  put_text(writer, "config", facts->config);
}

static void write_network(const char *path, const struct dtd_network *network,
                          const struct dtd_model_facts *facts,
                          const char *model, const char *command) {
  struct dtd_onnx_writer *writer =
      dtd_onnx_writer_new("detection-pooling network", "dtd", DTD_VERSION);
  int inputs = network->layer[0].shape.inputs;
  bool pairs = inputs == DTD_PAIR_PIXELS;
  put_provenance(writer, facts, model, command);
  if (pairs) {
    const int64_t size[] = {-1, 1, DTD_PAIR_ROWS, DTD_PAIR_COLUMNS};
    dtd_onnx_put_input(writer, "x", size, 4);
    dtd_onnx_put_node(writer, "Flatten", "pixels", (const char *[]){"x"}, 1);
  } else {
    dtd_onnx_put_input(writer, "x", (int64_t[]){-1, inputs}, 2);
  }
  dtd_network_export(writer, network, pairs ? "pixels" : "x");
  dtd_onnx_writer_save(writer, path);
}

static void write_settings(const char *path, const char *onnx,
                           const struct dtd_network *network,
                           const struct dtd_model_facts *facts) {
  const char *slash = strrchr(onnx, '/');
  FILE *output = dtd_output_open(path);
  fprintf(output, "# How pictures become the input of %s.\n[input]\n",
          slash ? slash + 1 : onnx);
  if (network->layer[0].shape.inputs == DTD_PAIR_PIXELS)
    fputs("order = gray\n", output);
  fprintf(output, "low = %.9g\nhigh = %.9g\n", (double)facts->low,
          (double)facts->high);
  dtd_output_commit(output);
}

/* ---- the whole ---- */

void dtd_model_export(const char *to, const char *from, const char *command) {
  char *settings = settings_beside(to), *model = model_in(from);
  struct dtd_tensors *tensors = dtd_tensors_read(model);
  struct dtd_model_facts facts = dtd_model_facts(tensors);
  struct dtd_network *network = dtd_model_network(tensors, true);
  int layer = dtd_network_export_hindrance(network);
  if (layer)
    dtd_die(DTD_FAILURE, model, "train with network.norm 1 or inf",
            "layer %d pools by the norm q = %g, which no node that is read "
            "here computes",
            layer, (double)network->layer[layer - 1].shape.norm);
  write_network(to, network, &facts, model, command);
  write_settings(settings, to, network, &facts);
  dtd_network_free(network);
  dtd_tensors_free(tensors);
  dtd_free(settings);
  dtd_free(model);
}
