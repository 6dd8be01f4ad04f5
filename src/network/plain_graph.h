/* A plain twin of graphs: networks of test_onnx.h's lines, in double loops.

   For cmocka tests only. It works on the lines themselves, as ONNX defines each
   type, one example after another, and shares nothing with files/, linear/ and
   network/ but the random values of tensors. Where the twin needs no more of a
   type than tests use, it has no more: axes are positive, pads are given. */
#ifndef DTD_PLAIN_GRAPH_H
#define DTD_PLAIN_GRAPH_H

#include "base/rng.h"
#include "base/test.h"

enum { PLAIN_TENSORS = 512, PLAIN_WORDS = 64, PLAIN_AXES = 4 };

/* Without the batch, for those of examples: (channels, rows, columns). */
struct plain {
  char name[64];
  long size[PLAIN_AXES], count; /* sizes that it lacks are 1 */
  double *v;
};

struct plain_net {
  int opset, tensors;
  struct plain tensor[PLAIN_TENSORS];
};

/* One line of a node, in words. */
struct plain_line {
  struct plain_net *net;
  const char *type;
  int inputs;
  struct plain *in[PLAIN_WORDS]; /* null where left out */
  char *output, *attribute[PLAIN_WORDS];
  int attributes;
};

/* ---- words ---- */

static inline const char *plain_text(const struct plain_line *line,
                                     const char *name) {
  size_t length = strlen(name);
  for (int a = 0; a < line->attributes; a++)
    if (!strncmp(line->attribute[a], name, length) &&
        line->attribute[a][length] == '=')
      return line->attribute[a] + length + 1;
  return NULL;
}

/* Number `index` of an attribute's list. */
static inline double plain_number(const struct plain_line *line,
                                  const char *name, int index,
                                  double otherwise) {
  const char *at = plain_text(line, name);
  if (!at) return otherwise;
  for (; index; index--) at = strchr(at, ',') + 1;
  return (double)(float)atof(at);
}

static inline struct plain *plain_find(struct plain_net *net,
                                       const char *name) {
  for (int t = net->tensors - 1; t >= 0; t--)
    if (!strcmp(net->tensor[t].name, name)) return &net->tensor[t];
  fail_msg("the twin has no tensor %s", name);
  return NULL;
}

static inline struct plain *plain_add(struct plain_net *net, const char *name,
                                      const long *size) {
  struct plain *made = &net->tensor[net->tensors++];
  assert_true(net->tensors <= PLAIN_TENSORS);
  *made = (struct plain){.count = 1};
  snprintf(made->name, sizeof made->name, "%s", name);
  for (int d = 0; d < PLAIN_AXES; d++) {
    made->size[d] = size[d];
    made->count *= size[d];
  }
  made->v = test_new((size_t)made->count, sizeof *made->v);
  return made;
}

/* "NAME SIZE ... = VALUE ...", random as test_onnx.h says. */
static inline void plain_constant(struct plain_net *net, char *words) {
  const char *name = strsep(&words, " ");
  long size[PLAIN_AXES] = {1, 1, 1, 1};
  char *word;
  for (int d = 0; (word = strsep(&words, " ")) && !strchr("=>", *word); d++)
    size[d] = atol(word);
  struct plain *made = plain_add(net, name, size);
  struct dtd_rng rng = dtd_rng_open(1, name, 0);
  for (long i = 0; i < made->count; i++) {
    double draw = dtd_rng_uniform(&rng);
    made->v[i] =
        (double)(float)(word && *word == '>' ? 1 - draw : 2 * draw - 1);
    if (word && *word == '=')
      made->v[i] = (double)(float)atof(strsep(&words, " "));
  }
}

/* ---- windows ---- */

struct plain_window {
  long kernel[2], stride[2], dilation[2], before[2], after[2], out[2];
};

