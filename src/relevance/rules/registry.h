/* Every relevance rule, one line each; included several times by rule.c. */
DTD_RULE(dtd_rule_w_squared)
DTD_RULE(dtd_rule_z_plus)
DTD_RULE(dtd_rule_z_box)
DTD_RULE(dtd_rule_alpha_beta)
DTD_RULE(dtd_rule_epsilon)
DTD_RULE(dtd_rule_gamma)
DTD_RULE(dtd_rule_flat)
DTD_RULE(dtd_rule_gradient_x_input)
