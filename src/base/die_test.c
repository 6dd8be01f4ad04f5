/* Tests die.c: one line of a fixed form and the right exit status. */
#include "base/test.h"
#include "base/die.h"

#include "base/assert_dies.h"

TEST(the_line_has_its_form_and_the_status_is_kept) {
  dtd_program("train");
  assert_dies(
      DTD_FAILURE, "train: a.npy: 3 of 4 bytes (copy it again)\n",
      dtd_die(DTD_FAILURE, "a.npy", "copy it again", "%d of %d bytes", 3, 4));
  assert_dies(DTD_USAGE, "train: --out: is missing (see --help)\n",
              dtd_die(DTD_USAGE, "--out", "see --help", "is missing"));
}

TEST(without_advice_there_is_no_parenthesis) {
  assert_dies(1, "loss: is nan\n",
              dtd_die(DTD_FAILURE, "loss", NULL, "is %s", "nan"));
}

TEST(the_program_is_named_without_its_folder) {
  dtd_program("build/bin/explain");
  char message[64] = "";
  FILE *log = tmpfile();
  fflush(NULL);
  if (!fork()) {
    dup2(fileno(log), STDERR_FILENO);
    dtd_die(DTD_FAILURE, "x", NULL, "y");
  }
  wait(NULL);
  rewind(log);
  assert_non_null(fgets(message, sizeof message, log));
  assert_string_equal(message, "explain: x: y\n");
  fclose(log);
}

TEST(hostile_text_stays_one_plain_line) {
  assert_dies(1, "a b c: d  [2Je",
              dtd_die(DTD_FAILURE, "a\nb\rc", NULL, "d%se", "\n\033[2J"));
  assert_dies(1, "caf\xc3\xa9",
              dtd_die(DTD_FAILURE, "caf\xc3\xa9", NULL, "is closed"));
  char *long_text = calloc(100001, 1);
  memset(long_text, 'x', 100000);
  assert_dies(1, "xxx", dtd_die(DTD_FAILURE, "y", NULL, "%s", long_text));
  free(long_text);
}

TEST(a_warning_returns) {
  dtd_program("evaluate");
  assert_dies(7, "evaluate: pairs: only 2 (ask for more)\n", {
    dtd_warn("pairs", "ask for more", "only %d", 2);
    _exit(7);
  });
}
