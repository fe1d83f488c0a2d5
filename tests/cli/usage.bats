#!/usr/bin/env bats
# The command line: help, version, options, and wrong usage of them.

load common

@test "version prints the name and the version" {
    run -0 --separate-stderr "$OZCAPSULA" version
    [[ $output == "ozcapsula 0.1.0" ]]
    run -0 --separate-stderr "$OZCAPSULA" --version
    [[ $output == "ozcapsula 0.1.0" ]]
}

@test "help lists every command" {
    run -0 --separate-stderr "$OZCAPSULA" help
    for command in check inspect pack "payload init" "token issue" "token show" "policy show" "policy check" explain version help; do
        prints "  $command"
    done
    [[ -z $stderr ]]
    help=$output
    run -0 --separate-stderr "$OZCAPSULA" --help
    [[ $output == "$help" ]]
}

@test "help says that the vendor's own containers are not readable" {
    run -0 --separate-stderr "$OZCAPSULA" help
    [[ $(tr '\n' ' ' <<<"$output") == *"open profile"*"encrypted containers"*"not readable here"* ]]
}

@test "help COMMAND and COMMAND --help are the same, for every command" {
    for command in check inspect pack "payload init" payload "token issue" "token show" token "policy show" "policy check" policy explain version help; do
        run -0 --separate-stderr "$OZCAPSULA" help $command
        help=$output
        prints "Usage: ozcapsula $command"
        run -0 --separate-stderr "$OZCAPSULA" $command --help
        [[ $output == "$help" && -z $stderr ]]
        run -0 --separate-stderr "$OZCAPSULA" $command -h
        [[ $output == "$help" ]]
    done
}

@test "help explains every option of docs/cli.md" {
    run -0 --separate-stderr "$OZCAPSULA" help check
    for option in --trust-issuer --trust-signer --iss --aud --min-token-life --policy --skip --at --first-fault --warnings-as-errors \
        --hide-valid --include --format -o -j -q -v --color; do
        grep -Eq "^  $option( |$)" <<<"$output"
    done
    run -0 --separate-stderr "$OZCAPSULA" help pack
    for option in --payload --token --sign-with -o --ext; do
        grep -Eq "^  $option( |$)" <<<"$output"
    done
    run -0 --separate-stderr "$OZCAPSULA" help payload
    for option in --tag --analysis -o; do
        grep -Eq "^  $option( |$)" <<<"$output"
    done
    run -0 --separate-stderr "$OZCAPSULA" help inspect
    for option in --format --at -o --color; do
        grep -Eq "^  $option( |$)" <<<"$output"
    done
    run -0 --separate-stderr "$OZCAPSULA" help token
    for option in --sign-with --kid --lifetime --jti --iss --aud --cnf --at --trust-issuer; do
        grep -Eq "^  $option( |$)" <<<"$output"
    done
}

@test "help stays within 100 columns" {
    for command in "" check inspect pack payload token policy explain version help; do
        run -0 --separate-stderr "$OZCAPSULA" help $command
        [[ -n $output ]]
        no_line '.{101}' <<<"$output"
        no_line ' $' <<<"$output"
    done
}

@test "no command, an unknown one, or half of one is wrong usage" {
    run -2 --separate-stderr "$OZCAPSULA"
    silent; says "a command is missing"
    run -2 --separate-stderr "$OZCAPSULA" validate
    silent; says "unknown command validate"
    run -2 --separate-stderr "$OZCAPSULA" token
    silent; says "help token"
    run -2 --separate-stderr "$OZCAPSULA" token verify
    silent; says "help token"
    run -2 --separate-stderr "$OZCAPSULA" help validate
    silent; says "no command validate"
    run -2 --separate-stderr "$OZCAPSULA" ""
    silent; says "unknown command"
}

@test "commands that take no operand refuse one" {
    run -2 --separate-stderr "$OZCAPSULA" version now
    silent
    run -2 --separate-stderr "$OZCAPSULA" token issue file
    silent
}

@test "an unknown option is wrong usage in every command" {
    for command in check inspect pack "payload init" "token issue" "token show" "policy show" "policy check" explain version help; do
        run -2 --separate-stderr "$OZCAPSULA" $command --no-such-option
        silent; says "unknown option --no-such-option"
        run -2 --separate-stderr "$OZCAPSULA" $command -Z
        silent; says "unknown option -Z"
    done
}