static inline struct plain_window plain_window(const struct plain_line *line,
                                               const struct plain *x, long rows,
                                               long columns) {
  struct plain_window w = {{rows, columns}, {1, 1}, {1, 1}, {0}, {0}, {0}};
  const char *same = plain_text(line, "auto_pad");
  for (int d = 0; d < 2; d++) {
    long length = x->size[1 + d];
    w.kernel[d] = (long)plain_number(line, "kernel_shape", d, w.kernel[d]);
    w.stride[d] = (long)plain_number(line, "strides", d, 1);
    w.dilation[d] = (long)plain_number(line, "dilations", d, 1);
    w.before[d] = (long)plain_number(line, "pads", d, 0);
    w.after[d] = (long)plain_number(line, "pads", d + 2, 0);
    long reach = (w.kernel[d] - 1) * w.dilation[d] + 1;
    if (same && !strncmp(same, "SAME", 4)) {
      w.out[d] = (long)ceil((double)length / (double)w.stride[d]);
      long pad = (w.out[d] - 1) * w.stride[d] + reach - length;
      if (pad < 0) pad = 0;
      w.before[d] = !strcmp(same, "SAME_LOWER") ? (pad + 1) / 2 : pad / 2;
      w.after[d] = pad - w.before[d];
      continue;
    }
    double steps = (double)(length + w.before[d] + w.after[d] - reach) /
                   (double)w.stride[d];
    bool up = plain_number(line, "ceil_mode", 0, 0) != 0;
    w.out[d] = (long)(up ? ceil(steps) : floor(steps)) + 1;
    if (up && (w.out[d] - 1) * w.stride[d] >= length + w.before[d]) w.out[d]--;
  }
  return w;
}

/* Where output (r, c) reads by (u, v): -1 outside of the map; *padding says
   whether that is the file's padding. */
static inline long plain_at(const struct plain_window *w, const struct plain *x,
                            long r, long c, long u, long v, bool *padding) {
  long row = r * w->stride[0] + u * w->dilation[0] - w->before[0];
  long column = c * w->stride[1] + v * w->dilation[1] - w->before[1];
  bool inside =
      row >= 0 && row < x->size[1] && column >= 0 && column < x->size[2];
  *padding = !inside && row < x->size[1] + w->after[0] &&
             column < x->size[2] + w->after[1];
  return inside ? row * x->size[2] + column : -1;
}

static inline void plain_conv(const struct plain_line *line) {
  const struct plain *x = line->in[0], *k = line->in[1];
  const struct plain *b = line->inputs > 2 ? line->in[2] : NULL;
  struct plain_window w = plain_window(line, x, k->size[2], k->size[3]);
  long maps = k->size[0], per_group = k->size[1];
  long group = maps / (long)plain_number(line, "group", 0, 1);
  struct plain *y =
      plain_add(line->net, line->output, (long[]){maps, w.out[0], w.out[1], 1});
  double *out = y->v;
  bool padding;
  for (long o = 0; o < maps; o++)
    for (long r = 0; r < w.out[0]; r++)
      for (long c = 0; c < w.out[1]; c++, out++) {
        *out = b ? b->v[o] : 0;
        for (long i = 0; i < per_group; i++)
          for (long u = 0; u < k->size[2]; u++)
            for (long v = 0; v < k->size[3]; v++) {
              long at = plain_at(&w, x, r, c, u, v, &padding);
              long channel = o / group * per_group + i;
              if (at >= 0)
                *out +=
                    x->v[channel * x->size[1] * x->size[2] + at] *
                    k->v[((o * per_group + i) * k->size[2] + u) * k->size[3] +
                         v];
            }
      }
}

static inline void plain_pool(const struct plain_line *line) {
  const struct plain *x = line->in[0];
  bool greatest = *line->type == 'M';
  bool padded = plain_number(line, "count_include_pad", 0, 0) != 0, padding;
  struct plain_window w = plain_window(line, x, x->size[1], x->size[2]);
  struct plain *y = plain_add(line->net, line->output,
                              (long[]){x->size[0], w.out[0], w.out[1], 1});
  double *out = y->v;
  for (long o = 0; o < x->size[0]; o++)
    for (long r = 0; r < w.out[0]; r++)
      for (long c = 0; c < w.out[1]; c++, out++) {
        const double *map = x->v + o * x->size[1] * x->size[2];
        double sum = 0, count = 0, most = -INFINITY;
        for (long u = 0; u < w.kernel[0]; u++)
          for (long v = 0; v < w.kernel[1]; v++) {
            long at = plain_at(&w, x, r, c, u, v, &padding);
            if (at >= 0) most = fmax(most, map[at]);
            if (at >= 0) sum += map[at];
            if (at >= 0 || (padded && padding)) count++;
          }
        *out = greatest ? most : sum / count;
      }
}

/* ---- vectors and maps ---- */

