#!/usr/bin/env bats
# policy show and policy check, and the policy file against docs/policy.schema.json.

load common

SCHEMA=$TESTDATA/../docs/policy.schema.json

setup() {
    enter_folder
    cp "$ISSUER" issuer.pub
    cp "$SIGNER" signer.pub
}

# Prints those of the files that fit docs/policy.schema.json.
that_fit_schema() {
    /usr/bin/python3 - "$SCHEMA" "$@" <<'PY'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
cls = jsonschema.validators.validator_for(schema)
cls.check_schema(schema)
for file in sys.argv[2:]:
    if cls(schema).is_valid(json.load(open(file))):
        print(file)
PY
}

@test "policy show prints the whole policy, defaults included" {
    run -0 --separate-stderr "$OZCAPSULA" policy show --trust-issuer main=issuer.pub --trust-signer signer.pub
    [[ -z $stderr ]]
    json_holds 'list(d) == ["issuers", "signers", "leeway", "lifetime", "min_token_life", "threads", "limits", "analyses", "mode", "skip"]' <<<"$output"
    json_holds 'd["leeway"] == 30 and d["lifetime"] == 600 and d["mode"] == "all-faults" and d["skip"] == []' <<<"$output"
    json_holds 'd["limits"] == {"container": 1073741824, "entries": 128, "entry": 536870912, "payload": 262144, "session_token": 16384, "hashes": 41216, "signature": 1024, "nesting": 64}' <<<"$output"
    printf '%s\n' "$output" >shown.json
    [[ $(that_fit_schema shown.json) == shown.json ]]
}

@test "policy show names keys by the SHA-256 of their SPKI" {
    run -0 --separate-stderr "$OZCAPSULA" policy show --trust-issuer main=issuer.pub --trust-signer signer.pub
    for key in issuer signer; do
        id=$(openssl pkey -pubin -in $key.pub -outform DER | sha256sum | cut -d' ' -f1)
        json_holds 'd["'$key's"][0]["sha256"] == "'"$id"'"' <<<"$output"
        json_holds 'd["'$key's"][0]["key"] == open("'$key'.pub").read()' <<<"$output"
    done
    json_holds 'd["issuers"][0]["kid"] == "main" and "kid" not in d["signers"][0]' <<<"$output"
}

@test "what policy show prints is a policy file that judges alike, and shows itself" {
    settings=(--trust-issuer issuer.pub --trust-signer signer.pub --iss TEST-issuer --min-token-life 5m --skip content --first-fault)
    "$OZCAPSULA" policy show "${settings[@]}" >shown.json
    "$OZCAPSULA" policy show --policy shown.json >again.json
    cmp shown.json again.json
    mkdir elsewhere
    mv shown.json elsewhere
    run -0 --separate-stderr "$OZCAPSULA" check --policy elsewhere/shown.json --at "$NOW" --format ndjson "$VALID"
    said=$output
    run -0 --separate-stderr "$OZCAPSULA" check "${settings[@]}" --at "$NOW" --format ndjson "$VALID"
    [[ $output == "$said" && $output == *session_token.short_life* ]]
}

@test "policy show takes the options of check in the place of the file's" {
    echo '{"iss": "one", "leeway": 5, "limits": {"entries": 7}, "skip": ["content"]}' >policy.json
    run -0 --separate-stderr "$OZCAPSULA" policy show --policy policy.json --iss two --skip signature,session_token
    json_holds 'd["iss"] == "two" and d["leeway"] == 5 and d["limits"]["entries"] == 7 and d["limits"]["hashes"] == 7 * 322 and d["skip"] == ["session_token", "signature"]' <<<"$output"
    run -0 --separate-stderr "$OZCAPSULA" policy show
    says "this policy cannot judge yet: no key of a token issuer is trusted"
}

@test "policy show refuses what check refuses" {
    run -2 --separate-stderr "$OZCAPSULA" policy show --trust-issuer missing.pub
    silent; says "cannot read missing.pub"
    run -2 --separate-stderr "$OZCAPSULA" policy show --skip hash
    silent; says "--skip takes"
    run -2 --separate-stderr "$OZCAPSULA" policy show policy.json
    silent; says "--policy FILE"
    run -2 --separate-stderr "$OZCAPSULA" policy show --min-token-life x
    silent
}

@test "policy check says whether a file is a policy" {
    echo '{"issuers": [{"file": "issuer.pub"}]}' >good.json
    echo '{}' >empty.json
    printf '{"issuers": [{"file": "issuer.pub"}],\n "leewey": 5}\n' >bad.json
    run -0 --separate-stderr "$OZCAPSULA" policy check good.json empty.json
    [[ ${lines[0]} == "good.json: valid" && -z $stderr ]]
    [[ ${lines[1]} == "empty.json: valid, but not enough alone: no key of a token issuer is trusted"* ]]
    run -2 --separate-stderr "$OZCAPSULA" policy check bad.json good.json
    [[ $output == "good.json: valid" ]]
    says "bad.json: line 2, column 2: there is no setting leewey"
    run -2 --separate-stderr "$OZCAPSULA" policy check missing.json
    silent; says "cannot read missing.json: No such file or directory"
    run -2 --separate-stderr "$OZCAPSULA" policy check
    silent; says "FILE is missing"
}

@test "what is wrong in a policy is told with line and column, in check --policy too" {
    printf '{\n  "limits": {\n    "entries": 0\n  }\n}\n' >policy.json
    run -2 --separate-stderr "$OZCAPSULA" check --policy policy.json "$VALID"
    says "--policy: policy.json: line 3, column 16: limits: the limit entries has to be from 1 to 4096, not 0"
    printf '{\n  "issuers": [\n    {"file": "missing.pub"}\n  ]\n}\n' >policy.json
    run -2 --separate-stderr "$OZCAPSULA" check --policy policy.json "$VALID"
    says "line 3, column 5: the key file missing.pub"
}

