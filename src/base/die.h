/* Every failure ends here: one line on standard error and an exit status.

   The line reads `program: what: why (what to do)`. Whatever outputs are still
   being written are removed on the way out (see output.h), so that nothing
   half-written remains. */
#ifndef DTD_DIE_H
#define DTD_DIE_H

enum dtd_status {
  DTD_OK = 0,
  DTD_FAILURE = 1, /* bad file, full disk, diverged training */
  DTD_USAGE = 2,   /* wrong option, key, value or name */
};

/* Sets the program name that opens every message; `name` is borrowed for good.
   A path is shortened to its last part. */
void dtd_program(const char *name);

/* Prints the line and exits with `status`. `what` names the file, key or
   option; `to_do` says what would help; both are plain text. `why` is a printf
   format. A null `to_do` leaves the parenthesis out. */
_Noreturn void dtd_die(enum dtd_status status, const char *what,
                       const char *to_do, const char *why, ...)
    __attribute__((format(printf, 4, 5)));

/* Prints a warning in the same form and returns. */
void dtd_warn(const char *what, const char *to_do, const char *why, ...)
    __attribute__((format(printf, 3, 4)));

#endif
