#!/usr/bin/env bats
# The manual: it is well formed, it has what the program has, and what it says of exit statuses and in examples holds.

load common

setup() {
    SOURCE=$TESTDATA/..
    MANUAL=$SOURCE/docs/man
    enter_folder
}

@test "every command and option of the program stands in the manual, and no other" {
    /usr/bin/python3 "$SOURCE/tests/house/manual.py" "$OZCAPSULA" "$SOURCE"
}

@test "the pages are clean mdoc" {
    for page in "$MANUAL"/*.[13]; do
        # Whether the pages that they name are installed here is no question of theirs.
        mandoc -T lint -W style "$page" | grep -v 'referenced manual not found' >lint || true
        [[ ! -s lint ]] || { cat lint >&2; return 1; }
    done
}

@test "mandoc and groff show the pages alike: sections, options, nothing wider than the screen" {
    for page in "$MANUAL"/*.[13]; do
        mandoc -T ascii "$page" | col -bx >by-mandoc
        groff -mdoc -ww -T ascii -P -cbou "$page" 2>complaints | col -bx >by-groff
        [[ ! -s complaints ]] || { cat complaints >&2; return 1; }
        for shown in by-mandoc by-groff; do
            no_line '.{81}' <$shown
            grep -o '^[A-Z][A-Z ]*$' $shown >$shown.sections
            grep -oE '^ +--?[a-z-]+( [^ ]+)?($|  )' $shown | tr -s ' ' | sed 's/ $//' >$shown.options || true
        done
        cmp by-mandoc.sections by-groff.sections
        cmp by-mandoc.options by-groff.options
        [[ $(grep -c '^\.It Fl' "$page") -le $(wc -l <by-mandoc.options) ]]
        [[ $(head -1 by-mandoc.sections) == NAME && $(wc -l <by-mandoc.sections) -ge 5 ]]
    done
}

# For each page and status that it gives, a command that comes to it.
statuses() {
    cat <<'RUNS'
ozcapsula 0 check $T valid.ozc
ozcapsula 1 check $T rejected.ozc
ozcapsula 1 pack $P -o c.ozc empty.mp4
ozcapsula 2 no-such-command
ozcapsula 2 check $T
ozcapsula 3 check $T valid.ozc rejected.ozc missing.ozc
ozcapsula 3 help >/dev/full
ozcapsula-check 0 check $T valid.ozc
ozcapsula-check 1 check $T valid.ozc rejected.ozc
ozcapsula-check 2 check $T folder
ozcapsula-check 2 check --trust-issuer missing.pub valid.ozc
ozcapsula-check 3 check $T valid.ozc rejected.ozc missing.ozc
ozcapsula-check 3 check $T valid.ozc >/dev/full
ozcapsula-inspect 0 inspect valid.ozc
ozcapsula-inspect 0 inspect rejected.ozc
ozcapsula-inspect 0 inspect clip.mp4
ozcapsula-inspect 2 inspect
ozcapsula-inspect 2 inspect -o valid.ozc valid.ozc
ozcapsula-inspect 3 inspect missing.ozc
ozcapsula-inspect 3 inspect valid.ozc >/dev/full
ozcapsula-pack 0 pack $P -o new.ozc clip.mp4
ozcapsula-pack 1 pack $P -o c.ozc empty.mp4
ozcapsula-pack 2 pack $P -o c.ozc
ozcapsula-pack 2 pack $P -o c.ozc a:b=clip.mp4
ozcapsula-pack 3 pack $P -o c.ozc missing.mp4
ozcapsula-payload 0 payload init clip.mp4
ozcapsula-payload 1 payload init empty.mp4
ozcapsula-payload 2 payload init --tag x=video_selfie clip.mp4
ozcapsula-payload 3 payload init missing.mp4
ozcapsula-token 0 token issue --sign-with $K/TEST-issuer-p384.key
ozcapsula-token 0 token show --trust-issuer $K/TEST-issuer-p384.pub token
ozcapsula-token 1 token show clip.mp4
ozcapsula-token 1 token show --trust-issuer $K/TEST-signer-p384.pub token
ozcapsula-token 2 token issue --sign-with missing.key
ozcapsula-token 3 token show missing
ozcapsula-policy 0 policy show $(sed 's/ --at [0-9]*//' <<<"$T")
ozcapsula-policy 2 policy check payload.json missing.json
ozcapsula-policy 3 policy show $(sed 's/ --at [0-9]*//' <<<"$T") >/dev/full
ozcapsula-explain 0 explain 14
ozcapsula-explain 2 explain 999999
ozcapsula-explain 3 explain - <.
RUNS
}

@test "every exit status in the manual is met by a run, and every status that is tried stands there" {
    K=$TEST_KEYS
    T="--trust-issuer $ISSUER --trust-signer $SIGNER --at $NOW"
    P="--payload payload.json --token token --sign-with $K/TEST-signer-p384.key"
    cp "$VALID" valid.ozc
    cp "$(rejected_by hash.mismatch)" rejected.ozc
    cp "$TESTDATA/media/clip.mp4" .
    echo '{}' >payload.json
    : >empty.mp4
    mkdir folder
    "$OZCAPSULA" token issue --sign-with "$K/TEST-issuer-p384.key" >token
    export K T P OZCAPSULA
    while read -r page wanted command; do
        run bash -c "\"\$OZCAPSULA\" $command 2>&1" </dev/null
        [[ $status == "$wanted" ]] || { echo "ozcapsula $command: exit status $status: $output" >&2; return 1; }
        echo "$page $status" >>tried
    done < <(statuses)
    for page in "$MANUAL"/*.1; do
        awk -v page="$(basename "$page" .1)" '/^\.Sh/ { inside = /EXIT STATUS/ } inside && /^\.It / { print page, $2 }' "$page"
    done | sort >promised
    sort -u tried | diff promised -
}

# The examples of a page as one script.
examples() {
    awk '/^\.Sh/ { inside = /EXAMPLES/ } /^\.Ed/ { literal = 0 } inside && literal { gsub(/\\e/, "\\"); print } /^\.Bd/ { literal = 1 }' "$1"
}

@test "the examples in the manual do what they say" {
    mkdir bin uploads
    ln -s "$OZCAPSULA" bin/ozcapsula
    cp "$TESTDATA/media/clip.mp4" .
    cp "$TESTDATA/media/photo.jpg" id.jpg
    cp id.jpg IMG_0042.jpg
    export PATH=$PWD/bin:$PATH
    examples "$MANUAL/ozcapsula.1" >all.sh
    run -0 bash -euo pipefail all.sh
    [[ $output == *"first.ozc: valid" ]]
    cp first.ozc upload.ozc
    cp first.ozc "$(rejected_by hash.mismatch)" uploads
    cp "$(rejected_by hash.mismatch)" rejected.ozc
    cp issuer.pub device.pub
    echo '{"issuers": [{"file": "issuer.pub"}], "signers": [{"file": "signer.pub"}]}' >policy.json
    rm payload.json
    for command in payload pack check inspect policy explain; do
        [[ -n $(examples "$MANUAL/ozcapsula-$command.1") ]]
        run -0 bash -eu <(examples "$MANUAL/ozcapsula-$command.1")
    done
    run -0 "$OZCAPSULA" check --policy policy.json second.ozc
    openssl genpkey -algorithm ed25519 -out device.key 2>/dev/null
    openssl pkey -in device.key -pubout -out device.pub
    run -0 bash -eu <(examples "$MANUAL/ozcapsula-token.1")
    prints "signature: verified by issuer.pub"
}