@test "a key is held to the SHA-256 that the policy names" {
    id=$(openssl pkey -pubin -in issuer.pub -outform DER | sha256sum | cut -d' ' -f1)
    echo '{"issuers": [{"file": "issuer.pub", "sha256": "'"$id"'"}]}' >policy.json
    run -0 "$OZCAPSULA" policy check policy.json
    echo '{"issuers": [{"file": "issuer.pub", "sha256": "'"${id^^}"'"}]}' >policy.json
    run -0 "$OZCAPSULA" policy check policy.json
    echo '{"issuers": [{"file": "signer.pub", "sha256": "'"$id"'"}]}' >policy.json
    run -2 --separate-stderr "$OZCAPSULA" policy check policy.json
    silent; says "signer.pub: the SHA-256 of this key is"
}

@test "docs/policy.schema.json takes and refuses what the program takes and refuses" {
    /usr/bin/python3 - <<'PY'
import json
pem = open('issuer.pub').read()
word = 'x' * 255
taken = [{}, {'issuers': []}, {'issuers': [{'file': 'issuer.pub'}, {'kid': 'k', 'key': pem}]},
         {'signers': [{'file': 'signer.pub'}]}, {'iss': word, 'aud': 'a'}, {'leeway': 0}, {'leeway': 86400}, {'leeway': 3.0},
         {'lifetime': 1}, {'lifetime': 2147483648}, {'min_token_life': 0}, {'min_token_life': 2147483648},
         {'threads': 1}, {'threads': 64}, {'limits': {}}, {'analyses': []}, {'analyses': [word] * 64},
         {'mode': 'first-fault'}, {'mode': 'all-faults'}, {'skip': ['session_token', 'signature', 'content', 'content']}]
refused = [[], None, 5, {'unknown': 1}, {'issuers': {}}, {'issuers': [{}]}, {'issuers': [5]},
           {'issuers': [{'file': 'issuer.pub', 'key': pem}]}, {'issuers': [{'file': 5}]}, {'issuers': [{'file': ''}]},
           {'issuers': [{'file': 'issuer.pub', 'kid': ''}]}, {'issuers': [{'file': 'issuer.pub', 'kid': word + 'x'}]},
           {'issuers': [{'file': 'issuer.pub', 'other': 1}]}, {'signers': [{'file': 'signer.pub', 'kid': 'k'}]},
           {'issuers': [{'file': 'issuer.pub', 'sha256': 'xyz'}]}, {'issuers': [{'file': 'issuer.pub', 'sha256': None}]},
           {'iss': ''}, {'iss': word + 'x'}, {'iss': None}, {'aud': ''}, {'aud': 5}, {'leeway': -1}, {'leeway': 86401},
           {'leeway': 1.5}, {'leeway': '5'}, {'lifetime': 0}, {'lifetime': 2147483649}, {'min_token_life': -1},
           {'min_token_life': 2147483649}, {'threads': 0}, {'threads': 65}, {'limits': {'unknown': 1}}, {'limits': []},
           {'analyses': ['']}, {'analyses': [5]}, {'analyses': ['x'] * 65}, {'analyses': 'x'}, {'mode': 'all'}, {'mode': 1},
           {'skip': ['hash']}, {'skip': 'content'}, {'skip': [1]}]
for name, most in (('container', 4294967294), ('entries', 4096), ('entry', 4294967294), ('payload', 16777216),
                   ('session_token', 1048576), ('hashes', 1318912), ('signature', 1048576), ('nesting', 1000)):
    taken += [{'limits': {name: 1}}, {'limits': {name: most}}]
    refused += [{'limits': {name: 0}}, {'limits': {name: most + 1}}, {'limits': {name: '1'}}, {'limits': {name: 1.5}}]
for kind, cases in (('taken', taken), ('refused', refused)):
    for i, case in enumerate(cases):
        json.dump(case, open(f'{kind}-{i}.json', 'w'))
PY
    run -0 "$OZCAPSULA" policy check taken-*.json
    [[ $(that_fit_schema ./*.json) == "$(ls ./taken-*.json)" ]]
    for file in refused-*.json; do
        run "$OZCAPSULA" policy check "$file"
        [[ $status == 2 ]] || { echo "taken:"; cat "$file"; return 1; }
    done
    [[ $(ls refused-*.json | wc -l) -gt 60 ]]
}

@test "the example of docs/policy.md fits its schema and the program" {
    sed -n '/^    {$/,/^    }$/p' "$TESTDATA/../docs/policy.md" >policy.json
    cp issuer.pub issuer-2026-01.pub
    cp "$TEST_KEYS/TEST-issuer2-p384.pub" issuer-old.pub
    [[ $(that_fit_schema policy.json) == policy.json ]]
    run -0 "$OZCAPSULA" policy check policy.json
    [[ $output == "policy.json: valid" ]]
}

@test "hostile names and values of a policy reach no terminal raw" {
    name=$'\e[31m\npolicy.json'
    printf '{"\\u001b[2J\\n": 1}' >"$name"
    run -2 --separate-stderr "$OZCAPSULA" policy check "$name"
    plain_only <<<"$stderr"
    echo '{}' >"$name"
    run -0 --separate-stderr "$OZCAPSULA" policy check "$name"
    plain_only <<<"$output"
    run -0 --separate-stderr "$OZCAPSULA" policy show --iss $'\xc3\xa4\e[31m'
    plain_only <<<"$output"
}
