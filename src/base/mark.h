/* What was taken since a mark, memory and open files alike, can be given back
   at once.

   For programs that catch errors (see die.h): set a mark before a call, release
   it after an error, keep it after success. Marks nest. Without a mark nothing
   is recorded and nothing costs. Marks belong to the program, not to a thread:
   what any thread takes is recorded. */
#ifndef DTD_MARK_H
#define DTD_MARK_H

#include <stddef.h>

/* Returns the number of the mark, from 1. */
int dtd_mark_set(void);

/* Ends the mark and those set after it; gives back what was taken since it and
   is still there. */
void dtd_mark_release(int mark);

/* Ends the mark and those set after it; what was taken since it stays, and
   belongs to the mark before, if there is one. */
void dtd_mark_keep(int mark);

/* How many objects are recorded under all marks. */
size_t dtd_mark_count(void);

/* ---- for modules that take something ---- */

/* Gives an object back, from dtd_mark_release. Objects other than memory come
   first, so that it may use memory of its object; it takes nothing. */
typedef void dtd_give_back(void *object);

/* Records an object that is in use from now on. When there is no memory for
   the record, gives the object back and dies. */
void dtd_mark_add(void *object, dtd_give_back *give_back);

/* Likewise, under the mark that `owner`, memory of dtd_new, was taken under:
   for what an object that may be older than the mark takes for itself. Null is
   no owner. */
void dtd_mark_add_beside(const void *owner, void *object,
                         dtd_give_back *give_back);

/* The object is no longer in use, or is to stay for good: forgets it. Nothing
   happens when it was taken before any mark. */
void dtd_mark_remove(void *object, dtd_give_back *give_back);

#endif
