#!/usr/bin/env bats
# check --format: what is printed, in each format, on each outcome.

load common

@test "text: a rejected container shows code, message, entry and what was found" {
    file=$(rejected_by hash.mismatch)
    run -1 --separate-stderr check "$file"
    [[ $output =~ ^"$file: 14 Invalid hash: "[^:]+": ".+ ]]
}

@test "text: -v adds every check, every finding and its hint" {
    file=$(rejected_by hash.mismatch)
    run -1 --separate-stderr check -v "$file"
    for check in input format archive payload media session_token signature integrity hash content; do
        grep -Eq "^  $check +(passed|failed|skipped)" <<<"$output"
    done
    prints "hash.mismatch"
    [[ ${lines[0]} == "$file: 14 Invalid hash: "* ]]
    run -0 --separate-stderr check -v "$VALID"
    [[ ${lines[0]} == "$VALID: valid" && ${#lines[@]} -gt 10 ]]
}

@test "text: a summary on standard error when there are several, and only then" {
    run -0 --separate-stderr check "$VALID"
    [[ -z $stderr ]]
    run -3 --separate-stderr check "$VALID" "$VALID" "$(rejected_by hash.mismatch)" /no/such/file
    [[ ${stderr_lines[0]} == "4 containers: 2 valid, 1 rejected, 1 failed" ]]
}

@test "text: the summary has a table by code" {
    hash=$(rejected_by hash.mismatch)
    warned=$TESTDATA/$(awk -F'\t' '$2 == "-" && $3 == "valid" && $8 != "-" { print $1; exit }' "$TESTDATA/list.tsv")
    run -3 --separate-stderr check "$hash" "$(rejected_by hash.malformed)" "$(rejected_by archive.gap)" \
        "$(rejected_by signature.missing)" "$(rejected_by content.type)" /no/such/file "$warned"
    [[ $stderr == "7 containers: 1 valid, 5 rejected, 1 failed
       2   5 Invalid Type
       2  14 Invalid hash
       1  14 Invalid signature
       1   - could not be checked
       1   - valid, with warnings" ]]
    run -0 --separate-stderr check "$VALID" "$VALID"
    [[ $stderr == "2 containers: 2 valid, 0 rejected, 0 failed" ]]
    run -3 --separate-stderr check --format github "$hash" /no/such/file
    [[ ${stderr_lines[1]} == "       1  14 Invalid hash" ]]
}

@test "text: -v shows the time of each check that has run, in a column" {
    run -1 --separate-stderr check -v --skip content "$(rejected_by hash.mismatch)"
    for check in input format archive payload media session_token signature integrity hash; do
        grep -Eq "^  $check +(passed|failed) +[0-9]+\.[0-9]{3} ms$" <<<"$output"
    done
    grep -Eqx "  content +skipped \(switched off\)" <<<"$output"
    [[ $(grep ' ms$' <<<"$output" | awk '{ print length($0) }' | sort -u | wc -l) == 1 ]]
    run -1 --separate-stderr check -v --first-fault "$(rejected_by archive.gap)"
    [[ $(grep -c ' ms$' <<<"$output") == 3 ]]
    run -3 --separate-stderr check -v /no/such/file
    no_line ' ms$' <<<"$output"
}

@test "text: -v colours states and findings, and nothing else differs" {
    file=$(rejected_by hash.mismatch)
    run -1 --separate-stderr check -v --color always "$file"
    prints $'  archive        \e[32mpassed\e[0m'
    prints $'  hash           \e[31mfailed\e[0m'
    prints $'  \e[31merror\e[0m hash.mismatch: '
    bare() { sed -E 's/\x1b\[[0-9]+m//g; s/ +[0-9.]+ ms$//'; }
    coloured=$(bare <<<"$output")
    run -1 --separate-stderr check -v "$file"
    [[ $(bare <<<"$output") == "$coloured" ]]
    warned=$TESTDATA/$(awk -F'\t' '$2 == "-" && $3 == "valid" && $8 != "-" { print $1; exit }' "$TESTDATA/list.tsv")
    run -0 --separate-stderr check -v --color always --skip signature "$warned"
    prints $'  \e[33mwarning\e[0m content.'
    prints $'  signature      \e[33mskipped (switched off)\e[0m'
}

@test "--hide-valid prints only what does not count as valid, and counts all" {
    hash=$(rejected_by hash.mismatch)
    warned=$TESTDATA/$(awk -F'\t' '$2 == "-" && $3 == "valid" && $8 != "-" { print $1; exit }' "$TESTDATA/list.tsv")
    run -3 --separate-stderr check --hide-valid "$VALID" "$hash" "$warned" /no/such/file
    [[ ${#lines[@]} == 2 && ${lines[0]} == "$hash: 14 "* && ${lines[1]} == "/no/such/file: "* ]]
    [[ ${stderr_lines[0]} == "4 containers: 2 valid, 1 rejected, 1 failed" ]]
    run -3 --separate-stderr check --hide-valid --format json "$VALID" "$hash" "$warned" /no/such/file
    json_holds '[c["result"] for c in d["containers"]] == ["rejected", "failed"] and d["summary"] == {"valid": 2, "rejected": 1, "failed": 1}' <<<"$output"
    run -1 --separate-stderr check --hide-valid --warnings-as-errors --format ndjson "$VALID" "$warned"
    [[ ${#lines[@]} == 2 ]]
    json_holds 'd["path"] == "'"$warned"'"' <<<"${lines[0]}"
    run -0 --separate-stderr check --hide-valid --format json "$VALID" "$VALID"
    json_holds 'd["containers"] == [] and d["summary"]["valid"] == 2' <<<"$output"
    run -0 --separate-stderr check --hide-valid --format junit "$VALID" "$VALID"
    [[ $output == *'tests="0"'* ]]
}

@test "text: colour only where it is asked for" {
    run -0 --separate-stderr check --color always "$VALID"
    [[ $output == "$VALID: "$'\e[32mvalid\e[0m' ]]
    run -1 --separate-stderr check --color always "$(rejected_by hash.mismatch)"
    [[ $output == *$'\e[31m14 Invalid hash'*$'\e[0m' && $output == *": "$'\e[31m'* ]]
    for mode in auto never; do
        run -0 --separate-stderr check --color "$mode" "$VALID"
        [[ $output == "$VALID: valid" ]]
    done
}

on_terminal() { # standard output on a terminal
    script -qec "$(check_words) $*" /dev/null </dev/null
}

@test "text: colour follows the terminal, NO_COLOR and TERM=dumb" {
    type script >/dev/null || skip "script(1) is not here"
    run -0 env -u NO_COLOR TERM=xterm bash -c "$(declare -f on_terminal check_words); $(declare -p TRUST OZCAPSULA); on_terminal $VALID"
    [[ $output == *$'\e[32mvalid'* ]]
    for setting in NO_COLOR=1 TERM=dumb; do
        run -0 env -u NO_COLOR TERM=xterm "$setting" bash -c "$(declare -f on_terminal check_words); $(declare -p TRUST OZCAPSULA); on_terminal $VALID"
        [[ $output != *$'\e'* && $output == *"valid"* ]]
    done
    run -0 env NO_COLOR= TERM=xterm bash -c "$(declare -f on_terminal check_words); $(declare -p TRUST OZCAPSULA); on_terminal $VALID"
    [[ $output == *$'\e[32mvalid'* ]]
}

@test "json: one document for the whole run" {
    run -3 --separate-stderr check --format json "$VALID" "$(rejected_by hash.mismatch)" /no/such/file
    [[ -z $stderr ]]
    json_holds 'd["schema"] == "ozcapsula-report/1" and d["tool"] == {"name": "ozcapsula", "version": "0.1.0"}' <<<"$output"
    json_holds 'd["summary"] == {"valid": 1, "rejected": 1, "failed": 1}' <<<"$output"
    json_holds '[c["result"] for c in d["containers"]] == ["valid", "rejected", "failed"]' <<<"$output"
    json_holds 'list(d) == ["schema", "tool", "containers", "summary"]' <<<"$output"
}

@test "json: a valid container says what was verified" {
    check --format json "$VALID" >"$BATS_TEST_TMPDIR/out"
    unzip -p "$VALID" hashes.sha256 | sha256sum | cut -d' ' -f1 >"$BATS_TEST_TMPDIR/id"
    json_holds 'd["containers"][0]["path"] == "'"$VALID"'"' <"$BATS_TEST_TMPDIR/out"
    json_holds '(lambda c: c["complete"] is True and c["rule"] is c["error_code"] is c["error_message"] is c["http_status"] is None)(d["containers"][0])' <"$BATS_TEST_TMPDIR/out"
    json_holds 'd["containers"][0]["size"] == '"$(stat -c %s "$VALID")" <"$BATS_TEST_TMPDIR/out"
    json_holds '[c["state"] for c in d["containers"][0]["checks"]] == ["passed"] * 10' <"$BATS_TEST_TMPDIR/out"
    json_holds 'd["containers"][0]["content_id"] == "'"$(cat "$BATS_TEST_TMPDIR/id")"'"' <"$BATS_TEST_TMPDIR/out"
    json_holds 'd["containers"][0]["signer"]["from"] == "trusted" and len(d["containers"][0]["signer"]["key"]) == 64' <"$BATS_TEST_TMPDIR/out"
    json_holds 'd["containers"][0]["session"]["expires_at"] > 0' <"$BATS_TEST_TMPDIR/out"
    json_holds 'd["containers"][0]["failure"] is None' <"$BATS_TEST_TMPDIR/out"
}

@test "json: keys are named by the SHA-256 of their SPKI" {
    key=$(openssl pkey -pubin -in "$ISSUER" -outform DER | sha256sum | cut -d' ' -f1)
    check --format json "$VALID" | json_holds 'd["containers"][0]["session"]["issuer_key"] == "'"$key"'"'
}

@test "json: each entry stands at its offset with its digest" {
    check --format json "$VALID" >"$BATS_TEST_TMPDIR/out"
    /usr/bin/python3 - "$VALID" "$BATS_TEST_TMPDIR/out" <<'PY'
import hashlib, json, sys, zipfile
data = open(sys.argv[1], 'rb').read()
entries = json.load(open(sys.argv[2]))['containers'][0]['entries']
assert [e['name'] for e in entries] == zipfile.ZipFile(sys.argv[1]).namelist()
for e in entries:
    assert hashlib.sha256(data[e['offset']:e['offset'] + e['size']]).hexdigest() == e['sha256'], e
PY
}

@test "json: a rejected container has the members of its first error" {
    run -1 --separate-stderr check --format json "$(rejected_by hash.mismatch)"
    json_holds '(lambda c: [c["rule"], c["error_code"], c["error_message"], c["http_status"]] == ["hash.mismatch", 14, "Invalid hash", 400])(d["containers"][0])' <<<"$output"
    json_holds '(lambda f: list(f) == ["rule", "check", "severity", "error_code", "error_message", "entry", "offset", "text", "hint"] and f["check"] == "hash" and f["severity"] == "error")(d["containers"][0]["findings"][0])' <<<"$output"
    json_holds 'd["containers"][0]["content_id"] is None' <<<"$output"
}

@test "json: a container that could not be checked says why" {
    run -3 --separate-stderr check --format json /no/such/file
    json_holds '(lambda c: [c["result"], c["error_code"], c["error_message"], c["http_status"], c["rule"], c["size"]] == ["failed", 0, "Unknown server side error occurred", 500, None, None])(d["containers"][0])' <<<"$output"
    json_holds '"no such file" in d["containers"][0]["failure"]' <<<"$output"
}

@test "json: members stand in the order that docs/cli.md gives" {
    members='["path", "result", "complete", "size", "rule", "error_code", "error_message", "http_status", "checks", "findings", "findings_omitted", "content_id", "entries", "session", "signer", "failure"]'
    run -3 --separate-stderr check --format json "$VALID" "$(rejected_by hash.mismatch)" /no/such/file
    json_holds "all(list(c) == $members for c in d['containers'])" <<<"$output"
}

@test "json: the output of all of testdata fits docs/report.schema.json" {
    schema=$TESTDATA/../docs/report.schema.json
    run --separate-stderr check --format json "$TESTDATA" /no/such/file
    printf '%s' "$output" >"$BATS_TEST_TMPDIR/out"
    /usr/bin/python3 - "$schema" "$BATS_TEST_TMPDIR/out" <<'PY'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
cls = jsonschema.validators.validator_for(schema)
cls.check_schema(schema)
cls(schema).validate(json.load(open(sys.argv[2])))
PY
}

@test "ndjson: one line a container, the same object as in json, and a summary line" {
    run -1 --separate-stderr check --format ndjson "$VALID" "$(rejected_by hash.mismatch)"
    [[ ${#lines[@]} == 3 && -z $stderr ]]
    json_holds 'd == {"summary": {"valid": 1, "rejected": 1, "failed": 0}}' <<<"${lines[2]}"
    printf '%s\n' "${lines[@]:0:2}" | /usr/bin/python3 -c 'import json, sys; print(json.dumps([json.loads(l) for l in sys.stdin]))' \
        >"$BATS_TEST_TMPDIR/ndjson"
    run -1 --separate-stderr check --format json "$VALID" "$(rejected_by hash.mismatch)"
    json_holds 'd["containers"] == json.load(open("'"$BATS_TEST_TMPDIR/ndjson"'"))' <<<"$output"
}

@test "oz: the error body with details, or nothing when valid" {
    run -1 --separate-stderr check --format oz "$(rejected_by hash.mismatch)"
    json_holds 'list(d) == ["error_code", "error_message", "details"] and d["error_code"] == 14 and d["error_message"] == "Invalid hash"' <<<"$output"
    json_holds 'list(d["details"]) == ["rule", "entry", "offset"] and d["details"]["rule"] == "hash.mismatch"' <<<"$output"
    run -0 --separate-stderr check --format oz "$VALID"
    [[ -z $output && -z $stderr ]]
    run -3 --separate-stderr check --format oz /no/such/file
    json_holds 'd == {"error_code": 0, "error_message": "Unknown server side error occurred", "details": None}' <<<"$output"
}

@test "extrahorizon: the error body, nothing when valid, and no body for what could not be checked" {
    run -1 --separate-stderr check --format extrahorizon "$(rejected_by hash.mismatch)"
    json_holds 'list(d) == ["code", "name", "message"] and d["code"] == 15 and d["name"] == "FIELD_FORMAT_EXCEPTION"' <<<"$output"
    run -1 --separate-stderr check --format extrahorizon "$(rejected_by input.none)"
    json_holds 'd == {"code": 13, "name": "EMPTY_BODY_EXCEPTION", "message": "The request body is empty"}' <<<"$output"
    run -0 --separate-stderr check --format extrahorizon "$VALID"
    [[ -z $output && -z $stderr ]]
    run -3 --separate-stderr check --format extrahorizon /no/such/file
    silent; says "no such file"
}

@test "oz and extrahorizon take exactly one path, and no folder" {
    for format in oz extrahorizon; do
        run -2 --separate-stderr check --format $format "$VALID" "$VALID"
        silent; says "$format"
        run -2 --separate-stderr check --format $format "$TESTDATA/valid"
        silent; says "$format"
        run -2 --separate-stderr check --format $format
        silent
    done
}

@test "json: what did not pass leaves out what it would have vouched for" {
    of() { # RULE EXPRESSION of the container
        check --format json "$(rejected_by "$1")" >"$BATS_TEST_TMPDIR/out" || true
        json_holds "(lambda c: $2)(d['containers'][0])" <"$BATS_TEST_TMPDIR/out"
    }
    of archive.gap 'c["entries"] == [] and c["session"] is c["signer"] is c["content_id"] is None'
    of session_token.expired 'c["session"] is None'
    of signature.invalid 'c["signer"] is None and c["session"]["expires_at"] > 0'
    of hash.mismatch 'c["content_id"] is None and c["signer"] is not None'
    of integrity.crc '[e["sha256"] is None for e in c["entries"]].count(True) == 1'
    of payload.missing 'c["findings"][0]["offset"] is None and c["findings"][0]["entry"] is None'
    of content.json 'c["findings"][0]["offset"] > 0 and c["findings"][0]["entry"] == "payload.json"'
}

@test "json: of each check 32 findings are kept, and the rest is counted" {
    check --format json "$TESTDATA/invalid/hash.malformed-as-long-as-the-limit.ozc" >"$BATS_TEST_TMPDIR/out" || true
    json_holds '(lambda c: c["findings_omitted"] > 0 and len([f for f in c["findings"] if f["check"] == "hash" and f["severity"] == "error"]) == 32)(d["containers"][0])' <"$BATS_TEST_TMPDIR/out"
}

@test "the ways of reading ndjson that docs/cli.md shows count the rules" {
    enter_folder
    mkdir bin uploads
    ln -s "$OZCAPSULA" bin/ozcapsula
    PATH=$PWD/bin:$PATH
    "$OZCAPSULA" policy show --trust-issuer "$ISSUER" --trust-signer "$SIGNER" >policy.json
    cp "$VALID" uploads/valid # of a token that has expired by now
    cp "$(rejected_by archive.gap)" uploads/gap-1
    cp "$(rejected_by archive.gap)" uploads/gap-2
    page=$TESTDATA/../docs/cli.md
    sed -n '/^    import collections/,/^    print(/p' "$page" | sed 's/^    //' >count.py
    run -0 /usr/bin/python3 count.py
    [[ $output == "Counter({'archive.gap': 2, 'session_token.expired': 1})" ]]
    sed -n '/--format ndjson uploads |$/,/uniq -c/p' "$page" >count.sh
    run -0 sh count.sh
    [[ $(tr -s ' ' <<<"$output") == $' 2 archive.gap\n 1 session_token.expired' ]]
}
