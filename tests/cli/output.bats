#!/usr/bin/env bats
# Where output goes: readers that leave, full disks, closed descriptors, and -o, whole or not at all.

load common

setup() {
    enter_folder
}

@test "a reader that goes away gives exit status 3 and a message, not a signal" {
    for words in "$(check_words) -v $VALID" "$(check_words) --format json $VALID" "$(check_words) --format sarif $VALID" \
        "$(check_words) --format junit $VALID" "$(printf '%q' "$OZCAPSULA") explain" \
        "$(printf '%q' "$OZCAPSULA") policy show --skip session_token,signature" "$(printf '%q' "$OZCAPSULA") help check"; do
        run -3 --separate-stderr bash -c "(sleep 0.3; $words) | true; exit \${PIPESTATUS[0]}"
        says "cannot write standard output: Broken pipe"
        [[ ${#stderr_lines[@]} == 1 ]]
    done
}

@test "a reader that goes away ends the run early" {
    for i in $(seq 2000); do ln -s "$VALID" "$i"; done
    mkfifo never-written
    run -3 --separate-stderr timeout 60 bash -c "$(check_words) -j 2 {1..2000} never-written | head -1; exit \${PIPESTATUS[0]}"
    [[ $output == "1: valid" ]]
    says "cannot write standard output: Broken pipe"
}

@test "a full disk gives exit status 3 and a message, in every command" {
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" >token
    for words in "$(check_words) $VALID" "$(check_words) --format json $VALID" "$(check_words) --format sarif $VALID" \
        "$(check_words) --format junit $VALID" "$(check_words) --format github $(rejected_by hash.mismatch)" \
        "$(printf '%q' "$OZCAPSULA") explain" \
        "$(printf '%q' "$OZCAPSULA") explain --format json" "$(printf '%q' "$OZCAPSULA") policy show --skip session_token,signature" \
        "$(printf '%q' "$OZCAPSULA") help" "$(printf '%q' "$OZCAPSULA") version" \
        "$(printf '%q' "$OZCAPSULA") token show token" \
        "$(printf '%q' "$OZCAPSULA") token issue --sign-with $TEST_KEYS/TEST-issuer-p384.key"; do
        run -3 --separate-stderr bash -c "$words >/dev/full"
        says "cannot write standard output: No space left on device"
        [[ ${#stderr_lines[@]} == 1 ]]
    done
}

@test "a closed standard output gives exit status 3, unless nothing is to be printed" {
    for words in "$(check_words) $VALID" "$(printf '%q' "$OZCAPSULA") version"; do
        run -3 --separate-stderr bash -c "$words >&-"
        says "cannot write standard output"
    done
    run -0 --separate-stderr bash -c "$(check_words) -q $VALID >&-"
    run -1 --separate-stderr bash -c "$(check_words) -q $(rejected_by hash.mismatch) >&- 2>&-"
}

@test "with descriptors closed, output never lands in a file that was opened" {
    cp "$VALID" c.ozc
    run -3 bash -c "$(check_words) -v c.ozc <&- >&- 2>&-"
    cmp c.ozc "$VALID"
    run -0 bash -c "$(check_words) -o out.txt c.ozc <&- >&- 2>&-"
    [[ $(cat out.txt) == "c.ozc: valid" ]]
}

@test "-o writes what standard output would have got" {
    files=("$VALID" "$(rejected_by hash.mismatch)" /no/such/file)
    for format in text json ndjson sarif github; do
        run -3 --separate-stderr check --format $format "${files[@]}"
        printf '%s\n' "$output" >wanted
        run -3 --separate-stderr check --format $format -o out "${files[@]}"
        silent
        cmp out wanted
    done
    run -0 --separate-stderr check --color auto -o out "$VALID"
    [[ $(cat out) == "$VALID: valid" ]]
    [[ $(ls -A) == $'out\nwanted' ]]
}

@test "-o replaces a file, keeps its rights, and gives a new one those of the umask" {
    echo before >out
    chmod 640 out
    run -0 check -o out "$VALID"
    [[ $(cat out) == "$VALID: valid" && $(stat -c %a out) == 640 ]]
    (umask 027 && check -o new "$VALID")
    [[ $(stat -c %a new) == 640 ]]
    (umask 022 && check -o newer "$VALID")
    [[ $(stat -c %a newer) == 644 ]]
}

@test "-o replaces what a link leads to, not the link" {
    mkdir folder
    echo before >folder/out
    ln -s folder/out link
    run -0 check -o link "$VALID"
    [[ -L link && $(cat folder/out) == "$VALID: valid" ]]
}

@test "-o where nothing can be written gives 3, with the reason, and no file" {
    run -3 --separate-stderr check -o no/such/folder/out "$VALID"
    silent; says "cannot write no/such/folder/out: No such file or directory"
    run -3 --separate-stderr check -o . "$VALID"
    says "cannot write ."
    run -3 --separate-stderr check -o "" "$VALID"
    says "cannot write"
    run -3 --separate-stderr check -o /dev/full "$VALID"
    says "cannot write /dev/full: No space left on device"
    [[ -z $(ls -A) ]]
}

@test "-o replaces no link that leads to nothing" {
    ln -s nowhere dangling
    ln -s loop loop
    for link in dangling loop; do
        run -3 --separate-stderr check -o $link "$VALID"
        silent; says "cannot write $link"
        [[ -L $link ]]
    done
    [[ $(ls -A) == $'dangling\nloop' ]]
}

@test "-o leaves the file as it was when the output does not fit" {
    echo before >out
    for i in $(seq 200); do ln -s "$VALID" "$i"; done
    run -3 --separate-stderr bash -c "ulimit -f 8; $(check_words) --format json -o out $(echo {1..200})"
    says "cannot write out: File too large"
    [[ $(cat out) == before && $(ls -A | wc -l) == 201 ]]
    run -3 --separate-stderr bash -c "ulimit -f 8; $(check_words) --format json -o new $(echo {1..200})"
    [[ ! -e new && $(ls -A | wc -l) == 201 ]]
}

@test "-o to standard output, by name or by /dev/stdout, writes straight" {
    for path in - /dev/stdout /dev/fd/1; do
        run -0 --separate-stderr check -o "$path" "$VALID"
        [[ $output == "$VALID: valid" ]]
        echo before >file
        check -o "$path" "$VALID" >>file
        [[ $(cat file) == "before"$'\n'"$VALID: valid" ]]
    done
    mkfifo pipe
    cat pipe >from-pipe &
    run -0 check -o pipe "$VALID"
    wait
    [[ $(cat from-pipe) == "$VALID: valid" && -p pipe ]]
}

@test "-o does not replace what is to be checked" {
    cp "$VALID" c.ozc
    run -2 --separate-stderr check -o c.ozc c.ozc
    silent; says "-o c.ozc"
    ln c.ozc same.ozc
    run -2 --separate-stderr check -o same.ozc c.ozc
    cmp c.ozc "$VALID"
}

@test "-o does not replace what is given on standard input" {
    cp "$VALID" c.ozc
    ln -s c.ozc link
    for path in c.ozc ./link; do
        run -2 --separate-stderr bash -c "$(check_words) -o $path - <c.ozc"
        silent; says "-o $path would replace"
        cmp c.ozc "$VALID"
    done
    # A pipe has no place that could be taken, nor has a device.
    run -0 bash -c "cat c.ozc | $(check_words) -o out -"
    [[ $(cat out) == "-: valid" ]]
    run -1 --separate-stderr bash -c "$(check_words) -o /dev/null - </dev/null"
    cmp c.ozc "$VALID"
}

@test "wrong usage leaves the file at -o as it was" {
    echo before >out
    run -2 check -o out --format yaml "$VALID"
    run -2 check -o out
    run -2 "$OZCAPSULA" check -o out "$VALID"
    [[ $(cat out) == before ]]
}

@test "-q with -o writes the file and prints nothing" {
    run -1 --separate-stderr check -q -o out "$VALID" "$(rejected_by hash.mismatch)"
    [[ -z $output && -z $stderr && $(wc -l <out) == 2 ]]
}

# check of a pipe that takes two seconds, with standard output and error on a terminal.
slowly_on_terminal() {
    type script >/dev/null || skip "script(1) is not here"
    mkfifo pipe
    (sleep 2 && cat "$VALID") >pipe &
    script -qec "$(check_words) $*" /dev/null </dev/null
}

@test "on a terminal a long run shows progress, and takes it away again" {
    TERM=xterm run -0 slowly_on_terminal pipe "$VALID"
    [[ $output =~ $'\r\e[Kchecked 0 of 2 files, '[0-9.]+' '(B|KiB) && $output == *$'\r\e[Kpipe: '* ]]
    [[ ${output##*checked} == *$'\r\e[K2 containers: 2 valid'* ]]
}

@test "-q and TERM=dumb show no progress, nor does a short run" {
    TERM=xterm run -0 slowly_on_terminal -q pipe "$VALID"
    [[ -z $output ]]
    rm pipe
    TERM=dumb run -0 slowly_on_terminal pipe
    [[ $output == $'pipe: valid\r' ]]
    TERM=xterm run -0 script -qec "$(check_words) --color never $VALID" /dev/null
    [[ $output == "$VALID: valid"$'\r' ]]
}

@test "no command ends by a signal, whatever bytes it is given" {
    head -c 100000 /dev/urandom >noise
    for words in "check --skip session_token,signature" "check --policy" "check --trust-issuer" "check --trust-signer" \
        "token show" "token show --trust-issuer" "token issue --sign-with" "token issue --cnf"; do
        run "$OZCAPSULA" $words noise
        [[ $status -ge 1 && $status -le 3 ]]
        run "$OZCAPSULA" $words noise noise
        [[ $status -ge 1 && $status -le 3 ]]
    done
    run bash -c "$(printf '%q' "$OZCAPSULA") explain - <noise"
    [[ $status == 2 ]]
}

@test "-o does not replace a container below a folder that is checked" {
    mkdir "$BATS_TEST_TMPDIR/inbox"
    cp "$TESTDATA/valid/default.ozc" "$BATS_TEST_TMPDIR/inbox/first.ozc"
    run "$OZCAPSULA" check --trust-issuer "$TESTDATA/keys/TEST-issuer-p384.pub" \
        --trust-signer "$TESTDATA/keys/TEST-signer-p384.pub" --at issued -o "$BATS_TEST_TMPDIR/inbox/first.ozc" \
        "$BATS_TEST_TMPDIR/inbox"
    [ "$status" -eq 2 ]
    cmp "$TESTDATA/valid/default.ozc" "$BATS_TEST_TMPDIR/inbox/first.ozc"
}

# Runs a check in the background that waits for a pipe, sends it the signal, and gives its exit status.
interrupted() { # SIGNAL WORDS...
    mkfifo pipe
    sleep 30 >pipe 3>&- &
    writer=$!
    env --default-signal=INT,TERM,HUP "$OZCAPSULA" check "${TRUST[@]}" "${@:2}" pipe >printed 3>&- &
    checker=$!
    for _ in $(seq 100); do
        [[ -n $(find . -name '.ozcapsula-*') || $2 != -o ]] && break
        sleep 0.05
    done
    sleep 0.3
    kill "-$1" "$checker"
    status=0
    wait "$checker" || status=$?
    kill "$writer" 2>&1 || true
    rm pipe
}

@test "interrupted, the program ends by the signal and leaves no temporary file" {
    mkdir spool
    export TMPDIR=$PWD/spool
    echo before >out
    for signal in INT TERM HUP; do
        for format in text json sarif junit; do
            interrupted $signal -o out --format $format "$VALID"
            [[ $status == $((128 + $(kill -l $signal))) ]] || { echo "$signal $format: $status"; return 1; }
            [[ $(cat out) == before && $(ls -A) == $'out\nprinted\nspool' && -z $(ls -A spool) ]] || { ls -A . spool; return 1; }
        done
    done
}

@test "a signal that is ignored stays ignored" {
    mkfifo pipe
    (sleep 1 && cat "$VALID") >pipe 3>&- &
    (trap '' HUP && exec "$OZCAPSULA" check "${TRUST[@]}" pipe) >printed 3>&- &
    checker=$!
    sleep 0.3
    kill -HUP "$checker"
    wait "$checker"
    [[ $(cat printed) == "pipe: valid" ]]
}

@test "interrupted on a terminal, the line of progress is gone" {
    type script >/dev/null || skip "script(1) is not here"
    mkfifo pipe
    sleep 30 >pipe 3>&- &
    TERM=xterm run script -qec "timeout --foreground -s INT 2 $(check_words) pipe" /dev/null </dev/null 3>&-
    kill %1 || true
    [[ $output == *"checked 0 of 1 file, 0 B"$'\r\e[K'* ]]
    [[ ${output##*checked} == *$'\r\e[K' ]]
}

@test "-o replaces neither a key nor a policy" {
    cp "$ISSUER" issuer.pub
    cp "$SIGNER" signer.pub
    "$OZCAPSULA" policy show --trust-issuer issuer.pub --trust-signer signer.pub >policy.json
    for file in issuer.pub signer.pub policy.json; do
        cp "$file" before
        run -2 --separate-stderr "$OZCAPSULA" check --policy policy.json --trust-issuer kid=issuer.pub \
            --trust-signer signer.pub -o "$file" "$VALID"
        silent; says "-o $file would replace"
        cmp "$file" before
    done
}

@test "-o does not replace a key file that the policy names" {
    mkdir keys
    cp "$ISSUER" keys/issuer.pub
    cp "$SIGNER" keys/signer.pub
    echo '{"issuers": [{"file": "issuer.pub", "kid": "k"}], "signers": [{"file": "signer.pub"}]}' >keys/policy.json
    ln keys/issuer.pub link
    sums=$(sha256sum keys/*)
    for file in keys/issuer.pub keys/signer.pub link; do
        run -2 --separate-stderr "$OZCAPSULA" check --policy keys/policy.json --trust-issuer "$ISSUER" -o "$file" "$VALID"
        silent; says "-o $file would replace"
        [[ $(sha256sum keys/*) == "$sums" ]]
    done
    run -0 "$OZCAPSULA" check --policy keys/policy.json --trust-issuer "$ISSUER" --at "$NOW" -o out "$VALID"
    run -0 "$OZCAPSULA" check --policy keys/policy.json --trust-issuer "$ISSUER" --at "$NOW" -o out "$VALID"
    [[ $(cat out) == "$VALID: valid" ]]
}

@test "-q still tells what is wrong with the run" {
    run -2 --separate-stderr check -q --policy missing.json "$VALID"
    silent; says "cannot read missing.json"
    run -2 --separate-stderr check -q
    says "nothing to check"
    run -3 --separate-stderr check -q -o no/such/folder/out "$VALID"
    says "cannot write no/such/folder/out"
}
