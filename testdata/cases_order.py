"""Containers with two faults, which pin the order of the checks and of the rules (docs/rules.md, sections 2 and 3).

Each is named order-FIRST-before-SECOND: what the verdict is, and what it would be without the first fault.
"""
from container import (MIMETYPE, PHOTO, append, around, both, central, container, end, local, media,
                       payload, place)
from corpus import ANY
from ozctoken import EXPIRES, ISSUED, token
from ozczip import DESCRIPTOR_FLAG

EXPIRED = token({'iat': ISSUED - 600, 'exp': ISSUED - 300})


def less(right):
    return right - 1


def wrong_crc(name):
    return both(name, crc=lambda right: right ^ 1)


def bad_list(right):
    """A digest that is another entry's content; signed, as all that a list says is."""
    return b'0' * 64 + right[64:]


def flipped(signature):
    return signature[:-1] + bytes((signature[-1] ^ 1,))


def add(corpus):
    def order(first, second, data, settings='-', entry=None, variant=''):
        corpus.invalid(f'order-{first}-before-{second}{variant}', data, settings, rule=first, entry=entry)

    add_checks(order)
    add_inside_checks(order)
    add_container_and_end_record(order)
    add_central_records(order)
    add_local_records(order)
    add_entries(order)


def add_checks(order):
    order('format.unrecognized', 'archive.directory', b'#!/bin/sh\n' + container())
    order('archive.name', 'payload.missing', container(parts={'ext/a b': b'', 'payload.json': None}), entry=ANY)
    order('archive.unknown_entry', 'media.missing', container(parts={PHOTO: None, 'photo.png': media('photo.png')}),
          entry='photo.png')
    no_media = payload({'media:tags': None, 'analyses': [{'type': 'quality'}]})
    order('payload.missing', 'media.missing', container(parts={'payload.json': None, PHOTO: None}))
    order('media.missing', 'session_token.missing',
          container(parts={'payload.json': no_media, PHOTO: None, 'session_token': None}))
    order('session_token.expired', 'signature.invalid',
          container(parts={'session_token': EXPIRED, 'signature': flipped}))
    order('session_token.missing', 'signature.missing', container(parts={'session_token': None, 'signature': None}))
    order('signature.invalid', 'integrity.crc', container(wrong_crc(PHOTO), parts={'signature': flipped}))
    order('signature.invalid', 'hash.mismatch', container(parts={'hashes.sha256': bad_list, 'signature': flipped}))
    order('integrity.crc', 'hash.mismatch', container(wrong_crc('payload.json'), parts={'hashes.sha256': bad_list}),
          entry='payload.json')
    order('hash.mismatch', 'content.json', container(parts={'hashes.sha256': bad_list, 'payload.json': b'{'}),
          entry=PHOTO)
    # A later check may fail alone where an earlier one is skipped for want of what it needs.
    order('integrity.crc', 'session_token.expired',
          container(wrong_crc('session_token'), parts={'session_token': EXPIRED}), entry='session_token')
    order('integrity.crc', 'signature.invalid', container(wrong_crc('signature'), parts={'signature': flipped}),
          entry='signature')
    order('integrity.crc', 'signature.missing',
          container(wrong_crc('hashes.sha256'), parts={'signature': None}), entry='hashes.sha256')
    order('integrity.crc', 'signature.missing',
          container(wrong_crc('session_token'), parts={'signature': None}), entry='session_token', variant='-token')
    order('integrity.crc', 'hash.malformed',
          container(wrong_crc('hashes.sha256'), parts={'hashes.sha256': lambda right: right + b'\n'}),
          entry='hashes.sha256')
    order('integrity.crc', 'content.json', container(wrong_crc('payload.json'), parts={'payload.json': b'{'}),
          entry='payload.json')
    order('hash.missing', 'signature.missing', container(parts={'hashes.sha256': None, 'signature': None}))
    order('hash.missing', 'signature.invalid', container(parts={'hashes.sha256': b'', 'signature': flipped}),
          entry='hashes.sha256')


