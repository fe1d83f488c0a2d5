#!/usr/bin/env bats
# pack and the world around it: files that change or cannot be read, full disks, interruptions, what is at -o, a terminal.

load common

setup() {
    enter_folder
    cp "$TESTDATA/media/clip.mp4" "$TESTDATA/media/photo.png" .
    echo '{"analyses": [{"type": "quality"}]}' >payload.json
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" --at "$NOW" >token
    KEY=$TEST_KEYS/TEST-signer-ed25519.key
    SIGNER=$TEST_KEYS/TEST-signer-ed25519.pub
    TRUST=(--trust-issuer "$ISSUER" --trust-signer "$SIGNER" --at "$NOW")
}

pack() {
    "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$KEY" -o c.ozc "$@"
}

# The folder holds what setup() has put there and the words, nothing else.
only() {
    [[ $(ls -A) == "$(printf '%s\n' clip.mp4 payload.json photo.png token "$@" | sort)" ]] || { ls -A >&2; return 1; }
}

# Packs a large medium with the words in front of the command, and stops it as soon as the container is being written. Its
# process is $packing then.
stopped_while_writing() {
    truncate -s 300M large.mp4
    "$@" "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$KEY" -o c.ozc large.mp4 2>message 3>&- &
    packing=$!
    while ! compgen -G '.ozcapsula-*' >/dev/null; do
        kill -0 "$packing" || return 1
        sleep 0.002
    done
    kill -STOP "$packing"
}

@test "an interrupted run leaves nothing behind, and ends by the signal" {
    for signal in INT TERM HUP; do
        echo before >c.ozc
        stopped_while_writing env --default-signal="$signal"
        kill -"$signal" "$packing"
        kill -CONT "$packing"
        wait "$packing" && status=0 || status=$?
        [[ $status == $((128 + $(kill -l "$signal"))) ]]
        [[ $(cat message) == "ozcapsula: interrupted: c.ozc was not written" && $(cat c.ozc) == before ]]
        rm message large.mp4
        only c.ozc
        rm c.ozc
    done
}

@test "a signal that is ignored does not interrupt" {
    stopped_while_writing env --ignore-signal=HUP
    kill -HUP "$packing"
    kill -CONT "$packing"
    wait "$packing"
    run -0 check c.ozc
}

@test "a medium that changes while it is packed is found: exit 3, and nothing is left" {
    stopped_while_writing env
    truncate -s 200M large.mp4
    kill -CONT "$packing"
    wait "$packing" && status=0 || status=$?
    [[ $status == 3 && $(cat message) == "ozcapsula: media/large.mp4: the file changed while it was packed; pack again" ]]
    rm message large.mp4
    only
}

@test "a disk that is full gives 3, with the reason, and leaves what was there" {
    truncate -s 3M large.mp4
    echo before >c.ozc
    run -3 --separate-stderr bash -c "ulimit -f 1024; $(declare -f pack); OZCAPSULA=$(printf '%q' "$OZCAPSULA") KEY=$KEY pack large.mp4"
    silent; says "the container could not be written: the file is too large"
    [[ $(cat c.ozc) == before ]]
    rm large.mp4
    only c.ozc
}

@test "a small file system that is full gives 3, with the reason" {
    truncate -s 3M large.mp4
    mkdir small
    # In a name space of its own, which takes the file system away with it; where that is not allowed, /dev/shm is no help.
    words="mount -t tmpfs -o size=1m none small && cp token small/before && "
    words+="{ $(printf '%q' "$OZCAPSULA") pack --payload payload.json --token token --sign-with $KEY -o small/c.ozc large.mp4; "
    words+="status=\$?; ls -A small; exit \$status; }"
    unshare -rm true 2>/dev/null && unshare -rm mount -t tmpfs none small 2>/dev/null || skip "no file system can be mounted here"
    run -3 --separate-stderr unshare -rm bash -c "$words"
    [[ $output == before ]]
    says "the container could not be written: no space left"
}

@test "a medium that cannot be read gives 3 and its name, before anything is written" {
    install -m 644 "$KEY" signer.key
    chmod 000 photo.png
    chmod 777 .
    run -3 --separate-stderr as_nobody "$OZCAPSULA" pack --payload payload.json --token token --sign-with signer.key \
        -o c.ozc clip.mp4 photo.png
    silent; says "photo.png: permission denied"
    mkfifo pipe
    run -3 --separate-stderr timeout 10 "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$KEY" -o c.ozc pipe
    says "pipe: is no regular file"
    rm pipe
    only signer.key
}

