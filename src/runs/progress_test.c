/* Tests progress.c: on a terminal, elsewhere, and when signals come. */
#include "base/test.h"
#include "network/test_network.h"
#include "relevance/test_training.h"
#include "runs/progress.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "linear/threads.h"
#include "files/test_digits.h"
#include "network/test_network.h"
#include "base/seconds.h"

/* ---- the line ---- */

static void assert_duration(double seconds, const char *wanted) {
  char text[32];
  dtd_progress_duration(text, sizeof text, seconds);
  assert_string_equal(text, wanted);
}

TEST(durations_are_in_minutes_and_hours) {
  assert_duration(0, "0 s");
  assert_duration(45.4, "45 s");
  assert_duration(59.4, "59 s");
  assert_duration(59.5, "1 min 00 s");
  assert_duration(200, "3 min 20 s");
  assert_duration(3599.4, "59 min 59 s");
  assert_duration(3599.5, "1 h 00 min");
  assert_duration(3900, "1 h 05 min");
  assert_duration(100 * 3600, "100 h 00 min");
}

TEST(an_unknown_duration_is_over_a_year) {
  assert_duration(INFINITY, "over a year");
  assert_duration(1e300, "over a year");
  assert_duration(NAN, "over a year");
  assert_duration(-1, "0 s");
}

TEST(the_line_is_the_documented_one) {
  char line[256];
  dtd_progress_line(line, 255, 12000, 300000, 812, 310, "minmax", 62);
  assert_string_equal(line, "12000/300000  4 %  812 steps/s  5 min 55 s left  "
                            "error 310  minmax 62");
}

TEST(the_line_leaves_out_what_is_not_known) {
  char line[256];
  dtd_progress_line(line, 255, 1, 300, 0, NAN, "minmax", NAN);
  assert_string_equal(line, "1/300  0 %");
  dtd_progress_line(line, 255, 150, 300, 0, 1.5, NULL, 7);
  assert_string_equal(line, "150/300  50 %  error 1.5");
}

/* 100 % appears at the end and not before. */
TEST(percents_are_rounded_down) {
  char line[256];
  dtd_progress_line(line, 255, 299999, 300000, 0, NAN, NULL, NAN);
  assert_string_equal(line, "299999/300000  99 %");
  dtd_progress_line(line, 255, 300000, 300000, 1000, NAN, NULL, NAN);
  assert_string_equal(line, "300000/300000  100 %  1000 steps/s  0 s left");
}

TEST(the_line_is_cut_at_every_width) {
  char whole[512], line[512];
  const char *learner = "a-learner-with-a-name-longer-than-others";
  dtd_progress_line(whole, 511, 999999999, 1000000000, 1e-3, 1e-300, learner,
                    -1e300);
  for (size_t width = 0; width <= strlen(whole); width++) {
    memset(line, '#', sizeof line);
    dtd_progress_line(line, width, 999999999, 1000000000, 1e-3, 1e-300, learner,
                      -1e300);
    assert_int_equal(strlen(line), width);
    assert_memory_equal(line, whole, width);
    assert_int_equal(line[width + 1], '#');
  }
}

/* ---- what a run shows ---- */

enum pace { SILENT, FAST, SLOW };

/* Some training steps, with progress on standard error unless SILENT and a
   redraw apart when SLOW; returns the mean of their errors. */
static double run_some_steps(int steps, enum pace pace) {
  static const struct dtd_layer_shape shape[] = {LAYER(DTD_PAIR_PIXELS, 4, 4)};
  struct dtd_training_settings settings = {.iterations = steps,
                                           .batch = 2,
                                           .rate = {1e-6, DTD_CONSTANT, 0},
                                           .evaluate_every = steps,
                                           .evaluation_pairs = 10,
                                           .checkpoint_every = steps,
                                           .kernel = DTD_SPARSE};
  struct dtd_digits digits = plain_digits(40, 1);
  struct dtd_sampler *sampler = plain_sampler(&digits, "pairs/train");
  struct dtd_network *network = new_network(shape, 1);
  dtd_network_initialise(network, 1, 0.05);
  struct dtd_trainer *trainer =
      own_trainer(dtd_trainer_new(network, sampler, sampler, &settings));
  struct dtd_progress *progress = pace == SILENT ? NULL : dtd_progress_new();
  double sum = 0;
  for (int n = 0; n < steps; n++) {
    sum += dtd_trainer_step(trainer);
    if (progress) dtd_progress_training(progress, trainer);
    if (pace == SLOW) usleep(110000);
  }
  dtd_progress_free(progress);
  return sum / steps;
}

static void train_fast(void) {
  run_some_steps(50, FAST);
}

static void train_slowly(void) {
  run_some_steps(6, SLOW);
}

static void count_tasks(void) {
  for (int n = 1; n <= 3; n++)
    dtd_progress_counted("deep-taylor-minmax-with-a-long-name", n, 3);
}

/* Everything that `work` writes to standard error, which is a terminal of
   `columns`, or a pipe when `columns` is 0; release with free(). */
