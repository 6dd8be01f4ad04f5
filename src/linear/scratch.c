/* Room that a product needs while it runs, kept for the next one. */
#include "linear/scratch.h"

#include <stdatomic.h>
#include <stdint.h>

#include "base/die.h"
#include "base/memory.h"

enum {
  SPARES = 16,
  HEAD = 64 /* bytes before the room, which stays aligned */
};

struct block {
  size_t bytes; /* behind the head */
};

/* Those that nobody uses; recorded under no mark (mark.h). */
static _Atomic(struct block *) spare[SPARES];

/* One that is large enough; smaller ones go. */
static struct block *find_spare(size_t bytes) {
  for (int n = 0; n < SPARES; n++) {
    struct block *block = atomic_exchange(&spare[n], NULL);
    if (!block) continue;
    dtd_adopt(block);
    if (block->bytes >= bytes) return block;
    dtd_free(block);
  }
  return NULL;
}

void *dtd_scratch_take(size_t count, size_t size) {
  if (size && count > (SIZE_MAX - HEAD) / size)
    dtd_die(DTD_FAILURE, "memory", "use a smaller size or batch",
            "%zu elements of %zu bytes do not fit an address", count, size);
  size_t bytes = count * size;
  struct block *block = find_spare(bytes);
  if (!block) {
    block = dtd_new(bytes + HEAD, 1);
    block->bytes = bytes;
  }
  return (char *)block + HEAD;
}

void dtd_scratch_give(void *scratch) {
  if (!scratch) return;
  struct block *block = (struct block *)((char *)scratch - HEAD), *none;
  dtd_for_good(block);
  for (int n = 0; n < SPARES; n++) {
    none = NULL;
    if (atomic_compare_exchange_strong(&spare[n], &none, block)) return;
  }
  dtd_free(block);
}
