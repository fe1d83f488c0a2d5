#!/usr/bin/env bats
# docs/ci.md and the hook for pre-commit: what stands there works as it stands there.

load common

setup() {
    PAGE=$TESTDATA/../docs/ci.md
    HOOKS=$TESTDATA/../.pre-commit-hooks.yaml
    enter_folder
    mkdir bin uploads fixtures
    ln -s "$OZCAPSULA" bin/ozcapsula
    PATH=$PWD/bin:$PATH
    cp "$VALID" "$(rejected_by hash.mismatch)" "$(rejected_by session_token.expired)" uploads
    cp "$VALID" fixtures
    cp "$ISSUER" issuer.pub && cp "$SIGNER" signer.pub
    echo '{"issuers": [{"file": "issuer.pub"}], "signers": [{"file": "signer.pub"}]}' >policy.json
}

# The indented blocks of a section of the page, each ended by a line of its own.
blocks() {
    awk -v section="## $1" '/^## / { inside = $0 == section } !inside { next }
        /^    / { print substr($0, 5); open = 1; next } open { print "END"; open = 0 } END { if (open) print "END" }' "$PAGE"
}

@test "each command with jq does what the page says" {
    # At the time of testdata, in place of now.
    blocks "Reading ndjson with jq" | sed "s/ozcapsula check/& --at $NOW/" >commands
    count=0
    while IFS= read -r -d $'\x01' block; do
        count=$((count + 1))
        [[ $block == *"ozcapsula check --at $NOW --policy policy.json --format ndjson"* ]]
        run -0 --separate-stderr bash -c "$block"
        [[ -z $stderr ]]
        case $count in
        1) [[ $output == "      1 session_token.expired"$'\n'"      1 hash.mismatch" ]] ;;
        2) [[ ${#lines[@]} == 2 && ${lines[0]} == "uploads/hash."*"${TAB}14${TAB}Invalid hash${TAB}hash.mismatch" ]] ;;
        3) [[ ${#lines[@]} -ge 2 && $output == *": error hash.mismatch: mimetype at 38: "* ]] ;;
        4) [[ $output =~ ^[0-9]+"$TAB"[0-9a-f]{64}"$TAB"media/ ]] ;;
        5) [[ $output == $'exit status 1\n{"valid":1,"rejected":2,"failed":0}' ]] ;;
        esac
    done < <(sed 's/^END$/\x01/' commands | sed -z 's/\n\x01\n/\x01/g')
    [[ $count == 5 ]]
}

@test "the jobs are YAML, and their commands come to 0 with what is valid and 1 with what is not" {
    for section in "GitHub Actions" "GitLab" "Before each commit"; do
        blocks "$section" | sed 's/^END$/---/' >jobs.yaml
        /usr/bin/python3 -c 'import sys, yaml; found = [d for d in yaml.safe_load_all(open("jobs.yaml")) if d]; assert found'
    done
    count=0
    while read -r command; do
        count=$((count + 1))
        run -0 bash -c "$command"
        cp "$(rejected_by hash.mismatch)" fixtures/bad.ozc
        run -1 bash -c "$command"
        rm fixtures/bad.ozc
    done < <(grep -oE 'ozcapsula check --policy .* fixtures$' "$PAGE")
    [[ $count == 3 ]]
}

@test "pre-commit runs the hook on the containers, and on nothing else" {
    export PRE_COMMIT_HOME=$PWD/home HOME=$PWD GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
    export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
    git init -q hooks
    cp "$HOOKS" hooks/.pre-commit-hooks.yaml
    git -C hooks add . && git -C hooks commit -qm hooks
    git init -q work && cd work
    cp ../policy.json ../issuer.pub ../signer.pub .
    cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $BATS_TEST_TMPDIR/folder/hooks
    rev: $(git -C ../hooks rev-parse HEAD)
    hooks:
      - id: ozcapsula
YAML
    cp "$VALID" good.ozc
    echo "no container" >notes.txt
    git add .
    run -0 pre-commit run --all-files
    prints "Passed"
    cp "$(rejected_by hash.mismatch)" bad.ozc
    git add .
    run -1 pre-commit run --all-files
    prints "bad.ozc: 14 Invalid hash"
    prints "good.ozc: valid"
    [[ $output != *notes.txt* ]]
}
