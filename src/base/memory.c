/* Zeroed, aligned memory that is either there or ends the program. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum { ALIGNMENT = 64 };

void *dtd_new(size_t count, size_t size) {
  if (size && count > (SIZE_MAX - ALIGNMENT) / size)
    dtd_die(DTD_FAILURE, "memory", "use a smaller size or batch",
            "%zu elements of %zu bytes do not fit an address", count, size);
  size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  void *memory = aligned_alloc(ALIGNMENT, bytes ? bytes : ALIGNMENT);
  if (!memory)
    dtd_die(DTD_FAILURE, "memory", "use a smaller size or batch",
            "cannot allocate %zu bytes", bytes);
  return memset(memory, 0, bytes ? bytes : ALIGNMENT);
}

void *dtd_copy(const void *source, size_t count, size_t size) {
  void *memory = dtd_new(count, size);
  if (count && size) memcpy(memory, source, count * size);
  return memory;
}

void dtd_free(void *memory) {
  free(memory);
}
