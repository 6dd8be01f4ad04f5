/* Files appear whole or not at all: written beside, then renamed.

   An output is opened as PATH.partial and takes its name only when
   dtd_output_commit has seen every byte reach the disk. Any failure before
   that, in this module or elsewhere, removes the partial file and leaves an
   earlier PATH as it was; so does releasing the mark it was opened under. */
#ifndef DTD_OUTPUT_H
#define DTD_OUTPUT_H

#include <stdio.h>

/* Opens PATH.partial for writing (binary). Dies, naming PATH, when the folder
   is missing or not writable. The stream belongs to this module: end it with
   dtd_output_commit, not fclose. */
FILE *dtd_output_open(const char *path);

/* Writes `size` bytes and dies, naming the output's path, when they do not all
   go out. For fprintf and friends, the check comes with the commit. */
void dtd_output_write(FILE *output, const void *bytes, size_t size);

/* Flushes, closes and renames to the final path. Dies when any write failed. */
void dtd_output_commit(FILE *output);

/* Makes a directory and its parents; dies when that cannot be done. */
void dtd_output_directory(const char *path);

#endif
