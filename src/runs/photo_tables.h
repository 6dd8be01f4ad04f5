/* The tables of section 6.2, from which its figures and page are made.

   | file                     | a row                                       |
   |--------------------------|---------------------------------------------|
   | networks.tsv             | a network                                   |
   | photos.tsv               | a network and photo: class, f, sums, scales |
   | classes.tsv              | ... and rank: the likeliest classes         |
   | nodes.tsv                | ... and node: the ledger                    |
   | photos/NETWORK-PHOTO.tsv | a pixel: colours, sensitivity, relevance    |
   | zoom.tsv                 | the photo of Fig. 8 and the part of it      |
   | photo-claims.tsv         | a claim of a network or pair                | */
#ifndef DTD_PHOTO_TABLES_H
#define DTD_PHOTO_TABLES_H

#include "evaluate/photo_study.h"
#include "files/table.h"

/* Writes them below the directory, which is made when it is missing, of
   networks that explain the same photos. classes.tsv is of networks that
   tell classes apart, by more scores than one. Claims are of networks that
   begin with a convolution, as section 6.2's do; a table without rows is
   left out. Dies (usage) when two networks have one name. Claims are also
   printed to `output`. Fig. 8 shows the photo `zoom`, or the first where
   there is none of that name (or it is null), and of it the part in which
   the first network finds most relevance. */
void dtd_photo_tables_write(const char *directory,
                            struct dtd_photo_study *const *study, int count,
                            const char *zoom, FILE *output,
                            const struct dtd_provenance *from);

#endif
