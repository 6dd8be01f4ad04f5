/* Tests die.c: one line of a fixed form, the right exit status, and handlers
   that catch errors. */
#include "base/test.h"
#include "base/die.h"

#include "base/assert_dies.h"
#include "base/memory.h"
#include "base/test_folder.h"

TEST(the_line_has_its_form_and_the_status_is_kept) {
  dtd_program("train");
  assert_exits(
      DTD_FAILURE, "train: a.npy: 3 of 4 bytes (copy it again)\n",
      dtd_die(DTD_FAILURE, "a.npy", "copy it again", "%d of %d bytes", 3, 4));
  assert_exits(DTD_USAGE, "train: --out: is missing (see --help)\n",
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
  assert_dies(1, "xxx", dtd_die(DTD_FAILURE, long_text, long_text, "y"));
  free(long_text);
}

TEST(a_warning_returns) {
  dtd_program("evaluate");
  assert_exits(7, "evaluate: pairs: only 2 (ask for more)\n", {
    dtd_warn("pairs", "ask for more", "only %d", 2);
    _exit(7);
  });
}

/* ---- the example of die.h ---- */

#include <setjmp.h>
#include "base/mark.h"

static struct dtd_error caught;
static jmp_buf back;

static void catch_error(const struct dtd_error *error) {
  caught = *error;
  longjmp(back, 1);
}

static enum dtd_status try(void (*work)(void)) {
  dtd_error_handler *before = dtd_set_error_handler(catch_error);
  int mark = dtd_mark_set();
  caught.status = DTD_OK;
  if (!setjmp(back)) {
    work();
    dtd_mark_keep(mark);
  } else
    dtd_mark_release(mark);
  dtd_set_error_handler(before);
  return caught.status;
}

/* The lines of a text without their blanks, from `first` to the next `last`.
   The test owns them. */
static char *lines_of(const char *path, const char *first, const char *last) {
  char *text = test_get(NULL, path), *from = strstr(text, first);
  assert_non_null(from);
  char *end = strstr(from, last), *out = text;
  assert_non_null(end);
  for (const char *c = from; c < end; c++)
    if (*c != ' ' && *c != '\n') *out++ = *c;
  *out = 0;
  return text;
}

TEST(the_example_in_the_header_is_the_one_tested_here) {
  char *printed = lines_of("src/base/die.h", "#include <setjmp.h>", "enum ");
  char *tested =
      lines_of("src/base/die_test.c", "#include <setjmp.h>", "static enum ");
  assert_string_equal(printed, tested);
  printed = lines_of("src/base/die.h", "enum dtd_status try(", "Rules");
  tested = lines_of("src/base/die_test.c", "enum dtd_status try(", "/* The");
  assert_string_equal(printed, tested);
}

static void fail_at_work(void) {
  dtd_new(10, 10);
  dtd_die(DTD_USAGE, "--rule\n", "use z+", "there is no %s", "z-");
}

static void succeed(void) {
}

TEST(an_error_is_caught_in_its_parts) {
  dtd_program("explain");
  for (int twice = 0; twice < 2; twice++) {
    size_t count = dtd_mark_count();
    assert_int_equal(try(fail_at_work), DTD_USAGE);
    assert_int_equal(dtd_mark_count(), count);
    assert_string_equal(caught.message,
                        "explain: --rule : there is no z- (use z+)");
    assert_string_equal(caught.what, "--rule ");
    assert_string_equal(caught.why, "there is no z-");
    assert_string_equal(caught.to_do, "use z+");
    assert_int_equal(try(succeed), DTD_OK);
  }
}

static void ignore(const struct dtd_error *error) {
  assert_non_null(error);
}

TEST(a_handler_that_returns_leaves_the_error_to_the_program) {
  assert_ptr_equal(dtd_set_error_handler(ignore), NULL);
  assert_exits(DTD_USAGE, ": there is no z- (use z+)\n", fail_at_work());
  assert_ptr_equal(dtd_set_error_handler(NULL), ignore);
}
