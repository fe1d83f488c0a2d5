#!/usr/bin/env bats
# inspect: what is in a file, as a user meets it. That the documents fit their schema is the test inspect.schema.

load common

setup() {
    enter_folder
}

inspect() {
    "$OZCAPSULA" inspect "$@"
}

invalid() {
    echo "$TESTDATA/invalid/$1.ozc"
}

@test "inspect shows entries, digests, payload, token and layout, and says that nothing is verified" {
    cp "$VALID" c.ozc
    run -0 --separate-stderr inspect --at 2026-01-01T00:01:00Z c.ozc
    [[ -z $stderr && ${lines[0]} == "c.ozc: $(stat -c %s c.ozc) bytes, looks like OzCapsula container, profile 1" ]]
    [[ ${lines[1]} == "Nothing here is verified. "* ]]
    prints "Entries, found by: directory"
    grep -Eq '^ +1 +38 +30 +30  stored  same    same     text  mimetype$' <<<"$output"
    grep -Eq '^ +3 +324 +99 +99  stored  same    same     PNG   media/photo.png$' <<<"$output"
    grep -Eq '^  photo.png +yes +- +photo_selfie, orientation_portrait$' <<<"$output"
    grep -Eq '^  quality +photo.png$' <<<"$output"
    prints '  header   {"alg":"ES384","typ":"JWT"}'
    prints "  expires  2026-01-01T00:05:00Z (in 4 min)"
    grep -Eq '^ +0 +30  local record +mimetype$' <<<"$output"
    grep -Eq ' 22  end record$' <<<"$output"
    no_line '^Notes' <<<"$output"
}

@test "its digests are what sha256sum says, its content id too" {
    unzip -q "$VALID"
    run -0 inspect "$VALID"
    sed -n '/^Digests/,/^$/p' <<<"$output" | tail -n +3 | grep -v '^$' | sed 's/^  //' >sums
    [[ $(wc -l <sums) == 6 ]]
    sha256sum --strict -c sums
    prints "content id $(sha256sum <hashes.sha256 | cut -d' ' -f1)"
}

