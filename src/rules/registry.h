/* Every relevance rule, one line each; included several times by rule.c. */
DTD_RULE(dtd_rule_w_squared)
DTD_RULE(dtd_rule_z_plus)
DTD_RULE(dtd_rule_z_box)
