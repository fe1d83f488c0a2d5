# fish completion for ozcapsula. Made by tools/make_completions.py from the program's own help: change the program, not this file.

function __ozcapsula_is -d 'is this the command?'
    set -l words (commandline -opc)
    test "$words[2..]" = "$argv"; or string match -q -- "$argv *" "$words[2..]"
end

function __ozcapsula_begins -d 'are these all words so far?'
    set -l words (commandline -opc)
    test "$words[2..]" = "$argv"
end

complete -c ozcapsula -f
complete -c ozcapsula -n __ozcapsula_begins -a check -d 'check containers: files, folders, - for standard input'
complete -c ozcapsula -n __ozcapsula_begins -a pack -d 'make a container'
complete -c ozcapsula -n __ozcapsula_begins -a payload -d 'payload init'
complete -c ozcapsula -n __ozcapsula_begins -a token -d 'token issue or show'
complete -c ozcapsula -n __ozcapsula_begins -a explain -d 'what an error code, name or rule means'
complete -c ozcapsula -n __ozcapsula_begins -a version -d 'the version of the program'
complete -c ozcapsula -n __ozcapsula_begins -a help -d 'what the program, or one command, does'
complete -c ozcapsula -n '__ozcapsula_begins payload' -a init -d 'make a first payload.json for media'
complete -c ozcapsula -n '__ozcapsula_begins token' -a issue -d 'make a session token'
complete -c ozcapsula -n '__ozcapsula_begins token' -a show -d 'show a session token: header, claims, life'
complete -c ozcapsula -n '__ozcapsula_is check' -l trust-issuer -r -F -d 'public key of the token issuer, for tokens of key id KID or for all'
complete -c ozcapsula -n '__ozcapsula_is check' -l trust-signer -r -F -d 'public key that may sign containers whose token names no key itself'
complete -c ozcapsula -n '__ozcapsula_is check' -l iss -x -d 'what the token\'s iss has to be'
complete -c ozcapsula -n '__ozcapsula_is check' -l aud -x -d 'what has to be among the token\'s aud'
complete -c ozcapsula -n '__ozcapsula_is check' -l policy -r -F -d 'all of the settings as JSON'
complete -c ozcapsula -n '__ozcapsula_is check' -l skip -x -a '(__fish_append , session_token signature content)' -d 'do without session_token, signature or content'
complete -c ozcapsula -n '__ozcapsula_is check' -l at -x -d 'the time to judge tokens at: RFC 3339 in UTC, seconds since 1970, or issued (each token\'s own iat, or exp - 1 where it has none: for fixtures)'
complete -c ozcapsula -n '__ozcapsula_is check' -l first-fault -d 'stop, in each container, at the first check that fails'
complete -c ozcapsula -n '__ozcapsula_is check' -l warnings-as-errors -d 'a container with warnings counts as rejected for the exit status'
complete -c ozcapsula -n '__ozcapsula_is check' -l include -x -d 'in folders take only files whose name fits'
complete -c ozcapsula -n '__ozcapsula_is check' -l format -x -a 'text json ndjson oz extrahorizon' -d 'text (default), json (one document), ndjson (one line a container), or the error body for one PATH: oz or extrahorizon'
complete -c ozcapsula -n '__ozcapsula_is check' -s o -r -F -d 'write there instead of standard output, whole or not at all'
complete -c ozcapsula -n '__ozcapsula_is check' -s j -x -d 'so many at once'
complete -c ozcapsula -n '__ozcapsula_is check' -s q -d 'print nothing: the exit status is the answer'
complete -c ozcapsula -n '__ozcapsula_is check' -s v -d 'in texts, every check and finding, with what to do about it'
complete -c ozcapsula -n '__ozcapsula_is check' -l color -x -a 'auto always never' -d 'colour in texts'
complete -c ozcapsula -n '__ozcapsula_is check' -s h -l help -d 'explain the command'
complete -c ozcapsula -n '__ozcapsula_is check' -F
complete -c ozcapsula -n '__ozcapsula_is pack' -l payload -r -F -d 'payload.json: what to do with the media'
complete -c ozcapsula -n '__ozcapsula_is pack' -l token -r -F -d 'the session token, as the issuer made it'
complete -c ozcapsula -n '__ozcapsula_is pack' -l sign-with -r -F -d 'private key of the signer: the one that the token\'s cnf names, if it does'
complete -c ozcapsula -n '__ozcapsula_is pack' -s o -r -F -d 'the container, written whole or not at all'
complete -c ozcapsula -n '__ozcapsula_is pack' -l ext -r -F -d 'adds the file as extension entry ext/NAME'
complete -c ozcapsula -n '__ozcapsula_is pack' -s h -l help -d 'explain the command'
complete -c ozcapsula -n '__ozcapsula_is pack' -F
complete -c ozcapsula -n '__ozcapsula_is payload init' -l tag -x -d 'what the medium shows, for one medium or for all'
complete -c ozcapsula -n '__ozcapsula_is payload init' -l analysis -x -d 'asks for an analysis (quality, biometry, documents, collection) of these media or of all'
complete -c ozcapsula -n '__ozcapsula_is payload init' -s o -r -F -d 'write there instead of standard output'
complete -c ozcapsula -n '__ozcapsula_is payload init' -s h -l help -d 'explain the command'
complete -c ozcapsula -n '__ozcapsula_is payload init' -F
complete -c ozcapsula -n '__ozcapsula_is token issue' -l sign-with -r -F -d 'private key of the token issuer'
complete -c ozcapsula -n '__ozcapsula_is token issue' -l kid -x -d 'the key\'s id, for receivers that know several keys'
complete -c ozcapsula -n '__ozcapsula_is token issue' -l lifetime -x -d 'how long it is valid'
complete -c ozcapsula -n '__ozcapsula_is token issue' -l jti -x -d 'the token\'s own id'
complete -c ozcapsula -n '__ozcapsula_is token issue' -l iss -x -d 'who issues it'
complete -c ozcapsula -n '__ozcapsula_is token issue' -l aud -x -d 'whom it is for'
complete -c ozcapsula -n '__ozcapsula_is token issue' -l cnf -r -F -d 'public key of the device that will sign the container, and the only one that may'
complete -c ozcapsula -n '__ozcapsula_is token issue' -l at -x -d 'the time of issue: RFC 3339 in UTC, or seconds since 1970'
complete -c ozcapsula -n '__ozcapsula_is token issue' -s h -l help -d 'explain the command'
complete -c ozcapsula -n '__ozcapsula_is token show' -l trust-issuer -r -F -d 'public key of the issuer: verifies the token\'s signature'
complete -c ozcapsula -n '__ozcapsula_is token show' -s h -l help -d 'explain the command'
complete -c ozcapsula -n '__ozcapsula_is token show' -F
complete -c ozcapsula -n '__ozcapsula_is explain' -s h -l help -d 'explain the command'
complete -c ozcapsula -n '__ozcapsula_is explain' -a '3 4 5 13 14 0 1 2 6 7 8 9 10 11 12 16 21 104 107 108 109 110 117 118 15 22 19 20 UNKNOWN DATABASE ID_FORMAT_EXCEPTION RESOURCE_UNKNOWN_EXCEPTION LONG_QUERY_EXCEPTION NO_PERMISSION_EXCEPTION USER_NOT_AUTHENTICATED_EXCEPTION OAUTH_KEY_EXCEPTION OAUTH_TOKEN_EXCEPTION OAUTH_SIGNATURE_EXCEPTION DUPLICATE_REQUEST_EXCEPTION ACCESS_TOKEN_UNKNOWN_EXCEPTION ACCESS_TOKEN_EXPIRED_EXCEPTION EMPTY_BODY_EXCEPTION MISSING_REQUIRED_FIELDS_EXCEPTION FIELD_FORMAT_EXCEPTION BODY_FORMAT_EXCEPTION INVALID_RQL_EXCEPTION EMPTY_RQL_EXCEPTION input format archive payload media session_token signature integrity hash content input.none format.unrecognized archive.truncated archive.trailing archive.directory archive.local archive.mismatch archive.gap archive.overlap archive.size archive.comment archive.zip64 archive.multi_disk archive.extra_field archive.data_descriptor archive.flags archive.name archive.duplicate archive.file_type archive.mimetype archive.unknown_entry archive.encrypted archive.method archive.limit payload.missing media.missing media.empty session_token.missing session_token.empty session_token.malformed session_token.key session_token.algorithm session_token.signature session_token.claims session_token.expired session_token.not_yet_valid session_token.lifetime session_token.replayed signature.missing signature.no_key signature.malformed signature.invalid integrity.crc hash.missing hash.malformed hash.unlisted hash.no_such_entry hash.mismatch content.json content.structure content.type content.value content.unknown_media content.analyses content.untagged content.tag content.media_kind'
complete -c ozcapsula -n '__ozcapsula_is version' -s h -l help -d 'explain the command'
complete -c ozcapsula -n '__ozcapsula_is help' -s h -l help -d 'explain the command'
complete -c ozcapsula -n '__ozcapsula_is help' -a 'check pack payload token explain version help'
