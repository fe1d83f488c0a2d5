/*
 * session_token: is there a token of a trusted issuer, for here and for now? (docs/format.md, section 4)
 *
 * Guarantees, when it passes: a compact JWS whose signature one of the policy's issuer keys verifies by its own
 * algorithm, whose claims have their types and are what the policy wants, at the time to judge at; and hands on the
 * confirmation key. The header is judged before the signature, the signature before the claims are parsed. Stops at the
 * first rule. Leaves out single use, which is a step after a valid verdict. No finding shows a byte of the token.
 */
#include "ascii.h"
#include "claims.h"
#include "token.h"
#include "utc.h"
#include "validation.h"

#include <string.h>

/* Everything that the rules look at. */
struct judged {
    struct run *run;
    struct place place;
    struct token token;
    const struct key *key; /* the one that verified it */
    struct claims claims;
    int64_t now;
};

static const struct key_traits *traits_of(const struct issuer *issuer)
{
    return key_traits(key_kind(issuer->key));
}

/* Keys to try: without kid all, with it those under that id and those without an id. */
static bool is_to_try(const struct issuer *issuer, const struct token *token)
{
    return token->kid == NULL || issuer->kid == NULL || strcmp(issuer->kid, token->kid) == 0;
}

/* Of these, the ones whose own algorithm is alg. */
static bool is_left(const struct issuer *issuer, const struct token *token)
{
    return is_to_try(issuer, token) && strcmp(traits_of(issuer)->algorithm, token->alg) == 0;
}

static size_t count_issuers(const struct judged *j, bool (*fits)(const struct issuer *, const struct token *))
{
    const ozc_policy *policy = j->run->policy;
    size_t count = 0;
    for (size_t i = 0; i < policy->issuer_count; i++)
        count += fits(&policy->issuers[i], &j->token);
    return count;
}

/* Names the algorithms that the keys to try have, each once. */
static enum outcome reject_algorithm(const struct judged *j)
{
    const ozc_policy *policy = j->run->policy;
    bool has[KEY_KINDS] = {false};
    char names[64] = "";
    char *end = names;
    for (size_t i = 0; i < policy->issuer_count; i++)
        if (is_to_try(&policy->issuers[i], &j->token))
            has[key_kind(policy->issuers[i].key)] = true;
    for (int kind = 0; kind < KEY_KINDS; kind++)
        if (has[kind])
            end = stpcpy(stpcpy(end, end == names ? "" : " or "), key_traits((enum key_kind)kind)->algorithm);
    return reject(j->run, RULE_SESSION_TOKEN_ALGORITHM, j->place,
                  "its alg is the algorithm of no issuer key to try; expected %s", names);
}

static bool is_jwt(const json_value *typ)
{
    return json_type(typ) == JSON_TEXT && ascii_equal(json_text(typ), "JWT");
}

static enum outcome judge_header(struct judged *j)
{
    static const char *const refused[] = {"crit", "b64", "zip"};
    const json_value *typ = json_member(j->token.header, "typ");
    if (count_issuers(j, is_to_try) == 0)
        return reject(j->run, RULE_SESSION_TOKEN_KEY, j->place,
                      "its kid is the id of none of the %zu trusted issuer keys, and none of them is without an id",
                      j->run->policy->issuer_count);
    if (count_issuers(j, is_left) == 0)
        return reject_algorithm(j);
    if (typ != NULL && !is_jwt(typ))
        return reject(j->run, RULE_SESSION_TOKEN_ALGORITHM, j->place, "its typ is not JWT");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (json_member(j->token.header, refused[i]) != NULL)
            return reject(j->run, RULE_SESSION_TOKEN_ALGORITHM, j->place, "its header has %s, which is not supported",
                          refused[i]);
    return CHECK_PASSED;
}

