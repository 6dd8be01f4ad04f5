/* Finds the input settings that are shipped, from any folder that a program
   runs in. */
#ifndef DTD_SHIPPED_SETTINGS_H
#define DTD_SHIPPED_SETTINGS_H

enum { DTD_SHIPPED_FOLDERS = 3 };

/* The folders that may have them, in the order of search: experiments/input
   below the working folder, experiments/input of the checkout whose
   build/bin/NAME the program is, and PREFIX/share/dtd/input of the installation
   whose PREFIX/bin/NAME it is. Null stands for what there is not. */
struct dtd_shipped_folders {
  char *path[DTD_SHIPPED_FOLDERS];
};

/* `program` is the path of its file, links resolved; null when it is not known.
   Release the folders. */
struct dtd_shipped_folders dtd_shipped_folders(const char *program);

/* Those of the running program. */
struct dtd_shipped_folders dtd_own_shipped_folders(void);

void dtd_shipped_folders_free(struct dtd_shipped_folders *folders);

/* The first of the folders' readable files NAME.ini, `length` characters of
   name; where a last "-7" of NAME is too much, it is left out. Null when there
   is none; release it. */
char *dtd_shipped_settings(const struct dtd_shipped_folders *folders,
                           const char *name, int length);

/* The folders with commas between them; release the text. */
char *dtd_shipped_folders_list(const struct dtd_shipped_folders *folders);

#endif
