/* A text in memory that grows as it is printed. */
#ifndef DTD_TEXT_H
#define DTD_TEXT_H

#include <stdio.h>

struct dtd_text {
  FILE *stream; /* print to it */
  char *bytes;
  size_t size;
};

/* Dies when memory is short. */
struct dtd_text *dtd_text_open(void);

/* Ends the stream and returns what was printed, with a 0 behind it; release
   with dtd_free(). Dies when some of it was lost. */
char *dtd_text_close(struct dtd_text *text);

/* All at once: what printf would print. */
char *dtd_printed(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Prints words of UTF-8 into the rest of a line that is `column` characters
   long, and below it, `indent` from the left, those that would pass `width`;
   ends the line. */
void dtd_print_wrapped(FILE *output, const char *words, int column, int indent,
                       int width);

#endif