@test "a folder that may not be written to gives 3" {
    install -m 644 "$KEY" signer.key
    mkdir folder
    chmod 555 folder
    run -3 --separate-stderr as_nobody "$OZCAPSULA" pack --payload payload.json --token token --sign-with signer.key \
        -o folder/c.ozc clip.mp4
    silent; says "folder/c.ozc: permission denied"
}

@test "a folder that may be written to but not read takes a container" {
    install -m 644 "$KEY" signer.key
    mkdir folder
    chmod 333 folder
    run -0 as_nobody "$OZCAPSULA" pack --payload payload.json --token token --sign-with signer.key -o folder/c.ozc clip.mp4
    [[ $(ls -A folder) == c.ozc ]]
}

@test "what stands at -o is replaced only by a whole container, which gets its rights" {
    echo before >c.ozc
    chmod 604 c.ozc
    ln c.ozc same
    run -3 pack missing.mp4
    [[ $(cat c.ozc) == before ]]
    run -0 pack clip.mp4
    run -0 check c.ozc
    [[ $(stat -c %a c.ozc) == 604 && $(cat same) == before ]]
    rm same
    only c.ozc
}

@test "-o behind a link replaces what it leads to, and a folder is refused" {
    mkdir folder
    echo before >folder/there
    ln -s folder/there c.ozc
    run -0 pack clip.mp4
    [[ -L c.ozc && $(ls -A folder) == there ]]
    run -0 check folder/there
    rm -r folder c.ozc
    mkdir c.ozc
    run -2 --separate-stderr pack clip.mp4
    silent; says "-o c.ozc is no regular file"
    rmdir c.ozc
    only
}

@test "the path may have any name, and messages show it escaped" {
    for name in $'a\nb\e[31m' '-o' ' ' '$(id)' "$(printf 'x%.0s' {1..255})"; do
        run -0 "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$KEY" -o "./$name" -- clip.mp4
        run -0 "$OZCAPSULA" check "${TRUST[@]}" -- "./$name"
        run -1 --separate-stderr "$OZCAPSULA" pack --payload token --token token --sign-with "$KEY" -o "./$name" clip.mp4
        plain_only <<<"$stderr"
        rm -- "./$name"
    done
    only
}

@test "a medium above the limits is refused at once, whatever its size" {
    truncate -s 1T huge.mp4
    run -1 --separate-stderr timeout 20 "$OZCAPSULA" pack --payload payload.json --token token --sign-with "$KEY" -o c.ozc huge.mp4
    silent; says "14 Data container unpacking failed"; says "archive.limit"
    rm huge.mp4
    only
}

@test "memory does not grow with the media" {
    truncate -s 300M large.mp4
    for size in 10M 300M; do
        truncate -s $size large.mp4
        /usr/bin/python3 - "$OZCAPSULA" "$KEY" <<'PY'
import resource, subprocess, sys
subprocess.run([sys.argv[1], "pack", "--payload", "payload.json", "--token", "token", "--sign-with", sys.argv[2], "-o", "c.ozc",
                "large.mp4"], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=open("peak", "a"))
PY
        [[ $(stat -c %s c.ozc) -gt $(stat -c %s large.mp4) ]]
        rm c.ozc
    done
    /usr/bin/python3 -c 'small, large = map(int, open("peak")); assert large < small + 8 * 1024, (small, large)'
}

# pack with standard error on a terminal and the payload a second late, so that it is a long run.
slowly_on_terminal() {
    script -qec "(sleep 1.2; cat payload.json) | $(printf '%q' "$OZCAPSULA") pack --payload - --token token --sign-with $KEY -o c.ozc $*" \
        /dev/null </dev/null
}

@test "on a terminal a long run shows progress, and takes it away again" {
    TERM=xterm run -0 slowly_on_terminal clip.mp4
    [[ $output =~ ^$'\r\e[K'"packing: "[0-9]+" %" ]]
    [[ $output == *$'\r\e[K' ]]
    [[ -e c.ozc ]]
}

@test "progress gives way to messages" {
    echo '{' >payload.json
    TERM=xterm run -1 slowly_on_terminal clip.mp4
    [[ $output == *" %"$'\r\e[K'"c.ozc: 3 Invalid structure"* ]]
}

@test "TERM=dumb and files get no progress, nor does a short run" {
    TERM=dumb run -0 slowly_on_terminal clip.mp4
    [[ -z $output ]]
    TERM=xterm run -0 script -qec "$(printf '%q' "$OZCAPSULA") pack --payload payload.json --token token --sign-with $KEY -o c.ozc clip.mp4" /dev/null
    [[ -z $output ]]
    run -0 bash -c "(sleep 1.2; cat payload.json) | TERM=xterm $(printf '%q' "$OZCAPSULA") pack --payload - --token token --sign-with $KEY -o c.ozc clip.mp4 2>&1"
    [[ -z $output ]]
}
