#!/usr/bin/env bats
# check: keys, the policy file, and how options take the place of what stands in it.

load common

setup() {
    enter_folder
    cp "$ISSUER" issuer.pub
    cp "$SIGNER" signer.pub
}

trusting() { # check without the default keys
    "$OZCAPSULA" check --at "$NOW" "$@"
}

@test "session_token without its key is wrong usage, and both ways out are named" {
    run -2 --separate-stderr trusting "$VALID"
    silent; says "--trust-issuer FILE"; says "--skip session_token"
    run -2 --separate-stderr trusting --trust-signer signer.pub "$VALID"
    says "--trust-issuer FILE"
}

@test "signature without its key is wrong usage once no token can name one" {
    run -2 --separate-stderr trusting --skip session_token "$VALID"
    silent; says "--trust-signer FILE"; says "--skip signature"
    run -0 trusting --skip session_token --trust-signer signer.pub "$VALID"
    run -0 trusting --skip session_token,signature "$VALID"
}

@test "without --trust-signer a token has to name its key" {
    run -1 --separate-stderr trusting --trust-issuer issuer.pub --format oz "$VALID"
    json_holds 'd["details"]["rule"] == "signature.no_key"' <<<"$output"
    run -0 trusting --trust-issuer issuer.pub "$TESTDATA/valid/cnf-ed25519.ozc"
}

@test "settings are judged before any container is looked at" {
    run -2 --separate-stderr trusting /no/such/file
    silent
    run -2 --separate-stderr trusting --trust-issuer nothing.pub /no/such/file
    silent
}

@test "several keys are tried" {
    run -0 trusting --trust-issuer "$TEST_KEYS/TEST-issuer2-p384.pub" --trust-issuer issuer.pub \
        --trust-signer "$TEST_KEYS/TEST-signer2-p384.pub" --trust-signer signer.pub "$VALID"
    run -1 trusting --trust-issuer "$TEST_KEYS/TEST-issuer2-p384.pub" --trust-signer signer.pub "$VALID"
    run -1 trusting --trust-issuer issuer.pub --trust-signer "$TEST_KEYS/TEST-signer2-p384.pub" "$VALID"
}

@test "--trust-issuer KID=FILE is for tokens of that key id" {
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" --kid first --at "$NOW" >token
    echo '{}' >payload.json
    "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$TEST_KEYS/TEST-signer-p384.key" -o kid.ozc \
        "$TESTDATA/media/photo.png"
    run -0 trusting --trust-issuer first=issuer.pub --trust-signer signer.pub kid.ozc
    run -1 --separate-stderr trusting --trust-issuer second=issuer.pub --trust-signer signer.pub --format oz kid.ozc
    json_holds 'd["details"]["rule"] == "session_token.key"' <<<"$output"
    check --format json kid.ozc | json_holds 'd["containers"][0]["session"]["kid"] == "first"'
}

@test "--trust-issuer is split at the first =, unless a / is before it" {
    mkdir dir=x
    cp issuer.pub "a=b.pub"
    cp issuer.pub dir=x/issuer.pub
    run -0 trusting --trust-issuer ./dir=x/issuer.pub --trust-signer signer.pub "$VALID"
    run -0 trusting --trust-issuer ./a=b.pub --trust-signer signer.pub "$VALID"
    run -0 trusting --trust-issuer kid=a=b.pub --trust-signer signer.pub "$VALID"
    run -2 --separate-stderr trusting --trust-issuer a=b.pub --trust-signer signer.pub "$VALID"
    says "cannot read b.pub"
    run -2 --separate-stderr trusting --trust-issuer =issuer.pub --trust-signer signer.pub "$VALID"
    silent
    run -2 --separate-stderr trusting --trust-issuer kid= --trust-signer signer.pub "$VALID"
    silent
}

@test "a key file that is missing or a folder is wrong usage, with the reason" {
    for option in --trust-issuer --trust-signer; do
        run -2 --separate-stderr check "$option" missing.pub "$VALID"
        silent; says "$option: cannot read missing.pub: No such file or directory"
        run -2 --separate-stderr check "$option" . "$VALID"
        silent; says "Is a directory"
        run -2 --separate-stderr check "$option" /dev/zero "$VALID"
        silent; says "too large"
    done
}