static enum outcome judge_signature(struct judged *j)
{
    const ozc_policy *policy = j->run->policy;
    size_t tried = 0;
    for (size_t i = 0; i < policy->issuer_count; i++) {
        if (!is_left(&policy->issuers[i], &j->token))
            continue;
        ozc_result verified = token_verify(&j->token, policy->issuers[i].key);
        if (verified == OZC_VALID) {
            j->key = policy->issuers[i].key;
            return CHECK_PASSED;
        }
        if (verified != OZC_REJECTED)
            return broken(j->run, FAILURE_CRYPTO);
        tried++;
    }
    return tried == 1 ? reject(j->run, RULE_SESSION_TOKEN_SIGNATURE, j->place,
                               "the issuer key to try does not verify its signature")
                      : reject(j->run, RULE_SESSION_TOKEN_SIGNATURE, j->place,
                               "none of the %zu issuer keys to try verifies its signature", tried);
}

/* What the policy wants of the claims. */
static const char *unwanted_claim(const ozc_policy *policy, const struct claims *claims)
{
    if (policy->iss != NULL && claims->iss == NULL)
        return "iss is missing; the policy names one";
    if (policy->iss != NULL && strcmp(claims->iss, policy->iss) != 0)
        return "iss is not the one that the policy names";
    if (policy->aud == NULL && claims->aud != NULL)
        return "it has aud, and the policy names no audience";
    if (policy->aud != NULL && claims->aud == NULL)
        return "aud is missing; the policy names one";
    if (policy->aud != NULL && !claims_have_audience(claims, policy->aud))
        return "the audience that the policy names is not among its aud";
    return NULL;
}

static enum outcome judge_claims(struct judged *j)
{
    const char *what = NULL;
    ozc_result result = claims_read(j->run->policy->crypto, j->token.claims, &j->claims, &what);
    if (result != OZC_VALID && result != OZC_REJECTED)
        return broken(j->run, FAILURE_CRYPTO);
    if (result == OZC_VALID)
        what = unwanted_claim(j->run->policy, &j->claims);
    return what == NULL ? CHECK_PASSED : reject(j->run, RULE_SESSION_TOKEN_CLAIMS, j->place, "%s", what);
}

static enum outcome judge_time(struct judged *j)
{
    const struct claims *c = &j->claims;
    int64_t leeway = j->run->policy->leeway;
    if (j->run->call->time == OZC_TIME_ISSUED)
        j->now = c->has_iat ? c->iat : c->exp - 1;
    if (j->now >= c->exp + leeway)
        return reject(j->run, RULE_SESSION_TOKEN_EXPIRED, j->place,
                      "it expired at %s, and it is judged at %s with %lld s leeway", UTC(c->exp), UTC(j->now),
                      (long long)leeway);
    if (c->has_nbf && c->nbf > j->now + leeway)
        return reject(j->run, RULE_SESSION_TOKEN_NOT_YET_VALID, j->place,
                      "it is valid from %s on (nbf), and it is judged at %s with %lld s leeway", UTC(c->nbf),
                      UTC(j->now), (long long)leeway);
    if (c->has_iat && c->iat > j->now + leeway)
        return reject(j->run, RULE_SESSION_TOKEN_NOT_YET_VALID, j->place,
                      "it was issued at %s (iat), and it is judged at %s with %lld s leeway", UTC(c->iat), UTC(j->now),
                      (long long)leeway);
    /* It has not expired, so `now` is below its time and this does not overflow. */
    int64_t life = c->has_iat ? c->exp - c->iat : c->exp - j->now - leeway;
    if (life > j->run->policy->lifetime)
        return reject(j->run, RULE_SESSION_TOKEN_LIFETIME, j->place, "it lives %lld s; at most %lld are allowed",
                      (long long)life, (long long)j->run->policy->lifetime);
    return CHECK_PASSED;
}

