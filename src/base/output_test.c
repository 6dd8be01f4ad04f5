/* Tests output.c: a file is there whole or not at all. */
#include "base/test.h"
#include "base/output.h"

#include <sys/stat.h>

#include "base/die.h"
#include "base/test_folder.h"

static char many[5000];

static void assert_absent(const char *name) {
  if (!access(test_path(name), F_OK)) fail_msg("%s is there", name);
}

TEST(the_name_appears_with_the_commit) {
  const char *path = test_put("file", "earlier", 7);
  FILE *output = dtd_output_open(path);
  dtd_output_write(output, "new", 3);
  fprintf(output, " text");
  assert_file_is(path, "earlier");
  assert_int_equal(access(test_path("file.partial"), F_OK), 0);
  dtd_output_commit(output);
  assert_file_is(path, "new text");
  assert_absent("file.partial");
}

TEST(several_outputs_are_open_at_once) {
  FILE *output[3];
  const char *names[] = {"a", "b", "c"};
  for (int n = 0; n < 3; n++) output[n] = dtd_output_open(test_path(names[n]));
  int order[] = {1, 2, 0};
  for (int i = 0; i < 3; i++) {
    dtd_output_write(output[order[i]], names[order[i]], 1);
    dtd_output_commit(output[order[i]]);
  }
  for (int n = 0; n < 3; n++) assert_file_is(test_path(names[n]), names[n]);
}

TEST(a_death_elsewhere_removes_what_is_unfinished) {
  assert_dies(1, "elsewhere", {
    FILE *done = dtd_output_open(test_path("done"));
    FILE *first = dtd_output_open(test_path("first"));
    FILE *second = dtd_output_open(test_path("second"));
    dtd_output_write(first, "1", 1);
    dtd_output_write(second, "2", 1);
    dtd_output_write(done, "all", 3);
    dtd_output_commit(done);
    dtd_die(DTD_FAILURE, "elsewhere", NULL, "something broke");
  });
  assert_file_is(test_path("done"), "all");
  const char *gone[] = {"first", "second", "first.partial", "second.partial",
                        "done.partial"};
  for (int n = 0; n < 5; n++) assert_absent(gone[n]);
}

TEST(a_program_that_ends_removes_what_is_unfinished) {
  assert_exits(1, "elsewhere", {
    dtd_output_open(test_path("first"));
    dtd_die(DTD_FAILURE, "elsewhere", NULL, "something broke");
  });
  assert_absent("first");
  assert_absent("first.partial");
}

/* An output that is older than the mark goes on. */
TEST(an_error_spares_outputs_of_before) {
  FILE *older = dtd_output_open(test_path("older"));
  assert_dies(1, "elsewhere", {
    dtd_output_open(test_path("younger"));
    dtd_die(DTD_FAILURE, "elsewhere", NULL, "something broke");
  });
  assert_absent("younger.partial");
  dtd_output_write(older, "all", 3);
  dtd_output_commit(older);
  assert_file_is(test_path("older"), "all");
}

TEST(a_full_disk_spares_the_earlier_file) {
  assert_survives_full_disk("full",
                            { /* seen by the write */
                              FILE *output = dtd_output_open(test_path("full"));
                              for (int n = 0; n < 10; n++)
                                dtd_output_write(output, many, sizeof many);
                            });
  assert_survives_full_disk("full", { /* seen by the commit */
                                      FILE *output =
                                          dtd_output_open(test_path("full"));
                                      fprintf(output, "%2000d", 1);
                                      dtd_output_commit(output);
  });
}

/* The stream has lost bytes, but the last flush has nothing to complain of. */
TEST(an_earlier_error_of_the_stream_counts) {
  test_put("lossy", "earlier", 7);
  assert_dies(1, "lossy: cannot write: some bytes were lost", {
    FILE *output = dtd_output_open(test_path("lossy"));
    setvbuf(output, NULL, _IONBF, 0);
    test_full_disk();
    fprintf(output, "%2000d", 1);
    test_empty_disk();
    dtd_output_commit(output);
  });
  assert_file_is(test_path("lossy"), "earlier");
  assert_absent("lossy.partial");
}

TEST(a_folder_that_cannot_be_written_is_named) {
  test_put("plain", "", 0);
  assert_dies(1, "none/file: cannot create: No such file",
              dtd_output_open(test_path("none/file")));
  assert_dies(1, "plain/file: cannot create: Not a directory",
              dtd_output_open(test_path("plain/file")));
  mkdir(test_path("taken"), 0777);
  assert_dies(1, "taken: cannot write: Is a directory",
              dtd_output_commit(dtd_output_open(test_path("taken"))));
  assert_absent("taken.partial");
}

TEST(directories_are_made_with_their_parents) {
  struct stat status;
  for (int twice = 0; twice < 2; twice++) {
    dtd_output_directory(test_path("x/y//z/"));
    assert_int_equal(stat(test_path("x/y/z"), &status), 0);
    assert_true(S_ISDIR(status.st_mode));
  }
  test_put("obstacle", "", 0);
  assert_dies(1, "obstacle: cannot make the directory: File exists",
              dtd_output_directory(test_path("obstacle")));
  assert_dies(1, "obstacle: cannot make the directory",
              dtd_output_directory(test_path("obstacle/below")));
  assert_dies(2, "output directory: its name is empty",
              dtd_output_directory(""));
  assert_file_is(test_path("obstacle"), "");
}

TEST_GROUP(test_folder_new, test_folder_free)
