/* Tests version.c: a version of three numbers, a revision of one word. */
#include "base/test.h"
#include "base/version.h"

TEST(a_version_is_three_numbers) {
  int part[3];
  char again[64];
  assert_int_equal(
      sscanf(DTD_VERSION, "%d.%d.%d", &part[0], &part[1], &part[2]), 3);
  snprintf(again, sizeof again, "%d.%d.%d", part[0], part[1], part[2]);
  assert_string_equal(again, DTD_VERSION);
}

TEST(a_revision_is_one_word) {
  const char *revision = dtd_source_revision();
  assert_true(strlen(revision) > 0);
  assert_null(strpbrk(revision, " \t\n"));
}
