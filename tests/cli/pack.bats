#!/usr/bin/env bats
# pack: makes containers that check accepts, and refuses to make others.

load common

setup() {
    enter_folder
    cp "$TESTDATA/media/clip.mp4" "$TESTDATA/media/photo.png" .
    echo '{"analyses": [{"type": "quality"}], "media:tags": {"clip.mp4": ["video_selfie_blank"]}}' >payload.json
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" --at "$NOW" >token
    KEY=$TEST_KEYS/TEST-signer-p384.key
}

pack() {
    "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$KEY" -o c.ozc "$@"
}

@test "what pack makes, check accepts" {
    run -0 --separate-stderr pack clip.mp4
    silent
    [[ -z $stderr ]]
    run -0 --separate-stderr check --warnings-as-errors c.ozc
    [[ $output == "c.ozc: valid" ]]
}

@test "it can be read and verified with unzip, sha256sum and openssl alone" {
    pack clip.mp4
    mkdir x && cd x
    unzip -q ../c.ozc
    sha256sum -c hashes.sha256
    openssl dgst -sha384 -verify "$SIGNER" -signature signature hashes.sha256
    [[ $(cat mimetype) == "application/x.ozcapsula-v1+zip" ]]
    cmp media/clip.mp4 ../clip.mp4
    cmp payload.json ../payload.json
    [[ $(cat session_token; echo) == "$(cat ../token)" && $(wc -l <session_token) == 0 ]]
}

@test "media are named by KEY=, or by their file's own name" {
    mkdir dir a=b
    cp photo.png dir/other.png
    cp photo.png a=b/third.png
    run -0 pack clip.mp4 shot.png=photo.png dir/other.png ./a=b/third.png
    check --format json c.ozc | json_holds \
        '[e["name"] for e in d["containers"][0]["entries"] if e["name"].startswith("media/")] == ["media/clip.mp4", "media/shot.png", "media/other.png", "media/third.png"]'
}

@test "--ext adds extension entries" {
    echo one >log
    run -0 pack --ext log=log --ext deep/er/log.txt=log clip.mp4
    run -0 check c.ozc
    [[ $(unzip -p c.ozc ext/deep/er/log.txt) == one ]]
    run -2 --separate-stderr pack --ext log clip.mp4
    says "--ext takes NAME=FILE"
}

@test "one newline at the end of the token file is dropped, no more" {
    printf '%s' "$(cat token)" >bare && mv bare token
    run -0 pack clip.mp4
    printf '\n' >>token
    run -0 pack clip.mp4
    printf '\n' >>token
    rm c.ozc
    run pack clip.mp4
    [[ $status -ge 1 && $status -le 2 && ! -e c.ozc ]]
}

@test "the same input and an Ed25519 key make the same bytes" {
    KEY=$TEST_KEYS/TEST-signer-ed25519.key
    pack clip.mp4 photo.png
    mv c.ozc first.ozc
    sleep 2
    touch -d 2001-01-01 clip.mp4
    TZ=Asia/Tokyo pack clip.mp4 photo.png
    cmp c.ozc first.ozc
    rm c.ozc
    cp token bare && truncate -s -1 bare
    (umask 077 && LC_ALL=C.UTF-8 LANG=de_DE TZ=America/New_York "$OZCAPSULA" pack --payload - --token bare \
        --sign-with "$KEY" -o c.ozc clip.mp4 photo.png <payload.json)
    cmp c.ozc first.ozc
    run -0 "$OZCAPSULA" check --trust-issuer "$ISSUER" --trust-signer "$TEST_KEYS/TEST-signer-ed25519.pub" --at "$NOW" c.ozc
}

@test "the token's own key signs, and no other" {
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" --at "$NOW" \
        --cnf "$TEST_KEYS/TEST-device-ed25519.pub" >token
    run -2 --separate-stderr pack clip.mp4
    silent; [[ -n $stderr && ! -e c.ozc ]]
    KEY=$TEST_KEYS/TEST-device-ed25519.key
    run -0 pack clip.mp4
    run -0 "$OZCAPSULA" check --trust-issuer "$ISSUER" --at "$NOW" c.ozc
    check --format json c.ozc | json_holds 'd["containers"][0]["signer"]["from"] == "token"'
}

@test "the token's times are not judged" {
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" --at 2001-01-01T00:00:00Z >token
    run -0 pack clip.mp4
}

