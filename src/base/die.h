/* Every failure ends here: one line that a program prints before it exits, or
   that a handler catches.

   The line reads `program: what: why (what to do)`. Outputs that are still
   being written are removed (see output.h), so that nothing half-written
   remains.

   A program that embeds the library, or a page, sets a handler, which gets the
   error and leaves it by a jump (longjmp, or an exception of the host). What
   was taken since a mark (see mark.h) is then given back. This header includes
   no setjmp.h, which some hosts do not have. For example:

     #include <setjmp.h>
     #include "base/mark.h"

     static struct dtd_error caught;
     static jmp_buf back;

     static void catch_error(const struct dtd_error *error) {
       caught = *error;
       longjmp(back, 1);
     }

     enum dtd_status try(void (*work)(void)) {
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

   Rules for the library: only this module ends the program; nothing dies
   inside a parallel region except where region.h guards it. Rules for a
   handler: it runs on the thread that called the library; one thread at a time
   calls the library under a handler. An object made before the mark is as it
   was unless the failed call was to change it, and is then not used again.
   Explainers go on all the same; trainers and tensors may be released. */
#ifndef DTD_DIE_H
#define DTD_DIE_H

enum dtd_status {
  DTD_OK = 0,
  DTD_FAILURE = 1, /* bad file, full disk, diverged training */
  DTD_USAGE = 2,   /* wrong option, key, value or name */
};

/* Plain data, without control characters; what is longer is cut. */
struct dtd_error {
  enum dtd_status status;
  char what[2048];    /* the file, key or option */
  char why[2048];     /* what is wrong with it */
  char to_do[1024];   /* what would help; may be empty */
  char message[5376]; /* the whole line, without a newline */
};

/* Gets an error, which is valid until it returns or jumps. When it returns,
   the line is printed and the program exits. */
typedef void dtd_error_handler(const struct dtd_error *error);

/* Sets the program's handler (null, as at the start: none) and returns the one
   before. */
dtd_error_handler *dtd_set_error_handler(dtd_error_handler *handler);

/* Likewise for the calling thread alone, asked before the program's. */
dtd_error_handler *dtd_set_thread_handler(dtd_error_handler *handler);

/* Sets the program name that opens every message; `name` is borrowed for good.
   A path is shortened to its last part. */
void dtd_program(const char *name);

/* Calls the handlers; then prints the line and exits with `status`. `what`
   names the file, key or option; `to_do` says what would help; both are plain
   text. `why` is a printf format. A null `to_do` leaves the parenthesis out. */
_Noreturn void dtd_die(enum dtd_status status, const char *what,
                       const char *to_do, const char *why, ...)
    __attribute__((format(printf, 4, 5)));

/* Dies of an error that was caught before. */
_Noreturn void dtd_raise(const struct dtd_error *error);

/* Prints a warning in the same form and returns. */
void dtd_warn(const char *what, const char *to_do, const char *why, ...)
    __attribute__((format(printf, 3, 4)));

#endif
