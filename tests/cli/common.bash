# Shared by the tests of the program ozcapsula. OZCAPSULA is the program, TESTDATA the folder testdata/.

bats_require_minimum_version 1.5.0

for name in OZCAPSULA TESTDATA; do
    if [[ -z ${!name:-} || ! -e ${!name} ]]; then
        echo "$name has to be set to something that is there, not '${!name:-}'" >&2
        exit 1
    fi
done
OZCAPSULA=$(realpath "$OZCAPSULA")
TESTDATA=$(realpath "$TESTDATA")

TAB=$'\t'
TEST_KEYS=$TESTDATA/keys
ISSUER=$TEST_KEYS/TEST-issuer-p384.pub
SIGNER=$TEST_KEYS/TEST-signer-p384.pub
NOW=1767225660
VALID=$TESTDATA/valid/default.ozc

# With what the rows of testdata/list.tsv without settings are judged.
TRUST=(--trust-issuer "$ISSUER" --trust-signer "$SIGNER" --at "$NOW")

# Goes into an empty folder: bats keeps files of its own in BATS_TEST_TMPDIR.
enter_folder() {
    mkdir "$BATS_TEST_TMPDIR/folder"
    cd "$BATS_TEST_TMPDIR/folder"
}

check() {
    "$OZCAPSULA" check "${TRUST[@]}" "$@"
}

# check, in a shell command: for pipes and redirections.
check_words() {
    printf '%q ' "$OZCAPSULA" check "${TRUST[@]}"
}

# The path of a container that is rejected by the rule.
rejected_by() {
    local file
    file=$(awk -F'\t' -v rule="$1" '$2 == "-" && $6 == rule { print $1; exit }' "$TESTDATA/list.tsv")
    [[ -n $file ]] || { echo "testdata has no container for $1" >&2; return 1; }
    echo "$TESTDATA/$file"
}

# python3 with the JSON document on standard input as `d`; the expression has to be true.
json_holds() {
    /usr/bin/python3 -c '
import json, sys
d = json.load(sys.stdin)
if not eval(sys.argv[1]):
    sys.exit("does not hold: %s\nin: %s" % (sys.argv[1], json.dumps(d)[:2000]))' "$1"
}

# Fails unless the bytes on standard input are printable ASCII and newlines.
plain_only() {
    ! LC_ALL=C grep -n '[^ -~]'
}

# Fails when a line of standard input matches.
no_line() {
    ! grep -En "$@"
}

says() { # in standard error
    [[ $stderr == *"$1"* ]] || { echo "standard error does not say '$1': $stderr" >&2; return 1; }
}

prints() { # in standard output
    [[ $output == *"$1"* ]] || { echo "standard output does not print '$1': $output" >&2; return 1; }
}

silent() { # nothing on standard output
    [[ -z $output ]] || { echo "standard output is not empty: $output" >&2; return 1; }
}

# Runs the command as somebody who is not root, for whom rights mean something.
as_nobody() {
    if [[ $(id -u) == 0 ]]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}
