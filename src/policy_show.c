/*
 * A policy as JSON (docs/policy.md): all of it, defaults included, so that ozc_policy_load_json makes the same policy
 * of it. Guarantees JSON in ASCII, indented for people, in which each key is named by its SHA-256 and stands whole, so
 * that no file is needed. Leaves out iss and aud where the policy names none.
 */
#include "policy.h"

static void add_key(struct text *out, const char *kid, const struct key *key, size_t index)
{
    struct text pem = {0};
    text_print(out, "%s\n        {", index == 0 ? "" : ",");
    if (kid != NULL) {
        text_print(out, "\"kid\": ");
        text_json(out, kid);
        text_print(out, ", ");
    }
    text_print(out, "\"sha256\": \"%s\",\n         \"key\": ", key_id(key));
    if (key_write_public(key, &pem))
        text_json(out, pem.data);
    else
        text_abandon(out);
    text_print(out, "}");
    text_free(&pem);
}

static void end_list(struct text *out, size_t count)
{
    text_print(out, "%s],\n", count == 0 ? "" : "\n    ");
}

static void add_word(struct text *out, const char *name, const char *word)
{
    if (word == NULL)
        return;
    text_print(out, "    \"%s\": ", name);
    text_json(out, word);
    text_print(out, ",\n");
}

static void add_limits(struct text *out, const ozc_policy *policy)
{
    text_print(out, "    \"limits\": {");
    for (int i = 0; i < OZC_LIMIT_COUNT; i++)
        text_print(out, "%s\n        \"%s\": %llu", i == 0 ? "" : ",", limit_name((ozc_limit)i),
                   (unsigned long long)policy->limits[i]);
    text_print(out, "\n    },\n");
}

static void add_analyses(struct text *out, const ozc_policy *policy)
{
    text_print(out, "    \"analyses\": [");
    for (size_t i = 0; i < policy->analysis_count; i++) {
        text_print(out, i == 0 ? "" : ", ");
        text_json(out, policy->analyses[i]);
    }
    text_print(out, "],\n");
}

static void add_skip(struct text *out, const ozc_policy *policy)
{
    const char *comma = "";
    text_print(out, "    \"skip\": [");
    for (int i = 0; i < OZC_CHECK_COUNT; i++)
        if (policy->switched_off[i]) {
            text_print(out, "%s\"%s\"", comma, ozc_check_name((ozc_check)i));
            comma = ", ";
        }
    text_print(out, "]\n");
}

char *ozc_policy_json(const ozc_policy *policy)
{
    struct text out = {0};
    if (policy == NULL)
        return NULL;
    text_print(&out, "{\n    \"issuers\": [");
    for (size_t i = 0; i < policy->issuer_count; i++)
        add_key(&out, policy->issuers[i].kid, policy->issuers[i].key, i);
    end_list(&out, policy->issuer_count);
    text_print(&out, "    \"signers\": [");
    for (size_t i = 0; i < policy->signer_count; i++)
        add_key(&out, NULL, policy->signers[i], i);
    end_list(&out, policy->signer_count);
    add_word(&out, "iss", policy->iss);
    add_word(&out, "aud", policy->aud);
    text_print(&out, "    \"leeway\": %lld,\n    \"lifetime\": %lld,\n    \"min_token_life\": %lld,\n",
               (long long)policy->leeway, (long long)policy->lifetime, (long long)policy->min_token_life);
    text_print(&out, "    \"threads\": %zu,\n", policy->threads);
    add_limits(&out, policy);
    add_analyses(&out, policy);
    text_print(&out, "    \"mode\": \"%s\",\n", policy->mode == OZC_ALL_FAULTS ? "all-faults" : "first-fault");
    add_skip(&out, policy);
    text_print(&out, "}\n");
    return text_take(&out);
}
