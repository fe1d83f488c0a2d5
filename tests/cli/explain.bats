#!/usr/bin/env bats
# explain: every code, name, message, check and rule, and error bodies.

load common

explain() {
    "$OZCAPSULA" explain "$@"
}

rules() {
    awk -F'\t' 'FNR > 1 && $6 != "-" { print $6 } $8 != "-" { n = split($8, w, /[,; ]+/); for (i = 1; i <= n; i++) if (w[i] ~ /^[a-z_]+\.[a-z_]+$/) print w[i] }' \
        "$TESTDATA/list.tsv" | sort -u
}

@test "without argument it lists every error of both APIs and every rule" {
    run -0 --separate-stderr explain
    [[ -z $stderr ]]
    for text in "UNKNOWN" "NOT ALLOWED" "INVALID STRUCTURE" "DATABASE" "Data container unpacking failed" \
        "Invalid or empty Session Token" "No data container provided" "Can't start analysis without media" \
        ID_FORMAT_EXCEPTION OAUTH_SIGNATURE_EXCEPTION EMPTY_RQL_EXCEPTION BODY_FORMAT_EXCEPTION; do
        prints "$text"
    done
    for rule in $(rules) session_token.replayed; do
        grep -Eq "^  $rule " <<<"$output"
    done
}

@test "every rule of testdata is explained in full" {
    count=0
    for rule in $(rules); do
        run -0 --separate-stderr explain "$rule"
        [[ ${lines[0]} == "$rule" && -z $stderr ]]
        for label in title check severity "what to do"; do grep -q "^  $label " <<<"$output"; done
        grep -q "^  check  *${rule%.*}$" <<<"$output"
        count=$((count + 1))
    done
    [[ $count -ge 50 ]]
}

@test "a rule names its error in both APIs, and whether the status is stated" {
    run -0 --separate-stderr explain hash.mismatch
    grep -Eq '^  Oz API +14 Invalid hash \(HTTP 400, inferred\)$' <<<"$output"
    grep -Eq '^  Extra Horizon +15 FIELD_FORMAT_EXCEPTION \(HTTP 400, stated\)$' <<<"$output"
    run -0 --separate-stderr explain content.tag
    prints "warning"
    [[ $output != *"Oz API"* ]]
}

@test "a code that both APIs have shows all of its meanings" {
    run -0 --separate-stderr explain 14
    [[ $(grep -c '^Oz API 14' <<<"$output") == 5 && $(grep -c '^Extra Horizon 14' <<<"$output") == 1 ]]
    prints "hash.mismatch"; prints "archive.encrypted"; prints "payload.missing"
    run -0 --separate-stderr explain 3
    [[ $(grep -c '^Oz API 3' <<<"$output") == 3 ]]
    prints "OzCapsula table"; prints "general table"
    run -0 --separate-stderr explain 5
    prints "the container is damaged"
}

@test "every code of both APIs is explained" {
    for code in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 19 20 21 22 104 107 108 109 110 117 118; do
        run -0 --separate-stderr explain "$code"
        [[ $output == *" $code "* || $output == *" $code:"* || $output == *" $code,"* ]]
    done
}

@test "names and messages are found in any case" {
    for name in BODY_FORMAT_EXCEPTION body_format_exception "INVALID STRUCTURE" "Invalid hash" "invalid hash" \
        "Invalid or empty Session Token" "Can't start analysis without media" DATABASE; do
        run -0 --separate-stderr explain "$name"
        [[ -n $output ]]
    done
    run -0 explain "Invalid hash"
    prints "hash.mismatch"; prints "hash.missing"
}

@test "the name of a check lists its rules" {
    for check in input format archive payload media session_token signature integrity hash content; do
        run -0 --separate-stderr explain "$check"
        prints "check $check"; prints "$check."
    done
    run -0 explain hash
    [[ $(grep -c 'hash\.' <<<"$output") == 5 ]]
}

@test "- explains an error body of either API" {
    run -0 bash -c "echo '{\"error_code\": 14, \"error_message\": \"Invalid hash\", \"details\": null}' | $(printf '%q' "$OZCAPSULA") explain -"
    [[ ${lines[0]} == "Oz API 14" ]]
    prints "Invalid hash"; prints "hash.mismatch"
    [[ $output != *"Invalid signature"* ]]
    run -0 bash -c "echo '{\"code\": 22, \"name\": \"BODY_FORMAT_EXCEPTION\", \"message\": \"x\"}' | $(printf '%q' "$OZCAPSULA") explain -"
    [[ ${lines[0]} == "Extra Horizon 22 BODY_FORMAT_EXCEPTION" ]]
}

@test "- explains what check --format oz and extrahorizon print" {
    for rule in hash.mismatch archive.truncated content.type payload.missing; do
        run -0 bash -c "$(check_words) --format oz $(rejected_by $rule) | $(printf '%q' "$OZCAPSULA") explain -"
        grep -qx "$rule" <<<"$output"
        run -0 bash -c "$(check_words) --format extrahorizon $(rejected_by $rule) | $(printf '%q' "$OZCAPSULA") explain -"
    done
    run -0 bash -c "$(check_words) --format oz /no/such/file | $(printf '%q' "$OZCAPSULA") explain -"
    prints "Unknown server side error occurred"
}

