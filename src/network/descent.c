/* The walk down a graph: its buffers, planned once, and the chain rule on it.

   What nodes hand down is gathered, for each tensor, in a buffer. Which one is
   decided when the descent is made, by walking once without numbers: a buffer
   is taken when something is first handed to a tensor, and given back when its
   node has handed all of it down. */
#include "network/descent.h"

#include <string.h>

#include "base/die.h"
#include "base/memory.h"

enum {
  NONE = -2,
  AT_INPUT = -1, /* no buffer of ours: where the caller wants the result */
};

/* A node hands down from buffer `from`, to a buffer for each of its inputs;
   what is then in `to` is added to `sum`, where there was something before. */
struct edge {
  int to, sum; /* sum: NONE where there was nothing */
};

struct step {
  int node, from;
  struct edge *edge; /* (inputs) */
};

struct dtd_descent {
  int capacity, steps;
  struct step *step;
  struct edge *edges;
  float **buffer;
  float **to; /* (most inputs of a node): what a node is called with */
  float *memory;
  size_t floats; /* of it */
};

/* ---- planning ---- */

struct planned_buffer {
  long size; /* of one example */
  bool taken;
};

struct plan {
  struct dtd_descent *descent;
  int *of_node; /* (nodes): the buffer that gathers for it, or NONE */
  int buffers;
  struct planned_buffer *buffer;
};

/* A free buffer of that size: the one that has to grow least, or else is the
   smallest. */
static int take(struct plan *plan, long size) {
  int best = NONE;
  for (int b = 0; b < plan->buffers; b++) {
    if (plan->buffer[b].taken) continue;
    if (best == NONE) best = b;
    long old = plan->buffer[best].size, new = plan->buffer[b].size;
    if (old < size ? new > old : new >= size &&new < old) best = b;
  }
  if (best == NONE) {
    best = plan->buffers;
    dtd_append(plan->descent, &plan->buffer, &plan->buffers,
               sizeof *plan->buffer);
  }
  struct planned_buffer *buffer = &plan->buffer[best];
  if (buffer->size < size) buffer->size = size;
  buffer->taken = true;
  return best;
}

/* How node `n` hands down; its buffers are given back after all are known. */
static void plan_step(struct plan *plan, const struct dtd_graph *graph, int n,
                      struct step *step) {
  const struct dtd_node *node = &graph->node[n];
  *step = (struct step){n, plan->of_node[n], step->edge};
  bool kept = false;
  for (int i = 0; i < node->inputs; i++) {
    int below = node->input[i], *gathers = &plan->of_node[below];
    struct edge *edge = &step->edge[i];
    if (*gathers != NONE) {
      *edge = (struct edge){take(plan, dtd_maps_size(node->in[i])), *gathers};
      continue;
    }
    kept = node->kind->in_place && below;
    if (!below)
      *gathers = AT_INPUT;
    else
      *gathers = kept ? step->from : take(plan, dtd_maps_size(node->in[i]));
    *edge = (struct edge){*gathers, NONE};
  }
  for (int i = 0; i < node->inputs; i++)
    if (step->edge[i].sum != NONE) plan->buffer[step->edge[i].to].taken = false;
  if (!kept) plan->buffer[step->from].taken = false;
}

static void plan_walk(struct plan *plan, const struct dtd_graph *graph) {
  struct dtd_descent *descent = plan->descent;
  struct edge *edge = descent->edges;
  for (int n = 0; n < graph->nodes; n++) plan->of_node[n] = NONE;
  if (graph->output > 0)
    plan->of_node[graph->output] = take(plan, dtd_graph_outputs(graph));
  for (int n = graph->output; n > 0; n--) {
    if (plan->of_node[n] == NONE) continue; /* nothing comes from it */
    struct step *step = &descent->step[descent->steps++];
    step->edge = edge;
    edge += graph->node[n].inputs;
    plan_step(plan, graph, n, step);
  }
}

static void place_buffers(struct dtd_descent *descent,
                          const struct plan *plan) {
  size_t total = 0, count = (size_t)plan->buffers;
  for (int b = 0; b < plan->buffers; b++)
    total += dtd_graph_room(plan->buffer[b].size, descent->capacity);
  float *at = descent->memory = dtd_new(total, sizeof *at);
  descent->floats = total;
  descent->buffer = dtd_new(count, sizeof *descent->buffer);
  for (int b = 0; b < plan->buffers; b++) {
    descent->buffer[b] = at;
    at += dtd_graph_room(plan->buffer[b].size, descent->capacity);
  }
}

