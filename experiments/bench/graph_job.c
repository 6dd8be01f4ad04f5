/* A graph job: deep Taylor decomposition of pictures by a network from ONNX, to
   be timed, and its least operations. */
#include "graph_job.h"

#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "explain/network_input.h"
#include "linear/threads.h"
#include "network/graph_reader.h"
#include "stopwatch.h"

struct dtd_graph_job {
  struct dtd_graph *graph;
  struct dtd_input_settings *settings;
  struct dtd_explainer *explainer;
  const struct dtd_method *method;
  int batch;
  float *x, *heatmaps; /* (batch, inputs) */
};

static void read_inputs(struct dtd_graph_job *job,
                        const struct dtd_texts *files) {
  long inputs = dtd_graph_inputs(job->graph);
  int read = 0;
  job->x = dtd_new((size_t)job->batch * (size_t)inputs, sizeof *job->x);
  for (int n = 0; n < files->count && read < job->batch; n++) {
    int count, left = job->batch - read;
    float *x = dtd_network_input_read(&count, job->settings, files->text[n]);
    if (count > left) count = left;
    memcpy(job->x + read * inputs, x,
           (size_t)count * (size_t)inputs * sizeof *x);
    read += count;
    dtd_free(x);
  }
  if (!read)
    dtd_die(DTD_USAGE, job->graph->path, "name some by --photo",
            "there are no photos to explain");
  for (int n = read; n < job->batch; n++)
    memcpy(job->x + n * inputs, job->x + (n - read) * inputs,
           (size_t)inputs * sizeof *job->x);
}

struct dtd_graph_job *
dtd_graph_job_new(const char *network, const struct dtd_texts *files,
                  const struct dtd_explanation_settings *settings, int batch,
                  int threads) {
  struct dtd_graph_job *job = dtd_new(1, sizeof *job);
  struct dtd_composite composite = dtd_composite_find("deep-taylor");
  job->graph = dtd_graph_read(network);
  job->batch = batch;
  job->method = dtd_method_find("deep-taylor-free");
  job->settings =
      dtd_input_settings_read(network, NULL, job->graph->node[0].out,
                              (int)dtd_graph_outputs(job->graph));
  read_inputs(job, files);
  job->heatmaps = dtd_new((size_t)batch * (size_t)dtd_graph_inputs(job->graph),
                          sizeof *job->heatmaps);
  dtd_threads(threads);
  job->explainer = dtd_explainer_of_graph(
      job->graph, &composite, dtd_input_box(job->settings),
      job->graph->node[0].out, settings, batch);
  return job;
}

double dtd_graph_job_once(void *self) {
  struct dtd_graph_job *job = self;
  double start = dtd_seconds();
  dtd_explain(job->heatmaps, NULL, job->explainer, job->method, job->x,
              job->batch);
  return dtd_seconds() - start;
}

const float *dtd_graph_job_inputs(const struct dtd_graph_job *job) {
  return job->x;
}

struct dtd_maps dtd_graph_job_shape(const struct dtd_graph_job *job) {
  return job->graph->node[0].out;
}

struct dtd_box dtd_graph_job_box(const struct dtd_graph_job *job) {
  return dtd_input_box(job->settings);
}

const float *dtd_graph_job_heatmaps(const struct dtd_graph_job *job) {
  return job->heatmaps;
}

struct dtd_work dtd_graph_job_work(const struct dtd_graph_job *job) {
  double forward = 0;
  for (int n = 0; n < job->graph->nodes; n++) {
    const struct dtd_node *node = &job->graph->node[n];
    if (node->kind->weighted) forward += node->kind->operations(node);
  }
  return (struct dtd_work){.operations = 3 * forward * job->batch};
}

void dtd_graph_job_free(struct dtd_graph_job *job) {
  if (!job) return;
  dtd_explainer_free(job->explainer);
  dtd_input_settings_free(job->settings);
  dtd_graph_free(job->graph);
  dtd_free(job->x);
  dtd_free(job->heatmaps);
  dtd_free(job);
}
