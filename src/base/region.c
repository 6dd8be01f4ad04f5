/* Keeps the first error of a parallel region until the region has ended. */
#include "base/region.h"

#ifdef _OPENMP

static _Thread_local struct dtd_guard *innermost;

static void keep(const struct dtd_error *error) {
  struct dtd_region *region = innermost->region;
  if (region->errors++ == 0) region->first = *error;
  longjmp(innermost->back, 1);
}

bool dtd_guard_next(struct dtd_guard *guard) {
  if (guard->set) {
    innermost = guard->outer;
    dtd_set_thread_handler(guard->before);
    return false;
  }
  if (guard->region->errors) return false;
  guard->set = true;
  guard->outer = innermost;
  innermost = guard;
  guard->before = dtd_set_thread_handler(keep);
  return true;
}

void dtd_region_end(const struct dtd_region *region) {
  if (region->errors) dtd_raise(&region->first);
}

#endif
