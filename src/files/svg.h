/* Copies an SVG drawing into a page, unless it could do more than be seen.

   Inside a page a drawing may run scripts and fetch files as the page itself
   may. So elements are those that draw, from a list, and no attribute is a
   script or refers to anything but the drawing itself and pictures that it
   holds. */
#ifndef DTD_SVG_H
#define DTD_SVG_H

#include <stdio.h>

/* Writes the drawing of `path`, whose <svg> says `label` to readers that do not
   see it, has its natural width in the style --natural, and begins all its ids
   with PREFIX-, so that several may stand in one page. Titles and descriptions,
   which gnuplot fills with commands, are left out. Dies (failure), naming file
   and reason, when it is no whole drawing or holds something that is not
   allowed. */
void dtd_svg_copy(FILE *page, const char *path, const char *prefix,
                  const char *label);

#endif
