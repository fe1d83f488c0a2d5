#!/usr/bin/env bats
# inspect --format json: what each member says. That all of testdata fits the schema is the test inspect.schema.

load common

setup() {
    enter_folder
}

inspect() {
    "$OZCAPSULA" inspect --format json "$@"
}

# Standard input has to fit the schema.
fits_schema() {
    /usr/bin/python3 -c '
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.validators.validator_for(schema)(schema).validate(json.load(sys.stdin))' \
        "$TESTDATA/../docs/inspect.schema.json"
}

# A ZIP file by Python's zipfile: zip_of FILE NAME=CONTENT...
zip_of() {
    /usr/bin/python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for pair in sys.argv[2:]:
        name, content = pair.split("=", 1)
        archive.writestr(name, content)' "$@"
}

@test "every document fits the schema, of a file that cannot be read too" {
    inspect "$VALID" >valid
    head -c 700 "$VALID" >cut.ozc
    inspect cut.ozc >cut
    run -3 --separate-stderr inspect missing
    printf '%s\n' "$output" >failed
    for document in valid cut failed; do
        [[ $(wc -l <$document) == 1 ]]
        fits_schema <$document
    done
    run ! fits_schema <<<'{"schema": "ozcapsula-inspection/1"}'
}

@test "size, and what the file and its entries look like" {
    inspect "$VALID" >valid
    json_holds "d['size'] == $(stat -c %s "$VALID") and d['looks_like'] == 'OzCapsula container, profile 1'" <valid
    json_holds '[e["kind"] for e in d["entries"]] == ["text", "JSON", "PNG", "JWS", "text", None]' <valid
    run -3 --separate-stderr inspect missing
    json_holds 'd["size"] is None and d["looks_like"] is None and d["found_by"] == "none"' <<<"$output"
    inspect "$TESTDATA/media/clip.mp4" | json_holds 'd["looks_like"] == "MP4" and d["found_by"] == "none"'
    printf '\x01\x02\x03' >unknown
    inspect unknown | json_holds 'd["looks_like"] is None and d["size"] == 3'
}

@test "found_by: the directory, record by record, by search" {
    inspect "$VALID" | json_holds 'd["found_by"] == "directory" and {e["found_by"] for e in d["entries"]} == {"directory"}'
    head -c 700 "$VALID" >cut.ozc
    inspect cut.ozc | json_holds 'd["found_by"] == "local records" and {e["found_by"] for e in d["entries"]} == {"local records"}'
    # The second record is no more: its bytes are a gap, and the third is found by its signature.
    cp cut.ozc damaged.ozc
    printf XXXX | dd of=damaged.ozc bs=1 seek=68 conv=notrunc status=none
    inspect damaged.ozc >damaged
    json_holds '[(e["name"], e["found_by"]) for e in d["entries"]][:2] == [("mimetype", "local records"), ("media/photo.png", "search")]' <damaged
    json_holds '[(r["offset"], r["length"]) for r in d["layout"] if r["what"] == "gap"] == [(68, 211)]' <damaged
}

@test "names are escaped and cut, and have a role where the format has a place for them" {
    long=media/$(printf '%0300d' 7)
    zip_of c.zip mimetype=1 payload.json='{}' $'media/a\\\n\e=2' session_token=3 hashes.sha256=4 signature=5 ext/x=6 other=7 "$long=8"
    inspect c.zip >document
    json_holds '[e["role"] for e in d["entries"]] == ["mimetype", "payload", None, "session_token", "hashes", "signature", "ext", None, None]' <document
    json_holds 'd["entries"][2]["name"] == r"media/a\\\x0a\x1b" and d["entries"][2]["name_length"] == 10' <document
    json_holds 'd["entries"][8]["name_length"] == 306 and d["entries"][8]["name"].startswith("media/0000") and len(d["entries"][8]["name"]) < 306' <document
    json_holds '[e["name_is_proper"] for e in d["entries"]] == [True, True, False, True, True, True, True, True, False]' <document
    inspect "$VALID" | json_holds 'd["entries"][2]["role"] == "media"'
}

@test "record, offset and length: where the local record and the content are, and how much of that is there" {
    inspect "$VALID" | json_holds '[d["entries"][1][m] for m in ("record", "offset", "length", "packed_size", "size")] == [68, 110, 169, 169, 169]'
    head -c 150 "$VALID" >cut.ozc
    inspect cut.ozc | json_holds '[d["entries"][1][m] for m in ("record", "offset", "length", "packed_size", "sha256")] == [68, 110, 40, 169, None]'
    # The directory leads to a record that is no more.
    cp "$VALID" damaged.ozc
    printf XXXX | dd of=damaged.ozc bs=1 seek=68 conv=notrunc status=none
    inspect damaged.ozc | json_holds '[d["entries"][1][m] for m in ("record", "offset", "length", "size", "sha256")] == [None, None, None, 169, None]'
}

@test "sizes are the directory's, and the local record's where there is none" {
    cp "$VALID" other.ozc
    # The size in the local record of payload.json: 170 instead of 169.
    printf '\xaa' | dd of=other.ozc bs=1 seek=90 conv=notrunc status=none
    inspect other.ozc | json_holds 'd["entries"][1]["size"] == 169'
    head -c 700 other.ozc >cut.ozc
    inspect cut.ozc | json_holds 'd["entries"][1]["size"] == 170'
}

