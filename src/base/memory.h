/* Zeroed, aligned memory that is either there or ends the program.

   Ownership: what dtd_new returns is released with dtd_free(). */
#ifndef DTD_MEMORY_H
#define DTD_MEMORY_H

#include <stddef.h>

/* `count` zeroed elements of `size` bytes, aligned to 64 bytes; never null.
   Dies when the product overflows or memory is short. */
void *dtd_new(size_t count, size_t size);

/* A new copy of `count` elements of `size` bytes. */
void *dtd_copy(const void *source, size_t count, size_t size);

/* Releases memory of dtd_new, or of malloc() and its kin; null is nothing. */
void dtd_free(void *memory);

#endif
