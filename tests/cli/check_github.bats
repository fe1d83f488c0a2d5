#!/usr/bin/env bats
# check --format github: workflow commands for annotations.

load common

setup() {
    enter_folder
}

# Takes the output apart as GitHub's runner does: one JSON object a line, {"command", "properties", "message"}.
as_runner() {
    /usr/bin/python3 -c '
import json, sys
def unescape(text, more=()):
    for escaped, plain in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escaped, plain)
    return text
for line in sys.stdin:
    assert line.startswith("::"), line
    head, message = line[2:].rstrip("\n").split("::", 1)
    command, _, rest = head.partition(" ")
    properties = dict(one.split("=", 1) for one in rest.split(",")) if rest else {}
    print(json.dumps({"command": command, "message": unescape(message), "properties": {
        k: unescape(v, (("%3A", ":"), ("%2C", ","))) for k, v in properties.items()}}))'
}

@test "github: an annotation for each finding, with file, rule and what to do" {
    cp "$(rejected_by hash.mismatch)" c.ozc
    run -1 --separate-stderr check --format github c.ozc
    as_runner <<<"$output" >seen
    json_holds 'd["command"] == "error" and d["properties"] == {"file": "c.ozc", "title": "hash.mismatch"}' <<<"$(head -1 seen)"
    json_holds 'd["message"].startswith("14 Invalid hash: ") and "(at byte " in d["message"] and "Pack the very bytes" in d["message"]' <<<"$(head -1 seen)"
    run -0 --separate-stderr check --format github "$VALID"
    silent
}

@test "github: warnings, what could not be checked, and what was switched off" {
    file=$TESTDATA/$(awk -F'\t' '$2 == "-" && $3 == "valid" && $8 == "content.tag" { print $1; exit }' "$TESTDATA/list.tsv")
    run -0 --separate-stderr check --format github "$file"
    [[ $output == "::warning file="*",title=content.tag::"* ]]
    run -3 --separate-stderr check --format github --skip signature "$VALID" /no/such/file
    [[ ${lines[0]} == "::error file=/no/such/file,title=could not be checked::no such file" ]]
    [[ ${lines[1]} == "::notice title=not checked::signature was switched off" && ${#lines[@]} == 2 ]]
    [[ $stderr == "2 containers: 1 valid, 0 rejected, 1 failed"* ]]
}

@test "github: a container with more findings than are kept says how many" {
    run -1 --separate-stderr check --format github "$TESTDATA/invalid/hash.malformed-as-long-as-the-limit.ozc"
    [[ ${lines[-1]} =~ ^"::notice file=".*",title=left out::"[0-9]+" findings more"$ ]]
}

@test "github: no byte of a name or a container begins another command or ends a property" {
    names=($'a\n::error::x.ozc' $'b\r::set-output name=x::y.ozc' 'c,title=x::error::%0A::stop-commands::z.ozc' $'d\e[31m\xff%25.ozc')
    for name in "${names[@]}"; do cp "$(rejected_by hash.mismatch)" "$name"; done
    run -1 --separate-stderr check --format github -- "${names[@]}"
    plain_only <<<"$output"
    as_runner <<<"$output" >seen
    [[ $(wc -l <seen) == $(check --format ndjson -- "${names[@]}" | grep -o '"severity"' | wc -l) ]]
    grep -c 'c,title=x::error::%0A::stop-commands::z.ozc' seen
    no_line '"command": "(set-output|stop-commands)' <seen
    /usr/bin/python3 -c 'import json, sys
for line in sys.stdin: assert set(json.loads(line)["properties"]) == {"file", "title"}, line' <seen
}

@test "github: of all of testdata every line is a command" {
    run --separate-stderr check --format github "$TESTDATA"
    plain_only <<<"$output"
    as_runner <<<"$output" >seen
    [[ $(wc -l <seen) -gt 900 ]]
    no_line -v '^\{"command": "(error|warning|notice)"' <seen
}
