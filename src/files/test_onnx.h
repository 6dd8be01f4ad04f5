/* Small ONNX files for tests, from lines of text.

   For cmocka tests only. A network is a list of lines:

     opset 9
     input x N 3 8 8                     N: free
     tensor w 4 3 3 3                    float32, random on [-1, 1)
     tensor v 3 = .5 1 2                 these values
     tensor p 3 > 0                      random on (0, 1]
     whole shape 2 = 0 -1                int64
     held tensor v 3                     no initialiser, but value=@ below
     Conv x w - > a pads=1,1,1,1 group=1 auto_pad=SAME_UPPER alpha=0.5
     output a N 4 8 8                    or without a shape

   A node's inputs come before >, its outputs and attributes behind it; "-" is
   an input that is left out. Its name is its first output's. A number with a
   point or an exponent is a float, a list has commas, one with a comma at its
   end has one number. Bytes are written here by themselves, as
   https://protobuf.dev/programming-guides/encoding/ has them. */
#ifndef DTD_TEST_ONNX_H
#define DTD_TEST_ONNX_H

#include "base/rng.h"
#include "base/test.h"
#include "base/test_folder.h"

/* ---- bytes of messages ---- */

struct message {
  unsigned char *at;
  size_t count, room;
};

static inline void put_byte(struct message *to, unsigned byte) {
  if (to->count == to->room) {
    size_t room = to->room ? 2 * to->room : 256;
    unsigned char *more = test_new(room, 1);
    if (to->count) memcpy(more, to->at, to->count);
    to->at = more;
    to->room = room;
  }
  to->at[to->count++] = (unsigned char)byte;
}

static inline void put_varint(struct message *to, uint64_t value) {
  for (; value >= 128; value >>= 7) put_byte(to, (unsigned)(value & 127) | 128);
  put_byte(to, (unsigned)value);
}

static inline void put_whole(struct message *to, unsigned field,
                             int64_t value) {
  put_varint(to, field << 3);
  put_varint(to, (uint64_t)value);
}

static inline void put_bytes(struct message *to, unsigned field,
                             const void *bytes, size_t count) {
  put_varint(to, field << 3 | 2);
  put_varint(to, count);
  for (size_t i = 0; i < count; i++)
    put_byte(to, ((const unsigned char *)bytes)[i]);
}

static inline void put_string(struct message *to, unsigned field,
                              const char *text) {
  put_bytes(to, field, text, strlen(text));
}

static inline void put_message(struct message *to, unsigned field,
                               const struct message *inner) {
  put_bytes(to, field, inner->at, inner->count);
}

static inline void put_float(struct message *to, unsigned field, float value) {
  unsigned char bytes[4];
  memcpy(bytes, &value, 4);
  put_varint(to, field << 3 | 5);
  for (int i = 0; i < 4; i++) put_byte(to, bytes[i]);
}

/* ---- lines ---- */

/* The next word of *line, null at its end. */
static inline char *next_word(char **line) {
  char *word = strsep(line, " ");
  while (word && !*word) word = strsep(line, " ");
  return word;
}

static inline void onnx_value(struct message *graph, unsigned field,
                              char *line) {
  struct message value = {0}, type = {0}, tensor = {0}, shape = {0};
  put_string(&value, 1, next_word(&line));
  put_whole(&tensor, 1, 1);
  char *size = next_word(&line);
  for (; size; size = next_word(&line)) {
    struct message dimension = {0};
    if (strspn(size, "0123456789") == strlen(size))
      put_whole(&dimension, 1, atoll(size));
    else
      put_string(&dimension, 2, size);
    put_message(&shape, 1, &dimension);
  }
  if (shape.count) put_message(&tensor, 2, &shape);
  put_message(&type, 1, &tensor);
  put_message(&value, 2, &type);
  put_message(graph, field, &value);
}

