/* Finds a name in a registry; an unknown one is answered with the known. */
#include "base/registry.h"

#include <stdio.h>
#include <string.h>

#include "base/die.h"

int dtd_registry_find(const char *kind, const char *name,
                      const char *(*name_of)(int n)) {
  char known[512] = "use one of";
  size_t length = strlen(known);
  for (int n = 0; name_of(n); n++) {
    if (!strcmp(name_of(n), name)) return n;
    if (length < sizeof known)
      length += (size_t)snprintf(known + length, sizeof known - length, "%s %s",
                                 n ? "," : "", name_of(n));
  }
  dtd_die(DTD_USAGE, name, known, "there is no such %s", kind);
}
