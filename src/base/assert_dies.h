/* A test's assertions that an expression dies as dtd_die does.

   For cmocka tests only. assert_dies catches the error, gives back what the
   expression has taken, and goes on in the same process. assert_exits runs the
   expression in a child process, whose exit status it examines: for what ends a
   program, or changes what the test needs. */
#ifndef DTD_ASSERT_DIES_H
#define DTD_ASSERT_DIES_H

#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mark.h"
#include "base/test.h"

/* gcc supposes that any later call may return to setjmp. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wclobbered"
#if __GNUC__ >= 12
#pragma GCC diagnostic ignored "-Wuse-after-free"
#endif
#endif

/* There under the leak sanitizer alone. */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

/* The leak sanitizer asks this as a program ends: one that dies leaves its
   memory to the system, and a child has lost what its parent's threads hold. */
static int dies_in_child;
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void) {
  return dies_in_child;
}

/* ---- standard error in a file ---- */

static FILE *dies_log;
static int dies_error_stream; /* meanwhile */

static inline void dies_log_begin(void) {
  if (!dies_log) dies_log = tmpfile();
  assert_non_null(dies_log);
  fflush(NULL);
  assert_int_equal(ftruncate(fileno(dies_log), 0), 0);
  rewind(dies_log);
  dies_error_stream = dup(STDERR_FILENO);
  dup2(fileno(dies_log), STDERR_FILENO);
}

/* Asserts that one line at most was printed, and that it contains `words`. */
static inline void dies_log_end(const char *expression, int status, int wanted,
                                const char *words) {
  char text[8192];
  fflush(stderr);
  dup2(dies_error_stream, STDERR_FILENO);
  close(dies_error_stream);
  rewind(dies_log);
  text[fread(text, 1, sizeof text - 1, dies_log)] = 0;
  if (status != wanted || !strstr(text, words) ||
      strchr(text, '\n') != strrchr(text, '\n'))
    fail_msg("%s: status %d, message \"%s\", wanted status %d and \"%s\"",
             expression, status, text, wanted, words);
}

/* ---- in this process ---- */

enum { DIES_NOT = -1 };

static struct {
  int mark, status;
  dtd_error_handler *before;
  const struct test_owned *owned;
  jmp_buf back;
} dies;

static inline void dies_caught(const struct dtd_error *error) {
  fprintf(stderr, "%s\n", error->message);
  dies.status = (int)error->status;
  longjmp(dies.back, 1);
}

static inline void dies_begin(void) {
  dies_log_begin();
  dies.before = dtd_set_error_handler(dies_caught);
  dies.mark = dtd_mark_set();
  dies.owned = latest_owned;
  dies.status = DIES_NOT;
  if (__lsan_disable) __lsan_disable(); /* what the test itself takes */
}

static inline void dies_end(const char *expression, int wanted,
                            const char *words) {
  if (__lsan_enable) __lsan_enable();
  if (dies.status == DIES_NOT) {
    dtd_mark_keep(dies.mark);
  } else {
    end_owned(dies.owned, false);
    dtd_mark_release(dies.mark);
  }
  dtd_set_error_handler(dies.before);
  dies_log_end(expression, dies.status, wanted, words);
}

/* Asserts that `expression` dies with `status` and one line that contains
   `words`. */
#define assert_dies(status, words, expression)                                 \
  do {                                                                         \
    dies_begin();                                                              \
    if (!setjmp(dies.back)) {                                                  \
      expression;                                                              \
    }                                                                          \
    dies_end(#expression, (int)(status), words);                               \
  } while (0)

/* ---- in a child process ---- */

/* Asserts that `expression` exits with `status` after printing at most one
   line, which contains `words`. */
#define assert_exits(status, words, expression)                                \
  do {                                                                         \
    dies_log_begin();                                                          \
    pid_t dies_child = fork();                                                 \
    if (dies_child == 0) {                                                     \
      dies_in_child = 1;                                                       \
      expression;                                                              \
      _exit(99);                                                               \
    }                                                                          \
    int dies_wait;                                                             \
    waitpid(dies_child, &dies_wait, 0);                                        \
    dies_log_end(#expression,                                                  \
                 WIFEXITED(dies_wait) ? WEXITSTATUS(dies_wait) : -dies_wait,   \
                 (int)(status), words);                                        \
  } while (0)

#endif
