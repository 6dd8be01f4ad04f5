/* Runs other programs: once, to see what they cost, or at hand, to be asked. */
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
#include "base/memory.h"
#include "base/seconds.h"

enum { NOT_STARTED = 127 }; /* as shells say it */

struct dtd_subprocess {
  const char *program; /* borrowed from its argv */
  pid_t process;
  FILE *to, *from;
};

/* Starts argv with these as its standard input, output and error. */
static pid_t start(char *const argv[], int input, int output, int error) {
  fflush(NULL);
  pid_t process = fork();
  if (process < 0)
    dtd_die(DTD_FAILURE, argv[0], NULL, "cannot start: %s", strerror(errno));
  if (process) return process;
  if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
      dup2(error, STDERR_FILENO) >= 0)
    execvp(argv[0], argv);
  _exit(NOT_STARTED);
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
  int status = wait_for(start(argv, nothing, nothing, nothing), &usage);
  double seconds = dtd_seconds() - from;
  close(nothing);
  if (!WIFEXITED(status) || WEXITSTATUS(status))
    dtd_die(DTD_FAILURE, argv[0], "run it by hand to see why",
            WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED
                ? "could not be started"
                : "did not succeed");
  return (struct dtd_subprocess_cost){seconds,
                                      1024.0 * (double)usage.ru_maxrss};
}

struct dtd_subprocess *dtd_subprocess_open(char *const argv[]) {
  int ours_and_its[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ours_and_its))
    dtd_die(DTD_FAILURE, argv[0], NULL, "cannot be talked to: %s",
            strerror(errno));
  struct dtd_subprocess *child = dtd_new(1, sizeof *child);
  child->program = argv[0];
  child->process = start(argv, ours_and_its[1], ours_and_its[1], STDERR_FILENO);
  close(ours_and_its[1]);
  child->from = fdopen(ours_and_its[0], "r");
  child->to = fdopen(fcntl(ours_and_its[0], F_DUPFD_CLOEXEC, 0), "w");
  if (!child->from || !child->to)
    dtd_die(DTD_FAILURE, argv[0], NULL, "cannot be talked to: %s",
            strerror(errno));
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
  fclose(child->to);
  shutdown(fileno(child->from), SHUT_WR);
  wait_for(child->process, NULL);
  fclose(child->from);
  dtd_free(child);
}
