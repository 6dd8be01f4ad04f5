/* Room that a product needs while it runs, kept for the next one.

   Products of convolutions take some megabytes each, over and over: asking the
   system for them and clearing them would cost as much as reading the picture.
   What is given back stays for the next that is taken, on any thread, until it
   is too small. */
#ifndef DTD_SCRATCH_H
#define DTD_SCRATCH_H

#include <stddef.h>

/* `count` elements of `size` bytes, aligned to 64 bytes, of any contents. Dies
   as dtd_new does. */
void *dtd_scratch_take(size_t count, size_t size);

/* Gives back what that returned; null is nothing. */
void dtd_scratch_give(void *scratch);

#endif
