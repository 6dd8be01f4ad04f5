/* A data set and a configuration in the test's folder, for tests of whole runs.
 */
#ifndef DTD_TEST_DATA_FOLDER_H
#define DTD_TEST_DATA_FOLDER_H

#include "linear/threads.h"
#include "files/test_digits.h"
#include "base/test_folder.h"

static inline void put_idx(const char *name, uint8_t kind, int count,
                           const void *data, size_t size) {
  const uint8_t header[16] = {0, 0, 8, kind, 0, 0, 0, (uint8_t)count,
                              0, 0, 0, 28,   0, 0, 0, 28};
  size_t length = kind == 3 ? 16 : 8;
  uint8_t *file = test_new(length + size, 1);
  memcpy(file, header, length);
  memcpy(file + length, data, size);
  test_put(name, file, length + size);
}

static inline void put_digits(const char *part, int count, uint64_t seed) {
  struct dtd_digits digits = plain_digits(count, seed);
  char name[64];
  snprintf(name, sizeof name, "%s-images-idx3-ubyte", part);
  put_idx(name, 3, count, digits.images, (size_t)count * DTD_DIGIT_PIXELS);
  snprintf(name, sizeof name, "%s-labels-idx1-ubyte", part);
  put_idx(name, 1, count, digits.labels, (size_t)count);
}

/* The setup of a group: the test's folder with both parts of a data set and
   small.ini, a configuration that trains on it in under a second. */
static inline void plain_data_folder_new(void) {
  char config[2048];
  test_folder_new();
  dtd_threads(1); /* OpenMP does not survive fork() once it has threads */
  put_digits("train", 100, 1);
  put_digits("t10k", 60, 2);
  snprintf(config, sizeof config,
           "[data]\ndirectory = %s\ntranslation = 1\n"
           "[network]\ndetection = 12 8\npool = 4 8\n"
           "[training]\niterations = 60\nbatch = 10\nlearning_rate = 3e-5\n"
           "seed = 7\nevaluate_every = 25\nevaluation_pairs = 40\n"
           "checkpoint_every = 5\nthreads = 1\nkernel = sparse\n"
           "[minmax]\nlearning_rate = 1e-4\nrise = 20\n"
           "deviation = 0.03\ntop_down_deviation = 0.005\n"
           "[evaluation]\nseed = 3\n",
           test_folder);
  put_text("small.ini", config);
}

#endif
