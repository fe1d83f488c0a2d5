# bash completion for ozcapsula. Made by tools/make_completions.py from the program's own help: change the program, not this file.
# shellcheck shell=bash disable=SC2207

_ozcapsula_words() { # those of the words that begin as the argument does
    COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_ozcapsula_list() { # the same for the last word of a list parted by commas
    COMPREPLY=($(compgen -P "${cur%"${cur##*,}"}" -W "$1" -- "${cur##*,}"))
}

_ozcapsula_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_ozcapsula() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} options=
    COMPREPLY=()
    # --name=VALUE comes in three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = && $COMP_CWORD -ge 3 ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD == 1)); then
        _ozcapsula_words "check inspect pack payload token policy explain version help --version --help"
        return
    fi
    case $command in
    payload)
        if ((COMP_CWORD == 2)); then
            _ozcapsula_words "init"
            return
        fi
        command="payload ${COMP_WORDS[2]}"
        ;;
    token)
        if ((COMP_CWORD == 2)); then
            _ozcapsula_words "issue show"
            return
        fi
        command="token ${COMP_WORDS[2]}"
        ;;
    policy)
        if ((COMP_CWORD == 2)); then
            _ozcapsula_words "show check"
            return
        fi
        command="policy ${COMP_WORDS[2]}"
        ;;
    esac
    case "$command $prev" in
    "check --trust-issuer")
        _ozcapsula_files
        return
        ;;
    "check --trust-signer")
        _ozcapsula_files
        return
        ;;
    "check --iss")
        :
        return
        ;;
    "check --aud")
        :
        return
        ;;
    "check --min-token-life")
        :
        return
        ;;
    "check --policy")
        _ozcapsula_files
        return
        ;;
    "check --skip")
        _ozcapsula_list "session_token signature content"
        return
        ;;
    "check --at")
        :
        return
        ;;
    "check --include")
        :
        return
        ;;
    "check --format")
        _ozcapsula_words "text json ndjson oz extrahorizon sarif junit github"
        return
        ;;
    "check -o")
        _ozcapsula_files
        return
        ;;
    "check -j")
        :
        return
        ;;
    "check --color")
        _ozcapsula_words "auto always never"
        return
        ;;
    "inspect --format")
        _ozcapsula_words "text json"
        return
        ;;
    "inspect --at")
        :
        return
        ;;
    "inspect -o")
        _ozcapsula_files
        return
        ;;
    "inspect --color")
        _ozcapsula_words "auto always never"
        return
        ;;
    "pack --payload")
        _ozcapsula_files
        return
        ;;
    "pack --token")
        _ozcapsula_files
        return
        ;;
    "pack --sign-with")
        _ozcapsula_files
        return
        ;;
    "pack -o")
        _ozcapsula_files
        return
        ;;
    "pack --ext")
        _ozcapsula_files
        return
        ;;
    "payload init --tag")
        :
        return
        ;;
    "payload init --analysis")
        :
        return
        ;;
    "payload init -o")
        _ozcapsula_files
        return
        ;;
    "token issue --sign-with")
        _ozcapsula_files
        return
        ;;
    "token issue --kid")
        :
        return
        ;;
    "token issue --lifetime")
        :
        return
        ;;
    "token issue --jti")
        :
        return
        ;;
    "token issue --iss")
        :
        return
        ;;
    "token issue --aud")
        :
        return
        ;;
    "token issue --cnf")
        _ozcapsula_files
        return
        ;;
    "token issue --at")
        :
        return
        ;;
    "token show --trust-issuer")
        _ozcapsula_files
        return
        ;;
    "policy show --trust-issuer")
        _ozcapsula_files
        return
        ;;
    "policy show --trust-signer")
        _ozcapsula_files
        return
        ;;
    "policy show --iss")
        :
        return
        ;;
    "policy show --aud")
        :
        return
        ;;
    "policy show --min-token-life")
        :
        return
        ;;
    "policy show --policy")
        _ozcapsula_files
        return
        ;;
    "policy show --skip")
        _ozcapsula_list "session_token signature content"
        return
        ;;
    "explain --format")
        _ozcapsula_words "text json"
        return
        ;;
    esac
    case $command in
    "check")
        options="--trust-issuer --trust-signer --iss --aud --min-token-life --policy --skip --first-fault --at --warnings-as-errors --hide-valid --include --format -o -j -q -v --color --help"
        [[ $cur == -* ]] || _ozcapsula_files
        ;;
    "inspect")
        options="--format --at -o --color --help"
        [[ $cur == -* ]] || _ozcapsula_files
        ;;
    "pack")
        options="--payload --token --sign-with -o --ext --help"
        [[ $cur == -* ]] || _ozcapsula_files
        ;;
    "payload init")
        options="--tag --analysis -o --help"
        [[ $cur == -* ]] || _ozcapsula_files
        ;;
    "token issue")
        options="--sign-with --kid --lifetime --jti --iss --aud --cnf --at --help"
        [[ $cur == -* ]] || :
        ;;
    "token show")
        options="--trust-issuer --help"
        [[ $cur == -* ]] || _ozcapsula_files
        ;;
    "policy show")
        options="--trust-issuer --trust-signer --iss --aud --min-token-life --policy --skip --first-fault --help"
        [[ $cur == -* ]] || :
        ;;
    "policy check")
        options="--help"
        [[ $cur == -* ]] || _ozcapsula_files
        ;;
    "explain")
        options="--format --help"
        [[ $cur == -* ]] || _ozcapsula_words "3 4 5 13 14 0 1 2 6 7 8 9 10 11 12 16 21 104 107 108 109 110 117 118 15 22 19 20 UNKNOWN DATABASE ID_FORMAT_EXCEPTION RESOURCE_UNKNOWN_EXCEPTION LONG_QUERY_EXCEPTION NO_PERMISSION_EXCEPTION USER_NOT_AUTHENTICATED_EXCEPTION OAUTH_KEY_EXCEPTION OAUTH_TOKEN_EXCEPTION OAUTH_SIGNATURE_EXCEPTION DUPLICATE_REQUEST_EXCEPTION ACCESS_TOKEN_UNKNOWN_EXCEPTION ACCESS_TOKEN_EXPIRED_EXCEPTION EMPTY_BODY_EXCEPTION MISSING_REQUIRED_FIELDS_EXCEPTION FIELD_FORMAT_EXCEPTION BODY_FORMAT_EXCEPTION INVALID_RQL_EXCEPTION EMPTY_RQL_EXCEPTION input format archive payload media session_token signature integrity hash content input.none format.unrecognized archive.truncated archive.trailing archive.directory archive.local archive.mismatch archive.gap archive.overlap archive.size archive.comment archive.zip64 archive.multi_disk archive.extra_field archive.data_descriptor archive.flags archive.name archive.duplicate archive.file_type archive.mimetype archive.unknown_entry archive.encrypted archive.method archive.limit payload.missing media.missing media.empty session_token.missing session_token.empty session_token.malformed session_token.key session_token.algorithm session_token.signature session_token.claims session_token.expired session_token.not_yet_valid session_token.lifetime session_token.replayed session_token.short_life signature.missing signature.no_key signature.malformed signature.invalid integrity.crc hash.missing hash.malformed hash.unlisted hash.no_such_entry hash.mismatch content.json content.structure content.type content.value content.unknown_media content.analyses content.untagged content.tag content.media_kind"
        ;;
    "version")
        options="--help"
        [[ $cur == -* ]] || :
        ;;
    "help")
        options="--help"
        [[ $cur == -* ]] || _ozcapsula_words "check inspect pack payload token policy explain version help"
        ;;
    esac
    [[ $cur != -* ]] || _ozcapsula_words "$options"
}

complete -F _ozcapsula ozcapsula
