/* A batch is cut into parts that threads share, by its size alone. */
#include "linear/batch_parts.h"

enum { USUAL = 4 }; /* parts of a batch of any size that has so many examples */

int dtd_batch_parts(int batch) {
  int most = batch < USUAL ? batch : USUAL;
  int full = (batch + DTD_MOST_IN_PART - 1) / DTD_MOST_IN_PART;
  return full > most ? full : most;
}

struct dtd_range dtd_batch_part_at(int batch, int index) {
  int parts = dtd_batch_parts(batch);
  int first = (int)((long)batch * index / parts);
  return (struct dtd_range){first,
                            (int)((long)batch * (index + 1) / parts) - first};
}
