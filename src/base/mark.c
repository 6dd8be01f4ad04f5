/* What was taken since a mark, memory and open files alike, can be given back
   at once.

   The records stand in a hash table with open addressing; removing one leaves
   a gap (an object of null with a give_back), so that its neighbours are found
   still. One lock guards it. */
#include "base/mark.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/die.h"

enum { LEAST_ROOM = 256 }; /* a power of two, as every room */

struct record {
  void *object;
  dtd_give_back *give_back;
  int mark;
};

static atomic_int marks; /* set at present */
static atomic_flag busy = ATOMIC_FLAG_INIT;
static struct record *table;       /* (room) */
static size_t room, filled, count; /* filled counts the gaps, too */

static void lock(void) {
  while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire))
    continue;
}

static void unlock(void) {
  atomic_flag_clear_explicit(&busy, memory_order_release);
}

/* ---- the table ---- */

static size_t place_of(const void *object) {
  return (size_t)(((uint64_t)(uintptr_t)object * 0x9e3779b97f4a7c15u) >> 32) &
         (room - 1);
}

static struct record *find(const void *object, dtd_give_back *give_back) {
  if (!room) return NULL;
  for (size_t n = place_of(object); table[n].give_back;
       n = (n + 1) & (room - 1))
    if (table[n].object == object && table[n].give_back == give_back)
      return &table[n];
  return NULL;
}

static void put(const struct record *record) {
  size_t n = place_of(record->object);
  while (table[n].give_back) n = (n + 1) & (room - 1);
  table[n] = *record;
  filled++;
  count++;
}

/* Moves the records to a table that is at most a quarter full. */
static bool make_room(void) {
  size_t had = room, larger = LEAST_ROOM;
  while (larger < 4 * (count + 1)) larger *= 2;
  struct record *old = table, *new = calloc(larger, sizeof *new);
  if (!new) return false;
  table = new;
  room = larger;
  filled = count = 0;
  for (size_t n = 0; n < had; n++)
    if (old[n].object) put(&old[n]);
  free(old);
  return true;
}

static bool add(const struct record *record) {
  if (2 * filled >= room && !make_room()) return false;
  put(record);
  return true;
}

static void forget(struct record *record) {
  record->object = NULL;
  count--;
}

static void forget_all(void) {
  free(table);
  table = NULL;
  room = filled = count = 0;
}

/* ---- taking ---- */

static void add_to(int mark, void *object, dtd_give_back *give_back) {
  lock();
  bool added = add(&(struct record){object, give_back, mark});
  unlock();
  if (added) return;
  give_back(object);
  dtd_die(DTD_FAILURE, "memory", "use a smaller size or batch",
          "cannot record what is in use");
}

void dtd_mark_add_beside(const void *owner, void *object,
                         dtd_give_back *give_back) {
  int mark = atomic_load_explicit(&marks, memory_order_relaxed);
  if (mark && owner) {
    lock();
    const struct record *record = find(owner, free);
    mark = record ? record->mark : 0;
    unlock();
  }
  if (mark) add_to(mark, object, give_back);
}

void dtd_mark_add(void *object, dtd_give_back *give_back) {
  dtd_mark_add_beside(NULL, object, give_back);
}

void dtd_mark_remove(void *object, dtd_give_back *give_back) {
  if (!atomic_load_explicit(&marks, memory_order_relaxed)) return;
  lock();
  struct record *record = find(object, give_back);
  if (record) forget(record);
  unlock();
}

/* ---- marks ---- */

int dtd_mark_set(void) {
  return ++marks;
}

static void give_back_since(int mark, bool memory) {
  for (size_t n = 0; n < room; n++) {
    struct record record = table[n];
    if (!record.object || record.mark < mark ||
        (record.give_back == free) != memory)
      continue;
    forget(&table[n]);
    record.give_back(record.object);
  }
}

void dtd_mark_release(int mark) {
  give_back_since(mark, false);
  give_back_since(mark, true);
  marks = mark - 1;
  if (!marks) forget_all();
}

void dtd_mark_keep(int mark) {
  marks = mark - 1;
  if (!marks) forget_all();
  for (size_t n = 0; n < room; n++)
    if (table[n].mark >= mark) table[n].mark = mark - 1;
}

size_t dtd_mark_count(void) {
  return count;
}
