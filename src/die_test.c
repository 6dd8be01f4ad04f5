/* Tests die.c: one line of a fixed form and the right exit status. */
#include "die.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "assert_dies.h"

static void the_line_has_its_form_and_the_status_is_kept(void **state) {
  (void)state;
  dtd_program("train");
  assert_dies(
      DTD_FAILURE, "train: a.npy: 3 of 4 bytes (copy it again)\n",
      dtd_die(DTD_FAILURE, "a.npy", "copy it again", "%d of %d bytes", 3, 4));
  assert_dies(DTD_USAGE, "train: --out: is missing (see --help)\n",
              dtd_die(DTD_USAGE, "--out", "see --help", "is missing"));
}

static void without_advice_there_is_no_parenthesis(void **state) {
  (void)state;
  assert_dies(1, "loss: is nan\n",
              dtd_die(DTD_FAILURE, "loss", NULL, "is %s", "nan"));
}

static void the_program_is_named_without_its_folder(void **state) {
  (void)state;
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

static void hostile_text_stays_one_plain_line(void **state) {
  (void)state;
  assert_dies(1, "a b c: d  [2Je",
              dtd_die(DTD_FAILURE, "a\nb\rc", NULL, "d%se", "\n\033[2J"));
  assert_dies(1, "caf\xc3\xa9",
              dtd_die(DTD_FAILURE, "caf\xc3\xa9", NULL, "is closed"));
  char *long_text = calloc(100001, 1);
  memset(long_text, 'x', 100000);
  assert_dies(1, "xxx", dtd_die(DTD_FAILURE, "y", NULL, "%s", long_text));
  free(long_text);
}

static void a_warning_returns(void **state) {
  (void)state;
  dtd_program("evaluate");
  assert_dies(7, "evaluate: pairs: only 2 (ask for more)\n", {
    dtd_warn("pairs", "ask for more", "only %d", 2);
    _exit(7);
  });
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_line_has_its_form_and_the_status_is_kept),
      cmocka_unit_test(without_advice_there_is_no_parenthesis),
      cmocka_unit_test(the_program_is_named_without_its_folder),
      cmocka_unit_test(hostile_text_stays_one_plain_line),
      cmocka_unit_test(a_warning_returns),
  };
  return cmocka_run_group_tests_name("die", tests, NULL, NULL);
}
