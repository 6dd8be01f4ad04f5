/* A section of the report: its words, its figure, and what writes its table. */
#include "runs/report_section.h"

#define DTD_REPORT_SECTION(name) extern const struct dtd_report_section name;
#include "runs/sections/registry.h"
#undef DTD_REPORT_SECTION

#define DTD_REPORT_SECTION(name) &name,
const struct dtd_report_section *const dtd_report_sections[] = {
#include "runs/sections/registry.h"
    NULL};
