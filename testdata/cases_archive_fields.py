"""The rules of archive about the fields of records (docs/format.md, sections 2.2 to 2.4 and 2.6)."""
import struct
import zipfile

from container import PHOTO, around, both, central, container, end, local, place
from othertools import by_zipfile
from ozczip import DESCRIPTOR_FLAG

FILL16, FILL32 = 0xFFFF, 0xFFFFFFFF  # what says that the true value stands in a ZIP64 record
TIME_STAMP = struct.pack('<HHBI', 0x5455, 5, 1, 1767225600)  # as `zip` without -X writes it
UNIX, DOS = 3 << 8, 0 << 8


def more(right):
    return right + 1


def less(right):
    return right - 1


def dashed(field):
    return field.replace('_', '-')


def add(corpus):
    add_mismatch(corpus)
    add_size(corpus)
    add_zip64(corpus)
    add_multi_disk(corpus)
    add_extra_field(corpus)
    add_data_descriptor(corpus)
    add_flags(corpus)
    add_method(corpus)
    add_file_type(corpus)


def add_mismatch(corpus):
    """docs/format.md, section 2.2: each field, changed in the local record alone."""
    for variant, fields in {
        'version-needed': {'version_needed': 20},
        'version-needed-45': {'version_needed': 45},
        'flags': {'flags': 1 << 11},
        'flags-encrypted': {'flags': 1},
        'method': {'method': 8},
        'time': {'time': 1},
        'date': {'date': more},
        'crc': {'crc': lambda right: right ^ 1},
        'crc-zero': {'crc': 0},
        'compressed-size': {'compressed_size': more},
        'size': {'size': more},
        'both-sizes-zip64': {'compressed_size': FILL32, 'size': FILL32},
        'name-length-shorter': {'name_length': less},
        'name-length-longer': {'name_length': more},
        'name-length-zero': {'name_length': 0},
        'name-length-beyond-directory': {'name_length': 0x4000},
        'name-length-beyond-file': {'name_length': 0xFFFF},
        'name': {'name': b'media/photo.jpg'},
        'name-case': {'name': b'media/photo.PNG'},
        'name-shorter': {'name': b'media/a.png'},
    }.items():
        corpus.invalid(f'archive.mismatch-{variant}', container(local(PHOTO, **fields)), entry=PHOTO)
    corpus.invalid('archive.mismatch-last-name-length-beyond-directory',
                   container(local('signature', name_length=200)), entry='signature')


def add_size(corpus):
    """docs/format.md, section 2.4: both records agree, and say two sizes for a stored entry."""
    for variant, size in {'more': more, 'less': less, 'zero': 0}.items():
        corpus.invalid(f'archive.size-{variant}', container(both(PHOTO, size=size)), entry=PHOTO)


def add_zip64(corpus):
    for field, fill in {'entries_on_disk': FILL16, 'entries': FILL16, 'directory_size': FILL32,
                        'directory_offset': FILL32}.items():
        corpus.invalid(f'archive.zip64-end-{dashed(field)}', container(end(**{field: fill})))
    for field in ('compressed_size', 'size'):
        corpus.invalid(f'archive.zip64-{dashed(field)}', container(both(PHOTO, **{field: FILL32})), entry=PHOTO)
    for field, fill in {'offset': FILL32, 'disk': FILL16}.items():
        corpus.invalid(f'archive.zip64-{field}', container(central(PHOTO, **{field: fill})), entry=PHOTO)

    # A ZIP64 ending beside an end record that says all by itself: counted as part of the directory, and not.
    ending = (struct.pack('<4sQHHIIQQQQ', b'PK\6\6', 44, 45, 45, 0, 0, 6, 6, 0, 0)
              + struct.pack('<4sIQI', b'PK\6\7', 0, 0, 1))
    locator = ending[-20:]
    for variant, data in {'locator': locator, 'whole-ending': ending}.items():
        corpus.invalid(f'archive.zip64-{variant}-counted', container(around(before_end=data)))
        corpus.invalid(f'archive.zip64-{variant}', container(
            around(before_end=data), end(directory_size=lambda right, size=len(data): right - size)))
    # A name of ten bytes puts the internal attributes, which carry no meaning, 20 bytes before the end record: every
    # field is allowed for itself, and the record reads as a locator all the same.
    name = 'ext/locate'
    corpus.invalid('archive.zip64-locator-inside-last-record', container(
        central(name, internal=0x4B50, external=0o100644 << 16 | 0x0706), parts={name: b'x'},
        first=('mimetype', 'payload.json', PHOTO, 'session_token', 'hashes.sha256', 'signature')))


