"""A: what local record and central directory say about one entry (docs/ambiguity.md)."""
import struct
import zlib

from ambiguous import CONTENT, FILE, Case, container, renamed
from container import both, central, local, place
from ozczip import DESCRIPTOR_FLAG, LOCAL, record

NAME = FILE.encode()
FOLDER_ATTRIBUTE = 0x10
ENCRYPTED, STRONG, MASKED = 1 << 0, 1 << 6, 1 << 13


def cases():
    yield from methods()
    yield from sizes()
    yield from names()
    yield from folders()
    yield from encryption()


def deflated(data):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush()


def methods():
    inflated = b'what is inflated ' * 3
    stream = deflated(inflated)
    parts = {FILE: stream}
    about_inflated = {'method': 8, 'crc': zlib.crc32(inflated), 'size': len(inflated)}
    yield Case('A1', 'local: deflate, all else as stored', 'archive.mismatch',
               container(local(FILE, method=8), parts=parts))
    yield Case('A1', 'local: deflate, with its size and CRC-32', 'archive.mismatch',
               container(local(FILE, **about_inflated), parts=parts))
    yield Case('A1', 'central: deflate, with its size and CRC-32', 'archive.method',
               container(central(FILE, **about_inflated), parts=parts))
    yield Case('A1', 'local: a method that nobody knows', 'archive.mismatch',
               container(local(FILE, method=99), parts=parts))


def sizes():
    short = CONTENT[:4]
    about_short = {'crc': zlib.crc32(short), 'size': len(short), 'compressed_size': len(short)}
    hidden = b'hidden'
    inside = record(LOCAL, {'signature': b'PK\3\4', 'crc': zlib.crc32(hidden), 'compressed_size': len(hidden),
                            'size': len(hidden), 'name': b'ext/hidden'}, {}) + hidden
    descriptor = b'PK\7\x08' + struct.pack('<III', zlib.crc32(short), len(short), len(short))
    nothing = {'crc': 0, 'size': 0, 'compressed_size': 0}

    yield Case('A2', 'local: the first 4 bytes, with their CRC-32', 'archive.mismatch',
               container(local(FILE, **about_short)))
    yield Case('A2', 'central: the first 4 bytes, with their CRC-32', 'archive.mismatch',
               container(central(FILE, **about_short)))
    yield Case('A2', 'local: the first 4 bytes; the rest is a local record', 'archive.mismatch',
               container(local(FILE, **about_short), parts={FILE: short + inside}))
    yield Case('A2', 'local: no bytes', 'archive.mismatch', container(local(FILE, **nothing)))
    yield Case('A2', 'both: fewer bytes than are stored', 'archive.size',
               container(both(FILE, size=len(short), crc=zlib.crc32(short))))
    yield Case('A2', 'both: more bytes than are stored', 'archive.size', container(both(FILE, size=1000)))
    yield Case('A2', 'a data descriptor with the first 4 bytes', 'archive.data_descriptor',
               container(both(FILE, flags=DESCRIPTOR_FLAG), local(FILE, **nothing), place(FILE, after=descriptor)))
    yield Case('A2', 'a data descriptor inside the data', 'archive.data_descriptor',
               container(both(FILE, flags=DESCRIPTOR_FLAG), local(FILE, **nothing),
                         parts={FILE: short + descriptor + inside}))


def names():
    def unicode_path(name):
        content = b'\1' + struct.pack('<I', zlib.crc32(NAME)) + name
        return struct.pack('<HH', 0x7075, len(content)) + content

    yield Case('A3', 'local: another name, as long', 'archive.mismatch', container(local(FILE, name=b'ext/evil.bin')))
    yield Case('A3', 'local: a longer name', 'archive.mismatch', container(local(FILE, name=b'ext/data.bin.exe')))
    yield Case('A3', 'local: a shorter name', 'archive.mismatch', container(local(FILE, name=b'ext/data')))
    yield Case('A3', 'local: the name in upper case', 'archive.mismatch', container(local(FILE, name=NAME.upper())))
    yield Case('A3', 'central: another name in a Unicode path field', 'archive.extra_field',
               container(central(FILE, extra=unicode_path(b'ext/evil.bin'))))
    yield Case('A3', 'local: another name in a Unicode path field', 'archive.extra_field',
               container(local(FILE, extra=unicode_path(b'ext/evil.bin'))))
    yield Case('A3', 'both: another name in a Unicode path field', 'archive.extra_field',
               container(both(FILE, extra=unicode_path(b'ext/evil.bin'))))


def folders():
    def typed(mode, host=3):
        return container(central(FILE, external=mode << 16, version_made_by=host << 8 | 20))

    yield Case('A4', 'attributes: DOS folder, host Unix', 'archive.file_type',
               container(central(FILE, external=0o100644 << 16 | FOLDER_ATTRIBUTE)))
    yield Case('A4', 'attributes: DOS folder, host MS-DOS', 'archive.file_type',
               container(central(FILE, external=FOLDER_ATTRIBUTE, version_made_by=20)))
    yield Case('A4', 'attributes: Unix folder, host Unix', 'archive.file_type', typed(0o040755))
    yield Case('A4', 'attributes: Unix folder, host MS-DOS', 'archive.file_type', typed(0o040755, host=0))
    yield Case('A4', 'attributes: Unix folder, host macOS', 'archive.file_type', typed(0o040755, host=19))
    yield Case('A4', 'attributes: symbolic link', 'archive.file_type', typed(0o120777))
    yield Case('A4', 'name ends in a slash, with content', 'archive.name', renamed(b'ext/data/'))
    yield Case('A4', 'name ends in a slash, empty', 'archive.name',
               container(both(FILE, name=b'ext/data/'), parts={FILE: b''}))
    yield Case('A4', 'name ends in a backslash, host Unix', 'archive.name', renamed(b'ext/data\\'))
    yield Case('A4', 'name ends in a backslash, host MS-DOS', 'archive.name',
               renamed(b'ext/data\\', host=0))
    yield Case('A4', 'local: name ends in a slash', 'archive.mismatch', container(local(FILE, name=b'ext/data.bi/')))


def encryption():
    yield Case('A5', 'local: encrypted', 'archive.mismatch', container(local(FILE, flags=ENCRYPTED)))
    yield Case('A5', 'central: encrypted', 'archive.encrypted', container(central(FILE, flags=ENCRYPTED)))
    yield Case('A5', 'both: encrypted, and it is not', 'archive.encrypted', container(both(FILE, flags=ENCRYPTED)))
    yield Case('A5', 'local of the first entry: encrypted', 'archive.mismatch',
               container(local('mimetype', flags=ENCRYPTED)))
    yield Case('A5', 'local: strong encryption', 'archive.mismatch', container(local(FILE, flags=ENCRYPTED | STRONG)))
    yield Case('A5', 'central: strong encryption, bit 0 clear', 'archive.encrypted',
               container(central(FILE, flags=STRONG)))
    yield Case('A5', 'both: local fields masked, and they are not', 'archive.encrypted',
               container(both(FILE, flags=MASKED)))
