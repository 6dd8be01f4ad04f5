/* Files appear whole or not at all: written beside, then renamed. */
#include "base/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mark.h"
#include "base/memory.h"

struct pending {
  FILE *stream;  /* null once it is closed */
  char *path;    /* the name it will take */
  char *partial; /* the name it has now */
  struct pending *next;
};

static struct pending *all_pending;

/* Runs at exit: what was not committed is incomplete. */
static void remove_pending(void) {
  for (struct pending *p = all_pending; p; p = p->next) unlink(p->partial);
}

static void forget(struct pending *p) {
  struct pending **link = &all_pending;
  while (*link != p) link = &(*link)->next;
  *link = p->next;
  dtd_free(p->path);
  dtd_free(p->partial);
  dtd_free(p);
}

static void give_back(void *object) {
  struct pending *p = object;
  if (p->stream) fclose(p->stream);
  unlink(p->partial);
  forget(p);
}

static struct pending *find_pending(FILE *stream) {
  struct pending *p = all_pending;
  while (p && p->stream != stream) p = p->next;
  if (!p)
    dtd_die(DTD_FAILURE, "output", NULL, "a stream that is not an output");
  return p;
}

static _Noreturn void die_unwritten(const struct pending *p, int error) {
  dtd_die(DTD_FAILURE, p->path,
          "free some space and run again; nothing of it was kept",
          "cannot write: %s", error ? strerror(error) : "some bytes were lost");
}

FILE *dtd_output_open(const char *path) {
  static int registered;
  if (!registered) registered = !atexit(remove_pending);
  struct pending *p = dtd_new(1, sizeof *p);
  p->path = dtd_copy_text(path);
  p->partial = dtd_new(strlen(path) + sizeof ".partial", 1);
  strcat(strcpy(p->partial, path), ".partial");
  p->stream = fopen(p->partial, "wb");
  if (!p->stream)
    dtd_die(DTD_FAILURE, path, "check that the folder exists and is writable",
            "cannot create: %s", strerror(errno));
  p->next = all_pending;
  all_pending = p;
  dtd_mark_add(p, give_back);
  return p->stream;
}

void dtd_output_write(FILE *output, const void *bytes, size_t size) {
  errno = 0;
  if (fwrite(bytes, 1, size, output) != size)
    die_unwritten(find_pending(output), errno);
}

void dtd_output_commit(FILE *output) {
  struct pending *p = find_pending(output);
  errno = 0;
  int failed = fflush(output) || fsync(fileno(output)) || ferror(output);
  int error = errno;
  p->stream = NULL;
  if (fclose(output) && !failed) failed = 1, error = errno;
  if (!failed && rename(p->partial, p->path)) failed = 1, error = errno;
  if (failed) die_unwritten(p, error);
  dtd_mark_remove(p, give_back);
  forget(p);
}

void dtd_output_directory(const char *path) {
  if (!*path)
    dtd_die(DTD_USAGE, "output directory", "name one", "its name is empty");
  char *part = dtd_copy_text(path);
  for (char *c = part + (*part == '/');; c++) {
    if (*c != '/' && *c) continue;
    char here = *c;
    *c = 0;
    struct stat status;
    if (mkdir(part, 0777) &&
        (errno != EEXIST || stat(part, &status) || !S_ISDIR(status.st_mode)))
      dtd_die(DTD_FAILURE, part, "choose another output directory",
              "cannot make the directory: %s", strerror(errno));
    if (!here) break;
    *c = here;
  }
  dtd_free(part);
}
