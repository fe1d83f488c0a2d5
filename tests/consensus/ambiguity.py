#!/usr/bin/python3
"""Fourteen ways in which one ZIP file means two things to two readers: none is accepted, each is refused by its rule.

ambiguity.py OZCAPSULA WORK. Prints the table of docs/ambiguity.md, as measured; its first three columns have to be
those of the page. Exit status 1 if a case is accepted, is refused by another rule or error, or if a kind is ambiguous
to none of the seven readers (but for those of NOT_SHOWN).
"""
import pathlib
import shutil
import sys

import ambiguous
import ambiguous_layout
import ambiguous_names
import ambiguous_records
import ozcapsula
from corpus import RULES
from readers import READERS, ReaderFault, read_all


PAGE = pathlib.Path(__file__).resolve().parents[2] / 'docs/ambiguity.md'

KINDS = {
    'A1': 'Compression method', 'A2': 'Sizes', 'A3': 'Name', 'A4': 'Folder or file', 'A5': 'Encryption',
    'B1': 'Duplicates', 'B2': 'Special bytes in names', 'B3': 'Paths that have to be resolved', 'B4': 'Case',
    'C1': 'From the front, or by the directory', 'C2': 'Which end record', 'C3': 'Entry counts and directory size',
    'C4': 'Offset of the directory', 'C5': 'ZIP64',
}

# Kinds for which these readers, here, do not give two meanings.
NOT_SHOWN = {
    'A5': 'some read the bytes as they are, the others refuse; a second meaning would take a password',
    'B4': 'on a file system with case, which Linux has, all seven make two files; on one without, one is lost',
}


def cases():
    for module in (ambiguous_records, ambiguous_names, ambiguous_layout):
        yield from module.cases()


def meanings(readings):
    """The readers by what they unpacked, a list of lists; and those that refused."""
    groups = {}
    for reader in READERS:
        if not readings[reader].refused:
            groups.setdefault(readings[reader].unpacked, []).append(reader)
    return list(groups.values()), [reader for reader in READERS if readings[reader].refused]


def in_words(groups, refused):
    told = ' / '.join(', '.join(group) for group in groups)
    if not refused:
        return told
    return f'{told}; refused: {", ".join(refused)}' if told else 'refused by all'


def fault(case, answer):
    code, message = RULES[case.rule]
    expected = 'rejected', case.rule, code, message
    found = tuple(answer[name] for name in ('result', 'rule', 'error_code', 'error_message'))
    return '' if found == expected else f'expected {expected}, found {found}'


def main():
    program, work = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    folder = work / 'ambiguous'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = {}
    for number, case in enumerate(cases()):
        files[case] = str(folder / f'{number:03}-{case.kind}.ozc')
        pathlib.Path(files[case]).write_bytes(case.data)
    plain = [str(folder / name) for name in ('unedited.ozc', 'unedited-other.ozc')]
    for path, data in zip(plain, (ambiguous.container(), ambiguous.another())):
        pathlib.Path(path).write_bytes(data)

    answers = ozcapsula.check(program, ambiguous.TRUST, [*files.values(), *plain])
    readings = read_all([path for case, path in files.items() if case.readable], work)
    page = PAGE.read_text().splitlines()
    faults = [f'{path}: a container without an edit is not valid: {answers[path]["rule"]}' for path in plain
              if answers[path]['result'] != 'valid']
    shown = {kind: 0 for kind in KINDS}
    previous = None
    for case, path in files.items():
        if case.kind != previous:
            print(f'\n### {case.kind} {KINDS[case.kind]}\n\n| what differs | refused by | answered with | readers |'
                  '\n|---|---|---|---|')
            previous = case.kind
        code, message = RULES[case.rule]
        row = f'| {case.variant} | `{case.rule}` | {code} {message} | '
        if case.readable:
            groups, refused = meanings(readings[path])
            shown[case.kind] += len(groups) > 1
            print(f'{row}{in_words(groups, refused)} |')
        else:
            print(f'{row}not asked: minutes to unpack |')
        if fault(case, answers[path]):
            faults.append(f'{case.kind} {case.variant} ({path}): {fault(case, answers[path])}')
        if not any(line.startswith(row) for line in page):
            faults.append(f'{PAGE.name} has no row that begins: {row}')
    print()
    for kind, variants in shown.items():
        if not variants and kind not in NOT_SHOWN:
            faults.append(f'{kind}: no two readers give two meanings')
        elif variants and kind in NOT_SHOWN:
            faults.append(f'{kind}: shown now, so NOT_SHOWN is out of date')
    for kind, reason in NOT_SHOWN.items():
        print(f'Not shown by these readers: {kind}, {KINDS[kind]}: {reason}.')
    refused = sum(answers[path]['result'] == 'rejected' for path in files.values())
    print(f'{len(files)} ambiguous archives of {len(KINDS)} kinds: {refused} refused, {len(files) - refused} accepted; '
          f'two readers or more give different meanings for {sum(shown.values())} of them, of '
          f'{sum(map(bool, shown.values()))} kinds')
    for one in faults:
        print(f'FAILED {one}')
    return 1 if faults else 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except ReaderFault as lack:
        sys.exit(str(lack))