@test "a container that check would reject is not made: exit 1, and the findings" {
    echo '{"analyses": [{}]}' >payload.json
    run -1 --separate-stderr pack clip.mp4
    silent; says "3 Invalid structure"; says "content.structure"
    [[ ! -e c.ozc ]]
    echo 'no json' >payload.json
    run -1 --separate-stderr pack clip.mp4
    says "content.json"
    echo '{"media:tags": {"other.mp4": []}}' >payload.json
    run -1 --separate-stderr pack clip.mp4
    says "content.unknown_media"
    echo '{}' >payload.json
    : >empty.png
    run -1 --separate-stderr pack empty.png
    says "4 Can't start analysis without media"
    echo '{}' >payload.json
    run -1 --separate-stderr pack --ext log=token --ext LOG=token photo.png
    says "archive.duplicate"
    head -c 300000 /dev/zero | tr '\0' ' ' >payload.json
    run -1 --separate-stderr pack photo.png
    says "archive.limit"
    [[ $(ls -A | grep -c ozc) == 0 ]]
}

@test "a token that is no JWS is refused" {
    echo 'no token' >token
    run --separate-stderr pack clip.mp4
    [[ $status -ge 1 && $status -le 2 && -n $stderr && ! -e c.ozc ]]
    : >token
    run --separate-stderr pack clip.mp4
    [[ $status -ge 1 && $status -le 2 && -n $stderr && ! -e c.ozc ]]
}

@test "a container that is there stays as it was when another is refused" {
    pack clip.mp4
    cp c.ozc before.ozc
    echo 'no json' >payload.json
    run -1 pack clip.mp4
    cmp c.ozc before.ozc
    run -3 pack missing.mp4
    cmp c.ozc before.ozc
}

@test "what is missing on the command line is named" {
    for missing in --payload --token --sign-with -o; do
        words=(--payload payload.json --token token --sign-with "$KEY" -o c.ozc)
        for i in 0 2 4 6; do [[ ${words[i]} == "$missing" ]] && unset "words[i]" "words[i+1]"; done
        run -2 --separate-stderr "$OZCAPSULA" pack "${words[@]}" clip.mp4
        silent; says "$missing FILE is missing"
    done
    run -2 --separate-stderr pack
    silent; says "MEDIA is missing"
}

@test "two media of one key are wrong usage" {
    mkdir dir && cp photo.png dir/clip.mp4
    run -2 --separate-stderr pack clip.mp4 dir/clip.mp4
    silent; says "dir/clip.mp4: the key clip.mp4 is already that of clip.mp4"
    says "KEY=FILE, such as clip-2.mp4=dir/clip.mp4"
    [[ ! -e c.ozc ]]
    run -0 pack clip.mp4 clip-2.mp4=dir/clip.mp4
    rm c.ozc
    run -2 --separate-stderr pack a.png=photo.png A.PNG=dir/clip.mp4
    silent; says "dir/clip.mp4: the key A.PNG differs only in case from that of photo.png"
    [[ ! -e c.ozc ]]
    run -2 --separate-stderr pack a=clip.mp4 a=photo.png
    run -2 --separate-stderr pack --ext a=token --ext a=token clip.mp4
}

