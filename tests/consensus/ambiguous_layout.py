"""C: where directory and end record are (docs/ambiguity.md)."""
import struct
import zlib

from ambiguous import FILE, Case, another, container, moved, twin
from container import around, both, central, end, local, place
from ozczip import END, LOCAL, Entry, record

ZIP64_END, ZIP64_LOCATOR = b'PK\6\6', b'PK\6\7'
HIDDEN = b'what the directory does not name\n'


def cases():
    yield from streaming()
    yield from end_records()
    yield from counts()
    yield from offsets()
    yield from zip64()


def local_record(name, data):
    return record(LOCAL, {'signature': b'PK\3\4', 'crc': zlib.crc32(data), 'compressed_size': len(data),
                          'size': len(data), 'name': name}, {}) + data


def fewer(right):
    return right - 1


def more(right):
    return right + 1


def streaming():
    hidden = local_record(b'ext/hidden.bin', HIDDEN)

    def reversed_directory(archive):
        archive.directory = archive.entries[::-1]

    inner = local_record(b'ext/inner.bin', b'inner\n')
    outer = container(parts={FILE: inner})
    inside = twin(b'ext/inner.bin', b'inner\n', has_local=False, central={'offset': outer.index(inner)})

    yield Case('C1', 'a local record before the first entry', 'archive.gap',
               container(place('mimetype', before=hidden)))
    yield Case('C1', 'a local record between two entries', 'archive.gap', container(place(FILE, before=hidden)))
    yield Case('C1', 'a local record before the directory', 'archive.gap', container(around(before_directory=hidden)))
    yield Case('C1', 'an entry that the directory leaves out', 'archive.gap',
               container(place(FILE, has_central=False)))
    yield Case('C1', 'a local record of the same name before', 'archive.gap',
               container(place(FILE, before=local_record(FILE.encode(), HIDDEN))))
    yield Case('C1', 'an entry inside the data of another', 'archive.overlap',
               container(inside, parts={FILE: inner}))
    yield Case('C1', 'directory in another order', 'archive.gap', container(reversed_directory))
    yield Case('C1', 'bytes between two entries', 'archive.gap', container(place(FILE, before=bytes(16))))


def end_records():
    good = container()
    size = len(good)
    behind = another(moved(size))

    def commented(length, last=0):
        """The other container is the archive comment of the first one."""
        return container(end(comment_length=length)) + another(moved(size), end(comment_length=last))

    yield Case('C2', 'another container behind, its offsets its own', 'archive.directory', good + another())
    yield Case('C2', 'another container behind, its offsets right', 'archive.gap', good + behind)
    yield Case('C2', 'another container as archive comment', 'archive.gap', commented(len(behind)))
    yield Case('C2', 'as comment, which is one byte too long', 'archive.truncated',
               commented(len(behind) + 1, last=1))
    yield Case('C2', 'as comment, which is one byte too short', 'archive.trailing', commented(len(behind) - 1) + b'\0')
    yield Case('C2', 'another end record in the comment', 'archive.directory',
               container(end(comment=record(END, {'signature': b'PK\5\6', 'disk': 0, 'directory_disk': 0,
                                                  'entries_on_disk': 0, 'entries': 0, 'directory_size': 0,
                                                  'directory_offset': 0}, {}))))
    yield Case('C2', 'a comment', 'archive.comment', container(end(comment=b'comment')))
    yield Case('C2', 'one byte behind the end record', 'archive.trailing', good + b'\0')
    yield Case('C2', 'half of another end record behind', 'archive.trailing', good + b'PK\5\6' + bytes(10))


def counts():
    last_two = 2 * 46 + len('hashes.sha256') + len('signature')
    for variant, fields in {
        'on this disk: one less': {'entries_on_disk': fewer},
        'in all: one less': {'entries': fewer},
        'both counts: one less': {'entries_on_disk': fewer, 'entries': fewer},
        'both counts: one more': {'entries_on_disk': more, 'entries': more},
        'both counts: 0': {'entries_on_disk': 0, 'entries': 0},
        'size of the directory: without the last two': {'directory_size': lambda right: right - last_two},
        'counts and size: without the last two': {
            'entries_on_disk': lambda right: right - 2, 'entries': lambda right: right - 2,
            'directory_size': lambda right: right - last_two},
        'size of the directory: 0': {'directory_size': 0},
    }.items():
        yield Case('C3', variant, 'archive.directory', container(end(**fields)))

    def many(archive):
        archive.entries[-2:-2] = [Entry(b'ext/%x/%x' % divmod(number, 256), b'') for number in range(65536)]
        archive.end.update(dict.fromkeys(('entries', 'entries_on_disk'), lambda right: right - 65536))

    yield Case('C3', 'both counts: modulo 65,536, which is how many more there are', 'archive.directory',
               container(many), readable=False)


