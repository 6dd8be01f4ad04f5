/* Tests programs that are run and asked, good ones and bad ones. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "base/subprocess.h"
#include "base/die.h"

static char *const doubles[] = {
    "sh", "-c", "while read a b; do echo $((2 * a)) $((b / 4)).5e1; done",
    NULL};

TEST(a_program_is_asked_again_and_again) {
  struct dtd_subprocess *child = dtd_subprocess_open(doubles);
  double answer[2];
  for (int n = 0; n < 100; n++) {
    char request[64];
    snprintf(request, sizeof request, "%d 1000", n);
    dtd_subprocess_ask(answer, 2, child, request);
    assert_true(answer[0] == 2 * n && answer[1] == 2505);
  }
  dtd_subprocess_close(child);
}

TEST(several_are_kept_at_hand) {
  char *const negates[] = {"sh", "-c", "while read a; do echo $((-a)); done",
                           NULL};
  struct dtd_subprocess *a = dtd_subprocess_open(doubles),
                        *b = dtd_subprocess_open(negates);
  double answer[2];
  dtd_subprocess_ask(answer, 1, b, "5");
  assert_true(answer[0] == -5);
  dtd_subprocess_ask(answer, 2, a, "5 8");
  assert_true(answer[0] == 10 && answer[1] == 25);
  dtd_subprocess_close(a); /* ends, though b is open and has its own ends */
  dtd_subprocess_ask(answer, 1, b, "6");
  assert_true(answer[0] == -6);
  dtd_subprocess_close(b);
}

TEST(wrong_answers_and_early_ends_are_told) {
  double answer[3];
  struct dtd_subprocess *child = dtd_subprocess_open(doubles);
  assert_dies(DTD_FAILURE, "instead of 3 numbers",
              dtd_subprocess_ask(answer, 3, child, "1 2"));
  dtd_subprocess_close(child);
  child = dtd_subprocess_open(doubles);
  assert_dies(DTD_FAILURE, "instead of 1 numbers",
              dtd_subprocess_ask(answer, 1, child, "1 2"));
  dtd_subprocess_close(child);
  char *const ends[] = {"true", NULL}, *const none[] = {"no-such-one", NULL};
  child = dtd_subprocess_open(ends);
  assert_dies(DTD_FAILURE, "true: ended instead of answering",
              dtd_subprocess_ask(answer, 1, child, "1"));
  dtd_subprocess_close(child);
  child = dtd_subprocess_open(none);
  assert_dies(DTD_FAILURE, "no-such-one: ended",
              dtd_subprocess_ask(answer, 1, child, "1"));
  dtd_subprocess_close(child);
}

TEST(a_mark_ends_what_runs) {
  int mark = dtd_mark_set(), free_one = dup(STDIN_FILENO);
  close(free_one);
  dtd_subprocess_open(doubles);
  dtd_mark_release(mark);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
  assert_int_equal(dup(STDIN_FILENO), free_one);
  close(free_one);
}

/* Time is at least that of a sleep; memory follows what the program takes. */
TEST(a_run_tells_time_and_memory) {
  char *const sleeps[] = {"sleep", "0.05", NULL};
  char *const grows[] = {
      "awk", "BEGIN { s = \"x\"; while (length(s) < 5e7) s = s s }", NULL};
  assert_true(dtd_subprocess_run(sleeps).seconds >= 0.05);
  double small = dtd_subprocess_run(sleeps).peak_bytes;
  double large = dtd_subprocess_run(grows).peak_bytes;
  assert_true(small > 1e5 && large > 5e7 && large > small);
}

TEST(a_run_that_fails_is_told) {
  char *const fails[] = {"false", NULL}, *const none[] = {"no-such-one", NULL};
  assert_dies(DTD_FAILURE, "false: did not succeed", dtd_subprocess_run(fails));
  assert_dies(DTD_FAILURE, "no-such-one: could not be started",
              dtd_subprocess_run(none));
}