def add_inside_checks(order):
    both_wrong = {PHOTO: b'', 'payload.json': None}
    order('payload.missing', 'media.empty', container(parts=both_wrong))
    for first, second, made in (
        ('malformed', 'key', token(header='{"alg":1,"kid":"other"}')),
        ('malformed', 'signature', token(header={'typ': 'JWT'}, signature=flipped) + b'='),
        ('key', 'algorithm', token(header={'alg': 'none', 'kid': 'other'})),
        ('key', 'algorithm-crit', token(header={'crit': ['exp'], 'kid': 'other'})),
        ('algorithm', 'signature', token(header={'alg': 'none', 'kid': 'main'}, signature=flipped)),
        ('signature', 'malformed-claims', token('exp', signature=flipped)),
        ('signature', 'claims', token({'exp': None}, signature=flipped)),
        ('signature', 'expired', token({'iat': 0, 'exp': 1}, signature=flipped)),
        ('malformed', 'claims', token('{"exp":"x","exp":"x"}')),
        ('claims', 'expired', token({'iat': 0, 'exp': 1, 'jti': 1})),
        ('claims', 'not_yet_valid', token({'iat': ISSUED + 200, 'cnf': {}})),
        ('expired', 'lifetime', token({'iat': 0, 'exp': 1000})),
        ('not_yet_valid', 'lifetime', token({'iat': ISSUED + 200, 'exp': EXPIRES + 3600})),
    ):
        order(f'session_token.{first}', f'session_token.{second}', container(parts={'session_token': made}),
              'issuer=main@keys/TEST-issuer-p384.pub')
    order('signature.no_key', 'signature.malformed', container(parts={'signature': b'x'}), 'signer=none')
    order('signature.missing', 'signature.no_key', container(parts={'signature': None}), 'signer=none')

    extra = {'ext/log': b'TEST'}
    order('hash.malformed', 'hash.unlisted', container(parts={
        **extra, 'hashes.sha256': lambda right: right.partition(b'\n')[2][:-1]}))
    without_log = {**extra, 'hashes.sha256': lambda right: right.replace(b'  ext/log', b'  ext/none')}
    order('hash.unlisted', 'hash.no_such_entry', container(parts=without_log), entry='ext/log')
    order('hash.no_such_entry', 'hash.mismatch', container(parts={
        'hashes.sha256': lambda right: b'0' * 64 + b'  ext/none\n' + bad_list(right)}), entry=ANY)
    order('hash.mismatch', 'hash.mismatch', container(parts={
        'hashes.sha256': lambda right: b''.join(bad_list(line) for line in right.splitlines(keepends=True))}),
        entry='mimetype', variant='-in-file-order')

    for first, second, text in (
        ('json', 'type', b'{"analyses":1,"x":1e999}'),
        ('unknown_media', 'structure', b'{"analyses":[{"source_media":["none.png"]}]}'),
        ('unknown_media', 'type', b'{"media:meta_data":{"none.png":1},"analyses":[{"type":"quality"}]}'),
        ('value', 'type', b'{"analyses":[{"type":"face","params":1}]}'),
        ('type', 'value', b'{"analyses":[{"params":1,"type":"face"}]}'),
        ('structure', 'value', b'{"analyses":[{},{"type":"face"}]}'),
        ('type', 'structure', b'{"analyses":[{"params":1}]}'),
        ('value', 'unknown_media', b'{"analyses":[{"type":"face"}],"media:meta_data":{"none.png":{}}}'),
    ):
        text = text.replace(b'{', b'{"media:tags":{"photo.png":["photo_id"]},', 1)
        order(f'content.{first}', f'content.{second}', container(parts={'payload.json': text}))


def add_container_and_end_record(order):
    """Steps 1 and 2."""
    good = container()
    order('archive.limit', 'archive.truncated', good[:-1], 'limit.container=100')
    order('archive.limit', 'archive.comment', container(end(comment=b'x')), 'limit.container=100')
    order('archive.truncated', 'archive.zip64', container(end(comment_length=1, entries=0xFFFF)))
    order('archive.comment', 'archive.zip64', container(end(comment=b'x', entries=0xFFFF)))
    order('archive.trailing', 'archive.multi_disk', container(end(disk=1), around(after_end=b'x')))
    order('archive.zip64', 'archive.multi_disk', container(end(entries=0xFFFF, disk=1)))
    order('archive.multi_disk', 'archive.directory', container(end(disk=1, entries=less)))
    order('archive.directory', 'archive.limit', container(end(entries_on_disk=less)), 'limit.entries=3')
    order('archive.limit', 'archive.directory', container(end(directory_offset=less)), 'limit.entries=3')
    order('archive.limit', 'archive.directory', container(end(entries=100, entries_on_disk=100)), 'limit.entries=3',
          variant='-counts')
    order('archive.directory', 'archive.comment', container(end(directory_offset=less), central(PHOTO, comment=b'x')))


