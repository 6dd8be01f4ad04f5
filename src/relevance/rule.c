/* A relevance rule sends the relevance of detection units to their inputs. */
#include "relevance/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/registry.h"

#define DTD_RULE(symbol) extern const struct dtd_rule symbol;
#include "relevance/rules/registry.h"
#undef DTD_RULE

#define DTD_RULE(symbol) &symbol,
const struct dtd_rule *const dtd_rules[] = {
#include "relevance/rules/registry.h"
    NULL};
#undef DTD_RULE

static const char *rule_name(int n) {
  return dtd_rules[n] ? dtd_rules[n]->name : NULL;
}

/* ---- names, with or without a parameter ---- */

/* A registered rule whose parameter has another value than its default. These
   few stay for the life of the program, as the registry does. */
struct variant {
  struct dtd_rule rule;
  char name[64];
  struct variant *next;
};

/* The registered rule that `name` begins with, up to a parenthesis. */
static const struct dtd_rule *registered(const char *name) {
  size_t length = strcspn(name, "(");
  for (int n = 0; dtd_rules[n]; n++)
    if (strlen(dtd_rules[n]->name) == length &&
        !strncmp(dtd_rules[n]->name, name, length))
      return dtd_rules[n];
  return NULL;
}

/* Reads "(0.25)" as a value that the rule's parameter may take. */
static bool read_parameter(double *value, const char *text,
                           const struct dtd_rule_parameter *parameter) {
  size_t length = *text == '(' ? strspn(text + 1, "+-.0123456789eE") : 0;
  if (!parameter->name || !length || strcmp(text + 1 + length, ")"))
    return false;
  char *end;
  *value = strtod(text + 1, &end);
  return end == text + 1 + length && *value >= parameter->least &&
         *value <= parameter->greatest;
}

/* The rule with that parameter: itself at the default, else its one variant. */
static const struct dtd_rule *variant_of(const struct dtd_rule *rule,
                                         double value) {
  static struct variant *first;
  char name[sizeof first->name];
  snprintf(name, sizeof name, "%s(%.9g)", rule->name, value);
  value = strtod(strchr(name, '(') + 1, NULL); /* as the name says */
  if (value == rule->parameter.value) return rule;
  struct variant *v = first;
  while (v && strcmp(v->name, name)) v = v->next;
  if (v) return &v->rule;
  v = dtd_for_good(dtd_new(1, sizeof *v));
  *v = (struct variant){.rule = *rule, .next = first};
  strcpy(v->name, name);
  v->rule.name = v->name;
  v->rule.parameter.value = value;
  first = v;
  return &v->rule;
}

const struct dtd_rule *dtd_rule_named(const char *name) {
  const struct dtd_rule *rule = registered(name);
  const char *rest = name + strcspn(name, "(");
  double value;
  if (!rule || !*rest) return rule;
  return read_parameter(&value, rest, &rule->parameter)
             ? variant_of(rule, value)
             : NULL;
}

const struct dtd_rule *dtd_rule_find(const char *name) {
  const struct dtd_rule *found = dtd_rule_named(name), *rule = registered(name);
  if (found) return found;
  if (!rule) dtd_registry_find("rule", name, rule_name); /* dies */
  if (!rule->parameter.name)
    dtd_die(DTD_USAGE, name, NULL, "the rule %s has no parameter", rule->name);
  dtd_die(DTD_USAGE, name, "the name alone stands for the default",
          "the parameter of %s is %s, a number from %g to %g", rule->name,
          rule->parameter.name, rule->parameter.least,
          rule->parameter.greatest);
}

int dtd_rule_groups(const struct dtd_rule *rule) {
  int most = 0;
  for (int t = 0; t < rule->terms; t++)
    if (rule->term[t].group > most) most = rule->term[t].group;
  return most + 1;
}

float dtd_rule_weight(const struct dtd_rule *rule, int group) {
  return rule->weight ? rule->weight(group, (float)rule->parameter.value) : 1;
}

float dtd_rule_bias(const struct dtd_rule *rule, float b) {
  if (!rule->bias_in_denominator) return 0;
  if (rule->bias) return rule->bias(b, (float)rule->parameter.value);
  return b > 0 ? b : 0;
}

void dtd_rule_describe_names(char *text, size_t size) {
  FILE *output = fmemopen(text, size, "w");
  if (!output) dtd_die(DTD_FAILURE, "rules", NULL, "memory is short");
  for (int n = 0; dtd_rules[n]; n++) {
    const struct dtd_rule_parameter *p = &dtd_rules[n]->parameter;
    fprintf(output, "%s%s", n ? ", " : "", dtd_rules[n]->name);
    if (p->name) fprintf(output, "(%g to %g)", p->least, p->greatest);
  }
  fclose(output);
}
