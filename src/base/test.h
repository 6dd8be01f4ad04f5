/* A test is its name and its body; everything else about a test program is
   here.

     #include "base/test.h"

     TEST(two_and_two_are_four) {
       assert_int_equal(2 + 2, 4);
     }

   For cmocka tests only, and once in each: this header defines main(), which
   runs every TEST of the file in the order of their definition. What all of
   them need is made before the first and removed after the last by

     TEST_GROUP(before, after)

   two functions void f(void), or NULL, which may assert. */
#ifndef DTD_TEST_H
#define DTD_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

enum { MOST_TESTS = 128 }; /* of one file */

static struct CMUnitTest registered_tests[MOST_TESTS]; /* cmocka skips zeros */
static void (*before_all_tests)(void), (*after_all_tests)(void);

#define TEST(name)                                                             \
  static void name(void **);                                                   \
  __attribute__((constructor)) static void register_##name(void) {             \
    register_test(#name, name);                                                \
  }                                                                            \
  static void name(void **test_state __attribute__((unused)))

#define TEST_GROUP(before, after)                                              \
  __attribute__((constructor)) static void register_test_group(void) {         \
    before_all_tests = before;                                                 \
    after_all_tests = after;                                                   \
  }

static inline void register_test(const char *name, CMUnitTestFunction test) {
  int n = 0;
  while (n < MOST_TESTS && registered_tests[n].name) n++;
  if (n == MOST_TESTS) abort(); /* a test too many must not go unnoticed */
  registered_tests[n] = (struct CMUnitTest){.name = name, .test_func = test};
}

static inline int run_before_all_tests(void **state) {
  (void)state;
  if (before_all_tests) before_all_tests();
  return 0;
}

static inline int run_after_all_tests(void **state) {
  (void)state;
  if (after_all_tests) after_all_tests();
  return 0;
}

int main(void) {
  return cmocka_run_group_tests(registered_tests, run_before_all_tests,
                                run_after_all_tests);
}

#endif