@test "long options are not abbreviated" {
    run -2 --separate-stderr check --forma json "$VALID"
    says "unknown option --forma"
    run -2 --separate-stderr check --first "$VALID"
    says "unknown option --first"
    run -2 --separate-stderr check --format-json "$VALID"
    says "unknown option"
}

@test "what is not known but close to what is gets a suggestion" {
    suggests() { # MEANT WORDS...
        meant=$1
        shift
        run -2 --separate-stderr "$OZCAPSULA" "$@"
        silent; says " (did you mean $meant?)"
    }
    suggests check chek a.ozc
    suggests check CHECK
    suggests explain expalin
    suggests "token issue" token isue
    suggests "token show" tokn show
    suggests "policy show" policy shwo
    suggests pack help pakc
    suggests --format check --fromat json "$VALID"
    suggests --trust-issuer check --trust-isuer=x "$VALID"
    suggests --warnings-as-errors check --warning-as-error "$VALID"
    suggests --help pack --hlep
    suggests ndjson check --format ndjsn "$VALID"
    suggests junit check --format JUnit "$VALID"
    suggests json inspect --format jsn "$VALID"
    suggests json explain --format jsn
    suggests never check --color nevr "$VALID"
    suggests signature check --skip content,signatur "$VALID"
    suggests session_token check --skip session-token "$VALID"
    suggests hash.mismatch explain hash.missmatch
    suggests integrity explain intergity
    suggests "Invalid hash" explain "Invalid hashes"
    suggests FIELD_FORMAT_EXCEPTION explain FIELD_FORMAT_EXECPTION
}

@test "what is far from all that is known gets none" {
    for words in "validate" "check --xyz $VALID" "check --format yaml $VALID" "explain nothing.like.it" "check --skip hash $VALID" \
        "token verify" "x" "explain 999"; do
        run -2 --separate-stderr "$OZCAPSULA" $words
        [[ $stderr != *"did you mean"* ]] || { echo "$stderr"; return 1; }
    done
    run -2 --separate-stderr "$OZCAPSULA" "$(printf 'check%.0s' $(seq 1000))"
    run -2 --separate-stderr "$OZCAPSULA" ""
}

@test "a value stands behind = or in an argument of its own" {
    run -0 --separate-stderr check --format=ndjson "$VALID"
    joined=$output
    run -0 --separate-stderr check --format ndjson "$VALID"
    [[ $output == "$joined" ]]
    run -0 check -j2 "$VALID"
    run -0 check -j 2 "$VALID"
    run -0 check -qj2 "$VALID"
}

@test "a value that is missing, or given to an option without one, is wrong usage" {
    run -2 --separate-stderr check "$VALID" --format
    says "a value is missing behind --format"
    run -2 --separate-stderr check "$VALID" -j
    says "a value is missing behind -j"
    run -2 --separate-stderr check --first-fault=yes "$VALID"
    says "--first-fault=yes"
}

@test "options and operands stand in any order, and -- ends the options" {
    run -0 "$OZCAPSULA" check "$VALID" "${TRUST[@]}"
    enter_folder
    cp "$VALID" ./-q
    run -0 --separate-stderr check -- -q
    [[ $output == "-q: valid" ]]
}

@test "values that an option does not know are wrong usage" {
    run -2 --separate-stderr check --format yaml "$VALID"
    says "--format takes"; silent
    run -2 --separate-stderr check --color sometimes "$VALID"
    says "--color takes"; silent
    run -2 --separate-stderr check --skip hash "$VALID"
    says "--skip takes session_token, signature and content"; silent
    run -2 --separate-stderr check --skip content,nothing "$VALID"
    says '"nothing"'; silent
    run -2 --separate-stderr check --skip "" "$VALID"
    silent
    for jobs in 0 -1 x "" 1.5 1025 99999999999999999999; do
        run -2 --separate-stderr check -j "$jobs" "$VALID"
        says "-j takes a whole number from 1"; silent
    done
}

@test "-q and -v exclude each other" {
    run -2 --separate-stderr check -q -v "$VALID"
    says "-q and -v"; silent
}

@test "messages show hostile arguments escaped" {
    run -2 --separate-stderr "$OZCAPSULA" $'\e[31mred'
    says '\x1b[31mred'
    plain_only <<<"$stderr"
    run -2 --separate-stderr check $'--\e]0;title\a'
    plain_only <<<"$stderr"
    run -2 --separate-stderr check --at $'\e[2J' "$VALID"
    plain_only <<<"$stderr"
}
