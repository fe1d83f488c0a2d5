#!/usr/bin/python3
"""The comparison can fail: archives that differ from what is expected in one thing are told of, for every reader.

self_test.py OZCAPSULA WORK. What is expected are the entries of a container without an edit.
"""
import pathlib
import sys

import ambiguous
import ozcapsula
from ambiguous import CONTENT, FILE, container, renamed, twin
from ambiguous_layout import local_record
from consensus import differences, measure
from container import local, place
from readers import READERS, ReaderFault, read_all


def in_other_order(archive):
    archive.entries[1], archive.entries[2] = archive.entries[2], archive.entries[1]


# Archives, and the readers that have to be told of.
EDITED = {
    'nothing': (container(), ()),
    'another byte': (container(parts={FILE: b'W' + CONTENT[1:]}), READERS),
    'one byte more': (container(parts={FILE: CONTENT + b'.'}), READERS),
    'one byte less': (container(parts={FILE: CONTENT[:-1]}), READERS),
    'another name': (renamed(b'ext/data.bi_'), READERS),
    'one entry more': (container(twin(b'ext/more', b'')), READERS),
    'one entry less': (container(parts={FILE: None}), READERS),
    'another order': (container(in_other_order), READERS),
    'an entry that only a stream has': (container(place(FILE, before=local_record(b'ext/hidden', b'x'))),
                                        ('ZipInputStream',)),
    'a name that unzip warns of': (container(local(FILE, name=b'ext/evil.bin')),
                                   ('unzip', 'bsdtar', 'zipfile', 'ZipInputStream')),
}


def main():
    program, work = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    folder = work / 'self-test'
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for what, (data, _) in EDITED.items():
        paths[what] = str(folder / f'{what.replace(" ", "-")}.zip')
        pathlib.Path(paths[what]).write_bytes(data)
    plain = paths['nothing']
    expected = measure(ozcapsula.check(program, ambiguous.TRUST, [plain])[plain])
    readings = read_all(paths.values(), work)
    failed = told = 0
    for what, (_, readers) in EDITED.items():
        found = [reader for reader in READERS if differences(expected, readings[paths[what]][reader])]
        told += len(found)
        if tuple(found) != tuple(readers):
            print(f'FAILED {what}: told of {found}, not of {list(readers)}')
            failed += 1
    print(f'{len(EDITED) - 1} archives with a difference: {told} readings told of, {failed} archives judged wrongly')
    return 1 if failed else 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except ReaderFault as lack:
        sys.exit(str(lack))
