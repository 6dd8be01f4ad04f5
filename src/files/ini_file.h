/* Reads INI texts: [section]s of `key = value` lines, with # and ; comments.

   inih parses; what it would pass over is refused here: a file that is no text,
   a long line, which inih would cut, and words behind [section]. A text is
   parsed twice, first as a whole and then setting by setting, so that a garbled
   file is reported as garbled before any of its settings is. */
#ifndef DTD_INI_FILE_H
#define DTD_INI_FILE_H

/* The text of a file; release with dtd_free(). Dies (failure), naming it, when
   it cannot be read, is longer than 1 MiB or holds a zero byte. */
char *dtd_ini_text(const char *path);

/* Receives one setting; `section` is empty before the first [section], and
   `where` is "NAME:LINE". All strings are valid until it returns. */
typedef void dtd_ini_setting(void *self, const char *section, const char *key,
                             const char *value, const char *where);

/* Calls `setting` with each setting of `text`, in their order; `name` stands
   for the text in messages. Dies (failure) when the text is not INI or holds no
   settings. */
void dtd_ini_parse(const char *text, const char *name, dtd_ini_setting *setting,
                   void *self);

/* Cuts blanks off both ends, in place. */
char *dtd_ini_trim(char *text);

/* A path that stands in `file`, made relative to its folder unless it is
   absolute. Release with dtd_free(). */
char *dtd_ini_path(const char *file, const char *path);

#endif
