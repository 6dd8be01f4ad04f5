/* Zeroed, aligned memory that is either there or an error. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mark.h"

enum { ALIGNMENT = 64 };

static const char *use_less = "use a smaller size or batch";

bool (*dtd_memory_fails)(void);

void *dtd_new_beside(const void *owner, size_t count, size_t size) {
  if (size && count > (SIZE_MAX - ALIGNMENT) / size)
    dtd_die(DTD_FAILURE, "memory", use_less,
            "%zu elements of %zu bytes do not fit an address", count, size);
  size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (!bytes) bytes = ALIGNMENT;
  bool fails = dtd_memory_fails && dtd_memory_fails();
  void *memory = fails ? NULL : aligned_alloc(ALIGNMENT, bytes);
  if (!memory)
    dtd_die(DTD_FAILURE, "memory", use_less, "cannot allocate %zu bytes",
            bytes);
  dtd_mark_add_beside(owner, memory, free);
  return memset(memory, 0, bytes);
}

void *dtd_new(size_t count, size_t size) {
  return dtd_new_beside(NULL, count, size);
}

void *dtd_copy(const void *source, size_t count, size_t size) {
  void *memory = dtd_new(count, size);
  if (count && size) memcpy(memory, source, count * size);
  return memory;
}

char *dtd_copy_text(const char *text) {
  return dtd_copy(text, strlen(text) + 1, 1);
}

/* The least power of two that is not below. */
static size_t room_for(size_t count) {
  size_t room = 1;
  while (room < count && room <= SIZE_MAX / 2) room *= 2;
  return room;
}

void *dtd_grow(const void *owner, void *memory, size_t had, size_t count,
               size_t size) {
  if (memory && count <= room_for(had)) return memory;
  void *larger = dtd_new_beside(owner, room_for(count), size);
  if (memory) memcpy(larger, memory, had * size);
  dtd_free(memory);
  return larger;
}

void *dtd_append(const void *owner, void *list, int *count, size_t size) {
  void *memory;
  memcpy(&memory, list, sizeof memory);
  size_t had = (size_t)*count;
  memory = dtd_grow(owner, memory, had, had + 1, size);
  memcpy(list, &memory, sizeof memory);
  ++*count;
  return (char *)memory + had * size;
}

void *dtd_adopt(void *memory) {
  if (!memory)
    dtd_die(DTD_FAILURE, "memory", use_less, "there is not enough of it");
  dtd_mark_add(memory, free);
  return memory;
}

void *dtd_for_good(void *memory) {
  dtd_mark_remove(memory, free);
  return memory;
}

void dtd_free(void *memory) {
  if (memory) dtd_mark_remove(memory, free);
  free(memory);
}
