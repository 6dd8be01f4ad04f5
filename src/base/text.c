/* A text in memory that grows as it is printed. */
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

/* Characters of a word: its bytes that continue none. */
static int characters(const char *word, int bytes) {
  int count = 0;
  for (int n = 0; n < bytes; n++) count += (word[n] & 0xc0) != 0x80;
  return count;
}

void dtd_print_wrapped(FILE *output, const char *words, int column, int indent,
                       int width) {
  bool begins = true; /* no word stands in this line yet */
  for (int bytes; *words; words += bytes + (words[bytes] == ' ')) {
    bytes = (int)strcspn(words, " ");
    int length = characters(words, bytes);
    if (!begins && column + 1 + length > width) {
      fprintf(output, "\n%*s", indent, "");
      column = indent;
    } else if (!begins) {
      fputc(' ', output);
      column++;
    }
    begins = false;
    fwrite(words, 1, (size_t)bytes, output);
    column += length;
  }
  fputc('\n', output);
}
