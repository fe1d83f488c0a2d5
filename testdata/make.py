#!/usr/bin/python3
"""Makes valid/, invalid/ and list.tsv, and the keys that are missing. See README.md."""
import pathlib

import badkeys
import cases_archive_fields
import cases_archive_layout
import cases_archive_names
import cases_content
import cases_hash
import cases_order
import cases_parts
import cases_signature
import cases_token
import cases_valid
import ozckeys
from corpus import Corpus

HERE = pathlib.Path(__file__).resolve().parent

CASES = (cases_valid, cases_archive_layout, cases_archive_fields, cases_archive_names, cases_parts, cases_token,
         cases_signature, cases_hash, cases_content, cases_order)


def main():
    ozckeys.make_missing()
    badkeys.make_missing()
    corpus = Corpus()
    for cases in CASES:
        cases.add(corpus)
    if corpus.uncovered_rules():
        raise SystemExit(f'no case for {", ".join(sorted(corpus.uncovered_rules()))}')
    for folder in ('valid', 'invalid'):
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).iterdir():
            if f'{folder}/{old.name}' not in corpus.files:
                old.unlink()
    for path, data in corpus.files.items():
        (HERE / path).write_bytes(data)
    (HERE / 'list.tsv').write_text(corpus.table())
    print(f'{len(corpus.files)} containers, {len(corpus.rows)} rows')


if __name__ == '__main__':
    main()
