"""Bombs in the structure: end records, directories, names, many entries."""
from bomb import FLAT, KIB, MIB, Bomb, ed25519
from container import append, both, central, end
from ozczip import END, record

MANY = {'limits': {'entries': 4096}, 'memory': 8}
LARGE = 'media/large.bin'
LAST = ('mimetype', 'payload.json', 'media/photo.png', 'session_token', 'hashes.sha256', 'signature', LARGE)


def end_record(**fields):
    return record(END, {'signature': b'PK\5\6', 'directory_disk': 0, 'entries_on_disk': 1, 'entries': 1,
                        'directory_size': 60, 'directory_offset': 0, **fields}, {})


def zeros_behind(start):
    """That start, and a hole: a file of n bytes that takes no room on the disk."""
    def make(n, file):
        file.write(start)
        file.truncate(n)
    return make


def holds(unit):
    """A valid container with so many bytes of that unit in its last medium, right before the directory."""
    return lambda n: ed25519(parts={LARGE: (unit * (n // len(unit) + 1))[:n]}, first=LAST)


def entries(name, content=b''):
    """A container of n entries. name: from a number."""
    return lambda n: ed25519(parts={name(i): content for i in range(n - 6)})


def twins(name):
    """A container of n entries whose names need not differ. The hash list does not know them."""
    return lambda n: ed25519(*(append(name(i)) for i in range(n - 6)))


def colliding(number):
    """libzip hashes names by h * 33 + c: "Az" and "BY" come to the same, so these all do."""
    return 'ext/' + ''.join('BY' if number >> bit & 1 else 'Az' for bit in range(16))


def in_cases(number):
    """One name of 16 letters in 65,536 ways to write it."""
    return ('ext/' + ''.join('a' if number >> bit & 1 else 'A' for bit in range(16))).encode()


def overlapping(n):
    """n central records for one local record."""
    def edit(archive):
        for entry in archive.entries[6:]:
            entry.has_local = False
            entry.central['offset'] = 0
    return ed25519(*(append(b'ext/%d' % i) for i in range(n - 6)), edit)


def deep_folders(number):
    return 'ext/' + '/'.join(f'{number:04}') + '/a' * 120


START = ed25519()[:1000]
PREFIX = 'ext/' + 'p' * 120 + '/' + 'q' * 120 + '/'

BOMBS = [
    Bomb('100 MB of zeros behind a good start', 25 * MIB, zeros_behind(START), 'archive.truncated', growth=FLAT),
    Bomb('100 MB of zeros behind a container', 25 * MIB, zeros_behind(ed25519()), 'archive.truncated', growth=FLAT),
    Bomb('end records behind a container', 5000, lambda n: ed25519() + end_record() * n, 'archive.directory',
         growth=FLAT),
    Bomb('end records, one byte behind them', 5000, lambda n: ed25519() + end_record() * n + b'x', 'archive.trailing',
         growth=FLAT),
    Bomb('end records with comments, one within the other', 5000, lambda n: ed25519() + b''.join(
        end_record(comment_length=min(22 * (n - 1 - i), 0xFFFF)) for i in range(n)), 'archive.directory', growth=FLAT),
    Bomb('end records in a stored medium', 256 * KIB, holds(end_record()), 'valid'),
    Bomb('end records of ZIP64 in a stored medium', 256 * KIB,
         holds(b'PK\6\6' + bytes(52) + b'PK\6\7' + bytes(16) + end_record()), 'valid'),
    Bomb('local records in a stored medium', 256 * KIB, holds(b'PK\3\4' + bytes(26)), 'valid'),
    Bomb('central records in a stored medium', 256 * KIB, holds(b'PK\1\2' + bytes(42)), 'valid'),
    Bomb('signatures of records in a stored medium', 256 * KIB, holds(b'PK'), 'valid'),
    Bomb('zeros in a stored medium', MIB, holds(b'\0'), 'valid'),
    Bomb('an end record that counts too many entries', 250, lambda n: ed25519(end(entries=n, entries_on_disk=n)),
         'archive.directory', **MANY),
    Bomb('65,000 entries', 16250, twins(lambda i: b'media/%06d' % i), 'archive.limit', growth=FLAT),
    Bomb('65,000 entries, with the largest limit', 16250, twins(lambda i: b'media/%06d' % i), 'archive.limit',
         growth=FLAT, **MANY),
    Bomb('4,096 entries', 1024, entries(lambda i: f'ext/{i:06}', b'x'), 'valid', **MANY),
    Bomb('4,096 media', 1024, entries(lambda i: f'media/{i:06}', b'x'), 'valid', **MANY),
    Bomb('4,096 names of 255 bytes with one beginning', 1024, entries(lambda i: f'{PREFIX}{i:08}'), 'valid',
         **MANY),
    # libzip's own time grows with the square of their number: that is why no policy allows more than 4,096 entries.
    Bomb('4,096 names with one hash in libzip', 1024, entries(colliding), 'valid', **MANY, growth=3.2),
    Bomb('4,096 long names with one hash in libzip', 1024, entries(
        lambda i: colliding(i) + '/' + 'n' * 210), 'valid', **MANY, growth=3.6),
    Bomb('128 names with one hash in libzip', 32, entries(colliding), 'valid'),
    Bomb('4,096 names in deep folders', 1024, entries(deep_folders), 'valid', **MANY),
    Bomb('4,096 times one name', 1024, twins(lambda i: b'ext/name'), 'archive.duplicate', **MANY),
    Bomb('4,096 names that differ in case', 1024, twins(in_cases), 'archive.duplicate', **MANY),
    Bomb('4,096 folders that differ in case', 1024, twins(lambda i: in_cases(i) + b'/%d' % i), 'archive.duplicate',
         **MANY),
    Bomb('4,096 names that Unicode makes equal', 1024,
         twins(lambda i: ('ext/' + ''.join('\u00e9' if i >> bit & 1 else 'e\u0301' for bit in range(12))).encode()),
         'archive.name', **MANY),
    Bomb('4,096 names of 64 KiB', 64, twins(lambda i: b'n' * 65535), 'archive.name', **MANY),
    Bomb('4,096 central records for one local record', 1024, overlapping, 'archive.overlap', **MANY),
    Bomb('zeros, deflated a thousandfold', MIB, lambda n: ed25519(
        append(b'media/bomb', bytes(n // 1000), method=8, size=n)), 'archive.method', growth=FLAT),
    Bomb('one entry that says it has 4 GB', 1, lambda n: ed25519(
        both('media/photo.png', size=0xFFFFFFFE, compressed_size=0xFFFFFFFE)), 'archive.overlap', growth=FLAT),
    Bomb('every entry an unknown one', 1024, twins(lambda i: b'%d' % i), 'archive.unknown_entry', **MANY),
    Bomb('every entry of another file type', 1024, lambda n: ed25519(
        *(append(b'ext/%d' % i, external=0o120777 << 16) for i in range(n - 6))), 'archive.file_type', **MANY),
    Bomb('every entry damaged', 1024, lambda n: ed25519(*(both(f'ext/{i}', crc=1) for i in range(n - 6)), parts={
        f'ext/{i}': b'x' for i in range(n - 6)}), 'integrity.crc', **MANY),
    Bomb('every entry with another digest', 1024, lambda n: ed25519(parts={
        **{f'ext/{i}': b'x' for i in range(n - 6)},
        'hashes.sha256': lambda right: b''.join(b'0' * 64 + line[64:] for line in right.splitlines(True))}),
         'hash.mismatch', **MANY),
    Bomb('entries that no hash is listed for', 1024, twins(lambda i: b'ext/%d' % i), 'hash.unlisted', **MANY),
]