@test "a name that a container cannot have is wrong usage, with the file" {
    cp photo.png "my photo.png"
    run -2 --separate-stderr pack "my photo.png"
    silent; says "my photo.png: the name media/my photo.png has a byte other than"
    says "KEY=FILE, such as my_photo.png=my photo.png"
    run -0 pack clip.mp4=clip.mp4 my_photo.png="my photo.png"
    rm c.ozc
    # Each key that is offered in place of a name is one.
    hostile=($'a\nb.png' $'\e[31mred.png' '-v' '.hidden' 'con.png' 'ends.' 'ä' '..' "$(printf 'x%.0s' {1..250}).png" '$(id)')
    for name in "${hostile[@]}"; do
        mkdir -p names && cp photo.png "names/$name" 2>/dev/null || continue
        run -2 --separate-stderr pack "names/$name"
        silent
        plain_only <<<"$stderr"
        key=${stderr##*such as } && key=${key%%=*}
        run -0 pack clip.mp4 "$key=names/$name"
        check --format json c.ozc | json_holds '"media/'"$key"'" in [e["name"] for e in d["containers"][0]["entries"]]'
        rm -r names c.ozc
    done
    run -0 pack clip.mp4="my photo.png"
    for key in con .hidden a..  a/b 'ä' ''; do
        run -2 --separate-stderr pack "$key=photo.png"
        silent
    done
}

@test "files that are not there or cannot be read give 3" {
    run -3 --separate-stderr pack missing.mp4
    silent; says "missing.mp4"
    run -3 --separate-stderr pack dir=.
    rm payload.json
    run -3 --separate-stderr pack clip.mp4
    says "payload.json"
    echo '{}' >payload.json
    rm token
    run -3 --separate-stderr pack clip.mp4
    says "token"
    [[ ! -e c.ozc ]]
}

@test "a folder that cannot be written to gives 3" {
    run -3 --separate-stderr "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$KEY" \
        -o no/such/folder/c.ozc clip.mp4
    silent; says "no/such/folder"
}

@test "every bad private key is wrong usage, with a message that says what was found" {
    count=0
    for KEY in "$TEST_KEYS"/bad/*.key "$TEST_KEYS"/bad/empty.pub missing.key; do
        run -2 --separate-stderr pack clip.mp4
        silent; [[ -n $stderr && ! -e c.ozc ]]
        plain_only <<<"$stderr"
        count=$((count + 1))
    done
    [[ $count -gt 5 ]]
}

@test "a public key where a private one belongs is named as such" {
    KEY=$SIGNER
    run -2 --separate-stderr pack clip.mp4
    says "public key"
}

@test "-o is none of the inputs and no device" {
    cp "$KEY" key
    KEY=key
    sums=$(sha256sum ./*)
    for input in payload.json token key clip.mp4 ./photo.png; do
        run -2 --separate-stderr "$OZCAPSULA" pack --payload payload.json --token token --sign-with key -o "$input" \
            --ext e=photo.png clip.mp4
        silent; says "-o $input"
    done
    ln -s clip.mp4 link
    run -2 "$OZCAPSULA" pack --payload payload.json --token token --sign-with key -o link clip.mp4
    rm link
    for place in /dev/null . /dev/stdout; do
        run -2 --separate-stderr "$OZCAPSULA" pack --payload payload.json --token token --sign-with key -o "$place" clip.mp4
        says "no regular file"
    done
    [[ $(sha256sum ./*) == "$sums" && -c /dev/null ]]
}

@test "-o is not what is given on standard input" {
    words=$(printf '%q ' "$OZCAPSULA" pack --sign-with "$KEY")
    sums=$(sha256sum ./*)
    run -2 --separate-stderr bash -c "$words --payload - --token token -o payload.json clip.mp4 <payload.json"
    silent; says "-o payload.json would replace standard input"
    run -2 --separate-stderr bash -c "$words --payload payload.json --token - -o token clip.mp4 <token"
    silent; says "-o token would replace standard input"
    [[ $(sha256sum ./*) == "$sums" ]]
    # Through a pipe it is read before the container is written.
    run -0 bash -c "cat token | $words --payload payload.json --token - -o c.ozc clip.mp4"
    run -0 check c.ozc
}

@test "-o is not a key that is named -" {
    cp "$KEY" ./-
    run -2 --separate-stderr "$OZCAPSULA" pack --payload payload.json --token token --sign-with - -o ./- clip.mp4
    silent; says "-o ./- would replace -"
    cmp ./- "$KEY"
}

@test "private keys never show up in messages" {
    for KEY in "$TEST_KEYS"/*.key "$TEST_KEYS"/bad/*.key; do
        run --separate-stderr pack missing.mp4
        [[ $status == [23] && -n $stderr && -z $output && -n $(sed -n 2p "$KEY") ]]
        [[ $stderr != *"$(sed -n 2p "$KEY")"* ]]
    done
}

@test "a container is never written to standard output, nor to a file named -" {
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" >token
    echo '{}' >payload
    run -2 --separate-stderr "$OZCAPSULA" pack --payload payload --token token \
        --sign-with "$TEST_KEYS/TEST-signer-p384.key" -o - "$TESTDATA/media/photo.png"
    says "has to name a file"
    silent
    [[ ! -e ./- ]]
}

@test "payload or token may come from standard input, not both" {
    run -0 bash -c "$(printf '%q' "$OZCAPSULA") pack --payload - --token token --sign-with $KEY -o c.ozc clip.mp4 <payload.json"
    [[ $(unzip -p c.ozc payload.json) == "$(cat payload.json)" ]]
    rm c.ozc
    run -0 bash -c "$(printf '%q' "$OZCAPSULA") pack --payload payload.json --token - --sign-with $KEY -o c.ozc clip.mp4 <token"
    [[ $(unzip -p c.ozc session_token; echo) == "$(cat token)" ]]
    rm c.ozc
    run -2 --separate-stderr "$OZCAPSULA" pack --payload - --token - --sign-with "$KEY" -o c.ozc clip.mp4 <token
    silent; says "standard input (-) can be read once only"
    run -1 --separate-stderr "$OZCAPSULA" pack --payload - --token token --sign-with "$KEY" -o c.ozc clip.mp4 </dev/null
    says "content.json"
    run -3 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") pack --payload - --token token --sign-with $KEY -o c.ozc clip.mp4 <&-"
    silent; says "cannot read standard input"
    run -3 --separate-stderr "$OZCAPSULA" pack --payload - --token token --sign-with "$KEY" -o c.ozc clip.mp4 </dev/zero
    silent; says "too large"
    [[ ! -e c.ozc ]]
}

@test "ECDSA signatures differ each time" {
    pack clip.mp4
    mv c.ozc first.ozc
    pack clip.mp4
    ! cmp -s c.ozc first.ozc
}
