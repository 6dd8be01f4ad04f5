/* The option --list of every program, which prints what is registered. */
#include "runs/listing.h"

#include "base/memory.h"
#include "base/text.h"
#include "evaluate/metric.h"
#include "runs/config.h"
#include "explain/explainer.h"
#include "network/optimiser.h"
#include "relevance/composite.h"
#include "relevance/relevance_model.h"
#include "relevance/rule.h"

enum { INDENT = 23, WIDTH = 80 }; /* in characters */

static void print_entry(FILE *output, const char *name, const char *description,
                        const char *source) {
  fprintf(output, "  %-20s %s\n  %-20s [%s]\n", name, description, "", source);
}

static void print_parameter(FILE *output, const struct dtd_rule_parameter *p) {
  if (p->name)
    fprintf(output, "  %-20s %s is a number from %g to %g; by default %g\n", "",
            p->name, p->least, p->greatest, p->value);
}

#define PRINT_MEMBERS(output, heading, members)                                \
  fputs(heading "\n", output);                                                 \
  for (int n = 0; members[n]; n++)                                             \
  print_entry(output, members[n]->name, members[n]->description,               \
              members[n]->source)

void dtd_list_everything(FILE *output) {
  PRINT_MEMBERS(output, "Explanation methods", dtd_methods);
  PRINT_MEMBERS(output, "\nRelevance models", dtd_model_kinds);
  fputs("\nRules\n", output);
  for (int n = 0; dtd_rules[n]; n++) {
    print_entry(output, dtd_rules[n]->name, dtd_rules[n]->description,
                dtd_rules[n]->source);
    print_parameter(output, &dtd_rules[n]->parameter);
  }
  fputs("\nComposites\n", output);
  for (int n = 0; n < dtd_composites(); n++) {
    struct dtd_composite composite = dtd_composite_at(n);
    print_entry(output, composite.name, composite.description,
                composite.source);
  }
  PRINT_MEMBERS(output, "\nOptimisers", dtd_optimisers);
  fputs("\nMetrics\n", output);
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++) {
    char *title = dtd_printed("%s (%s)", m->title, dtd_metric_groups[m->group]);
    dtd_print_wrapped(output, title, fprintf(output, "  %-20s ", m->name),
                      INDENT, WIDTH);
    fprintf(output, "%*s", INDENT, "");
    dtd_print_wrapped(output, m->meaning, INDENT, INDENT, WIDTH);
    dtd_free(title);
  }
  fputs("\nSettings\n", output);
  dtd_config_describe(output);
}

static error_t parse(int key, char *value, struct argp_state *state) {
  (void)value, (void)state;
  if (key != 'l') return ARGP_ERR_UNKNOWN;
  dtd_list_everything(stdout);
  dtd_arguments_end();
}

static const struct argp_option options[] = {
    {"list", 'l', NULL, 0,
     "List the methods, relevance models, rules, metrics and settings", 0},
    {0}};
static const struct argp parser = {.options = options, .parser = parse};
const struct argp_child dtd_list_option[] = {{&parser, 0, NULL, 0}, {0}};