/* For a sender: will it still be valid when it arrives? */
static enum outcome warn_of_short_life(const struct judged *j)
{
    int64_t left = j->claims.exp - j->now;
    int64_t wanted = j->run->policy->min_token_life;
    if (left >= wanted)
        return CHECK_PASSED;
    return warn(j->run, RULE_SESSION_TOKEN_SHORT_LIFE, j->place,
                "it expires at %s, and it is judged at %s: %lld s are left, and at least %lld were asked for",
                UTC(j->claims.exp), UTC(j->now), (long long)(left > 0 ? left : 0), (long long)wanted);
}

/* NULL stays NULL; false: out of memory. */
static bool keep(const char **to, const char *text)
{
    *to = text == NULL ? NULL : strdup(text);
    return text == NULL || *to != NULL;
}

/* The report takes what was verified. */
static enum outcome keep_session(struct judged *j)
{
    ozc_report *report = j->run->report;
    const struct claims *c = &j->claims;
    report->session.has_issued_at = c->has_iat;
    report->session.issued_at = c->has_iat ? c->iat : 0;
    report->session.expires_at = c->exp;
    report->keep_until = c->exp + j->run->policy->leeway;
    report->judged_at = j->now;
    report->claims_len = j->token.jws.claims_len;
    report->claims = copy_bytes(j->token.jws.claims, report->claims_len);
    if (report->claims == NULL || !keep(&report->session.issuer_key, key_id(j->key)) ||
        !keep(&report->session.kid, j->token.kid) || !keep(&report->session.jti, c->jti) ||
        !keep(&report->session.iss, c->iss))
        return broken(j->run, FAILURE_MEMORY);
    j->run->confirmation_key = c->confirmation_key == NULL ? NULL : key_ref(c->confirmation_key);
    return CHECK_PASSED;
}

/* What reading a part of the token came to. */
static enum outcome malformed_or(struct judged *j, ozc_result result, const struct text *why)
{
    if (result == OZC_VALID)
        return CHECK_PASSED;
    if (result != OZC_REJECTED || why->data == NULL)
        return broken(j->run, FAILURE_JSON);
    return reject(j->run, RULE_SESSION_TOKEN_MALFORMED, j->place, "%s", why->data);
}

static enum outcome judge(struct judged *j, const struct part *part, struct text *why)
{
    size_t nesting = (size_t)j->run->policy->limits[OZC_LIMIT_NESTING];
    ozc_result read = token_read(part->bytes, (size_t)part->entry->shown.size, nesting, &j->token, why);
    enum outcome outcome = malformed_or(j, read, why);
    if (outcome == CHECK_PASSED)
        outcome = judge_header(j);
    if (outcome == CHECK_PASSED)
        outcome = judge_signature(j);
    if (outcome == CHECK_PASSED)
        outcome = malformed_or(j, token_read_claims(&j->token, nesting, why), why);
    if (outcome == CHECK_PASSED)
        outcome = judge_claims(j);
    if (outcome == CHECK_PASSED)
        outcome = judge_time(j);
    if (outcome == CHECK_PASSED && j->run->policy->min_token_life > 0)
        outcome = warn_of_short_life(j);
    return outcome == CHECK_PASSED ? keep_session(j) : outcome;
}

enum outcome check_session_token(struct run *run)
{
    const struct part *part = &run->parts[PART_SESSION_TOKEN];
    if (part->entry == NULL)
        return reject(run, RULE_SESSION_TOKEN_MISSING, nowhere(), "there is no entry session_token");
    if (part->entry->damaged)
        return CHECK_SKIPPED;
    if (part->entry->shown.size == 0)
        return reject(run, RULE_SESSION_TOKEN_EMPTY, at_entry(part->entry), "it has 0 bytes; expected a compact JWS");
    struct text why = {0};
    struct judged judged = {.run = run, .place = at_entry(part->entry), .now = run->now};
    enum outcome outcome = judge(&judged, part, &why);
    key_free(judged.claims.confirmation_key);
    token_free(&judged.token);
    text_free(&why);
    return outcome;
}
