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

   two functions void f(void), or NULL, which may assert.

   What a test makes need not be freed by it: what test_new and test_owns return
   is released when the test ends, the latest first, and what `before` makes
   when the last test has ended. The standard headers that most tests need are
   included here. */
#ifndef DTD_TEST_H
#define DTD_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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

/* ---- what a test owns ---- */

struct test_owned {
  void *object;
  void (*release)(void *object);
  struct test_owned *earlier;
};

static struct test_owned *latest_owned, *owned_by_group;

/* Returns `object`, which release(object) will free. */
static inline void *test_owns(void *object, void (*release)(void *object)) {
  struct test_owned *owned = malloc(sizeof *owned);
  *owned = (struct test_owned){object, release, latest_owned};
  latest_owned = owned;
  return object;
}

static inline void *own_memory(void *memory) {
  return test_owns(memory, dtd_free);
}

/* Memory as of dtd_new and dtd_copy. */
static inline void *test_new(size_t count, size_t size) {
  return own_memory(dtd_new(count, size));
}
static inline void *test_copy(const void *source, size_t count, size_t size) {
  return own_memory(dtd_copy(source, count, size));
}

static inline char *test_string(const char *text) {
  return test_copy(text, strlen(text) + 1, 1);
}

/* Defines own_NAME(struct dtd_NAME *), which returns its argument, freed by
   dtd_NAME_free. */
#define TEST_OWNS(name)                                                        \
  static inline void release_##name(void *object) {                            \
    dtd_##name##_free(object);                                                 \
  }                                                                            \
  static inline struct dtd_##name *own_##name(struct dtd_##name *object) {     \
    return test_owns(object, release_##name);                                  \
  }

/* Ends what was owned later than `until`; without `release` somebody else has
   released it. */
static inline void end_owned(const struct test_owned *until, bool release) {
  while (latest_owned != until) {
    struct test_owned *owned = latest_owned;
    latest_owned = owned->earlier;
    if (release) owned->release(owned->object);
    free(owned);
  }
}

/* ---- running ---- */

static inline int end_test(void **state) {
  (void)state;
  end_owned(owned_by_group, true);
  return 0;
}

static inline void register_test(const char *name, CMUnitTestFunction test) {
  int n = 0;
  while (n < MOST_TESTS && registered_tests[n].name) n++;
  if (n == MOST_TESTS) abort(); /* a test too many must not go unnoticed */
  registered_tests[n] = (struct CMUnitTest){
      .name = name, .test_func = test, .teardown_func = end_test};
}

static inline int run_before_all_tests(void **state) {
  (void)state;
  if (before_all_tests) before_all_tests();
  owned_by_group = latest_owned;
  return 0;
}

static inline int run_after_all_tests(void **state) {
  (void)state;
  if (after_all_tests) after_all_tests();
  end_owned(NULL, true);
  return 0;
}

int main(void) {
  return cmocka_run_group_tests(registered_tests, run_before_all_tests,
                                run_after_all_tests);
}

#endif