@test "- of what is no error body is exit 2, and none of its bytes are printed" {
    for body in '' '{}' '[]' 'text' '{"error_code": 9999}' '{"error_code": "14"}' $'\e[31m' '{"error_code": 14'; do
        printf '%s' "$body" >"$BATS_TEST_TMPDIR/body"
        run -2 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") explain - <$BATS_TEST_TMPDIR/body"
        silent; says "no error body"
        plain_only <<<"$stderr"
    done
}

@test "- is bounded, and what cannot be read is exit 3" {
    run -3 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") explain - </dev/zero"
    silent; says "too large"
    run -3 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") explain - <&-"
    silent
}

@test "something unknown is exit 2, and the message says what can be asked" {
    for what in 9999 -- "" nothing hash.nothing "14 Invalid hash" 99999999999999999999 '%s%n'; do
        [[ $what == -- ]] && continue
        run -2 --separate-stderr explain "$what"
        silent; says "error code"; says "rule"
    done
    run -2 --separate-stderr explain Invalid hash
    silent; says "one argument"
}

@test "output is plain, deterministic, and within 100 columns" {
    for what in "" 14 5 22 hash archive session_token content.json format.unrecognized archive.limit; do
        run -0 "$OZCAPSULA" explain $what
        once=$output
        [[ -n $once ]]
        plain_only <<<"$output"
        no_line '.{101}' <<<"$output"
        no_line ' $' <<<"$output"
        run -0 "$OZCAPSULA" explain $what
        [[ $output == "$once" ]]
    done
    for rule in $(rules); do
        run -0 explain "$rule"
        no_line '.{101}' <<<"$output"
    done
}

@test "--format json is the whole catalogue, the same as the text has" {
    run -0 --separate-stderr explain --format json
    plain_only <<<"$output"
    printf '%s' "$output" >"$BATS_TEST_TMPDIR/all"
    explain >"$BATS_TEST_TMPDIR/text"
    /usr/bin/python3 - "$BATS_TEST_TMPDIR/all" "$BATS_TEST_TMPDIR/text" <<'PY'
import json, re, sys
d = json.load(open(sys.argv[1]))
text = open(sys.argv[2]).read()
assert list(d) == ['schema', 'errors', 'checks', 'rules'] and d['schema'] == 'ozcapsula-explain/1'
assert [r['rule'] for r in d['rules']] == re.findall(r'^  ([a-z_]+\.[a-z0-9_]+) ', text, re.M)
assert len(d['checks']) == 10 and len(d['errors']) == 12 + 13 + 17
rules = {r['rule']: r for r in d['rules']}
for e in d['errors']:
    for rule in e['rules']:
        r = rules[rule]
        assert (r['error_code'], r['error_message']) == (e['code'], e['message']) if e['api'] == 'oz' else r['extrahorizon_code'] == e['code']
assert sum(len(e['rules']) for e in d['errors'] if e['api'] == 'oz') == sum(r['severity'] == 'error' for r in d['rules'])
for r in d['rules']:
    assert r['title'] and r['fails_when'] and r['what_to_do'] and r['rule'].startswith(r['check'] + '.')
PY
}

@test "--format json of what is asked for" {
    run -0 --separate-stderr explain --format json hash.mismatch
    json_holds 'd["errors"] == [] and d["checks"] == [] and [r["rule"] for r in d["rules"]] == ["hash.mismatch"]' <<<"$output"
    run -0 --separate-stderr explain 14 --format=json
    json_holds '[(e["api"], e["message"]) for e in d["errors"]][3] == ("oz", "Invalid hash") and d["errors"][-1]["api"] == "extrahorizon"' <<<"$output"
    run -0 --separate-stderr explain --format json hash
    json_holds 'd["checks"] == ["hash"]' <<<"$output"
    run -0 --separate-stderr bash -c "$(check_words) --format oz $(rejected_by hash.mismatch) | $(printf '%q' "$OZCAPSULA") explain --format json -"
    json_holds '[e["code"] for e in d["errors"]] == [14] and [r["rule"] for r in d["rules"]] == ["hash.mismatch"]' <<<"$output"
    run -2 --separate-stderr explain --format json nothing
    silent
    run -2 --separate-stderr explain --format jsn hash
    silent; says "--format takes text or json, not \"jsn\" (did you mean json?)"
}

@test "- takes a body as it was pasted, with what stands around it" {
    body=$(check --format oz "$(rejected_by hash.mismatch)" || true)
    for text in $'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n'"$body"$'\n$ ' "   $body" "error: $body."; do
        printf '%s' "$text" >"$BATS_TEST_TMPDIR/body"
        run -0 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") explain - <$BATS_TEST_TMPDIR/body"
        grep -qx hash.mismatch <<<"$output"
    done
}