def add_central_records(order):
    """Step 3: one record with two faults, and one fault each in two records."""
    order('archive.directory', 'archive.name', container(central('signature', name_length=300)), entry=ANY)
    order('archive.name', 'archive.zip64', container(both(PHOTO, name=b''), central(PHOTO, disk=0xFFFF)), entry=ANY)
    steps = (
        ('archive.zip64', {'offset': 0xFFFFFFFF}),
        ('archive.multi_disk', {'disk': 1}),
        ('archive.comment', {'comment': b'x'}),
        ('archive.extra_field', {'extra': bytes(4)}),
        ('archive.encrypted', {'flags': 1}),
        ('archive.data_descriptor', {'flags': DESCRIPTOR_FLAG}),
        ('archive.method', {'method': 8}),
        ('archive.flags', {'flags': 2}),
        ('archive.size', {'size': less}),
        ('archive.file_type', {'external': 0o120777 << 16}),
    )
    for (first, one), (second, other) in zip(steps, steps[1:]):
        fields = {**one, **other, 'flags': one.get('flags', 0) | other.get('flags', 0)}
        order(first, second, container(both(PHOTO, **fields)), entry=PHOTO, variant='-of-entry')
        order(second, first, container(both('payload.json', **other), both(PHOTO, **one)), entry='payload.json',
              variant='-of-later-entry')
    order('archive.file_type', 'archive.directory',
          container(central('signature', external=0o120777 << 16), around(before_end=b'x')), entry='signature')


def add_local_records(order):
    """Step 4, and that it comes after step 3."""
    symlink = {'external': 0o120777 << 16}
    order('archive.file_type', 'archive.gap',
          container(central('signature', **symlink), place('payload.json', before=b'x')), entry='signature')
    order('archive.directory', 'archive.mismatch', container(local('mimetype', time=1), around(before_end=b'x')))
    order('archive.gap', 'archive.local', container(place(PHOTO, before=b'x'), local(PHOTO, signature=bytes(4))),
          entry=PHOTO)
    order('archive.overlap', 'archive.local',
          container(central(PHOTO, offset=less), local(PHOTO, signature=bytes(4))), entry=PHOTO)
    order('archive.local', 'archive.data_descriptor',
          container(local(PHOTO, signature=bytes(4), flags=DESCRIPTOR_FLAG)), entry=PHOTO)
    order('archive.data_descriptor', 'archive.extra_field',
          container(local(PHOTO, flags=DESCRIPTOR_FLAG, extra=bytes(4))), entry=PHOTO)
    order('archive.extra_field', 'archive.mismatch', container(local(PHOTO, extra=bytes(4), time=1)), entry=PHOTO)
    reaching = dict.fromkeys(('compressed_size', 'size'), 0x7F000000)
    order('archive.mismatch', 'archive.overlap',
          container(both('signature', **reaching), local('signature', time=1)), entry='signature')
    order('archive.mismatch', 'archive.gap', container(local('signature', time=1), around(before_directory=b'x')),
          entry='signature')
    order('archive.mismatch', 'archive.local',
          container(local('payload.json', time=1), local(PHOTO, signature=bytes(4))), entry='payload.json')
    order('archive.gap', 'archive.name', container(around(before_directory=b'x'), parts={'ext/a b': b''}))


def add_entries(order):
    """Step 5, and that it comes after step 4."""
    other_type = {'mimetype': MIMETYPE + b'\n'}
    order('archive.mismatch', 'archive.duplicate',
          container(local('signature', time=1), parts={'ext/a': b'', 'ext/A': b''}), entry='signature')
    order('archive.name', 'archive.duplicate', container(parts={'ext/a b': b'', 'ext/a': b'', 'ext/A': b''}), entry=ANY)
    order('archive.duplicate', 'archive.name', container(parts={'ext/a': b'', 'ext/A': b'', 'ext/a b': b''}),
          entry='ext/A')
    order('archive.name', 'archive.duplicate', container(parts={'ext/a': b'', 'ext/a/b': b'', 'ext/a b': b''}),
          entry=ANY, variant='-of-folders')
    order('archive.duplicate', 'archive.mimetype', container(parts={**other_type, 'ext/a': b'', 'ext/a/b': b''}),
          entry=ANY, variant='-of-folders')
    order('archive.duplicate', 'archive.unknown_entry', container(parts={'a.txt': b'', 'A.TXT': b''}), entry='A.TXT')
    order('archive.mimetype', 'archive.unknown_entry', container(parts={**other_type, 'readme.txt': b''}),
          entry='mimetype')
    limit = 'limit.payload=10'
    order('archive.mimetype', 'archive.limit', container(parts=other_type), limit, entry='mimetype')
    order('archive.limit', 'archive.unknown_entry', container(parts={'readme.txt': b''}), limit, entry='payload.json')
    order('archive.unknown_entry', 'archive.limit',
          container(parts={'readme.txt': b''}, first=('mimetype', 'readme.txt')), limit, entry='readme.txt')
    order('archive.unknown_entry', 'archive.limit', container(append(b'readme.txt', bytes(1000))), 'limit.entry=500',
          entry='readme.txt', variant='-of-the-same-entry')