/* One line for a tensor, behind its first word. */
static inline struct message onnx_tensor(char *line, bool whole, char *name,
                                         size_t most) {
  struct message tensor = {0};
  char *word = next_word(&line);
  size_t count = 1;
  snprintf(name, most, "%s", word);
  struct dtd_rng rng = dtd_rng_open(1, name, 0);
  while ((word = next_word(&line)) && strcmp(word, "=") && strcmp(word, ">")) {
    put_whole(&tensor, 1, atoll(word));
    count *= (size_t)atoll(word);
  }
  put_whole(&tensor, 2, whole ? 7 : 1);
  put_string(&tensor, 8, name);
  char *raw = test_new(count, 8);
  for (size_t i = 0; i < count; i++) {
    char *given = word && *word == '=' ? next_word(&line) : NULL;
    double draw = dtd_rng_uniform(&rng);
    float value = (float)(word && *word == '>' ? 1 - draw : 2 * draw - 1);
    int64_t wide = given ? atoll(given) : 0;
    if (given) value = (float)atof(given);
    if (whole)
      memcpy(raw + i * 8, &wide, 8);
    else
      memcpy(raw + i * 4, &value, 4);
  }
  put_bytes(&tensor, 9, raw, count * (whole ? 8 : 4));
  return tensor;
}

enum { OF_FLOAT = 1, OF_INT, OF_STRING, OF_TENSOR, OF_INTS = 7 };

/* NAME=VALUE */
static inline void onnx_attribute(struct message *node, char *text,
                                  const struct message *held) {
  struct message attribute = {0};
  char *value = strchr(text, '=');
  assert_non_null(value);
  *value++ = 0;
  put_string(&attribute, 1, text);
  bool number = strspn(value, "-0123456789.,e") == strlen(value);
  int type = OF_STRING;
  if (*value == '@') {
    put_message(&attribute, 5, held);
    type = OF_TENSOR;
  } else if (!number) {
    put_string(&attribute, 4, value);
  } else if (strchr(value, ',')) {
    type = OF_INTS;
    for (char *one; (one = strsep(&value, ","));)
      if (*one) put_whole(&attribute, 8, atoll(one));
  } else if (strpbrk(value, ".e")) {
    type = OF_FLOAT;
    put_float(&attribute, 2, (float)atof(value));
  } else {
    type = OF_INT;
    put_whole(&attribute, 3, atoll(value));
  }
  put_whole(&attribute, 20, type);
  put_message(node, 5, &attribute);
}

static inline void onnx_node(struct message *graph, const char *type,
                             char *line, const struct message *held) {
  struct message node = {0};
  unsigned field = 1;
  for (char *word; (word = next_word(&line));) {
    if (!strcmp(word, ">")) {
      char name[256];
      sscanf(line, "%255s", name);
      put_string(&node, 3, name);
      field = 2;
    } else if (field == 2 && strchr(word, '=')) {
      onnx_attribute(&node, word, held);
    } else {
      put_string(&node, field, strcmp(word, "-") ? word : "");
    }
  }
  put_string(&node, 4, type);
  put_message(graph, 1, &node);
}

/* Writes a network as `name` into the test's folder and returns its path. */
static inline const char *put_onnx(const char *name, int lines,
                                   const char *const *line) {
  struct message model = {0}, graph = {0}, opset = {0}, held = {0};
  int64_t version = 13;
  put_string(&graph, 2, "test");
  for (int n = 0; n < lines; n++) {
    char *rest = test_string(line[n]), *type = next_word(&rest), tensor[128];
    if (!type) continue;
    if (!strcmp(type, "opset")) {
      version = atoll(rest);
    } else if (!strcmp(type, "input")) {
      onnx_value(&graph, 11, rest);
    } else if (!strcmp(type, "output")) {
      onnx_value(&graph, 12, rest);
    } else if (!strcmp(type, "held")) {
      bool whole = !strcmp(next_word(&rest), "whole");
      held = onnx_tensor(rest, whole, tensor, sizeof tensor);
    } else if (!strcmp(type, "tensor") || !strcmp(type, "whole")) {
      struct message made =
          onnx_tensor(rest, *type == 'w', tensor, sizeof tensor);
      put_message(&graph, 5, &made);
    } else {
      onnx_node(&graph, type, rest, &held);
    }
  }
  put_whole(&model, 1, 7);
  put_whole(&opset, 2, version);
  put_message(&model, 8, &opset);
  put_message(&model, 7, &graph);
  return test_put(name, model.at, model.count);
}

/* The same of lines that are given one by one. */
#define ONNX(...)                                                              \
  put_onnx("net.onnx",                                                         \
           (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)),      \
           (const char *const[]){__VA_ARGS__})

#endif
