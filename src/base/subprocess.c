/* Runs other programs: once, to measure what they cost, or kept running, to
   answer requests. */
#include "base/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mark.h"
#include "base/memory.h"
#include "base/seconds.h"

enum { NOT_STARTED = 127 }; /* as shells say it */

struct dtd_subprocess {
  const char *program; /* borrowed from its argv */
  pid_t process;
  FILE *to, *from;
};

/* Starts argv with these as its standard input, output and error; negative
   when the system has no room for it. */
static pid_t start(char *const argv[], int input, int output, int error) {
  fflush(NULL);
  pid_t process = fork();
  if (process) return process;
  if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
      dup2(error, STDERR_FILENO) >= 0)
    execvp(argv[0], argv);
  _exit(NOT_STARTED);
}

static _Noreturn void die_unstarted(const char *program, int error) {
  dtd_die(DTD_FAILURE, program, NULL, "cannot start: %s", strerror(error));
}

static int wait_for(pid_t process, struct rusage *usage) {
  int status;
  while (wait4(process, &status, 0, usage) < 0)
    if (errno != EINTR) return -1;
  return status;
}

struct dtd_subprocess_cost dtd_subprocess_run(char *const argv[]) {
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0)
    dtd_die(DTD_FAILURE, "/dev/null", NULL, "%s", strerror(errno));
  struct rusage usage;
  double from = dtd_seconds();
  pid_t process = start(argv, nothing, nothing, nothing);
  int error = errno, status = process < 0 ? -1 : wait_for(process, &usage);
  double seconds = dtd_seconds() - from;
  close(nothing);
  if (process < 0) die_unstarted(argv[0], error);
  if (!WIFEXITED(status) || WEXITSTATUS(status))
    dtd_die(DTD_FAILURE, argv[0], "run it by hand to see why",
            WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED
                ? "could not be started"
                : "did not succeed");
  return (struct dtd_subprocess_cost){seconds,
                                      1024.0 * (double)usage.ru_maxrss};
}

/* Ends its input, waits until it has ended, and closes what is open. */
static void end(void *object) {
  struct dtd_subprocess *child = object;
  if (child->to) fclose(child->to);
  if (child->from) shutdown(fileno(child->from), SHUT_WR);
  if (child->process > 0) wait_for(child->process, NULL);
  if (child->from) fclose(child->from);
}

struct dtd_subprocess *dtd_subprocess_open(char *const argv[]) {
  struct dtd_subprocess *child = dtd_new(1, sizeof *child);
  dtd_mark_add(child, end);
  child->program = argv[0];
  int ours_and_its[2], copy;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ours_and_its))
    die_unstarted(argv[0], errno);
  child->process = start(argv, ours_and_its[1], ours_and_its[1], STDERR_FILENO);
  int error = errno;
  close(ours_and_its[1]);
  child->from = fdopen(ours_and_its[0], "r");
  if (!child->from) close(ours_and_its[0]);
  copy = child->from ? fcntl(ours_and_its[0], F_DUPFD_CLOEXEC, 0) : -1;
  child->to = copy < 0 ? NULL : fdopen(copy, "w");
  if (child->process < 0 || !child->to)
    die_unstarted(argv[0], child->process < 0 ? error : errno);
  signal(SIGPIPE, SIG_IGN); /* that it has ended is seen when it is read */
  return child;
}

void dtd_subprocess_ask(double *answer, int count, struct dtd_subprocess *child,
                        const char *request) {
  char line[1024], *at = line, *end;
  fprintf(child->to, "%s\n", request);
  fflush(child->to);
  if (!fgets(line, sizeof line, child->from))
    dtd_die(DTD_FAILURE, child->program, "its own messages may say why",
            "ended instead of answering \"%s\"", request);
  int read = 0;
  for (; read < count; read++, at = end) {
    answer[read] = strtod(at, &end);
    if (end == at) break;
  }
  if (read < count || at[strspn(at, " \n")])
    dtd_die(DTD_FAILURE, child->program, NULL,
            "answered \"%s\" with \"%.*s\" instead of %d numbers", request,
            (int)strcspn(line, "\n"), line, count);
}

void dtd_subprocess_close(struct dtd_subprocess *child) {
  if (!child) return;
  dtd_mark_remove(child, end);
  end(child);
  dtd_free(child);
}
