#!/usr/bin/python3
"""Every statement of docs/cli.md is covered by a test: cli_lines.py SOURCE_DIR.

A statement is a row of a table, a line of an indented block that says how a command is called, or a sentence. Each has a
row in tests/cli/coverage.tsv: words of the statement, a bats file, the name of a test in it. A statement without a row, a
row without a statement, and a test that is not there are faults. Where no test could hold a statement the file is `-`, and
the last column says why.
"""
import pathlib
import re
import sys


def statements(page):
    """The statements of the page, with the heading that they stand below."""
    heading, paragraph, found = '', [], []

    def flush():
        text = ' '.join(paragraph)
        paragraph.clear()
        found.extend((heading, one) for one in re.split(r'(?<=[.:)])\s+(?=[A-Z`(])', text) if one)

    for line in page.splitlines():
        if not line or line.startswith(('#', '|', '    ')):
            flush()
        if line.startswith('#'):
            heading = line.strip('# ')
        elif line.startswith('|') and not re.match(r'\|[-|]+$', line):
            found.append((heading, line))
        elif line.startswith('    ozcapsula '):
            found.append((heading, line.strip()))
        elif line and not line.startswith(('|', '    ')):
            paragraph.append(line)
    flush()
    # The heads of tables say nothing.
    return [(h, s) for h, s in found if not re.match(r'\| (option|status|member|in the document) \| ', s)]


def main():
    source = pathlib.Path(sys.argv[1])
    rows = [line.split('\t') for line in (source / 'tests/cli/coverage.tsv').read_text().splitlines()[1:]]
    said = statements((source / 'docs/cli.md').read_text())
    faults = []
    for row in rows:
        if len(row) != 3:
            faults.append(f'no three columns: {row}')
            continue
        words, file, name = row
        if not any(words in statement for _, statement in said):
            faults.append(f'docs/cli.md does not say: {words}')
        path = source / 'tests/cli' / file
        if file == '-':  # no test could hold it: why
            continue
        if not path.exists() or f'@test "{name}" {{\n' not in path.read_text():
            faults.append(f'{file} has no test "{name}"')
    for heading, statement in said:
        if not any(row[0] in statement for row in rows):
            faults.append(f'tests/cli/coverage.tsv has no row for, below "{heading}": {statement}')
    print('\n'.join(faults) or f'{len(said)} statements, {len(rows)} rows')
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
