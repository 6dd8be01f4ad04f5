/* Reads files whose sizes are compared with their headers before memory is
   taken. */
#include "base/input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/mark.h"
#include "base/memory.h"

static void give_back(void *file) {
  fclose(file);
}

struct dtd_input dtd_input_open(const char *path) {
  struct dtd_input input = {.path = path, .file = fopen(path, "rb")};
  if (input.file) dtd_mark_add(input.file, give_back);
  struct stat status;
  if (!input.file || fstat(fileno(input.file), &status))
    dtd_die(DTD_FAILURE, path, "check the path", "cannot open: %s",
            strerror(errno));
  if (!S_ISREG(status.st_mode))
    dtd_die(DTD_FAILURE, path, "check the path", "is not a regular file");
  input.left = (size_t)status.st_size;
  return input;
}

void dtd_input_take(struct dtd_input *input, void *bytes, size_t size) {
  if (size > input->left)
    dtd_die(DTD_FAILURE, input->path, "get a complete copy of it",
            "truncated: %zu bytes are needed where %zu are left", size,
            input->left);
  errno = 0;
  if (fread(bytes, 1, size, input->file) != size)
    dtd_die(DTD_FAILURE, input->path, "run again", "cannot read: %s",
            errno ? strerror(errno) : "it shrank meanwhile");
  input->left -= size;
}

void dtd_input_close(struct dtd_input *input) {
  dtd_mark_remove(input->file, give_back);
  fclose(input->file);
}

char *dtd_input_text(const char *path) {
  struct dtd_input input = dtd_input_open(path);
  size_t size = input.left;
  char *text = dtd_new(size + 1, 1);
  dtd_input_take(&input, text, size);
  dtd_input_close(&input);
  if (memchr(text, 0, size))
    dtd_die(DTD_FAILURE, path, "give a text file", "holds a zero byte");
  return text;
}
