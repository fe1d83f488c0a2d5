/* catalogue.h - rules and API errors by their internal names; the public look-ups are in ozcapsula/catalogue.h. */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include <ozcapsula.h>

enum rule_name {
#define RULE(name, ...) RULE_##name,
#include "rules.def"
    RULE_COUNT
};

const ozc_rule *catalogue_rule(enum rule_name name);

/* The error for the validator's own failures: Oz code 0. Extra Horizon has none. */
const ozc_api_error *catalogue_failure(void);

#endif