static char *written_by(void (*work)(void), int columns) {
  int from, to;
  if (columns) {
    from = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(from >= 0 && !grantpt(from) && !unlockpt(from));
    to = open(ptsname(from), O_RDWR | O_NOCTTY);
    struct winsize size = {.ws_row = 24, .ws_col = (unsigned short)columns};
    assert_int_equal(ioctl(to, TIOCSWINSZ, &size), 0);
  } else {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    from = ends[0], to = ends[1];
  }
  assert_true(to >= 0);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    dup2(to, STDERR_FILENO);
    close(from);
    work();
    _exit(0);
  }
  close(to);
  char *text = test_new(1 << 16, 1);
  ssize_t length = 0, got;
  while ((got = read(from, text + length, (1 << 16) - 1 - (size_t)length)) > 0)
    length += got;
  close(from);
  int end;
  waitpid(child, &end, 0);
  assert_true(WIFEXITED(end) && WEXITSTATUS(end) == 0);
  return text;
}

/* One line at the end, and before it one every REPORT seconds: none, unless the
   machine is very slow. */
TEST(a_pipe_gets_plain_lines) {
  double start = dtd_seconds();
  char *text = written_by(train_fast, 0);
  double most = 1 + (dtd_seconds() - start) / 15;
  assert_null(strpbrk(text, "\r\033"));
  char error[64]; /* up to 100 steps the recent mean is a plain one */
  snprintf(error, sizeof error, "  error %.4g\n", run_some_steps(50, SILENT));
  int lines = 0;
  char *last = text;
  for (char *line = text; *line; line = strchr(line, '\n') + 1, lines++) {
    last = line;
    assert_non_null(strchr(line, '\n'));
  }
  assert_true(lines >= 1 && lines <= most);
  assert_memory_equal(last, "50/50  100 %  ", strlen("50/50  100 %  "));
  assert_string_equal(last + strlen(last) - strlen(error), error);
  text = written_by(count_tasks, 0);
  assert_string_equal(text,
                      "explaining: deep-taylor-minmax-with-a-long-name 3\n");
}

/* On a terminal each line replaces the one before: carriage return, line, erase
   to the end of the line. A newline comes only at the end; the terminal makes
   it
   "\r\n". No line reaches the last column, where some terminals wrap. */
static void assert_redrawn(char *text, int columns, int least, int most) {
  assert_true(strlen(text) > 2);
  char *end = text + strlen(text) - 2;
  assert_string_equal(end, "\r\n");
  *end = 0;
  int lines = 0;
  char *rest = text, *line = strsep(&rest, "\r");
  assert_string_equal(line, "");
  while ((line = strsep(&rest, "\r"))) {
    char *erase = strstr(line, "\033[K");
    assert_non_null(erase);
    assert_string_equal(erase, "\033[K");
    assert_in_range(erase - line, 0, columns - 1);
    assert_null(strchr(line, '\n'));
    lines++;
  }
  if (lines < least || lines > most)
    fail_msg("%d lines, not %d to %d", lines, least, most);
}

TEST(a_terminal_shows_one_line_within_its_width) {
  static const int widths[] = {1, 2, 10, 19, 20, 33, 80, 300};
  for (size_t n = 0; n < sizeof widths / sizeof *widths; n++) {
    char *text = written_by(train_fast, widths[n]);
    assert_redrawn(text, widths[n], 1, 50);
    text = written_by(count_tasks, widths[n]);
    assert_redrawn(text, widths[n], 3, 3);
  }
}

TEST(a_terminal_is_redrawn_as_time_goes_by) {
  char *text = written_by(train_slowly, 200);
  assert_non_null(strstr(text, "\r6/6  100 %"));
  assert_non_null(strstr(text, "\r2/6  33 %"));
  assert_non_null(strstr(text, " s left"));
  assert_redrawn(text, 200, 5, 6);
}

/* ---- signals ---- */

/* The wait status of a child that catches signals and raises one, whose flag it
   checks, and then another, unless that is 0. */
static int ends_by(int first, int second) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    const volatile sig_atomic_t *stop = dtd_stop_on_signals();
    if (*stop) _exit(1);
    raise(first);
    if (!*stop) _exit(2);
    if (second) raise(second);
    _exit(0);
  }
  int end;
  waitpid(child, &end, 0);
  return end;
}

TEST(the_first_signal_sets_the_flag) {
  assert_int_equal(ends_by(SIGINT, 0), 0);
  assert_int_equal(ends_by(SIGTERM, 0), 0);
}

TEST(the_second_signal_ends_the_program) {
  static const int signals[][2] = {
      {SIGINT, SIGINT}, {SIGTERM, SIGTERM}, {SIGINT, SIGTERM}};
  for (int n = 0; n < 3; n++) {
    int end = ends_by(signals[n][0], signals[n][1]);
    assert_true(WIFSIGNALED(end) && WTERMSIG(end) == signals[n][1]);
  }
}

static void one_thread(void) {
  dtd_threads(1); /* OpenMP does not survive fork() once it has threads */
}

TEST_GROUP(one_thread, NULL)