struct dtd_descent *dtd_descent_new(const struct dtd_graph *graph,
                                    int capacity) {
  struct dtd_descent *descent = dtd_new(1, sizeof *descent);
  int edges = 0, most = 0;
  for (int n = 0; n < graph->nodes; n++) {
    edges += graph->node[n].inputs;
    if (graph->node[n].inputs > most) most = graph->node[n].inputs;
  }
  descent->capacity = capacity;
  descent->step = dtd_new((size_t)graph->nodes, sizeof *descent->step);
  descent->edges = dtd_new((size_t)edges, sizeof *descent->edges);
  descent->to = dtd_new((size_t)most, sizeof *descent->to);
  struct plan plan = {.descent = descent};
  plan.of_node = dtd_new((size_t)graph->nodes, sizeof *plan.of_node);
  plan_walk(&plan, graph);
  place_buffers(descent, &plan);
  dtd_free(plan.of_node);
  dtd_free(plan.buffer);
  return descent;
}

size_t dtd_descent_bytes(const struct dtd_descent *descent) {
  return descent->floats * sizeof *descent->memory;
}

void dtd_descent_free(struct dtd_descent *descent) {
  if (!descent) return;
  dtd_free(descent->step);
  dtd_free(descent->edges);
  dtd_free(descent->to);
  dtd_free(descent->buffer);
  dtd_free(descent->memory);
  dtd_free(descent);
}

/* ---- walking ---- */

static float *buffer_at(const struct dtd_descent *descent, int buffer,
                        float *at_input) {
  return buffer == AT_INPUT ? at_input : descent->buffer[buffer];
}

static void add_to(float *sum, const float *more, long count) {
  for (long i = 0; i < count; i++) sum[i] += more[i];
}

void dtd_graph_descend(float *at_input, struct dtd_descent *descent,
                       const struct dtd_graph *graph,
                       const struct dtd_graph_values *values,
                       const float *at_output, dtd_hand_down *hand_down,
                       void *self) {
  int batch = values->batch;
  if (batch > descent->capacity)
    dtd_die(DTD_FAILURE, graph->path, NULL, "a batch of %d exceeds capacity %d",
            batch, descent->capacity);
  size_t outputs = (size_t)batch * (size_t)dtd_graph_outputs(graph);
  float *first =
      descent->steps ? descent->buffer[descent->step[0].from] : at_input;
  memcpy(first, at_output, outputs * sizeof *first);
  for (int s = 0; s < descent->steps; s++) {
    const struct step *step = &descent->step[s];
    const struct dtd_node *node = &graph->node[step->node];
    for (int i = 0; i < node->inputs; i++)
      descent->to[i] = buffer_at(descent, step->edge[i].to, at_input);
    hand_down(self, descent->to, descent->buffer[step->from], step->node,
              values);
    for (int i = 0; i < node->inputs; i++)
      if (step->edge[i].sum != NONE)
        add_to(buffer_at(descent, step->edge[i].sum, at_input), descent->to[i],
               batch * dtd_maps_size(node->in[i]));
  }
}

/* ---- the chain rule ---- */

struct chain_rule {
  const struct dtd_graph *graph;
  bool guided;
};

static void hand_down_derivative(void *self, float *const *to,
                                 const float *from, int n,
                                 const struct dtd_graph_values *values) {
  const struct chain_rule *rule = self;
  const struct dtd_node *node = &rule->graph->node[n];
  node->kind->backward(to, node, values->in[n], values->at[n], from,
                       values->batch);
  if (!rule->guided || !node->kind->rectifies) return;
  long count = values->batch * dtd_maps_size(node->out);
  for (long i = 0; i < count; i++)
    if (to[0][i] < 0) to[0][i] = 0;
}

void dtd_graph_backward(float *d_input, struct dtd_descent *descent,
                        const struct dtd_graph *graph,
                        const struct dtd_graph_values *values,
                        const float *d_output, bool guided) {
  struct chain_rule rule = {graph, guided};
  dtd_graph_descend(d_input, descent, graph, values, d_output,
                    hand_down_derivative, &rule);
}