@test "sha256 is there for what is stored and whole, and for nothing else" {
    mkdir media && printf '%01000d' 7 >media/a.mp4 && cp media/a.mp4 media/b.mp4
    zip -q -X -0 c.zip media/a.mp4
    zip -q -X c.zip media/b.mp4
    zip -q -X -0 -P secret sealed.zip media/a.mp4
    inspect c.zip | json_holds "[e['sha256'] for e in d['entries']] == ['$(sha256sum <media/a.mp4 | cut -d' ' -f1)', None]"
    inspect c.zip | json_holds '[(e["method"], e["method_name"]) for e in d["entries"]] == [(0, "stored"), (8, "deflated")]'
    inspect sealed.zip | json_holds 'd["entries"][0]["encrypted"] and d["entries"][0]["sha256"] is None'
}

@test "listed: whether hashes.sha256 has a line, and that digest" {
    mkdir media && printf '%01000d' 7 >media/a && printf b >media/b && printf c >media/c && cp media/a media/d
    { sha256sum media/a; sha256sum <media/c | sed 's|-$|media/b|'; sha256sum media/d; } >hashes.sha256
    zip -q -X -0 c.zip media/a media/b media/c hashes.sha256
    zip -q -X c.zip media/d
    inspect c.zip >document
    json_holds '{e["name"]: (e["listed"], e["listed_matches"]) for e in d["entries"]} == {"media/a": (True, True), "media/b": (True, False), "media/c": (False, None), "media/d": (True, None), "hashes.sha256": (False, None)}' <document
    printf X | dd of=c.zip bs=1 seek=$(($(grep -abo '0000007' c.zip | head -1 | cut -d: -f1))) conv=notrunc status=none
    run -0 "$OZCAPSULA" inspect c.zip
    grep -Eq 'stored +OTHER +OTHER .*media/a$' <<<"$output"
    grep -Eq 'stored +same +OTHER .*media/b$' <<<"$output"
    grep -Eq 'stored +same +no .*media/c$' <<<"$output"
    grep -Eq 'deflated +- +yes .*media/d$' <<<"$output"
}

@test "media and analyses are what the payload says of them" {
    zip_of c.zip media/a=1 media/b=2 'payload.json={"media:tags": {"a": ["x", "y"], "gone": []}, "analyses": [{"type": "quality"}, {"type": "biometry", "source_media": ["a"]}]}'
    inspect c.zip >document
    json_holds '[(m["key"], m["entry"], m["tags"]) for m in d["payload"]["media"]] == [("a", True, ["x", "y"]), ("b", True, None), ("gone", False, [])]' <document
    json_holds 'd["payload"]["analyses"] == [{"type": "quality", "source_media": None}, {"type": "biometry", "source_media": ["a"]}]' <document
}

@test "the session token: how many seconds it still lives, and the key that it is bound to" {
    inspect --at 1767225660 "$VALID" | json_holds 'd["session_token"]["expires_at"] == 1767225900 and d["session_token"]["expires_in"] == 240'
    inspect --at 1767225900 "$VALID" | json_holds 'd["session_token"]["expires_in"] == 0'
    inspect --at 1767226000 "$VALID" | json_holds 'd["session_token"]["expires_in"] == -100 and d["session_token"]["at"] == 1767226000'
    inspect "$VALID" | json_holds 'd["session_token"]["confirmation_key"] is None'
    key=$(openssl pkey -pubin -in "$TEST_KEYS/TEST-device-p384.pub" -outform DER | sha256sum | cut -d' ' -f1)
    inspect "$TESTDATA/valid/cnf-p384.ozc" | json_holds "d['session_token']['confirmation_key'] == '$key'"
}

@test "with jq: how much a client may still do with a container" {
    cp "$VALID" a.ozc
    run -0 bash -o pipefail -c "$(printf '%q' "$OZCAPSULA") inspect --at 1767225660 --format json a.ozc | jq '.session_token.expires_in'"
    [[ $output == 240 ]]
}

@test "layout: without a hole, entries by index, and what overlaps" {
    inspect "$VALID" >document
    json_holds 'all(b["offset"] == a["offset"] + a["length"] for a, b in zip(d["layout"], d["layout"][1:])) and d["layout"][0]["offset"] == 0' <document
    json_holds 'd["layout"][-1]["offset"] + d["layout"][-1]["length"] == d["size"] and not any(r["overlaps"] for r in d["layout"])' <document
    json_holds '[r["entry"] for r in d["layout"] if r["what"] == "content"] == [0, 1, 2, 3, 4, 5] and d["layout"][-1]["entry"] is None' <document
    inspect "$TESTDATA/invalid/archive.overlap-size-reaches-into-next.ozc" |
        json_holds 'any(b["overlaps"] and b["offset"] < a["offset"] + a["length"] for a, b in zip(d["layout"], d["layout"][1:]))'
}

@test "failure says why not all of it could be read, and null that it could" {
    inspect "$VALID" | json_holds 'd["failure"] is None'
    run -3 --separate-stderr inspect missing
    json_holds 'd["failure"] == "no such file"' <<<"$output"
}
