/* A test's assertions that a whole operation survives any error: memory that is
   short at any place, and a disk that is full.

   For cmocka tests with a test_folder only. The first allocation of an
   operation fails, then the second, and so on, later in larger steps, until it
   succeeds; a handler catches each error, and a mark gives back what was taken.
   Under the address sanitizer, what is lost all the same is found as the
   program ends. */
#ifndef DTD_TEST_FAULTS_H
#define DTD_TEST_FAULTS_H

#include <omp.h>
#include <stdatomic.h>

#include "base/memory.h"
#include "base/test_folder.h"

static jmp_buf fault_back;
static struct dtd_error fault_error;

static inline void fault_caught(const struct dtd_error *caught) {
  if (omp_get_level()) abort(); /* it would jump out of a parallel region */
  fault_error = *caught;
  longjmp(fault_back, 1);
}

static inline int fault_find_partial(const char *path,
                                     const struct stat *status, int kind,
                                     struct FTW *place) {
  (void)status, (void)kind, (void)place;
  if (strstr(path, ".partial")) fail_msg("%s is left", path);
  return 0;
}

/* Whether the operation comes to its end. If not, nothing of it is left. */
static inline bool fault_succeeds(void (*operation)(void)) {
  bool done = false;
  int error_stream = dup(STDERR_FILENO); /* progress is of no interest */
  if (!freopen("/dev/null", "w", stderr)) fail();
  int outer = dtd_mark_set(), mark = dtd_mark_set();
  dtd_error_handler *before = dtd_set_error_handler(fault_caught);
  if (!setjmp(fault_back)) {
    operation();
    done = true;
  }
  dtd_memory_fails = NULL;
  test_empty_disk();
  dtd_set_error_handler(before);
  if (done) { /* it has released all that it took */
    assert_int_equal(dtd_mark_count(), 0);
    dtd_mark_keep(mark);
  } else {
    dtd_mark_release(mark);
    assert_int_equal(dtd_mark_count(), 0);
    assert_non_null(strstr(fault_error.message, ": "));
    assert_null(strchr(fault_error.message, '\n'));
  }
  dtd_mark_release(outer);
  fflush(stderr);
  dup2(error_stream, STDERR_FILENO);
  close(error_stream);
  nftw(test_folder, fault_find_partial, 8, FTW_PHYS);
  return done;
}

static atomic_long fault_left;

static inline bool fault_none_left(void) {
  return fault_left-- == 0;
}

/* Lets allocations fail, each of the first fifty and then ever fewer. */
static inline void assert_survives_short_memory(void (*operation)(void)) {
  long n = 0, errors = 0;
  for (;; n += 1 + n / 50, errors++) {
    fault_left = n;
    dtd_memory_fails = fault_none_left;
    if (fault_succeeds(operation)) break;
    assert_string_equal(fault_error.what, "memory");
  }
  assert_true(errors > 3);
  print_message("%ld errors caught in %ld allocations\n", errors, n);
}

/* Lets every file that grows beyond so many bytes fail. */
static inline void assert_survives_a_full_disk(void (*operation)(void)) {
  int errors = 0;
  for (rlim_t bytes = 0;; bytes += bytes / 2 + 256, errors++) {
    test_disk_of(bytes);
    if (fault_succeeds(operation)) break;
    assert_non_null(strstr(fault_error.why, "cannot write: File too large"));
  }
  assert_true(errors > 1);
}

#define SURVIVES(name, assertion, operation)                                   \
  TEST(name) {                                                                 \
    assertion(operation);                                                      \
  }

#endif