static inline void plain_matrix(const struct plain_line *line) {
  const struct plain *x = line->in[0], *w = line->in[1];
  const struct plain *b = line->inputs > 2 ? line->in[2] : NULL;
  bool transposed = plain_number(line, "transB", 0, 0) != 0;
  double alpha = plain_number(line, "alpha", 0, 1);
  double beta = plain_number(line, "beta", 0, 1);
  long units = w->size[!transposed], inputs = w->size[transposed];
  assert_int_equal(inputs, x->count);
  struct plain *y =
      plain_add(line->net, line->output, (long[]){units, 1, 1, 1});
  for (long j = 0; j < units; j++) {
    double sum = 0;
    for (long i = 0; i < inputs; i++)
      sum += x->v[i] * w->v[transposed ? j * inputs + i : i * units + j];
    y->v[j] = alpha * sum + (b ? beta * b->v[b->count == 1 ? 0 : j] : 0);
  }
}

static inline void plain_normalise(const struct plain_line *line) {
  const struct plain *x = line->in[0];
  struct plain *y = plain_add(line->net, line->output, x->size);
  double epsilon = plain_number(line, "epsilon", 0, (double)1e-5f);
  long each = x->count / x->size[0];
  for (long i = 0; i < x->count; i++) {
    long c = i / each;
    y->v[i] = (x->v[i] - line->in[3]->v[c]) /
                  sqrt(line->in[4]->v[c] + epsilon) * line->in[1]->v[c] +
              line->in[2]->v[c];
  }
}

static inline void plain_lrn(const struct plain_line *line) {
  const struct plain *x = line->in[0];
  struct plain *y = plain_add(line->net, line->output, x->size);
  double n = plain_number(line, "size", 0, 0);
  double alpha = plain_number(line, "alpha", 0, (double)1e-4f);
  double beta = plain_number(line, "beta", 0, .75);
  double bias = plain_number(line, "bias", 0, 1);
  long each = x->count / x->size[0];
  for (long i = 0; i < x->count; i++) {
    double c = (double)(i / each), squares = 0;
    for (long o = 0; o < x->size[0]; o++)
      if (o >= c - floor((n - 1) / 2) && o <= c + ceil((n - 1) / 2))
        squares += pow(x->v[o * each + i % each], 2);
    y->v[i] = x->v[i] / pow(bias + alpha / n * squares, beta);
  }
}

/* A second operand that is smaller is one number a channel, or for all. */
static inline void plain_sum(const struct plain_line *line) {
  const struct plain *a = line->in[0], *b = line->in[1];
  if (b->count > a->count) a = line->in[1], b = line->in[0];
  struct plain *y = plain_add(line->net, line->output, a->size);
  for (long i = 0; i < a->count; i++)
    y->v[i] = a->v[i] + b->v[i * b->count / a->count];
}

static inline void plain_concat(const struct plain_line *line) {
  long size[PLAIN_AXES], at = 0;
  memcpy(size, line->in[0]->size, sizeof size);
  for (int i = 1; i < line->inputs; i++) size[0] += line->in[i]->size[0];
  struct plain *y = plain_add(line->net, line->output, size);
  for (int i = 0; i < line->inputs; i++)
    for (long k = 0; k < line->in[i]->count; k++)
      y->v[at++] = line->in[i]->v[k];
}

static inline void plain_rectify(const struct plain_line *line) {
  struct plain *y = plain_add(line->net, line->output, line->in[0]->size);
  for (long i = 0; i < y->count; i++) y->v[i] = fmax(0, line->in[0]->v[i]);
}