def offsets():
    # Both containers are equally large, and so are their directories.
    good = container()
    start = good.index(b'PK\1\2')
    directory_size = len(good) - 22 - start
    count = struct.unpack('<H', good[-12:-10])[0]

    def two_directories(second, offset):
        return good[:-22] + second[:-22] + record(END, {
            'signature': b'PK\5\6', 'directory_disk': 0, 'entries_on_disk': count, 'entries': count,
            'directory_size': directory_size, 'directory_offset': offset}, {})

    yield Case('C4', 'one less', 'archive.directory', container(end(directory_offset=fewer)))
    yield Case('C4', 'one more', 'archive.directory', container(end(directory_offset=more)))
    yield Case('C4', '0', 'archive.directory', container(end(directory_offset=0)))
    yield Case('C4', 'of the first of two directories, as if put before the file', 'archive.directory',
               two_directories(another(), start))
    yield Case('C4', 'of the first of two directories', 'archive.directory',
               two_directories(another(moved(len(good) - 22)), start))
    yield Case('C4', 'of the second of two directories', 'archive.gap',
               two_directories(another(moved(len(good) - 22)), len(good) - 22 + start))
    yield Case('C4', 'right, but for bytes put before the file', 'archive.directory',
               local_record(b'ext/hidden.bin', HIDDEN) + good)
    yield Case('C4', 'right, behind bytes before the file', 'archive.gap',
               local_record(b'ext/hidden.bin', HIDDEN)
               + container(moved(len(local_record(b'ext/hidden.bin', HIDDEN)))))


def zip64():
    good = container()
    start = len(good) - 22

    def second(gap=b''):
        """Entries, directory, ZIP64 end record and locator of another container, to stand before the end record."""
        body = another(moved(start))[:-22]
        other = another()
        count, size, offset = struct.unpack('<HII', other[-12:-2])
        place_of_end = start + len(body)
        zip64_end = ZIP64_END + struct.pack('<QHHIIQQQQ', 44, 45, 45, 0, 0, count, count, size, offset + start)
        return body + zip64_end + ZIP64_LOCATOR + struct.pack('<IQI', 0, place_of_end, 1) + gap

    def two(gap=b'', **fields):
        """The end record of the first container behind the ZIP64 end record of the second one."""
        count, size, offset = struct.unpack('<HII', good[-12:-2])
        truth = {'signature': b'PK\5\6', 'directory_disk': 0, 'entries_on_disk': count, 'entries': count,
                 'directory_size': size, 'directory_offset': offset}
        return good[:-22] + second(gap) + record(END, truth, fields)

    def sizes(size):
        return struct.pack('<HHQQ', 1, 16, size, size)

    full = 0xFFFFFFFF
    yield Case('C5', 'a ZIP64 end record of another directory', 'archive.zip64', two())
    yield Case('C5', 'the same, and counts of 0xFFFF', 'archive.zip64', two(entries=0xFFFF, entries_on_disk=0xFFFF))
    yield Case('C5', 'the same, and an offset of 0xFFFFFFFF', 'archive.zip64', two(directory_offset=full))
    yield Case('C5', 'the same, and a size of 0xFFFFFFFF', 'archive.zip64', two(directory_size=full))
    yield Case('C5', 'the same, and disks of 0xFFFF', 'archive.zip64', two(disk=0xFFFF, directory_disk=0xFFFF))
    yield Case('C5', 'the same, one byte before the end record', 'archive.directory', two(b'\0'))
    yield Case('C5', 'the same, in the comment of the last entry', 'archive.zip64',
               container(central('signature', comment=second())))
    yield Case('C5', 'both: other sizes in a ZIP64 field, not asked for', 'archive.extra_field',
               container(both(FILE, extra=sizes(4))))
    yield Case('C5', 'central: sizes of 0xFFFFFFFF, true in the field', 'archive.zip64',
               container(central(FILE, size=full, compressed_size=full, extra=sizes(21))))
    yield Case('C5', 'local: sizes of 0xFFFFFFFF, other ones in the field', 'archive.extra_field',
               container(local(FILE, size=full, compressed_size=full, extra=sizes(4))))
