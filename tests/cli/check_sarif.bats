#!/usr/bin/env bats
# check --format sarif: SARIF 2.1.0, held against its official schema and against the validator of its authors. NPM is
# where the packages of tests/npm are.

load common

MULTITOOL=$NPM/@microsoft/sarif-multitool-linux

setup() {
    enter_folder
}

# Fails unless the file fits the official schema.
fits_schema() {
    /usr/bin/python3 - "$MULTITOOL/sarif-2.1.0.json" "$1" <<'PY'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
cls = jsonschema.validators.validator_for(schema)
cls.check_schema(schema)
cls(schema).validate(json.load(open(sys.argv[2])))
PY
}

@test "sarif: the output of all of testdata fits the official schema, byte for byte ASCII" {
    run -3 --separate-stderr check --format sarif -o out "$TESTDATA" /no/such/file
    [[ -z $stderr ]]
    plain_only <out
    fits_schema out
}

@test "sarif: the validator of its authors finds no error" {
    [[ $(uname -m) == x86_64 ]] || skip "the validator is a program for x86_64"
    check --format sarif -o out --skip content "$TESTDATA" /no/such/file || true
    chmod +x "$MULTITOOL/Sarif.Multitool"
    HOME=$PWD TMPDIR=$PWD DOTNET_EnableDiagnostics=0 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_BUNDLE_EXTRACT_BASE_DIR=$PWD \
        run -0 "$MULTITOOL/Sarif.Multitool" validate out --output validated
    [[ $output == *"Analysis completed successfully."* ]]
    no_line ': error ' <<<"$output"
}

@test "sarif: every rule of the catalogue with what it means and what to do" {
    run -0 --separate-stderr check --format sarif "$VALID"
    json_holds 'd["version"] == "2.1.0" and len(d["runs"]) == 1' <<<"$output"
    json_holds '(lambda t: t["name"] == "ozcapsula" and t["version"] == "0.1.0")(d["runs"][0]["tool"]["driver"])' <<<"$output"
    "$OZCAPSULA" explain | sed -n 's/^  \([a-z_]*\.[a-z0-9_]*\) .*/\1/p' >rules
    json_holds '[r["id"] for r in d["runs"][0]["tool"]["driver"]["rules"]] == open("rules").read().split()' <<<"$output"
    json_holds 'all(r["help"]["text"] and r["shortDescription"]["text"] and r["fullDescription"]["text"] for r in d["runs"][0]["tool"]["driver"]["rules"])' <<<"$output"
    json_holds '{r["id"]: r["defaultConfiguration"]["level"] for r in d["runs"][0]["tool"]["driver"]["rules"]}["content.tag"] == "warning"' <<<"$output"
    json_holds 'd["runs"][0]["results"] == []' <<<"$output"
}

@test "sarif: a finding stands at its byte of the container and of the entry" {
    cp "$(rejected_by hash.malformed)" c.ozc
    run -1 --separate-stderr check --format sarif c.ozc
    printf '%s' "$output" >out
    check --format json c.ozc >report || true
    /usr/bin/python3 - <<'PY'
import hashlib, json
run = json.load(open('out'))['runs'][0]
report = json.load(open('report'))['containers'][0]
result, finding = run['results'][0], report['findings'][0]
assert result['ruleId'] == finding['rule'] == run['tool']['driver']['rules'][result['ruleIndex']]['id']
assert result['level'] == 'error' and finding['text'] in result['message']['text'] and finding['hint'] in result['message']['text']
place = result['locations'][0]['physicalLocation']
assert place['artifactLocation']['uri'] == 'c.ozc' and place['region']['byteOffset'] == finding['offset']
container = run['artifacts'][place['artifactLocation']['index']]
assert container['location']['uri'] == 'c.ozc' and container['roles'] == ['analysisTarget'] and 'parentIndex' not in container
assert container['length'] == report['size']
within = result['relatedLocations'][0]['physicalLocation']
entry = run['artifacts'][within['artifactLocation']['index']]
assert run['artifacts'][entry['parentIndex']] == container
assert entry['location']['uri'] == within['artifactLocation']['uri'] == finding['entry'] == 'hashes.sha256'
assert entry['offset'] + within['region']['byteOffset'] == finding['offset']
data = open('c.ozc', 'rb').read()[entry['offset']:entry['offset'] + entry['length']]
assert hashlib.sha256(data).hexdigest() == entry['hashes']['sha-256']
PY
}