/* The axes that a node names, by attribute or by its second input. */
static inline bool plain_has_axis(const struct plain_line *line, long axis) {
  const char *list = plain_text(line, "axes");
  if (line->inputs > 1) {
    for (long i = 0; i < line->in[1]->count; i++)
      if (line->in[1]->v[i] == axis) return true;
    return false;
  }
  for (; list && *list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
    if (atol(list) == axis) return true;
  return false;
}

static inline void plain_reduce(const struct plain_line *line) {
  const struct plain *x = line->in[0];
  bool keep = plain_number(line, "keepdims", 0, 1) != 0;
  long size[PLAIN_AXES] = {1, 1, 1, 1}, kept = 0, terms = 1, stride[3], at = 1;
  for (int d = 0; d < 3; d++) {
    bool summed = plain_has_axis(line, d + 1);
    if (summed) terms *= x->size[d];
    if (!summed) size[kept] = x->size[d];
    if (!summed || keep) kept++;
  }
  for (int d = 2; d >= 0; d--) {
    bool summed = plain_has_axis(line, d + 1);
    stride[d] = summed ? 0 : at;
    if (!summed) at *= x->size[d];
  }
  struct plain *y = plain_add(line->net, line->output, size);
  double scale = strcmp(line->type, "ReduceMean") ? 1 : 1 / (double)terms;
  const double *from = x->v;
  for (long c = 0; c < x->size[0]; c++)
    for (long r = 0; r < x->size[1]; r++)
      for (long s = 0; s < x->size[2]; s++)
        y->v[c * stride[0] + r * stride[1] + s * stride[2]] += scale * *from++;
}

/* Reshape, Flatten, Squeeze, Unsqueeze and what passes on. */
static inline void plain_reshape(const struct plain_line *line) {
  const struct plain *x = line->in[0];
  long size[PLAIN_AXES] = {1, 1, 1, 1}, kept = 0, known = 1, open = -1;
  memcpy(size, x->size, sizeof size);
  if (!strcmp(line->type, "Flatten")) {
    memcpy(size, (long[]){x->count, 1, 1, 1}, sizeof size);
  } else if (!strcmp(line->type, "Squeeze")) {
    memcpy(size, (long[]){1, 1, 1, 1}, sizeof size);
    for (int d = 0; d < 3; d++)
      if (!plain_has_axis(line, d + 1)) size[kept++] = x->size[d];
  } else if (!strcmp(line->type, "Unsqueeze")) {
    for (int d = 0; d < 3; d++)
      size[d] = plain_has_axis(line, d + 1) ? 1 : x->size[kept++];
  } else if (!strcmp(line->type, "Reshape")) {
    memcpy(size, (long[]){1, 1, 1, 1}, sizeof size);
    for (long d = 1; d < line->in[1]->count; d++) {
      size[d - 1] = (long)line->in[1]->v[d];
      if (!size[d - 1]) size[d - 1] = x->size[d - 1];
      if (size[d - 1] < 0)
        open = d - 1;
      else
        known *= size[d - 1];
    }
    if (open >= 0) size[open] = x->count / known;
  }
  struct plain *y = plain_add(line->net, line->output, size);
  assert_int_equal(y->count, x->count);
  memcpy(y->v, x->v, (size_t)x->count * sizeof *y->v);
}

/* ---- networks ---- */

static inline void plain_node(struct plain_line *line) {
  static const struct {
    const char *type;
    void (*compute)(const struct plain_line *line);
  } kinds[] = {
      {"Conv", plain_conv},
      {"MaxPool", plain_pool},
      {"AveragePool", plain_pool},
      {"GlobalAveragePool", plain_pool},
      {"Gemm", plain_matrix},
      {"MatMul", plain_matrix},
      {"BatchNormalization", plain_normalise},
      {"LRN", plain_lrn},
      {"Add", plain_sum},
      {"Concat", plain_concat},
      {"Relu", plain_rectify},
      {"ReduceSum", plain_reduce},
      {"ReduceMean", plain_reduce},
  };
  for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++)
    if (!strcmp(kinds[n].type, line->type)) {
      kinds[n].compute(line);
      return;
    }
  plain_reshape(line);
}

static inline void plain_read(struct plain_net *net, const char *type,
                              char *words) {
  struct plain_line line = {.net = net, .type = type};
  char *word;
  while ((word = strsep(&words, " ")) && strcmp(word, ">"))
    line.in[line.inputs++] = strcmp(word, "-") ? plain_find(net, word) : NULL;
  line.output = strsep(&words, " ");
  while ((word = strsep(&words, " ")))
    if (strchr(word, '=')) line.attribute[line.attributes++] = word;
  plain_node(&line);
}

/* What the lines compute of one example x, until the test ends: the tensor that
   the line "output" names. A Softmax is left out. */
static inline struct plain plain_run(int lines, const char *const *line,
                                     const double *x) {
  struct plain_net *net = test_new(1, sizeof *net);
  for (int n = 0; n < lines; n++) {
    char *words = test_string(line[n]), *type = strsep(&words, " ");
    long size[PLAIN_AXES] = {1, 1, 1, 1};
    if (!strcmp(type, "input")) {
      const char *name = strsep(&words, " ");
      strsep(&words, " ");
      for (int d = 0; words; d++) size[d] = atol(strsep(&words, " "));
      struct plain *input = plain_add(net, name, size);
      memcpy(input->v, x, (size_t)input->count * sizeof *x);
    } else if (!strcmp(type, "tensor") || !strcmp(type, "whole")) {
      plain_constant(net, words);
    } else if (!strcmp(type, "output")) {
      return *plain_find(net, strsep(&words, " "));
    } else if (strcmp(type, "opset") != 0) {
      plain_read(net, type, words);
    }
  }
  fail_msg("the twin finds no output");
  return net->tensor[0];
}

#endif
