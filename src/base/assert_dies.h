/* A test's assertion that an expression ends the program as dtd_die does.

   For cmocka tests only. The expression runs in a child process, whose standard
   error and exit status are then examined. */
#ifndef DTD_ASSERT_DIES_H
#define DTD_ASSERT_DIES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* There under the leak sanitizer alone. */
extern void __lsan_disable(void) __attribute__((weak));

/* The leak sanitizer asks this as a program ends: one that dies leaves its
   memory to the system, and a child has lost what its parent's threads hold. */
static int dies_in_child;
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void) {
  return dies_in_child;
}

/* Asserts that `expression` exits with `status` after printing one line that
   contains `words`. */
#define assert_dies(status, words, expression)                                 \
  do {                                                                         \
    FILE *dies_log = tmpfile();                                                \
    assert_non_null(dies_log);                                                 \
    fflush(NULL);                                                              \
    pid_t dies_child = fork();                                                 \
    if (dies_child == 0) {                                                     \
      dies_in_child = 1;                                                       \
      dup2(fileno(dies_log), STDERR_FILENO);                                   \
      expression;                                                              \
      _exit(99);                                                               \
    }                                                                          \
    int dies_end;                                                              \
    waitpid(dies_child, &dies_end, 0);                                         \
    char dies_text[4096];                                                      \
    rewind(dies_log);                                                          \
    dies_text[fread(dies_text, 1, sizeof dies_text - 1, dies_log)] = 0;        \
    fclose(dies_log);                                                          \
    if (!WIFEXITED(dies_end) || WEXITSTATUS(dies_end) != (status) ||           \
        !strstr(dies_text, words) ||                                           \
        strchr(dies_text, '\n') != strrchr(dies_text, '\n'))                   \
      fail_msg("%s: wait status %d, message \"%s\", wanted status %d and "     \
               "\"%s\"",                                                       \
               #expression, dies_end, dies_text, (int)(status), words);        \
  } while (0)

#endif
