#!/usr/bin/env bats
# token issue and token show, against openssl and python as other readers of the same standards.

load common

setup() {
    enter_folder
    KEY=$TEST_KEYS/TEST-issuer-p384.key
}

issue() {
    "$OZCAPSULA" token issue --sign-with "$KEY" "$@"
}

# The parts of the token on standard input as JSON: [header, claims].
parts() {
    /usr/bin/python3 -c '
import base64, json, sys
text = sys.stdin.read()
assert text.endswith("\n") and "\n" not in text[:-1] and "=" not in text
decode = lambda part: json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
print(json.dumps([decode(part) for part in text[:-1].split(".")[:2]]))'
}

@test "issue prints a token and a newline, with iat, exp and a random jti" {
    before=$(date +%s)
    run -0 --separate-stderr issue
    [[ ${#lines[@]} == 1 && -z $stderr ]]
    issue | parts >out
    after=$(date +%s)
    json_holds 'd[0]["alg"] == "ES384" and set(d[0]) <= {"alg", "typ"}' <out
    json_holds 'sorted(d[1]) == ["exp", "iat", "jti"] and d[1]["exp"] == d[1]["iat"] + 300' <out
    json_holds "$before <= d[1]['iat'] <= $after and len(d[1]['jti']) >= 22" <out
    [[ $(issue | parts | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)[1]["jti"])') != \
        "$(/usr/bin/python3 -c 'import json; print(json.load(open("out"))[1]["jti"])')" ]]
}

@test "issue takes every claim from its options" {
    issue --kid k1 --lifetime 60 --jti id --iss me --aud you --at 2026-01-01T00:00:00Z | parts >out
    json_holds 'd[0]["kid"] == "k1"' <out
    json_holds 'd[1] == {"iat": 1767225600, "exp": 1767225660, "jti": "id", "iss": "me", "aud": "you"}' <out
    issue --jti $'\xc3\xa4"\\' --at 0 | parts | json_holds 'd[1]["jti"] == "\u00e4\"\\" and d[1]["iat"] == 0'
}

@test "issue signs what openssl verifies, with every type of key" {
    for type in p384:sha384:48 p256:sha256:32; do
        IFS=: read -r name digest size <<<"$type"
        KEY=$TEST_KEYS/TEST-issuer-$name.key
        issue >token
        /usr/bin/python3 - "$size" <<'PY'
import base64, sys
token, size = open('token').read().strip(), int(sys.argv[1])
signed, _, signature = token.rpartition('.')
raw = base64.urlsafe_b64decode(signature + '=' * (-len(signature) % 4))
assert len(raw) == 2 * size
def integer(b):
    b = b.lstrip(b'\0') or b'\0'
    b = b'\0' + b if b[0] & 0x80 else b
    return b'\2' + bytes([len(b)]) + b
body = integer(raw[:size]) + integer(raw[size:])
open('signature', 'wb').write(b'\x30' + bytes([len(body)]) + body)
open('signed', 'w').write(signed)
PY
        openssl dgst -"$digest" -verify "${KEY%.key}.pub" -signature signature signed
    done
    KEY=$TEST_KEYS/TEST-issuer-ed25519.key
    issue >token
    /usr/bin/python3 -c '
import base64
signed, _, signature = open("token").read().strip().rpartition(".")
open("signature", "wb").write(base64.urlsafe_b64decode(signature + "=="))
open("signed", "w").write(signed)'
    openssl pkeyutl -verify -pubin -inkey "${KEY%.key}.pub" -rawin -in signed -sigfile signature
}

@test "issue names the device's key by cnf" {
    for type in p384:EC p256:EC ed25519:OKP; do
        issue --cnf "$TEST_KEYS/TEST-device-${type%:*}.pub" | parts >out
        json_holds "list(d[1]['cnf']) == ['jwk'] and d[1]['cnf']['jwk']['kty'] == '${type#*:}' and 'd' not in d[1]['cnf']['jwk']" <out
    done
    run -2 --separate-stderr issue --cnf "$TEST_KEYS/TEST-device-p384.key"
    silent; [[ -n $stderr ]]
    run -2 --separate-stderr issue --cnf missing.pub
    silent; says "--cnf: cannot read missing.pub"
}

@test "issue refuses a lifetime, a time or an id that no token can have" {
    for seconds in 0 -1 x 2147483649 99999999999999999999 ""; do
        run -2 --separate-stderr issue --lifetime "$seconds"
        silent; says "--lifetime"
    done
    run -2 --separate-stderr issue --at issued
    silent; says "--at"
    run -2 --separate-stderr issue --jti ""
    silent
    run -2 --separate-stderr issue --jti "$(printf 'x%.0s' $(seq 256))"
    silent
    run -0 issue --jti "$(printf 'x%.0s' $(seq 255))" --lifetime 2147483648
}

@test "issue needs a private key, of its own kind" {
    run -2 --separate-stderr "$OZCAPSULA" token issue
    silent; says "--sign-with FILE is missing"
    for KEY in "$ISSUER" "$TEST_KEYS"/bad/*.key missing.key; do
        run -2 --separate-stderr issue
        silent; [[ -n $stderr ]]
        plain_only <<<"$stderr"
    done
}

@test "show prints header, claims and life, and says that nothing is verified" {
    issue --iss me --at 2026-01-01T00:00:00Z >token
    run -0 --separate-stderr "$OZCAPSULA" token show token
    [[ ${#lines[@]} == 4 && -z $stderr ]]
    [[ ${lines[0]} == "header: {"* && ${lines[1]} == "claims: {"* ]]
    json_holds 'd["alg"] == "ES384"' <<<"${lines[0]#header: }"
    json_holds 'd["iss"] == "me" and d["iat"] == 1767225600' <<<"${lines[1]#claims: }"
    [[ ${lines[2]} == "expires: 2026-01-01T00:05:00Z ("*" ago)" ]]
    [[ ${lines[3]} == "signature: NOT verified (no key given)" ]]
}

@test "show says how long a token still lives" {
    issue --lifetime 3600 >token
    run -0 "$OZCAPSULA" token show token
    [[ $output == *"(in 59 min 5"*" s)"* || $output == *"(in 1 h)"* ]]
    issue --lifetime 1000000 --at "$(date +%s)" >token
    run -0 "$OZCAPSULA" token show token
    [[ $output == *"(in 11 d 13 h)"* ]]
    issue --lifetime 1 --at "$(($(date +%s) - 91))" >token
    run -0 "$OZCAPSULA" token show token
    [[ $output =~ "(1 min 3"[0-9]" s ago)" ]]
}

@test "show verifies with a key: exit 1 when it does not verify" {
    issue >token
    run -0 --separate-stderr "$OZCAPSULA" token show --trust-issuer "$ISSUER" token
    [[ ${lines[3]} == "signature: verified by $ISSUER" ]]
    run -1 --separate-stderr "$OZCAPSULA" token show --trust-issuer "$SIGNER" token
    [[ ${lines[3]} == "signature: does not verify by $SIGNER" && ${#lines[@]} == 4 ]]
    run -1 "$OZCAPSULA" token show --trust-issuer "$TEST_KEYS/TEST-issuer-ed25519.pub" token
}

@test "show reads standard input, and drops one newline" {
    issue >token
    run -0 bash -c "$(printf '%q' "$OZCAPSULA") token show - <token"
    run -0 bash -c "tr -d '\\n' <token | $(printf '%q' "$OZCAPSULA") token show -"
    printf '\n' >>token
    run -1 "$OZCAPSULA" token show token
}

@test "show of what is no token is exit 1, without a byte of it" {
    for text in "" "abc" "a.b.c" "..." "$(issue | cut -d. -f1,2)" $'\e[31m.\e[31m.\e[31m' "SECRETSECRET"; do
        printf '%s' "$text" >token
        run -1 --separate-stderr "$OZCAPSULA" token show token
        silent; says "token: "
        plain_only <<<"$stderr"
        [[ $stderr != *SECRET* ]]
    done
    head -c 1000000 /dev/urandom >token
    run -1 "$OZCAPSULA" token show token
}

@test "show escapes what the claims say" {
    issue --iss $'\e[31m\xc2\x9b\xe2\x80\xae' >token
    run -0 "$OZCAPSULA" token show token
    json_holds 'd["iss"] == "\x1b[31m\x9b\u202e"' <<<"${lines[1]#claims: }"
    plain_only <<<"$output"
}

@test "show of a file that cannot be read is exit 3, of a key that is none exit 2" {
    run -3 --separate-stderr "$OZCAPSULA" token show missing
    silent; says "No such file or directory"
    run -3 --separate-stderr "$OZCAPSULA" token show .
    silent; says "Is a directory"
    run -3 --separate-stderr "$OZCAPSULA" token show /dev/zero
    silent; says "too large"
    issue >token
    run -2 --separate-stderr "$OZCAPSULA" token show --trust-issuer missing.pub token
    says "missing.pub"
    run -2 --separate-stderr "$OZCAPSULA" token show --trust-issuer "$KEY" token
    says "private"
}

@test "show takes exactly one file" {
    run -2 --separate-stderr "$OZCAPSULA" token show
    silent
    run -2 --separate-stderr "$OZCAPSULA" token show a b
    silent
}

@test "every text that issue takes has 1 to 255 bytes of UTF-8" {
    for option in --kid --jti --iss --aud; do
        for text in "" "$(printf 'x%.0s' $(seq 256))" $'\xff' $'\xc3'; do
            run -2 --separate-stderr issue $option "$text"
            silent; says "kid, jti, iss and aud have to have 1 to 255 bytes of UTF-8"
        done
        run -0 --separate-stderr issue $option "$(printf '\xc3\xa4%.0s' $(seq 127))x"
        run -2 --separate-stderr issue $option
        silent; says "a value is missing behind $option"
    done
}

@test "issue takes times up to the last that a token can have, and none behind it" {
    issue --at 9007197107257343 --lifetime 2147483648 | parts | json_holds 'd[1]["exp"] == 2**53 - 1'
    run -2 --separate-stderr issue --at 9007197107257344
    silent; says "out of range"
    for time in -1 2026-01-01 2026-13-01T00:00:00Z 2026-01-01T00:00:00+01:00 now ""; do
        run -2 --separate-stderr issue --at "$time"
        silent; says "--at takes a time"
    done
}

@test "what issue makes with every option, check takes, and not with another" {
    cp "$TESTDATA/media/clip.mp4" .
    "$OZCAPSULA" payload init -o payload.json clip.mp4
    issue --kid k1 --iss me --aud you --jti one --lifetime 60 --at "$NOW" --cnf "$TEST_KEYS/TEST-device-p256.pub" >token
    "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$TEST_KEYS/TEST-device-p256.key" -o c.ozc clip.mp4
    words=(--trust-issuer "k1=$ISSUER" --iss me --aud you --at "$NOW")
    run -0 "$OZCAPSULA" check "${words[@]}" c.ozc
    run -0 "$OZCAPSULA" check "${words[@]}" --at "$((NOW + 89))" c.ozc # 60 seconds and a leeway of 30
    run -1 "$OZCAPSULA" check "${words[@]}" --at "$((NOW + 90))" c.ozc
    prints "14 Invalid or empty Session Token"
    run -1 "$OZCAPSULA" check "${words[@]}" --iss you c.ozc
    run -1 "$OZCAPSULA" check "${words[@]}" --aud me c.ozc
    run -1 "$OZCAPSULA" check "${words[@]:2}" --trust-issuer "k2=$ISSUER" --trust-issuer "k1=$TEST_KEYS/TEST-issuer-p256.pub" c.ozc
    "$OZCAPSULA" check "${words[@]}" --format json c.ozc |
        json_holds 'd["containers"][0]["session"]["kid"] == "k1" and d["containers"][0]["session"]["jti"] == "one"'
}

@test "the last of an option that is given twice counts" {
    issue --jti a --jti b --lifetime 1 --lifetime 2 | parts | json_holds 'd[1]["jti"] == "b" and d[1]["exp"] == d[1]["iat"] + 2'
}

@test "show drops one newline of either kind, and shows the device's key" {
    issue --cnf "$TEST_KEYS/TEST-device-ed25519.pub" --kid k1 >token
    run -0 --separate-stderr "$OZCAPSULA" token show token
    json_holds 'd["kid"] == "k1"' <<<"${lines[0]#header: }"
    json_holds 'd["cnf"]["jwk"]["crv"] == "Ed25519"' <<<"${lines[1]#claims: }"
    printf '%s\r\n' "$(cat token)" >dos
    run -0 "$OZCAPSULA" token show dos
    printf ' %s' "$(cat token)" >space
    run -1 "$OZCAPSULA" token show space
}
