/* Reads files whose sizes are compared with their headers before memory is
   taken. */
#ifndef DTD_INPUT_H
#define DTD_INPUT_H

#include <stddef.h>
#include <stdio.h>

struct dtd_input {
  const char *path; /* borrowed */
  FILE *file;
  size_t left; /* bytes not yet taken */
};

/* Dies, naming the file, when it cannot be opened or is a folder, a pipe or
   anything else without a size. Releasing a mark closes files opened since. */
struct dtd_input dtd_input_open(const char *path);

/* Reads the next `size` bytes; dies when fewer are left. */
void dtd_input_take(struct dtd_input *input, void *bytes, size_t size);

void dtd_input_close(struct dtd_input *input);

/* All of a text file, ended by a zero byte; release with dtd_free(). Dies when
   a zero byte stands in it. `path` is borrowed for the call alone. */
char *dtd_input_text(const char *path);

#endif
