#!/usr/bin/env bats
# check: folders, order, standard input, pipes, devices, links and hostile names.

load common

setup() {
    enter_folder
}

paths() {
    cut -d: -f1 <<<"$output"
}

@test "a folder stands for every regular file below it, in bytewise order of the whole path" {
    mkdir -p f/a f/a-b f/Z
    for name in f/a/1 f/a-b/1 f/a.ozc f/Z/z f/b.ozc f/B.ozc; do cp "$VALID" "$name"; done
    run -0 --separate-stderr check f
    [[ $(paths) == "$(find f -type f | LC_ALL=C sort)" && ${#lines[@]} == 6 ]]
    run -0 --separate-stderr check f/
    [[ ${lines[0]} == "f/B.ozc: valid" ]]
}

@test "hidden files, and files in hidden folders, are left out" {
    mkdir -p f/.hidden f/seen
    cp "$VALID" f/.hidden/c.ozc
    cp "$VALID" f/.c.ozc
    cp "$VALID" f/seen/c.ozc
    run -0 --separate-stderr check f
    [[ $output == "f/seen/c.ozc: valid" ]]
    run -0 --separate-stderr check f/.c.ozc f/.hidden
    [[ ${#lines[@]} == 2 ]]
    cd f/seen
    run -0 --separate-stderr check .
    [[ $output == "./c.ozc: valid" ]]
}

@test "links below a folder are not followed, those given are" {
    mkdir -p f other
    cp "$VALID" f/c.ozc
    cp "$VALID" other/o.ozc
    ln -s ../other f/folder
    ln -s ../other/o.ozc f/file.ozc
    ln -s . f/loop
    ln -s f link
    ln -s nowhere dangling
    run -0 --separate-stderr check f
    [[ $output == "f/c.ozc: valid" ]]
    run -0 --separate-stderr check link
    [[ $output == "link/c.ozc: valid" ]]
    run -0 --separate-stderr check f/file.ozc
    [[ $output == "f/file.ozc: valid" ]]
    run -3 --separate-stderr check dangling
    prints "dangling: "
}

@test "pipes and sockets below a folder are left out" {
    mkdir f
    mkfifo f/pipe
    cp "$VALID" f/c.ozc
    run -0 --separate-stderr timeout 20 bash -c "$(check_words) f"
    [[ $output == "f/c.ozc: valid" ]]
}

@test "--include takes files whose name fits one of the patterns" {
    mkdir -p f/sub.ozc
    cp "$VALID" f/a.ozc
    cp "$VALID" f/sub.ozc/b.bin
    echo text >f/readme.txt
    run -0 --separate-stderr check --include '*.ozc' f
    [[ $output == "f/a.ozc: valid" ]]
    run -0 --separate-stderr check --include '*.ozc' --include '*.bin' f
    [[ ${#lines[@]} == 2 ]]
    run -1 --separate-stderr check --include '*.ozc' f/readme.txt
}

@test "a path given twice is checked twice" {
    run -0 --separate-stderr check "$VALID" "$VALID"
    [[ ${#lines[@]} == 2 ]]
}

@test "with many threads the output keeps the order of the arguments" {
    for i in $(seq 300); do ln -s "$VALID" "$i.ozc"; done
    rejected=$(rejected_by hash.mismatch)
    files=($(seq -f %g.ozc 300 -1 1) "$rejected" $(seq -f %g.ozc 1 2 299))
    check -j 1 --format json "${files[@]}" >one || true
    check -j 16 --format json "${files[@]}" >many || true
    check -j 1024 --format json "${files[@]}" >most || true
    cmp one many && cmp one most
    json_holds '[c["path"] for c in d["containers"]][:3] == ["300.ozc", "299.ozc", "298.ozc"] and len(d["containers"]) == 451' <one
}

@test "- is standard input: a pipe or a file" {
    run -0 --separate-stderr bash -c "cat $VALID | $(check_words) -"
    [[ $output == "-: valid" ]]
    run -0 --separate-stderr bash -c "$(check_words) - <$VALID"
    [[ $output == "-: valid" ]]
    run -0 --separate-stderr bash -c "cat $VALID | $(check_words) --format json -"
    json_holds 'd["containers"][0]["path"] == "-"' <<<"$output"
    run -1 --separate-stderr bash -c "$(check_words) --format oz - </dev/null"
    json_holds 'd["error_code"] == 13' <<<"$output"
    run -1 --separate-stderr bash -c ": | $(check_words) --format oz -"
    json_holds 'd["error_code"] == 13' <<<"$output"
}

@test "- reads a file on from where it stands" {
    (printf x && cat "$VALID") >shifted
    run -0 --separate-stderr bash -c "(read -rN1 && $(check_words) -) <shifted"
    [[ $output == "-: valid" ]]
}

@test "standard input that is closed or a folder could not be checked" {
    run -3 --separate-stderr bash -c "$(check_words) - <&-"
    prints "-: "
    run -3 --separate-stderr bash -c "$(check_words) - <."
    prints "-: "
}

@test "standard input can be asked for once only" {
    run -2 --separate-stderr check - -
    silent; says "standard input"
}

@test "a named pipe is read to its end" {
    mkfifo pipe
    cat "$VALID" >pipe &
    run -0 --separate-stderr check pipe
    [[ $output == "pipe: valid" ]]
    run -0 --separate-stderr bash -c "$(check_words) <(cat $VALID)"
}

@test "spooled files are bounded by the limit on containers and leave nothing behind" {
    mkdir spool
    echo '{"limits": {"container": 4096}}' >policy.json
    run -1 --separate-stderr env TMPDIR="$PWD/spool" timeout 60 "$OZCAPSULA" check "${TRUST[@]}" --policy policy.json \
        --format json /dev/zero
    json_holds 'd["containers"][0]["size"] == 4097' <<<"$output"
    run -1 --separate-stderr env TMPDIR="$PWD/spool" bash -c \
        "(head -c 4 $VALID; yes) | $(check_words) --policy policy.json --format oz -"
    json_holds 'd["details"]["rule"] == "archive.limit"' <<<"$output"
    [[ -z $(ls -A spool) ]]
}

@test "a device without bytes is an empty container" {
    run -1 --separate-stderr check --format oz /dev/null
    json_holds 'd["details"]["rule"] == "input.none"' <<<"$output"
}

@test "where nothing can be spooled to, a pipe could not be checked" {
    run -3 --separate-stderr bash -c "cat $VALID | TMPDIR=/no/such/folder $(check_words) -"
    prints "No such file or directory"
    run -0 --separate-stderr bash -c "cat $VALID | TMPDIR= $(check_words) -"
}

@test "a file that may not be read could not be checked" {
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/* "$PWD"
    cp "$VALID" "$ISSUER" "$SIGNER" .
    chmod 644 ./*
    chmod 000 default.ozc
    as_nobody test -r "$(basename "$ISSUER")" || skip "another user cannot get here"
    as_nobody test -r default.ozc && skip "rights mean nothing here"
    run -3 --separate-stderr as_nobody "$OZCAPSULA" check --trust-issuer "$(basename "$ISSUER")" \
        --trust-signer "$(basename "$SIGNER")" default.ozc
    [[ $output == "default.ozc: "*"ermission denied"* ]]
}

@test "a folder that may not be read is an item that failed, in its place" {
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/* "$PWD"
    mkdir -p f/b
    cp "$VALID" f/a.ozc
    cp "$VALID" f/c.ozc
    cp "$VALID" f/b/b.ozc
    cp "$ISSUER" "$SIGNER" .
    chmod -R a+rX .
    chmod 000 f/b
    as_nobody test -r f/a.ozc || skip "another user cannot get here"
    as_nobody test -r f/b && skip "rights mean nothing here"
    run -3 --separate-stderr as_nobody "$OZCAPSULA" check --trust-issuer "$(basename "$ISSUER")" \
        --trust-signer "$(basename "$SIGNER")" --at "$NOW" f
    chmod 755 f/b
    [[ ${#lines[@]} == 3 && ${lines[0]} == "f/a.ozc: valid" && ${lines[1]} == "f/b: "*"Permission denied"* ]]
    [[ ${lines[2]} == "f/c.ozc: valid" ]]
}

@test "deeply nested folders are walked" {
    path=f
    for i in $(seq 120); do path=$path/dddd; done
    mkdir -p "$path"
    cp "$VALID" "$path/c.ozc"
    run -0 bash -c "ulimit -n 32; $(check_words) -j 2 f"
    [[ $output == *"/c.ozc: valid"* ]]
}

@test "hostile file names reach neither a terminal nor JSON raw" {
    name=$'\e[31m\nvalid\r\xff\xc3\xa4"\\.ozc'
    cp "$VALID" "$name"
    run -0 --separate-stderr check "$name"
    [[ ${#lines[@]} == 1 && $output == '\x1b[31m\x0avalid\x0d\xff'* ]]
    plain_only <<<"$output"
    run -0 --separate-stderr check --format json "$name"
    plain_only <<<"$output"
    json_holds 'd["containers"][0]["path"] == "\x1b[31m\nvalid\r\ufffd\u00e4\"\\.ozc"' <<<"$output"
    run -0 --separate-stderr check --format ndjson .
    [[ ${#lines[@]} == 2 ]]
    run -0 --separate-stderr check --color always "$name"
    [[ $output == '\x1b[31m\x0avalid\x0d\xff'*": "$'\e[32mvalid\e[0m' ]]
    rm -- "$name"
    run -3 --separate-stderr check -v "$name"
    plain_only <<<"$output"
    run -3 --separate-stderr check --format extrahorizon "$name"
    plain_only <<<"$stderr"
}

@test "paths that are too long, empty or odd could not be checked" {
    run -3 --separate-stderr check "$(printf 'x%.0s' $(seq 300))"
    run -3 --separate-stderr check ""
    run -3 --separate-stderr check "$VALID/below"
}

@test "of 10,000 containers of which 100 are broken, the 100 are printed in order, with a summary" {
    # Keys of the kind that is fastest to verify with.
    cp "$TESTDATA/valid/keys-ed25519.ozc" valid
    head -c -1 valid >broken
    /usr/bin/python3 - <<'PY'
import os
os.mkdir('f')
with open('wanted', 'w') as wanted:
    for i in range(10000):
        name = f'f/{i:05}.ozc'
        os.link('broken' if i % 100 == 37 else 'valid', name)
        if i % 100 == 37:
            wanted.write(name + '\n')
PY
    run -1 --separate-stderr "$OZCAPSULA" check --trust-issuer "$TEST_KEYS/TEST-issuer-ed25519.pub" \
        --trust-signer "$TEST_KEYS/TEST-signer-ed25519.pub" --at "$NOW" -j 2 --hide-valid f
    [[ ${#lines[@]} == 100 && $(paths) == "$(cat wanted)" ]]
    no_line -v ': 5 Invalid Type: ' <<<"$output"
    [[ $stderr == "10000 containers: 9900 valid, 100 rejected, 0 failed
     100   5 Invalid Type" ]]
}

@test "links that lead in a circle, and folders that do, could not be checked" {
    ln -s b a
    ln -s a b
    run -3 --separate-stderr check a
    [[ $output == "a: could not be checked: "* ]]
    mkdir -p f/sub
    cp "$VALID" f/sub/c.ozc
    ln -s .. f/sub/up
    run -0 --separate-stderr check f/sub/up/sub
    [[ $output == "f/sub/up/sub/c.ozc: valid" ]]
    run -0 --separate-stderr check f
    [[ $output == "f/sub/c.ozc: valid" ]]
}

@test "a pipe that does not fit the disk could not be checked" {
    mkdir spool
    run -3 --separate-stderr bash -c "ulimit -f 64; head -c 1000000 /dev/zero | TMPDIR=$PWD/spool $(check_words) -"
    [[ $output == "-: could not be checked: File too large" && -z $(ls -A spool) ]]
}

@test "a folder whose files go away while it is checked is answered file by file" {
    mkdir f
    for i in 1 2 3; do cp "$VALID" "f/$i.ozc"; done
    mkfifo first
    (sleep 0.5; rm f/2.ozc; cat "$VALID") >first 3>&- &
    run -3 --separate-stderr check -j 1 first f
    [[ ${lines[0]} == "first: valid" && ${lines[2]} == "f/2.ozc: could not be checked: no such file" && ${#lines[@]} == 4 ]]
}
