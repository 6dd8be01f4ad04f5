/* A relevance rule sends the relevance of detection units to their inputs. */
#include "rule.h"

#include <stddef.h>

#include "registry.h"

#define DTD_RULE(symbol) extern const struct dtd_rule symbol;
#include "rules/registry.h"
#undef DTD_RULE

#define DTD_RULE(symbol) &symbol,
const struct dtd_rule *const dtd_rules[] = {
#include "rules/registry.h"
    NULL};
#undef DTD_RULE

static const char *rule_name(int n) {
  return dtd_rules[n] ? dtd_rules[n]->name : NULL;
}

const struct dtd_rule *dtd_rule_find(const char *name) {
  return dtd_rules[dtd_registry_find("rule", name, rule_name)];
}
