/* Smoothed networks that the test owns. */
#ifndef DTD_TEST_SMOOTH_H
#define DTD_TEST_SMOOTH_H

#include "network/test_network.h"
#include "roots/smooth_network.h"

static inline void release_smooth(void *smooth) {
  dtd_smooth_free(smooth);
}

static inline struct dtd_smooth_network *
new_smooth(const struct dtd_network *network, int capacity) {
  return test_owns(dtd_smooth_new(network, capacity), release_smooth);
}

#endif
