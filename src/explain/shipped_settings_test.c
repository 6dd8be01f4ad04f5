/* Tests where shipped settings are looked for. */
#include "explain/shipped_settings.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/test.h"
#include "base/test_folder.h"

TEST_GROUP(test_folder_new, test_folder_free)

static void touch(const char *path) {
  FILE *file = fopen(test_path(path), "w");
  assert_non_null(file);
  fclose(file);
}

/* What is found for NAME, seen from the test's folder; "none" where nothing is.
 */
static const char *found(const char *program, const char *name) {
  struct dtd_shipped_folders folders = dtd_shipped_folders(program);
  char *ini = dtd_shipped_settings(&folders, name, (int)strlen(name));
  char *kept = test_new(4096, 1);
  size_t above = strlen(test_path(""));
  snprintf(kept, 4096, "%s",
           !ini                                      ? "none"
           : strncmp(ini, test_path(""), above) == 0 ? ini + above
                                                     : ini);
  dtd_free(ini);
  dtd_shipped_folders_free(&folders);
  return kept;
}

TEST(settings_stand_beside_the_program) {
  const char *folder[] = {"experiments", "experiments/input", "share",
                          "share/dtd", "share/dtd/input"};
  for (int n = 0; n < 5; n++)
    assert_int_equal(mkdir(test_path(folder[n]), 0777), 0);
  touch("experiments/input/own-net.ini");
  touch("share/dtd/input/own-net.ini");
  touch("share/dtd/input/own-net-7.ini");
  char built[4096], installed[4096];
  snprintf(built, sizeof built, "%s", test_path("build/bin/explain"));
  snprintf(installed, sizeof installed, "%s", test_path("bin/dtd-explain"));
  assert_string_equal(found(built, "own-net"), "experiments/input/own-net.ini");
  assert_string_equal(found(built, "own-net-7"),
                      "experiments/input/own-net.ini");
  assert_string_equal(found(installed, "own-net"),
                      "share/dtd/input/own-net.ini");
  assert_string_equal(found(installed, "own-net-7"),
                      "share/dtd/input/own-net-7.ini");
  assert_string_equal(found(installed, "own-net-12"),
                      "share/dtd/input/own-net.ini");
  assert_string_equal(found(installed, "own-net7"), "none");
  assert_string_equal(found(NULL, "own-net"), "none");
  assert_string_equal(found("explain", "own-net"), "none");
  assert_string_equal(found("/explain", "own-net"), "none");
}

/* Tests run in the checkout's folder. */
TEST(the_working_folder_comes_first) {
  assert_string_equal(found("/a/b/c/d", "googlenet-9"),
                      "experiments/input/googlenet.ini");
}

static void assert_listed(const char *program, const char *expected) {
  struct dtd_shipped_folders folders = dtd_shipped_folders(program);
  char *list = dtd_shipped_folders_list(&folders);
  assert_string_equal(list, expected);
  dtd_free(list);
  dtd_shipped_folders_free(&folders);
}

TEST(folders_are_listed) {
  assert_listed("/a/build/bin/explain", "experiments/input, "
                                        "/a/experiments/input, "
                                        "/a/build/share/dtd/input");
  assert_listed("/usr/bin/explain",
                "experiments/input, /experiments/input, /usr/share/dtd/input");
  assert_listed(NULL, "experiments/input");
  assert_listed("", "experiments/input");
}

/* The test is BUILD/test/src/explain/NAME, wherever BUILD is. */
TEST(the_running_program_is_known) {
  struct dtd_shipped_folders folders = dtd_own_shipped_folders();
  const char *path = folders.path[2];
  assert_non_null(path);
  assert_int_equal(*path, '/');
  assert_non_null(strstr(path, "/test/src/share/dtd/input"));
  dtd_shipped_folders_free(&folders);
}
