/* A text in memory that grows as it is printed. */
#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/mark.h"
#include "base/memory.h"

static void give_back(void *object) {
  struct dtd_text *text = object;
  if (text->stream) fclose(text->stream);
  free(text->bytes);
}

struct dtd_text *dtd_text_open(void) {
  struct dtd_text *text = dtd_new(1, sizeof *text);
  text->stream = open_memstream(&text->bytes, &text->size);
  dtd_mark_add(text, give_back);
  if (!text->stream) dtd_adopt(NULL); /* dies */
  return text;
}

char *dtd_text_close(struct dtd_text *text) {
  FILE *stream = text->stream;
  int lost = ferror(stream);
  text->stream = NULL;
  if (fclose(stream) || lost) dtd_adopt(NULL); /* dies */
  dtd_mark_remove(text, give_back);
  char *bytes = dtd_adopt(text->bytes);
  dtd_free(text);
  return bytes;
}

char *dtd_printed(const char *format, ...) {
  struct dtd_text *text = dtd_text_open();
  va_list values;
  va_start(values, format);
  vfprintf(text->stream, format, values);
  va_end(values);
  return dtd_text_close(text);
}