@test "json is one document that says the same" {
    run -0 --separate-stderr inspect --format json --at 1767225660 "$VALID"
    [[ ${#lines[@]} == 1 && -z $stderr ]]
    json_holds 'd["schema"] == "ozcapsula-inspection/1" and d["verified"] is False and d["failure"] is None' <<<"$output"
    json_holds '[e["name"] for e in d["entries"]] == ["mimetype", "payload.json", "media/photo.png", "session_token", "hashes.sha256", "signature"]' <<<"$output"
    json_holds 'd["session_token"]["expires_in"] == 240 and d["session_token"]["claims"]["exp"] == 1767225900' <<<"$output"
    json_holds 'd["payload"]["media"] == [{"key": "photo.png", "entry": True, "meta_data": False, "tags": ["photo_selfie", "orientation_portrait"]}]' <<<"$output"
    json_holds 'sum(r["length"] for r in d["layout"]) == d["size"]' <<<"$output"
}

@test "--at says when the life is counted, issued is the token's own time" {
    run -0 inspect --at 2026-01-01T00:07:00Z "$VALID"
    prints "  expires  2026-01-01T00:05:00Z (2 min ago)"
    run -0 inspect --at issued "$VALID"
    prints "  expires  2026-01-01T00:05:00Z (in 5 min)"
    run -0 inspect "$VALID"
    [[ $output == *"  expires  2026-01-01T00:05:00Z ("*" ago)"* ]]
    run -2 --separate-stderr inspect --at yesterday "$VALID"
    silent; says "--at"
}

@test "a container that is cut off is shown as far as it goes" {
    head -c 700 "$VALID" >cut.ozc
    run -0 --separate-stderr inspect cut.ozc
    prints "Entries, found by: local records"
    prints "no end record within the last 65557 bytes: the file is cut off"
    prints "session_token: its content is cut off: 234 of its 264 bytes are there (at byte 700)"
    prints "there is no entry hashes.sha256"
}

@test "broken containers: gaps, overlaps, hidden and double entries, a wrong directory" {
    run -0 inspect "$(invalid archive.gap-between)"
    grep -Eq '^ +[0-9]+ +[0-9]+  gap ' <<<"$output"
    prints "belong to nothing"
    run -0 inspect "$(invalid archive.overlap-size-reaches-into-next)"
    prints "OVERLAPS"
    run -0 inspect "$(invalid archive.gap-hidden-entry)"
    prints "ext/hidden: the directory does not list it; found by local records"
    run -0 inspect "$(invalid archive.duplicate-equal)"
    prints "another entry has the same name"
    run -0 inspect "$(invalid archive.directory-offset-more)"
    prints "Entries, found by: directory"
    prints "the end record puts the directory at byte"
    run -0 inspect "$(invalid archive.trailing-orphan)"
    prints "Notes"
    run -0 inspect "$(invalid hash.mismatch-mimetype)"
    prints "mimetype: its content does not have the SHA-256 that hashes.sha256 lists"
    run -0 inspect "$(invalid session_token.malformed-two-parts)"
    prints "malformed"
}

@test "what is compressed or encrypted is shown as such, and not unpacked" {
    mkdir media && printf '%01000d' 7 >media/clip.mp4
    zip -q -X packed.zip media/clip.mp4
    run -0 inspect packed.zip
    grep -Eq '^ +1 +44 +1000 +[0-9]+  deflated  - +no +-     media/clip.mp4$' <<<"$output"
    prints "it is compressed (method 8, deflated): nothing is inflated here"
    zip -q -X -0 -P secret sealed.zip media/clip.mp4
    run -0 inspect sealed.zip
    prints "stored, encrypted"
    prints "it is encrypted"
}

@test "whatever a rule rejects is shown, and that is no verdict" {
    count=0
    while read -r file; do
        run -0 --separate-stderr inspect "$TESTDATA/$file"
        [[ -z $stderr && ${lines[1]} == "Nothing here is verified. "* ]]
        count=$((count + 1))
    done < <(awk -F'\t' '$3 == "rejected" && $6 != "-" && !seen[$6]++ { print $1 }' "$TESTDATA/list.tsv")
    [[ $count -gt 50 ]]
}

@test "no check of the library uses an inspection" {
    cd "$TESTDATA/.."
    grep -lE 'inspecting|inspection|ozc_inspect|#include "inspect' src/*.[ch] | no_line -v '^src/inspect'
    grep -lE 'ozc_inspect' tools/*.[ch] | no_line -vE '^tools/(cmd_inspect\.c|inspect_text\.[ch])$'
}

@test "ZIP64 is named, and not followed" {
    run -0 inspect "$(invalid archive.zip64-whole-ending)"
    grep -Eq '^ +[0-9]+ +56 +other record +looks like ZIP64 end record$' <<<"$output"
    prints "a ZIP64 locator, which is not followed here; other readers may"
    run -0 inspect "$(invalid archive.zip64-size)"
    grep -Eq '^ +3 +324 +[?] +[?]  stored  -       yes      -     media/photo.png$' <<<"$output"
    prints "its central record refers to a ZIP64 field, which is not followed here"
}

@test "standard input may deliver 1 GiB and no more" {
    mkdir spool
    run -3 --separate-stderr bash -c "head -c $(((1 << 30) + 1)) /dev/zero | TMPDIR=spool $(printf '%q' "$OZCAPSULA") inspect -"
    [[ ${lines[0]} == "-: could not be read: it delivers more than 1 GiB"* && -z $(ls -A spool) ]]
}

@test "a ZIP file that was streamed and cut off still shows its entries" {
    mkdir media && printf 'some bytes' >media/clip.mp4
    (cd media && zip -q -X -0 - clip.mp4 | cat) >streamed.zip
    run -0 inspect streamed.zip
    prints "same"
    head -c "$(($(stat -c %s streamed.zip) - 30))" streamed.zip >cut.zip
    run -0 inspect --format json cut.zip
    json_holds 'd["found_by"] == "local records" and d["entries"][0]["size"] == 10 and d["entries"][0]["crc32_matches"] is True' <<<"$output"
}

@test "what is no container says what it looks like" {
    cp "$TESTDATA/media/clip.mp4" clip.mp4
    run -0 inspect clip.mp4
    [[ ${lines[0]} == "clip.mp4: "*" bytes, looks like MP4" ]]
    prints "it neither begins nor ends as a ZIP file does"
    [[ ${lines[1]} == "Nothing here is verified. "* ]]
    run -0 inspect "$(invalid format.unrecognized-jpeg)"
    [[ ${lines[0]} == *"looks like JPEG" ]]
    gzip -c clip.mp4 >clip.gz
    run -0 inspect clip.gz
    [[ ${lines[0]} == *"looks like gzip" ]]
    : >empty
    run -0 inspect empty
    [[ ${lines[0]} == "empty: 0 bytes" ]]
    prints "the file is empty"
}

@test "a file that cannot be read is exit 3, with an answer all the same" {
    for path in missing .; do
        run -3 --separate-stderr inspect "$path"
        [[ ${lines[0]} == "$path: could not be read: "* && ${lines[1]} == "Nothing here is verified. "* && -z $stderr ]]
        run -3 --separate-stderr inspect --format json "$path"
        json_holds 'd["failure"] and d["verified"] is False' <<<"$output"
    done
    cp "$VALID" secret.ozc
    chmod 000 secret.ozc
    chmod 755 .
    run -3 as_nobody "$OZCAPSULA" inspect "$PWD/secret.ozc"
}

@test "standard input: a file, a pipe, a FIFO" {
    inspect --at issued --format json "$VALID" | sed "s|\"path\":\"[^\"]*\"|\"path\":\"-\"|" >wanted
    run -0 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") inspect --at issued --format json - <$VALID"
    [[ $output == "$(cat wanted)" ]]
    run -0 --separate-stderr bash -c "cat $VALID | $(printf '%q' "$OZCAPSULA") inspect --at issued --format json -"
    [[ $output == "$(cat wanted)" ]]
    run -0 bash -c "{ $(printf '%q' "$OZCAPSULA") inspect - >/dev/null; wc -c; } <$VALID"
    [[ $output == "$(stat -c %s "$VALID")" ]] # it has not moved
    mkfifo fifo
    cat "$VALID" >fifo &
    run -0 inspect --at issued fifo
    [[ ${lines[0]} == "fifo: "*"OzCapsula container, profile 1" ]]
    wait
    run -3 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") inspect - <&-"
    [[ ${lines[0]} == "-: could not be read: "* ]]
    TMPDIR=/no/such/folder run -3 --separate-stderr bash -c "cat $VALID | $(printf '%q' "$OZCAPSULA") inspect -"
    [[ ${lines[0]} == "-: could not be read: No such file or directory" ]]
}

@test "no byte of a container, whatever it says, reaches the terminal raw" {
    for name in "$TESTDATA"/invalid/archive.name-*.ozc "$TESTDATA"/invalid/content.*.ozc \
        "$TESTDATA"/invalid/session_token.*.ozc "$TESTDATA"/valid/payload-strings.ozc; do
        inspect "$name" >out
        plain_only <out
    done
    /usr/bin/python3 - <<'PY'
import json, zipfile
hostile = '\x1b[31m\x1b]0;title\x07\u202e\u009b2J\r\n\x08'
with zipfile.ZipFile('hostile.ozc', 'w') as archive:
    archive.writestr('media/' + hostile, b'\x1b[2J')
    archive.writestr('payload.json', json.dumps({'media:tags': {hostile: [hostile] * 40}, 'analyses': [{'type': hostile, 'source_media': [hostile]}]}, ensure_ascii=False))
    archive.writestr('session_token', 'eyJhbGciOiJcdTAwMWJbMzFtIn0.eyJpc3MiOiLCm1x1MDAxYlszMW0ifQ.AA')
    archive.writestr('hashes.sha256', '0' * 64 + '  \x1b[31m\n')
    archive.comment = b'\x1b[31mred'
PY
    cp hostile.ozc $'\e[31m.ozc'
    for format in text json; do
        run -0 --separate-stderr inspect --format $format $'\e[31m.ozc'
        [[ -z $stderr ]]
        plain_only <<<"$output"
    done
    inspect --format json hostile.ozc | json_holds 'd["payload"]["analyses"][0]["type"].startswith("\x1b[31m")'
}

@test "colour is for headings, and only where it is asked for" {
    run -0 inspect --color always "$VALID"
    [[ $output == *$'\e[1mEntries'* && $output == *$'\e[33mNothing here is verified.\e[0m'* ]]
    sed $'s/\e\\[[0-9]*m//g' <<<"$output" >plain
    for mode in auto never; do
        run -0 inspect --color $mode "$VALID"
        plain_only <<<"$output"
        [[ $output == "$(cat plain)" ]]
    done
    run -0 inspect --color always --format json "$VALID"
    plain_only <<<"$output"
}

@test "-o writes the file, never over what is inspected" {
    cp "$VALID" c.ozc
    run -0 --separate-stderr inspect --at issued c.ozc
    printf '%s\n' "$output" >wanted
    run -0 --separate-stderr inspect --at issued -o out c.ozc
    silent
    cmp out wanted
    ln c.ozc same.ozc
    for path in c.ozc same.ozc; do
        run -2 --separate-stderr inspect -o "$path" c.ozc
        silent; says "-o $path would replace what is to be inspected"
    done
    run -2 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") inspect -o c.ozc - <c.ozc"
    silent
    cmp c.ozc "$VALID"
    run -3 --separate-stderr inspect -o no/such/folder/out c.ozc
    says "cannot write no/such/folder/out"
}

@test "output that cannot be written is exit 3, without a signal" {
    words=$(printf '%q ' "$OZCAPSULA" inspect "$VALID")
    run -3 --separate-stderr bash -c "$words >/dev/full"
    says "cannot write standard output: No space left on device"
    run -3 --separate-stderr bash -c "(sleep 0.3; $words) | true; exit \${PIPESTATUS[0]}"
    says "cannot write standard output: Broken pipe"
    run -3 --separate-stderr bash -c "$words >&-"
    [[ ${#stderr_lines[@]} == 1 ]]
}

@test "inspect takes one PATH and known options" {
    run -2 --separate-stderr inspect
    silent; says "inspect takes one PATH"
    run -2 --separate-stderr inspect a b
    silent
    run -2 --separate-stderr inspect --format yaml a
    silent; says "--format takes text or json"
    run -2 --separate-stderr inspect --color sometimes a
    silent
    run -2 --separate-stderr inspect --trust-issuer "$ISSUER" a
    silent; says "unknown option --trust-issuer"
}

@test "4096 entries are shown, of 65000 the rest is counted" {
    /usr/bin/python3 - <<'PY'
import zipfile
for count in 4096, 65000:
    with zipfile.ZipFile('%d.zip' % count, 'w', allowZip64=False) as archive:
        for i in range(count):
            archive.writestr('media/%d' % i, b'')
PY
    inspect --format json 4096.zip | json_holds 'len(d["entries"]) == 4096 and d["entries_omitted"] == 0 and d["layout_omitted"] == 0'
    inspect --format json 65000.zip | json_holds 'len(d["entries"]) == 4096 and d["entries_omitted"] == 65000 - 4096'
    run -0 inspect 65000.zip
    prints "  and 60904 more, at least"
    prints "not shown"
}
