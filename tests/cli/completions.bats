#!/usr/bin/env bats
# Completions of bash, zsh and fish: they are what the program's help makes them, and each shell offers from them what it should.

load common

setup() {
    SOURCE=$TESTDATA/..
    COMPLETIONS=$(realpath "$SOURCE/tools/completions")
    enter_folder
    touch file.ozc 'two words.ozc'
    mkdir folder
}

@test "the completions are up to date with the program" {
    run -0 /usr/bin/python3 "$SOURCE/tools/make_completions.py" "$OZCAPSULA" --check
}

@test "the check of that notices an option more or less" {
    cp -r "$SOURCE/tools" .
    sed -i 's/--first-fault //' tools/completions/ozcapsula.bash
    run -1 /usr/bin/python3 tools/make_completions.py "$OZCAPSULA" --check
    prints "tools/completions is not up to date (ozcapsula.bash)"
}

@test "each shell can read its file" {
    bash -n "$COMPLETIONS/ozcapsula.bash"
    zsh -n "$COMPLETIONS/_ozcapsula"
    fish -n "$COMPLETIONS/ozcapsula.fish"
}

# What bash offers for the last of the words, on one line. Completion splits at = on its own.
bash_offers() {
    bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ozcapsula 2>complaints; printf "%s\n" "${COMPREPLY[@]}"' \
        "$COMPLETIONS/ozcapsula.bash" ozcapsula "$@"
    [[ ! -s complaints ]] || grep -q 'compopt: not currently executing' complaints
}

# What fish offers for a command line, sorted, without what it says of each.
fish_offers() {
    fish -c 'source $argv[1]; complete -C $argv[2]' "$COMPLETIONS/ozcapsula.fish" "$1" | cut -f1 | sort
}

@test "bash and fish offer commands, and the second words of some" {
    for command in check inspect pack payload token policy explain version help; do
        bash_offers "" | grep -qx $command
        fish_offers "ozcapsula " | grep -qx $command
    done
    [[ $(bash_offers ch) == check && $(fish_offers "ozcapsula ch") == check ]]
    [[ $(bash_offers token "") == issue$'\n'show && $(fish_offers "ozcapsula token ") == issue$'\n'show ]]
    [[ $(bash_offers payload "") == init && $(fish_offers "ozcapsula payload ") == init ]]
}

@test "bash and fish offer every option of every command, and none of another" {
    for command in check inspect pack "payload init" "token issue" "token show" "policy show" "policy check" explain version help; do
        "$OZCAPSULA" help $command | grep -oE '^  --[a-z-]+' | tr -d ' ' | sort >wanted
        echo --help >>wanted
        bash_offers $command -- | sort | cmp - <(sort wanted)
        fish_offers "ozcapsula $command --" | cmp - <(sort wanted)
        "$OZCAPSULA" help $command | grep -oE '^  -[a-z]( |$)' | tr -d ' ' >letters || true
        while read -r letter; do
            bash_offers $command - | grep -qx -- "$letter"
            fish_offers "ozcapsula $command -" | grep -qx -- "$letter"
        done <letters
    done
}

@test "bash and fish offer the words that an option takes, each of which the program knows" {
    for option in format color; do
        bash_offers check --$option "" | sort >offered
        fish_offers "ozcapsula check --$option " | cmp - offered
        [[ $(wc -l <offered) -ge 3 ]]
        while read -r word; do
            run -0 check --$option "$word" "$VALID"
        done <offered
    done
    [[ $(bash_offers check --format = nd) == ndjson && $(bash_offers check --format =) == *ndjson* ]]
    [[ $(bash_offers check --skip content,si) == content,signature ]]
    [[ $(fish_offers "ozcapsula check --skip content,si") == content,signature ]]
    [[ -z $(bash_offers check --iss "") && -z $(fish_offers "ozcapsula check --iss ") ]]
}

@test "bash and fish offer files where files belong, with any name, and nowhere else" {
    for words in check pack "payload init" "token show" "check --trust-issuer" "check -o" "pack --payload"; do
        bash_offers $words f | sort | cmp - <(printf 'file.ozc\nfolder\n')
        fish_offers "ozcapsula $words f" | cmp - <(printf 'file.ozc\nfolder/\n')
    done
    [[ $(bash_offers check two) == "two words.ozc" ]]
    for words in version help "token issue" explain "check --format" "token issue --kid"; do
        [[ -z $(bash_offers $words two) && -z $(fish_offers "ozcapsula $words two") ]]
    done
}

@test "bash and fish offer what explain knows" {
    bash_offers explain "" | sort >offered
    fish_offers "ozcapsula explain " | cmp - offered
    for topic in 14 BODY_FORMAT_EXCEPTION hash hash.mismatch content.tag; do
        grep -qx $topic offered
    done
    while read -r topic; do
        "$OZCAPSULA" explain "$topic" >/dev/null
    done <offered
}

# What zsh makes of a line that is typed with tabs in it, on a terminal of its own.
zsh_completes() {
    zsh -f /dev/stdin "$COMPLETIONS" "$1" <<'ZSH'
zmodload zsh/zpty
export TERM=dumb
zpty shell zsh -f -i
zpty -w shell "PS1= PS2= RPS1=; unsetopt zle_bracketed_paste auto_list list_ambiguous beep; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D"
zpty -w shell "show() { print -r -- \"line<\$BUFFER>\"; BUFFER= }; zle -N show; bindkey '^X' show; print rea''dy"
zpty -r shell output '*ready*'
zpty -w -n shell "$2"$'\x18'
zpty -r shell output '*line<*>*'
print -r -- "${${output##*line<}%%>*}"
zpty -d shell
ZSH
}

@test "zsh completes commands, options, words and files" {
    [[ $(zsh_completes $'ozcapsula che\t') == "ozcapsula check " ]]
    [[ $(zsh_completes $'ozcapsula tok\tiss\t--lif\t') == "ozcapsula token issue --lifetime="* ]]
    [[ $(zsh_completes $'ozcapsula check --format nd\t') == "ozcapsula check --format ndjson " ]]
    [[ $(zsh_completes $'ozcapsula check --skip content,sig\t') == "ozcapsula check --skip content,signature"* ]]
    [[ $(zsh_completes $'ozcapsula explain hash.mis\tm\t') == "ozcapsula explain hash.mism"* ]]
    [[ $(zsh_completes $'ozcapsula pack --pay\t') == "ozcapsula pack --payload="* ]]
    [[ $(zsh_completes $'ozcapsula check file\t') == "ozcapsula check file.ozc " ]]
    [[ $(zsh_completes $'ozcapsula help pa\t') == "ozcapsula help pa"* ]]
    [[ $(zsh_completes $'ozcapsula version file\t') == "ozcapsula version file" ]]
}