@test "sarif: fingerprints depend neither on the path nor on what else is checked" {
    cp "$(rejected_by hash.unlisted)" one.ozc
    mkdir sub
    cp one.ozc sub/two.ozc
    check --format sarif one.ozc >one || true
    check --format sarif "$(rejected_by content.json)" sub/two.ozc "$VALID" >two || true
    /usr/bin/python3 - <<'PY'
import json
def prints(file, uri):
    return [r['partialFingerprints'] for r in json.load(open(file))['runs'][0]['results']
            if r['locations'][0]['physicalLocation']['artifactLocation']['uri'] == uri]
assert prints('one', 'one.ozc') == prints('two', 'sub/two.ozc') != []
PY
}

@test "sarif: findings of one container have fingerprints of their own" {
    check --format sarif "$TESTDATA/invalid" >out || true
    /usr/bin/python3 - <<'PY'
import collections, json
run = json.load(open('out'))['runs'][0]
seen = collections.Counter((r['locations'][0]['physicalLocation']['artifactLocation']['index'], r['partialFingerprints']['finding/v1'])
                           for r in run['results'])
assert len(seen) > 900 and max(seen.values()) == 1, seen.most_common(1)
PY
}

@test "sarif: the same run gives the same bytes, whatever the day and the number of threads" {
    check --format sarif -j 1 "$TESTDATA/invalid" >one || true
    check --format sarif -j 8 "$TESTDATA/invalid" >two || true
    json_holds 'len(d["runs"][0]["results"]) > 900' <one
    cmp one two
}

@test "sarif: the invocation has the exit status and what could not be checked" {
    run -3 --separate-stderr check --format sarif "$VALID" /no/such/file
    json_holds '(lambda i: i["exitCode"] == 3 and i["executionSuccessful"] is False)(d["runs"][0]["invocations"][0])' <<<"$output"
    json_holds '(lambda n: len(n) == 1 and n[0]["level"] == "error" and "no such file" in n[0]["message"]["text"] and n[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///no/such/file")(d["runs"][0]["invocations"][0]["toolExecutionNotifications"])' <<<"$output"
    run -1 --separate-stderr check --format sarif "$(rejected_by hash.mismatch)"
    json_holds '(lambda i: i["exitCode"] == 1 and i["executionSuccessful"] is True)(d["runs"][0]["invocations"][0])' <<<"$output"
    run -0 --separate-stderr check --format sarif --skip signature,content "$VALID"
    json_holds '[n["message"]["text"] for n in d["runs"][0]["invocations"][0]["toolConfigurationNotifications"]] == ["The check signature was switched off.", "The check content was switched off."]' <<<"$output"
}

@test "sarif: a container with more findings than are kept says so" {
    run -1 --separate-stderr check --format sarif "$TESTDATA/invalid/hash.malformed-as-long-as-the-limit.ozc"
    json_holds '[n["descriptor"]["id"] for n in d["runs"][0]["invocations"][0]["toolExecutionNotifications"]] == ["findings.omitted"]' <<<"$output"
}

@test "sarif: hostile names become URIs that name the very file" {
    name=$'\e[31m\n%41:#?\xff\xc3\xa4 "\\.ozc'
    cp "$(rejected_by hash.mismatch)" "$name"
    check --format sarif -o "$BATS_TEST_TMPDIR/out" . || true
    plain_only <"$BATS_TEST_TMPDIR/out"
    fits_schema "$BATS_TEST_TMPDIR/out"
    /usr/bin/python3 - "$BATS_TEST_TMPDIR/out" <<'PY'
import json, os, sys, urllib.parse
artifact = json.load(open(sys.argv[1]))['runs'][0]['artifacts'][0]
assert os.path.exists(urllib.parse.unquote_to_bytes(artifact['location']['uri']))
PY
}

@test "sarif: where nothing can be held back, nothing whole is printed" {
    run -3 --separate-stderr env TMPDIR=/no/such/folder "$OZCAPSULA" check "${TRUST[@]}" --format sarif -o out "$VALID"
    says "the output could not be made: No such file or directory"
    [[ ! -e out ]]
}
