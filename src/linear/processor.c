/* Which kind of processor kernels are chosen for, when the program runs. */
#include "linear/processor.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

const char *const dtd_processor_names[DTD_PROCESSORS] = {"avx512", "avx2",
                                                         "neon", "any"};

/* DTD_PROCESSORS before the first use. */
static enum dtd_processor in_use = DTD_PROCESSORS;

bool dtd_processor_runs(enum dtd_processor kind) {
#ifdef __x86_64__
  if (kind == DTD_AVX512) return __builtin_cpu_supports("avx512f");
  if (kind == DTD_AVX2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
#ifdef __aarch64__
  if (kind == DTD_NEON) return true;
#endif
  return kind == DTD_ANY_PROCESSOR;
}

enum dtd_processor dtd_processor_best(void) {
  enum dtd_processor kind = DTD_AVX512;
  while (!dtd_processor_runs(kind)) kind++;
  return kind;
}

void dtd_processor_use(enum dtd_processor kind) {
  if (!dtd_processor_runs(kind))
    dtd_die(DTD_FAILURE, dtd_processor_names[kind], NULL,
            "this processor does not run kernels of that kind");
  in_use = kind;
}

/* The kind that the environment asks for, or the best. */
static enum dtd_processor first_choice(void) {
  const char *name = getenv("DTD_PROCESSOR");
  enum dtd_processor kind = 0;
  if (!name || !*name) return dtd_processor_best();
  while (kind < DTD_PROCESSORS && strcmp(name, dtd_processor_names[kind]) != 0)
    kind++;
  if (kind == DTD_PROCESSORS)
    dtd_die(DTD_USAGE, "DTD_PROCESSOR", "use avx512, avx2, neon or any",
            "%s is no kind of processor", name);
  if (!dtd_processor_runs(kind))
    dtd_die(DTD_USAGE, "DTD_PROCESSOR", "any runs everywhere, slowly",
            "this processor does not run kernels for %s", name);
  return kind;
}

enum dtd_processor dtd_processor_in_use(void) {
  if (in_use == DTD_PROCESSORS) in_use = first_choice();
  return in_use;
}
