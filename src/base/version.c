/* The version of the workbench and the revision of its source. */
#include "base/version.h"

#ifndef DTD_SOURCE_REVISION
#define DTD_SOURCE_REVISION "unknown"
#endif

const char *dtd_source_revision(void) {
  return DTD_SOURCE_REVISION;
}
