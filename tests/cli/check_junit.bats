#!/usr/bin/env bats
# check --format junit: JUnit XML, read back by parsers that nobody here wrote.

load common

setup() {
    enter_folder
}

# Python with the document `out` as `suites`, read by junitparser; the expression has to be true.
junit_holds() {
    xmllint --noout out
    /usr/bin/python3 -c '
import junitparser, sys
suites = junitparser.JUnitXml.fromfile("out")
cases = [case for suite in suites for case in suite]
if not eval(sys.argv[1]):
    sys.exit("does not hold: %s" % sys.argv[1])' "$1"
}

@test "junit: a container is a test case, its failure the rule, and what could not be checked an error" {
    rejected=$(rejected_by hash.mismatch)
    run -3 --separate-stderr check --format junit -o out "$VALID" "$rejected" /no/such/file
    [[ -z $stderr ]]
    junit_holds 'suites.tests == 3 and suites.failures == 1 and suites.errors == 1'
    junit_holds '[c.name for c in cases] == ["'"$VALID"'", "'"$rejected"'", "/no/such/file"]'
    junit_holds 'all(c.classname == "ozcapsula.check" for c in cases)'
    junit_holds 'cases[0].result == []'
    junit_holds '(lambda r: len(r) == 1 and type(r[0]) is junitparser.Failure and r[0].type == "hash.mismatch" and r[0].message.startswith("14 Invalid hash: "))(cases[1].result)'
    junit_holds '"Pack the very bytes that were hashed" in cases[1].result[0].text'
    junit_holds '(lambda r: len(r) == 1 and type(r[0]) is junitparser.Error and "no such file" in r[0].message)(cases[2].result)'
}

@test "junit: the numbers are those of the cases" {
    check --format junit -o out "$TESTDATA/valid" "$TESTDATA/invalid" || true
    junit_holds '(lambda t, f: (suites.update_statistics(), suites.tests == t > 900, suites.failures == f > 800)[1:] == (True, True))(suites.tests, suites.failures)'
    junit_holds 'all(c.time is not None and 0 <= c.time < 60 for c in cases)'
}

@test "junit: slow containers have their times, which add up" {
    mkfifo one two
    (sleep 1 && cat "$VALID") >one &
    (sleep 1 && cat "$VALID") >two &
    check -j 1 --format junit -o out one two
    junit_holds 'all(1 <= c.time < 30 for c in cases) and sum(c.time for c in cases) <= suites.time + 0.002 < 60'
}

@test "junit: properties say size, content id and what became of each check" {
    check --format junit -o out "$VALID" --skip signature
    id=$(unzip -p "$VALID" hashes.sha256 | sha256sum | cut -d' ' -f1)
    for path in "testsuite/properties/property[@name='not_checked' and @value='signature']" \
        "testsuite/properties/property[@name='ozcapsula.version' and @value='0.1.0']" \
        "testsuite/testcase/properties/property[@name='size' and @value='$(stat -c %s "$VALID")']" \
        "testsuite/testcase/properties/property[@name='content_id' and @value='$id']" \
        "testsuite/testcase/properties/property[@name='complete' and @value='false']" \
        "testsuite/testcase/properties/property[@name='hash' and @value='passed']" \
        "testsuite/testcase/properties/property[@name='signature' and @value='skipped']"; do
        [[ $(xmllint --xpath "count(/testsuites/$path)" out) == 1 ]] || { echo "$path"; return 1; }
    done
}

@test "junit: warnings of a valid container are its output" {
    file=$TESTDATA/$(awk -F'\t' '$2 == "-" && $3 == "valid" && $8 != "-" { print $1; exit }' "$TESTDATA/list.tsv")
    check --format junit -o out "$file"
    junit_holds 'cases[0].result == [] and "warning content." in cases[0].system_out'
}

@test "junit: well-formed and plain whatever is in the containers" {
    run -3 --separate-stderr check --format junit -o out "$TESTDATA" /no/such/file
    plain_only <out
    junit_holds 'len(cases) > 900'
}

@test "junit: hostile names come as text that XML allows" {
    for name in $'\e[31m\n\x01\x08\x0b\x7f.ozc' $'\xff\xfe\xef\xbf\xbf.ozc' '<a b="c">&amp;]]>'"'"'.ozc' $'\xed\xa0\x80.ozc'; do
        cp "$(rejected_by hash.mismatch)" "$name"
    done
    check --format junit -o out . || true
    plain_only <out
    junit_holds 'sorted(c.name for c in cases) == sorted([r"./\x1b[31m\x0a\x01\x08\x0b\x7f.ozc", r"./\xff\xfe\xef\xbf\xbf.ozc", "./<a b=\"c\">&amp;]]>'"\\x27"'.ozc", r"./\xed\xa0\x80.ozc"])'
}
