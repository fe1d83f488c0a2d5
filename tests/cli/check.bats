#!/usr/bin/env bats
# check: verdicts, exit status, and what the options change in them.

load common

@test "a valid container gives 0" {
    run -0 --separate-stderr check "$VALID"
    [[ $output == "$VALID: valid" && -z $stderr ]]
}

@test "a rejected container gives 1" {
    file=$(rejected_by hash.mismatch)
    run -1 --separate-stderr check "$file"
    [[ $output == "$file: 14 Invalid hash: "* && ${#lines[@]} == 1 && -z $stderr ]]
}

@test "a container that cannot be checked gives 3, which outranks 1" {
    run -3 --separate-stderr check "$BATS_TEST_TMPDIR/missing.ozc"
    prints "$BATS_TEST_TMPDIR/missing.ozc: "
    prints "no such file"
    run -3 check "$VALID" "$BATS_TEST_TMPDIR/missing.ozc" "$(rejected_by hash.mismatch)"
}

@test "nothing to check is wrong usage" {
    run -2 --separate-stderr check
    silent; says "nothing to check"
    mkdir "$BATS_TEST_TMPDIR/empty"
    run -2 --separate-stderr check "$BATS_TEST_TMPDIR/empty"
    silent; says "nothing to check"
    run -2 --separate-stderr check --include '*.none' "$TESTDATA/valid"
    silent; says "nothing to check"
}

@test "a bad container never stops the run" {
    run -1 --separate-stderr check "$(rejected_by input.none)" "$VALID" "$(rejected_by archive.truncated)" "$VALID"
    [[ ${#lines[@]} == 4 && ${lines[1]} == "$VALID: valid" && ${lines[3]} == "$VALID: valid" ]]
    says "4 containers: 2 valid, 2 rejected, 0 failed"
}

@test "every container of testdata gets the verdict, rule and warnings that its list says" {
    awk -F'\t' '$2 == "-" && $1 !~ /^#/ && $1 != "file"' "$TESTDATA/list.tsv" >"$BATS_TEST_TMPDIR/list"
    cd "$TESTDATA"
    cut -f1 "$BATS_TEST_TMPDIR/list" | tr '\n' '\0' | xargs -0 -n 10000 "$OZCAPSULA" check "${TRUST[@]}" --format ndjson \
        >"$BATS_TEST_TMPDIR/out" || true
    /usr/bin/python3 - "$BATS_TEST_TMPDIR/list" "$BATS_TEST_TMPDIR/out" <<'PY'
import json, sys
rows = [line.rstrip('\n').split('\t') for line in open(sys.argv[1])]
reports = [json.loads(line) for line in open(sys.argv[2])][:-1]
assert rows and len(rows) == len(reports), (len(rows), len(reports))
wrong = 0
for row, report in zip(rows, reports):
    said = [report['path'], report['result']] + [
        '-' if report[member] is None else str(report[member]) for member in ('error_code', 'error_message', 'rule')]
    said.append(','.join(f['rule'] for f in report['findings'] if f['severity'] == 'warning') or '-')
    wanted = [row[0], row[2], row[3], row[4], row[5], said[-1] if row[7] == '*' else row[7]]
    if said != wanted:
        print('wanted', wanted, 'but', said)
        wrong += 1
sys.exit(f'{wrong} differ' if wrong else 0)
PY
}

@test "--first-fault gives the same verdict and stops there" {
    file=$(rejected_by session_token.signature)
    check --format ndjson "$file" >"$BATS_TEST_TMPDIR/all" || true
    check --format ndjson --first-fault "$file" >"$BATS_TEST_TMPDIR/first" || true
    head -1 "$BATS_TEST_TMPDIR/all" | json_holds 'd["rule"] == "session_token.signature" and d["checks"][7]["state"] == "passed"'
    head -1 "$BATS_TEST_TMPDIR/first" | json_holds \
        'd["rule"] == "session_token.signature" and d["checks"][7]["state"] == "skipped" and len(d["findings"]) == 1'
}

@test "--skip switches a check off and every text says so" {
    run -0 --separate-stderr check --skip signature "$VALID"
    [[ $output == "$VALID: valid, signature not checked" ]]
    run -0 --separate-stderr "$OZCAPSULA" check --skip session_token,signature,content "$VALID"
    [[ $output == "$VALID: valid, session_token not checked, signature not checked, content not checked" ]]
    once=$output
    run -0 --separate-stderr "$OZCAPSULA" check --skip session_token --skip content --skip signature "$VALID"
    [[ $output == "$once" ]]
    check --skip content --format ndjson "$VALID" | head -1 | json_holds \
        'd["complete"] is False and d["checks"][9] == {"check": "content", "state": "skipped"}'
}

@test "--skip forgives what its check finds" {
    file=$(rejected_by content.type)
    run -1 check "$file"
    run -0 check --skip content "$file"
}

@test "tokens are judged by now, unless --at says when" {
    run -1 --separate-stderr "$OZCAPSULA" check --trust-issuer "$ISSUER" --trust-signer "$SIGNER" "$VALID"
    prints "14 Invalid or empty Session Token"
}

@test "--at takes RFC 3339 in UTC and seconds since 1970" {
    trust=(--trust-issuer "$ISSUER" --trust-signer "$SIGNER")
    for time in 2026-01-01T00:01:00Z 2026-01-01T00:01:00.123456789Z 2026-01-01T00:01:00+00:00 1767225660; do
        run -0 "$OZCAPSULA" check "${trust[@]}" --at "$time" "$VALID"
    done
    for time in 2027-01-01T00:00:00Z 2024-02-29T23:59:59Z 0 9007199254740991; do
        run -1 "$OZCAPSULA" check "${trust[@]}" --at "$time" "$VALID"
    done
}

@test "--at finds the same second as date(1), leap years and all" {
    trust=(--trust-issuer "$ISSUER" --trust-signer "$SIGNER" --first-fault --format ndjson)
    for time in 1970-01-01T00:00:00Z 2000-02-29T12:34:56Z 2026-01-01T00:05:29Z 2026-01-01T00:05:30Z \
        2025-12-31T23:59:29Z 2025-12-31T23:59:30Z 2100-03-01T00:00:00Z 9999-12-31T23:59:59Z; do
        run "$OZCAPSULA" check "${trust[@]}" --at "$time" "$VALID"
        said=$output
        by_text=$status
        run "$OZCAPSULA" check "${trust[@]}" --at "$(date -u -d "$time" +%s)" "$VALID"
        [[ $output == "$said" && $status == "$by_text" && -n $output ]]
        # The token lives from 00:00:00 to 00:05:00, with 30 s leeway on both sides.
        [[ $time > 2025-12-31T23:59:29Z && $time < 2026-01-01T00:05:30Z ]] && lives=0 || lives=1
        [[ $status == "$lives" ]]
        [[ $status == 0 || $output == *"it is judged at $time"* ]]
    done
}

@test "--at takes T and Z in either case, and parts of a second" {
    for time in 2026-01-01t00:01:00z 2026-01-01T00:01:00.5Z 2026-01-01T00:01:00+00:00; do
        run -0 --separate-stderr "$OZCAPSULA" check --trust-issuer "$ISSUER" --trust-signer "$SIGNER" --at "$time" "$VALID"
        [[ $output == "$VALID: valid" ]]
    done
}

@test "--at issued judges each token at its own time" {
    run -0 "$OZCAPSULA" check --trust-issuer "$ISSUER" --trust-signer "$SIGNER" --at issued "$VALID"
    [[ $output == "$VALID: valid" ]]
}

@test "--at refuses what is no time in UTC" {
    for time in "" now 2026-01-01 2026-01-01T00:00:00 2026-01-01T00:00:00+01:00 2026-01-01T00:00:00-00:00 \
        2026-02-29T00:00:00Z 2026-13-01T00:00:00Z 2026-00-01T00:00:00Z 2026-01-32T00:00:00Z 2026-04-31T00:00:00Z \
        2100-02-29T00:00:00Z 2026-01-01T24:00:00Z 2026-01-01T00:60:00Z 2026-01-01T00:00:60Z 2026-01-01T00:00:00.Z \
        "2026-01-01 00:00:00Z" 2026-1-1T0:0:0Z 2026-01-01T00:00:00ZZ 1969-12-31T23:59:59Z -1 1.5 9007199254740992 \
        " 1767225660"; do
        run -2 --separate-stderr check --at "$time" "$VALID"
        says "--at takes"; silent
    done
}

@test "the answer depends on no locale and no time zone" {
    locale -a | grep -qiE '^tr_TR\.utf-?8$' # Debian: locales-all
    [[ -e /usr/share/zoneinfo/Pacific/Kiritimati ]]
    run -0 env TZ=Pacific/Kiritimati LC_ALL=tr_TR.UTF-8 "$OZCAPSULA" check --trust-issuer "$ISSUER" \
        --trust-signer "$SIGNER" --at 2026-01-01T00:01:00Z "$VALID"
    [[ $output == "$VALID: valid" ]]
}

@test "--warnings-as-errors changes the exit status and nothing else" {
    file=$TESTDATA/$(awk -F'\t' '$2 == "-" && $3 == "valid" && $8 != "-" { print $1; exit }' "$TESTDATA/list.tsv")
    run -0 --separate-stderr check --format json "$file"
    plain=$output
    run -1 --separate-stderr check --format json --warnings-as-errors "$file"
    [[ $output == "$plain" ]]
    run -0 check --warnings-as-errors "$VALID"
}

@test "--iss and --aud are what the token has to say" {
    run -1 --separate-stderr check --iss https://issuer.example --format oz "$VALID"
    json_holds 'd["details"]["rule"] == "session_token.claims"' <<<"$output"
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" --iss me --aud you --at "$NOW" \
        >"$BATS_TEST_TMPDIR/token"
    echo '{}' >"$BATS_TEST_TMPDIR/payload"
    "$OZCAPSULA" pack --payload "$BATS_TEST_TMPDIR/payload" --token "$BATS_TEST_TMPDIR/token" \
        --sign-with "$TEST_KEYS/TEST-signer-p384.key" -o "$BATS_TEST_TMPDIR/c.ozc" "$TESTDATA/media/photo.png"
    run -0 check --iss me --aud you "$BATS_TEST_TMPDIR/c.ozc"
    run -1 check --iss you --aud me "$BATS_TEST_TMPDIR/c.ozc"
    run -1 check --iss me "$BATS_TEST_TMPDIR/c.ozc"
}

@test "-q prints nothing on either stream" {
    for file in "$VALID" "$(rejected_by hash.mismatch)" "$BATS_TEST_TMPDIR/missing.ozc"; do
        run --separate-stderr check -q "$file" "$VALID"
        [[ -z $output && -z $stderr ]]
    done
    run -0 check -q "$VALID"
    run -1 check -q "$(rejected_by hash.mismatch)"
    run -3 check -q "$BATS_TEST_TMPDIR/missing.ozc"
}