def add_multi_disk(corpus):
    for field in ('disk', 'directory_disk'):
        for disk in (1, 0xFFFF):
            corpus.invalid(f'archive.multi_disk-end-{dashed(field)}-{disk}', container(end(**{field: disk})))
    corpus.invalid('archive.multi_disk-entry', container(central(PHOTO, disk=1)), entry=PHOTO)


def add_extra_field(corpus):
    for variant, edit in {
        'both': both(PHOTO, extra=TIME_STAMP),
        'local': local(PHOTO, extra=TIME_STAMP),
        'central': central(PHOTO, extra=TIME_STAMP),
        'local-length-only': local(PHOTO, extra_length=4),
        'local-length-beyond-file': local(PHOTO, extra_length=0xFFFF),
        'zip64': both(PHOTO, extra=struct.pack('<HHQQ', 1, 16, 99, 99)),
        'one-byte': both(PHOTO, extra=b'\0'),
        'unicode-path': both(PHOTO, extra=struct.pack('<HHBI', 0x7075, 14, 1, 0) + b'other.png'),
    }.items():
        corpus.invalid(f'archive.extra_field-{variant}', container(edit), entry=PHOTO)
    corpus.invalid('archive.extra_field-local-of-mimetype', container(local('mimetype', extra=TIME_STAMP)),
                   entry='mimetype')


def add_data_descriptor(corpus):
    for variant, edit in {'both': both, 'local': local, 'central': central}.items():
        corpus.invalid(f'archive.data_descriptor-{variant}', container(edit(PHOTO, flags=DESCRIPTOR_FLAG)),
                       entry=PHOTO)
    corpus.invalid('archive.data_descriptor-with-descriptor',
                   container(both(PHOTO, flags=DESCRIPTOR_FLAG), place(PHOTO, after=b'PK\7\x08' + bytes(12))),
                   entry=PHOTO)
    corpus.invalid('archive.data_descriptor-streamed-by-zipfile', by_zipfile(container(), streamed=True),
                   entry='mimetype')


def add_flags(corpus):
    """docs/format.md, section 2.3: three bits mean encryption, bit 11 is allowed, the others are not."""
    for bit in (0, 6, 13):
        corpus.invalid(f'archive.encrypted-bit-{bit}', container(both(PHOTO, flags=1 << bit)), entry=PHOTO)
    for bit in (1, 2, 4, 5, 7, 8, 9, 10, 12, 14, 15):
        corpus.invalid(f'archive.flags-bit-{bit}', container(both(PHOTO, flags=1 << bit)), entry=PHOTO)


def add_method(corpus):
    for method, name in {1: 'shrunk', 8: 'deflate', 9: 'deflate64', 12: 'bzip2', 14: 'lzma', 93: 'zstd', 95: 'xz',
                         99: 'aes', 0xFFFF: 'largest'}.items():
        corpus.invalid(f'archive.method-{name}', container(both(PHOTO, method=method)), entry=PHOTO)
    for version in (21, 45, 63, 0x010A, 0xFFFF):
        corpus.invalid(f'archive.method-version-needed-{version}', container(both(PHOTO, version_needed=version)),
                       entry=PHOTO)
    corpus.invalid('archive.method-deflated-by-zipfile', by_zipfile(container(), zipfile.ZIP_DEFLATED),
                   entry='mimetype')


def add_file_type(corpus):
    """docs/format.md, section 2.6."""
    for host, name in {1: 'amiga', 2: 'openvms', 7: 'macintosh', 10: 'ntfs', 11: 'mvs', 19: 'darwin', 255: 'largest'
                       }.items():
        corpus.invalid(f'archive.file_type-host-{name}', container(central(PHOTO, version_made_by=host << 8 | 20)),
                       entry=PHOTO)
    for mode, name in {0o010644: 'fifo', 0o020644: 'character-device', 0o040755: 'folder', 0o060644: 'block-device',
                       0o120777: 'symlink', 0o140755: 'socket', 0o170644: 'no-type', 0o104755: 'setuid',
                       0o102755: 'setgid', 0o101755: 'sticky', 0o004755: 'setuid-without-type'}.items():
        corpus.invalid(f'archive.file_type-{name}', container(central(PHOTO, external=mode << 16)), entry=PHOTO)
    for bit, name in {0x08: 'volume', 0x10: 'folder', 0x40: 'device', 0x400: 'reparse-point'}.items():
        for host, host_name in {UNIX: 'unix', DOS: 'dos'}.items():
            corpus.invalid(f'archive.file_type-dos-{name}-{host_name}-host',
                           container(central(PHOTO, version_made_by=host | 20, external=0o100644 << 16 | bit)),
                           entry=PHOTO)
    # The Unix bits are looked at whatever the host, for so do readers.
    corpus.invalid('archive.file_type-symlink-dos-host',
                   container(central(PHOTO, version_made_by=DOS | 20, external=0o120777 << 16)), entry=PHOTO)
