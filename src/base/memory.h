/* Zeroed, aligned memory that is either there or an error.

   Ownership: what dtd_new returns is released with dtd_free(). Memory that is
   taken under a mark is given back with it (see mark.h). */
#ifndef DTD_MEMORY_H
#define DTD_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* `count` zeroed elements of `size` bytes, aligned to 64 bytes; never null.
   Dies when the product overflows or memory is short. */
void *dtd_new(size_t count, size_t size);

/* Likewise, under the mark of `owner`, which dtd_new returned: for memory that
   an object takes for itself when it is used. */
void *dtd_new_beside(const void *owner, size_t count, size_t size);

/* A new copy of `count` elements of `size` bytes. */
void *dtd_copy(const void *source, size_t count, size_t size);

/* A new copy of a text. */
char *dtd_copy_text(const char *text);

/* The `had` elements of `memory`, null or returned by this function, with room
   for `count` at least, count >= had; new ones are zero. Grows by powers of
   two, so that elements may come one by one. The memory is under the mark of
   `owner`, as above. */
void *dtd_grow(const void *owner, void *memory, size_t had, size_t count,
               size_t size);

/* A new element, zero, behind the `count` of `*list`, which is such memory. */
void *dtd_append(const void *owner, void *list, int *count, size_t size);

/* Memory that malloc() or its kin returned to this program, which dtd_free is
   to release; null when it was. Dies when `memory` is null. */
void *dtd_adopt(void *memory);

/* Lets memory outlive every mark: for what stays until the program ends. */
void *dtd_for_good(void *memory);

/* Releases memory of dtd_new, or of malloc() and its kin; null is nothing. */
void dtd_free(void *memory);

/* For tests: asked before each allocation whether it is to fail; null, as at
   the start, lets none fail. */
extern bool (*dtd_memory_fails)(void);

#endif