@test "every bad public key is wrong usage, with a message that says what was found" {
    count=0
    for key in "$TEST_KEYS"/bad/*; do
        [[ $key == *public-where-private* ]] && continue
        for option in --trust-issuer --trust-signer; do
            run -2 --separate-stderr "$OZCAPSULA" check "$option" "$key" "$VALID"
            silent; says "$option"; says "$(basename "$key"): "
            plain_only <<<"$stderr"
            count=$((count + 1))
        done
    done
    [[ $count -gt 20 ]]
}

@test "a private key where a public one belongs is named as such and not shown" {
    for role in --trust-issuer --trust-signer; do
        run -2 --separate-stderr "$OZCAPSULA" check "$role" "$TEST_KEYS/TEST-device-p384.key" "$VALID"
        says "private"
        [[ $stderr != *"$(sed -n 2p "$TEST_KEYS/TEST-device-p384.key")"* ]]
    done
}

@test "one key for both roles is wrong usage" {
    run -2 --separate-stderr trusting --trust-issuer issuer.pub --trust-signer issuer.pub "$VALID"
    says "both"
    silent
}

@test "keys may come through a pipe" {
    run -0 bash -c "$(printf '%q ' "$OZCAPSULA") check --at $NOW --trust-issuer <(cat issuer.pub) --trust-signer <(cat signer.pub) $VALID"
    [[ $output == "$VALID: valid" ]]
}

@test "--policy holds all of the settings, with key files beside it" {
    mkdir conf
    mv issuer.pub signer.pub conf
    cat >conf/policy.json <<'JSON'
{"issuers": [{"file": "issuer.pub"}], "signers": [{"file": "signer.pub"}]}
JSON
    run -0 --separate-stderr trusting --policy conf/policy.json "$VALID"
    [[ $output == "$VALID: valid" ]]
    cd conf
    run -0 trusting --policy policy.json "$VALID"
    run -0 trusting --policy "$PWD/policy.json" "$VALID"
}

@test "an option replaces the whole list or value of its kind in the policy" {
    cat >policy.json <<'JSON'
{"issuers": [{"file": "issuer.pub"}], "signers": [{"file": "signer.pub"}], "skip": ["content"], "iss": "nobody"}
JSON
    run -1 trusting --policy policy.json "$VALID"
    sed -i 's/, "iss": "nobody"//' policy.json
    run -0 trusting --policy policy.json "$VALID"
    run -1 trusting --policy policy.json --trust-issuer "$TEST_KEYS/TEST-issuer2-p384.pub" "$VALID"
    run -1 trusting --policy policy.json --trust-signer "$TEST_KEYS/TEST-signer2-p384.pub" "$VALID"
    run -1 trusting --policy policy.json --iss somebody "$VALID"
    content=$(rejected_by content.type)
    run -0 trusting --policy policy.json "$content"
    run -1 trusting --policy policy.json --skip signature "$content"
}

@test "the program's default is all-faults; the policy and --first-fault choose the other" {
    file=$(rejected_by session_token.signature)
    echo '{"mode": "first-fault"}' >first.json
    echo '{"mode": "all-faults"}' >all.json
    run -1 --separate-stderr check --format json "$file"
    json_holds 'd["containers"][0]["checks"][7]["state"] == "passed"' <<<"$output"
    run -1 --separate-stderr check --format json --policy first.json "$file"
    json_holds 'd["containers"][0]["checks"][7]["state"] == "skipped"' <<<"$output"
    run -1 --separate-stderr check --format json --policy all.json --first-fault "$file"
    json_holds 'd["containers"][0]["checks"][7]["state"] == "skipped"' <<<"$output"
}

@test "a policy that cannot be read or is wrong is wrong usage, with the reason" {
    run -2 --separate-stderr check --policy missing.json "$VALID"
    silent; says "--policy: cannot read missing.json: No such file or directory"
    run -2 --separate-stderr check --policy . "$VALID"
    silent; says "Is a directory"
    echo '{"no_such_setting": 1}' >policy.json
    run -2 --separate-stderr check --policy policy.json "$VALID"
    silent; says "policy.json: "; says "no_such_setting"
    printf '{"skip":\n [}' >policy.json
    run -2 --separate-stderr check --policy policy.json "$VALID"
    silent; says "line 2"
    echo '{"issuers": [{"file": "missing.pub"}]}' >policy.json
    run -2 --separate-stderr check --policy policy.json "$VALID"
    silent; says "missing.pub"
    head -c 2000000 /dev/zero >policy.json
    run -2 --separate-stderr check --policy policy.json "$VALID"
    silent; says "too large"
}

@test "--min-token-life warns of a token with less time left, and only then" {
    # It lives until 00:05:00, and is judged at 00:01:00.
    for span in 0 240 240s 4m; do
        run -0 --separate-stderr check --min-token-life "$span" --warnings-as-errors "$VALID"
    done
    for span in 241 241s 5m 1h 1d 2147483648; do
        run -0 --separate-stderr check --min-token-life "$span" -v "$VALID"
        [[ ${lines[0]} == "$VALID: valid" ]]
        prints "warning session_token.short_life: session_token: it expires at 2026-01-01T00:05:00Z, and it is judged at 2026-01-01T00:01:00Z: 240 s are left, and at least"
        run -1 --separate-stderr check --min-token-life "$span" --warnings-as-errors "$VALID"
    done
    echo '{"min_token_life": 241}' >policy.json
    run -1 --separate-stderr check --policy policy.json --warnings-as-errors "$VALID"
    run -0 --separate-stderr check --policy policy.json --min-token-life 0 --warnings-as-errors "$VALID"
}

@test "--min-token-life takes a span, and nothing else" {
    for span in "" x 5x -1 1.5 5m3s 5mm m " 5" 2147483649 35791395m 99999999999999999999; do
        run -2 --separate-stderr check --min-token-life "$span" "$VALID"
        silent; says "--min-token-life takes"
    done
}
