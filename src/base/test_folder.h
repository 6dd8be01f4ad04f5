/* Gives a test program a folder of its own, files in it by their bytes, and a
   disk that is full.

   For cmocka tests only: TEST_GROUP(test_folder_new, test_folder_free). */
#ifndef DTD_TEST_FOLDER_H
#define DTD_TEST_FOLDER_H

#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert_dies.h"
#include "base/test.h"

static char test_folder[1024];

static inline void test_folder_new(void) {
  const char *parent = getenv("TMPDIR");
  snprintf(test_folder, sizeof test_folder, "%s/dtd-test-XXXXXX",
           parent && *parent ? parent : "/tmp");
  assert_non_null(mkdtemp(test_folder));
}

static inline int test_remove(const char *path, const struct stat *status,
                              int kind, struct FTW *place) {
  (void)status, (void)kind, (void)place;
  return remove(path);
}

static inline void test_folder_free(void) {
  nftw(test_folder, test_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of `name` in the folder, good until the end of the program. */
static inline const char *test_path(const char *name) {
  static char paths[64][2048];
  char path[sizeof paths[0]];
  snprintf(path, sizeof path, "%s/%s", test_folder, name);
  for (int n = 0; n < 64; n++)
    if (!*paths[n] || !strcmp(paths[n], path)) return strcpy(paths[n], path);
  fail_msg("%s is one path too many", path);
  return NULL;
}

/* Makes a file of these bytes and returns its path. */
static inline const char *test_put(const char *name, const void *bytes,
                                   size_t size) {
  const char *path = test_path(name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
  return path;
}

/* The same of a text. */
static inline const char *put_text(const char *name, const char *text) {
  return test_put(name, text, strlen(text));
}

/* The bytes of a file, with a 0 behind them, until the test ends. */
static inline char *test_get(size_t *size, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("%s is not there", path);
  fseek(file, 0, SEEK_END);
  long length = ftell(file);
  rewind(file);
  char *bytes = test_new((size_t)length + 1, 1);
  assert_int_equal(fread(bytes, 1, (size_t)length, file), length);
  fclose(file);
  if (size) *size = (size_t)length;
  return bytes;
}

static inline void assert_file_is(const char *path, const char *text) {
  assert_string_equal(test_get(NULL, path), text);
}

/* What print(stream) prints, until the test ends. */
static inline char *printed_by(void (*print)(FILE *stream)) {
  FILE *file = tmpfile();
  assert_non_null(file);
  print(file);
  long length = ftell(file);
  char *text = test_new((size_t)length + 1, 1);
  rewind(file);
  assert_int_equal(fread(text, 1, (size_t)length, file), length);
  fclose(file);
  return text;
}

/* From here on no file of this process grows beyond so many bytes. */
static inline void test_disk_of(rlim_t bytes) {
  struct rlimit limit;
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  setrlimit(RLIMIT_FSIZE, &limit);
}

static inline void test_full_disk(void) {
  test_disk_of(1024);
}

static inline void test_empty_disk(void) {
  test_disk_of(RLIM_INFINITY);
}

/* Asserts that `expression`, which writes more than 1024 bytes to the path of
   `name`, dies on a full disk, leaves an earlier file as it was and nothing
   beside it. */
#define assert_survives_full_disk(name, expression)                            \
  do {                                                                         \
    test_put(name, "earlier", 7);                                              \
    assert_dies(1, "cannot write: File too large", {                           \
      test_full_disk();                                                        \
      expression;                                                              \
    });                                                                        \
    test_empty_disk();                                                         \
    assert_file_is(test_path(name), "earlier");                                \
    assert_int_not_equal(access(test_path(name ".partial"), F_OK), 0);         \
  } while (0)

#endif
