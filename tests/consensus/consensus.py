#!/usr/bin/python3
"""Every accepted container means the same to seven ZIP readers and to ozcapsula: names in order, sizes, bytes.

consensus.py OZCAPSULA WORK [FOLDER...]. Compares testdata/valid, the files below each FOLDER (accepted containers that
other tests have made), and a container for each known difference. What ozcapsula says of the entries is the measure.
Exit status 1 on any disagreement that is not known, a warning included, and on a known one that is not met any more.
"""
import hashlib
import json
import pathlib
import sys

import ozcapsula
from known import KNOWN
from readers import READERS, ReaderFault, Reading, read_all

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / 'testdata'
SHOWN = 50  # disagreements in full

# Whoever signed it, and however large: what makes two meanings is not the key.
WIDEST = {'skip': ['session_token', 'signature', 'content'],
          'limits': {'container': 4294967294, 'entries': 4096, 'entry': 4294967294, 'payload': 16 << 20,
                     'session_token': 1 << 20, 'hashes': 322 * 4096, 'signature': 1 << 20}}


def valid_containers():
    rows = [line.split('\t') for line in (TESTDATA / 'list.tsv').read_text().splitlines()[1:]]
    return sorted({TESTDATA / row[0] for row in rows if row[2] == 'valid'})


def files_below(folder):
    return sorted(path for path in pathlib.Path(folder).resolve().rglob('*') if path.is_file())


def by_content(paths):
    """The paths without those whose bytes were there before."""
    first = {}
    for path in paths:
        first.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)
    return list(first.values())


def measure(answer):
    """What a reader has to say, by the entries that ozcapsula reports."""
    entries = answer['entries']
    return Reading(tuple((entry['name'], entry['size']) for entry in entries),
                   tuple(sorted((entry['name'], entry['size'], entry['sha256']) for entry in entries)))


def differences(expected, found):
    """What a reading has that is not expected, entry by entry; nothing if they are alike."""
    said = [found.complaint] if found.complaint or found.refused else []
    for what, right, there in (('listed', expected.listed, found.listed),
                               ('unpacked', expected.unpacked, found.unpacked)):
        if right != there:
            told = [f'lacks {entry}' for entry in right if entry not in there]
            told += [f'has {entry}' for entry in there if entry not in right]
            said.append(f'{what}, ' + (', '.join(told) or f'in other order or number: {there}'))
    return said


def judge_all(program, options, paths, work):
    """(path, reader, differences) for each reading, or one for ozcapsula where it does not accept the container."""
    answers = ozcapsula.check(program, options, paths)
    readings = read_all(paths, work)
    for path, answer in answers.items():
        if answer['result'] != 'valid':
            yield path, 'ozcapsula', [f'not accepted: {answer["rule"]}']
            continue
        for reader in READERS:
            yield path, reader, differences(measure(answer), readings[path][reader])


def main():
    program, work, folders = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]
    work.mkdir(parents=True, exist_ok=True)
    policy = work / 'widest.json'
    policy.write_text(json.dumps(WIDEST))
    samples = {}
    for known in KNOWN:
        path = work / f'known-{known.reader}.ozc'
        path.write_bytes(known.sample())
        samples[str(path)] = known

    sources = {'known differences': list(map(pathlib.Path, samples)),
               'testdata, valid by list.tsv': valid_containers(),
               **{folder: files_below(folder) for folder in folders}}
    empty = [name for name, paths in sources.items() if not paths]
    if empty:
        raise SystemExit(f'no container to compare in {", ".join(empty)}')
    paths = by_content(path for found in sources.values() for path in found)

    agreed = differ = 0
    unmet = dict(samples)
    failed = []
    for path, reader, said in judge_all(program, ['--policy', str(policy)], paths, work):
        known = next((known for known in KNOWN if known.fits(reader, pathlib.Path(path))), None) if said else None
        if known:
            differ += 1
            unmet.pop(path, None)
            print(f'known   {reader} {path}: {known.reason}')
        elif said:
            failed.append(f'{reader} {path}: ' + '; '.join(said))
        else:
            agreed += 1
    failed += [f'{known.reader} {path}: no difference any more, so known.py is out of date'
               for path, known in unmet.items()]
    for line in failed[:SHOWN]:
        print(f'FAILED {line}')
    if failed[SHOWN:]:
        print(f'FAILED ... and {len(failed) - SHOWN} more')
    for name, found in sources.items():
        print(f'{len(found)} containers: {name}')
    print(f'{len(paths)} different archives compared, {len(READERS) * len(paths)} readings by {len(READERS)} readers: '
          f'{agreed} agree with ozcapsula, {differ} known differences, {len(failed)} disagreements')
    return 1 if failed else 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except ReaderFault as lack:
        sys.exit(str(lack))
