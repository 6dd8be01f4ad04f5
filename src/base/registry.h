/* Finds a name in a registry; an unknown one is answered with the known. */
#ifndef DTD_REGISTRY_H
#define DTD_REGISTRY_H

/* The index of `name` among name_of(0), name_of(1), ... (ended by null). Dies
   (usage) with the list of known names when it is none of them; `kind` says
   what is being looked up: "rule". */
int dtd_registry_find(const char *kind, const char *name,
                      const char *(*name_of)(int n));

#endif
