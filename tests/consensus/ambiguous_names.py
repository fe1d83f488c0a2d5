"""B: what becomes of names (docs/ambiguity.md)."""
from ambiguous import CONTENT, FILE, Case, container, renamed, twin
from container import both, local

NAME = FILE.encode()
UTF8_FLAG = 1 << 11
OTHER = b'what the other says\n'


def cases():
    yield from duplicates()
    yield from special_bytes()
    yield from paths()
    yield from case()


def duplicates():
    def first(archive):
        twin(NAME, OTHER)(archive)
        archive.entries.insert(1, archive.entries.pop(-3))  # before all others but mimetype

    def one_place(archive):
        archive.entries.insert(2, archive.entries[1])

    yield Case('B1', 'the same name again, behind', 'archive.duplicate', container(twin(NAME, OTHER)))
    yield Case('B1', 'the same name again, before', 'archive.duplicate', container(first))
    yield Case('B1', 'the same name with the same bytes', 'archive.duplicate', container(twin(NAME, CONTENT)))
    yield Case('B1', 'two central records for one local record', 'archive.overlap',
               container(twin(NAME, CONTENT, has_local=False, central={'offset': 0})))
    yield Case('B1', 'two names only in the local records', 'archive.mismatch',
               container(twin(NAME, OTHER, local={'name': b'ext/beta.bin'})))
    yield Case('B1', 'a file and a folder of one name', 'archive.duplicate',
               container(parts={FILE + '/more': OTHER}))


def special_bytes():
    for variant, name in {
        'NUL': b'ext/data\0.bin',
        'NUL, before an extension': b'ext/data.bin\0.txt',
        'line feed': b'ext/data\n.bin',
        'escape': b'ext/data\x1b.bin',
        'DEL': b'ext/data\x7f.bin',
        'backslash': b'ext\\data.bin',
        'colon': b'ext/data:bin',
        'star': b'ext/data*bin',
        'quote': b'ext/data"bin',
        'space at the end': b'ext/data.bin ',
        'dot at the end': b'ext/data.bin.',
        'byte 0x80, no UTF-8': b'ext/data\x80.bin',
        'byte 0xFF, no UTF-8': b'ext/data\xff.bin',
        'UTF-8 without its flag': 'ext/d\u00e4ta.bin'.encode(),
    }.items():
        yield Case('B2', variant, 'archive.name', renamed(name))
    yield Case('B2', 'backslash, host MS-DOS', 'archive.name', renamed(b'ext\\data.bin', host=0))
    yield Case('B2', 'UTF-8 without its flag, host MS-DOS', 'archive.name',
               renamed('ext/d\u00e4ta.bin'.encode(), host=0))
    yield Case('B2', 'the flag for UTF-8, no UTF-8', 'archive.name', renamed(b'ext/data\xff.bin', UTF8_FLAG))
    yield Case('B2', 'an overlong slash, by the flag UTF-8', 'archive.name',
               renamed(b'ext/data\xc0\xafmore.bin', UTF8_FLAG))
    yield Case('B2', 'one letter, composed and not', 'archive.name',
               container(both(FILE, name='ext/\u00e4.bin'.encode(), flags=UTF8_FLAG),
                         twin('ext/a\u0308.bin'.encode(), OTHER, {'flags': UTF8_FLAG}, {'flags': UTF8_FLAG})))
    yield Case('B2', 'the flag for UTF-8 only local', 'archive.mismatch',
               container(both(FILE, name='ext/d\u00e4ta.bin'.encode()), local(FILE, flags=UTF8_FLAG)))


def paths():
    for variant, name in {
        'up, at the front': b'../data.bin',
        'up, in the middle': b'ext/../data.bin',
        'up, out of the folder': b'ext/../../data.bin',
        'here, at the front': b'./ext/data.bin',
        'here, in the middle': b'ext/./data.bin',
        'two slashes': b'ext//data.bin',
        'from the root': b'/ext/data.bin',
        'a drive': b'C:/ext/data.bin',
        'up, with a backslash': b'ext\\..\\..\\data.bin',
    }.items():
        yield Case('B3', variant, 'archive.name', renamed(name))
    for variant, name in {'here': 'ext/./data.bin', 'two slashes': 'ext//data.bin',
                          'down and up': 'ext/x/../data.bin', 'the root': '/ext/data.bin'}.items():
        yield Case('B3', f'another name for the same path: {variant}', 'archive.name',
                   container(parts={name: OTHER}))


def case():
    yield Case('B4', 'a name in upper case too', 'archive.duplicate', container(parts={FILE.upper(): OTHER}))
    yield Case('B4', 'one letter in upper case', 'archive.duplicate', container(parts={'ext/data.Bin': OTHER}))
    yield Case('B4', 'payload.json in upper case too', 'archive.duplicate',
               container(parts={'PAYLOAD.JSON': OTHER}))
    yield Case('B4', 'two folders that differ in case', 'archive.duplicate',
               container(parts={'EXT/other.bin': OTHER}))
