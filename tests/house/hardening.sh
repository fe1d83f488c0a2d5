#!/bin/sh
# The hardening flags have come to something in the files themselves: hardening.sh FILE..., each a program or a shared
# library of a release build. What it cannot see in the file, it does not claim.
set -eu
LC_ALL=C
export LC_ALL
status=0

# has FILE WHAT PATTERN COMMAND...: the command's output has a line of that pattern; hasnt: it has none.
has() {
    file=$1 what=$2 pattern=$3
    shift 3
    "$@" "$file" | grep -Eq -- "$pattern" || { echo "$file: no $what"; status=1; }
}
hasnt() {
    file=$1 what=$2 pattern=$3
    shift 3
    if "$@" "$file" | grep -E -- "$pattern"; then
        echo "$file: $what"
        status=1
    fi
}

for file; do
    has "$file" "position independence (PIE, PIC)" 'Type: +DYN' readelf -hW
    has "$file" "relocations made read-only (relro)" GNU_RELRO readelf -lW
    has "$file" "binding at start (now)" 'FLAGS.*NOW' readelf -dW
    has "$file" "mark on the stack as not executable" 'GNU_STACK.* RW ' readelf -lW
    hasnt "$file" "a segment is writable and executable" ' RWE ' readelf -lW
    hasnt "$file" "the code itself is relocated" TEXTREL readelf -dW
    hasnt "$file" "libraries are looked for in a fixed folder" '(RPATH|RUNPATH).*\[/' readelf -dW
    hasnt "$file" "dlopen is refused, so Python and Node cannot load it" NODLOPEN readelf -dW
    has "$file" "stack protector" ' U __stack_chk_fail' nm -D
    has "$file" "fortified function of libc" ' U __[a-z]+_chk(@|$)' nm -D
    [ "$(uname -m)" = x86_64 ] || continue
    # (Sixteen digits are a negative number, which gives room back.)
    hasnt "$file" "more than a page of stack is taken without a probe (stack clash)" \
        'sub +[$]0x([1-9a-f][0-9a-f]{4,7}|[2-9a-f][0-9a-f]{3}|1[1-9a-f][0-9a-f]{2}|10[1-9a-f][0-9a-f]|100[1-9a-f]),%rsp' objdump -d
    # Every function that is called from outside starts with a landing pad. (The linker's note for the whole file needs
    # the start files of libc to be marked too, which Debian's are not.)
    code=$(objdump -d "$file")
    if ! printf '%s\n' "$code" | grep -Eq '^[0-9a-f]+ <(ozc_[a-z0-9_]*|main)>:'; then
        echo "$file: objdump shows no function that is called from outside"
        status=1
    fi
    bare=$(printf '%s\n' "$code" | awk '/^[0-9a-f]+ <(ozc_[a-z0-9_]*|main)>:/ { name = $2; getline; if (!/endbr64/) print name }')
    [ -z "$bare" ] || { echo "$file: no landing pad (endbr64) in $bare"; status=1; }
done
[ "$status" -ne 0 ] || echo "hardened: $*"
exit "$status"
