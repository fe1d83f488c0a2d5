"""Inspections of all of testdata: they fit their schema, cover every byte, and agree with other tools.

    check_documents.py INSPECT_DOCUMENTS SOURCE_DIR

The witnesses are zipfile, zlib and hashlib; where zipfile reads an archive, names, sizes and digests have to be the same.
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import jsonschema


def check_layout(document):
    """Each byte of the file is in one region, or in several of which all but the first overlap."""
    covered = 0
    for region in document['layout']:
        if region['overlaps']:
            assert region['offset'] < covered, region
        else:
            assert region['offset'] == covered, region
        covered = max(covered, region['offset'] + region['length'])
    assert covered == document['size'], covered


def check_digests(document, data):
    """Every digest is that of the bytes where the document says they are."""
    for entry in document['entries']:
        if entry['sha256'] is not None:
            content = data[entry['offset']:entry['offset'] + entry['length']]
            assert len(content) == entry['packed_size'], entry
            assert hashlib.sha256(content).hexdigest() == entry['sha256'], entry


def check_against_zipfile(document, path):
    """A valid container is the same to zipfile."""
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        found = [entry for entry in document['entries'] if entry['found_by'] == 'directory']
        assert [entry['name'] for entry in found] == [info.filename for info in infos]
        for entry, info in zip(found, infos):
            assert entry['size'] == info.file_size and entry['record'] == info.header_offset
            assert entry['sha256'] == hashlib.sha256(archive.read(info)).hexdigest()
            assert entry['crc32'] == '%08x' % info.CRC and entry['crc32_matches'] is True


def pieces(folder, testdata):
    """Files that are in no list: cut, joined, no ZIP, not there."""
    whole = (testdata / 'valid/three-media.ozc').read_bytes()
    made = {'joined': whole + whole, 'tail': whole[3000:], 'mp4': (testdata / 'media/clip.mp4').read_bytes()}
    made.update({'cut-%d' % at: whole[:at] for at in range(0, len(whole), 97)})
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return sorted(folder / name for name in made)


def main(program, source):
    testdata = pathlib.Path(source) / 'testdata'
    schema = json.loads((pathlib.Path(source) / 'docs/inspect.schema.json').read_text())
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    checker = validator(schema)
    with tempfile.TemporaryDirectory() as folder:
        containers = sorted(testdata.glob('valid/*.ozc')) + sorted(testdata.glob('invalid/*.ozc'))
        assert len(containers) > 900
        paths = containers + pieces(pathlib.Path(folder), testdata) + [pathlib.Path(folder) / 'not-there']
        run = subprocess.run([program], input=''.join('%s\n' % path for path in paths), stdout=subprocess.PIPE,
                             encoding='ascii', check=True)
        lines = run.stdout.splitlines()
        assert len(lines) == len(paths)
        for path, line in zip(paths, lines):
            document = json.loads(line)
            try:
                checker.validate(document)
                assert document['path'] == str(path)
                if document['failure'] is not None:
                    assert path.name == 'not-there'
                    continue
                check_layout(document)
                check_digests(document, path.read_bytes())
                if path.parent.name == 'valid':
                    check_against_zipfile(document, path)
                    assert document['notes'] == [], document['notes']
            except (AssertionError, jsonschema.ValidationError, zipfile.BadZipFile):
                print('%s:' % path, file=sys.stderr)
                raise
    print('%d documents' % len(paths))


main(*sys.argv[1:])
