/* The version of the workbench and the revision of its source. */
#ifndef DTD_VERSION_H
#define DTD_VERSION_H

/* Stands here alone; CHANGELOG.md tells what it has and the one before has
   not. */
#define DTD_VERSION "1.0.0"

/* The revision of the source this library was built from, as `git describe`
   names it; "unknown" outside a repository. */
const char *dtd_source_revision(void);

#endif
