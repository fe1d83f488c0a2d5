"""input, format, and the rules of archive about where records stand (docs/rules.md, section 3, steps 1, 2 and 4)."""
import struct

from container import PHOTO, append, around, both, central, container, end, local, media, place
from corpus import ANY
from ozczip import END, LOCAL, record

LARGEST_COMMENT = 0xFFFF


def orphan(name=b'ext/orphan', data=b'no central record names this'):
    """A local record and its data, as a string of bytes that no central record knows."""
    return record(LOCAL, {'signature': b'PK\3\4', 'crc': 0, 'compressed_size': len(data), 'size': len(data),
                          'name': name}, {}) + data


def end_record(**fields):
    truth = {'signature': b'PK\5\6', 'directory_disk': 0, 'entries_on_disk': 0, 'entries': 0, 'directory_size': 0,
             'directory_offset': 0}
    return record(END, truth, fields)


def add(corpus):
    corpus.invalid('input.none', b'')
    corpus.reject('invalid/input.none.ozc', 'input.none', 'skip=session_token;skip=signature;skip=content')
    add_format(corpus)
    add_truncated(corpus)
    add_trailing_and_comment(corpus)
    add_directory(corpus)
    add_local_records(corpus)


def add_format(corpus):
    good = container()
    for variant, data in {
        'text': b'This is no container.\n',
        'one-byte': b'P',
        'three-bytes': b'PK\3',
        'jpeg': media('photo.jpg'),
        'mp4': media('clip.mp4'),
        'other-case': b'pk' + good[2:],
        'empty-zip': end_record(),
        'spanned-zip': b'PK\7\x08' + good,
        'after-newline': b'\n' + good,
        'after-byte-order-mark': b'\xef\xbb\xbf' + good,
        'zeros': bytes(100),
    }.items():
        corpus.invalid(f'format.unrecognized-{variant}', data)
    # format comes before archive, whose first rule is the container's size
    corpus.reject('invalid/format.unrecognized-text.ozc', 'format.unrecognized', 'limit.container=5')


def add_truncated(corpus):
    good = container()
    directory = good.index(b'PK\1\2')
    for variant, size in {
        'after-4-bytes': 4,
        'after-21-bytes': 21,
        'after-22-bytes': 22,
        'in-first-name': 34,
        'in-media': good.index(media('photo.png')) + 10,
        'before-directory': directory,
        'in-directory': directory + 50,
        'before-end-record': len(good) - 22,
        'in-end-record': len(good) - 11,
        'by-one-byte': len(good) - 1,
    }.items():
        corpus.invalid(f'archive.truncated-{variant}', good[:size])
    corpus.invalid('archive.truncated-comment-that-is-not-there', container(end(comment_length=1)))
    corpus.invalid('archive.truncated-comment-cut', container(end(comment=b'all of it'))[:-4])
    # Step 4: this record stands where it has to, and the directory begins before its 30 bytes could end.
    corpus.invalid('archive.truncated-no-local-record',
                   container(append(b'ext/none'), place('ext/none', has_local=False)), entry='ext/none')
    corpus.invalid('archive.truncated-29-bytes-for-local-record',
                   container(append(b'ext/none'), place('ext/none', has_local=False),
                             around(before_directory=b'PK\3\4' + bytes(25))), entry='ext/none')


def add_trailing_and_comment(corpus):
    good = container()
    for variant, data in {'newline': b'\n', 'zero': b'\0', '21-bytes': bytes(21), '22-bytes': bytes(22),
                          'largest-that-is-found': bytes(LARGEST_COMMENT), 'orphan': orphan()}.items():
        corpus.invalid(f'archive.trailing-{variant}', good + data)
    # What is cut here ends in a ZIP with an end record of its own, so that the rest looks like bytes behind that.
    with_zip = container(parts={'media/shots.zip': media('shots.zip')}, first=('mimetype', 'media/shots.zip'))
    corpus.invalid('archive.trailing-cut-behind-a-zip-inside', with_zip[:-30])
    # One more byte and the end record is out of reach of the look back (65,557 bytes), so the file counts as cut.
    corpus.invalid('archive.truncated-end-record-out-of-reach', good + bytes(LARGEST_COMMENT + 1))

    for variant, comment in {'one-byte': b'x', 'text': b'made by TEST', 'largest': bytes(LARGEST_COMMENT),
                             'with-signature-near-its-end': b'x' * 20 + b'PK\5\6' + b'x' * 17}.items():
        corpus.invalid(f'archive.comment-{variant}', container(end(comment=comment)))
    # The last signature with 22 bytes behind it decides: here it stands in the comment, and says that 6 bytes follow.
    inner = end_record(comment_length=6)
    corpus.invalid('archive.comment-with-end-record', container(end(comment=inner + b'123456')))
    corpus.invalid('archive.trailing-behind-end-record-in-comment', container(end(comment=inner + b'1234567')))
    corpus.invalid('archive.truncated-by-end-record-in-comment', container(end(comment=inner + b'12345')))
    corpus.invalid('archive.comment-of-entry', container(central(PHOTO, comment=b'a comment')), entry=PHOTO)


def add_directory(corpus):
    def fewer(count):
        return count - 1

    def more(count):
        return count + 1

    for variant, fields in {
        'offset-less': {'directory_offset': fewer},
        'offset-more': {'directory_offset': more},
        'offset-zero': {'directory_offset': 0},
        'size-less': {'directory_size': fewer},
        'size-more': {'directory_size': more},
        'size-zero': {'directory_size': 0},
        'starts-early': {'directory_offset': fewer, 'directory_size': more},
        'starts-late': {'directory_offset': more, 'directory_size': fewer},
        'counts-differ': {'entries_on_disk': fewer},
        'counts-differ-other': {'entries': fewer},
        'one-record-not-counted': {'entries_on_disk': fewer, 'entries': fewer},
        'one-record-too-many-counted': {'entries_on_disk': more, 'entries': more},
        'no-record-counted': {'entries_on_disk': 0, 'entries': 0},
    }.items():
        corpus.invalid(f'archive.directory-{variant}', container(end(**fields)))
    good = container()
    # The sum is right modulo 2^32.
    corpus.invalid('archive.directory-offset-and-size-wrap',
                   good[:-10] + struct.pack('<IIH', len(good) - 22 + 2, 0xFFFFFFFE, 0))
    corpus.invalid('archive.directory-end-record-in-comment', container(end(comment=end_record())))
    corpus.invalid('archive.directory-two-containers', good + good)
    corpus.invalid('archive.directory-prefix', orphan() + good)
    corpus.invalid('archive.directory-bytes-behind-last-record', container(around(before_end=b'\0')))
    corpus.invalid('archive.directory-digital-signature', container(around(before_end=b'PK\5\5\2\0xx')))
    corpus.invalid('archive.directory-gap-before-end-record',
                   container(around(before_end=b'\0'), end(directory_size=fewer)))
    corpus.invalid('archive.directory-not-a-central-record', container(central(PHOTO, signature=b'PK\1\3')), entry=ANY)
    corpus.invalid('archive.directory-local-record-in-it', container(central(PHOTO, signature=b'PK\3\4')), entry=ANY)
    for length in ('name_length', 'extra_length', 'comment_length'):
        field = length.replace('_', '-')
        corpus.invalid(f'archive.directory-{field}-beyond-its-end', container(central('signature', **{length: 0xFFFF})),
                       entry=ANY)
    corpus.invalid('archive.directory-cut-last-record',
                   container(around(before_end=b'PK\1\2' + bytes(41)), end(entries_on_disk=more, entries=more)))


def add_local_records(corpus):
    for variant, signature in {'zeros': bytes(4), 'central': b'PK\1\2', 'descriptor': b'PK\7\x08'}.items():
        corpus.invalid(f'archive.local-{variant}', container(local(PHOTO, signature=signature)), entry=PHOTO)

    for variant, edits, entry in (
        ('before-first', [place('mimetype', before=orphan())], 'mimetype'),
        ('between', [place(PHOTO, before=b'\0')], PHOTO),
        ('between-large', [place(PHOTO, before=bytes(5000))], PHOTO),
        ('hidden-entry', [append(b'ext/hidden', b'x'), place('ext/hidden', has_central=False)], '-'),
        ('hidden-entry-between', [place('payload.json', has_central=False)], PHOTO),
        ('descriptor-without-flag', [place(PHOTO, after=b'PK\7\x08' + bytes(12))], 'session_token'),
        ('before-directory', [around(before_directory=b'\0')], '-'),
        ('no-directory', [lambda archive: [setattr(entry, 'has_central', False) for entry in archive.entries]], '-'),
        ('offset-beyond-file', [central(PHOTO, offset=0x7FFFFFFF)], PHOTO),
        ('offset-more', [central(PHOTO, offset=lambda right: right + 1)], PHOTO),
        ('directory-in-other-order', [swapped], 'session_token'),
    ):
        corpus.invalid(f'archive.gap-{variant}', container(*edits), entry=entry)

    for variant, edits, entry in (
        ('offset-less', [central(PHOTO, offset=lambda right: right - 1)], PHOTO),
        ('offset-zero', [central(PHOTO, offset=0)], PHOTO),
        ('two-records-for-one-place', [append(b'ext/twin'), place('ext/twin', has_local=False),
                                       central('ext/twin', offset=0)], 'ext/twin'),
        ('size-reaches-into-next', [longer(PHOTO, 1)], 'session_token'),
        ('size-reaches-into-directory', [longer('signature', 1)], 'signature'),
        ('size-reaches-beyond-file', [longer('signature', 0x7F000000)], 'signature'),
    ):
        corpus.invalid(f'archive.overlap-{variant}', container(*edits), entry=entry)


def swapped(archive):
    """Central records in another order than the local ones: the first one out of order leaves a gap before it."""
    archive.directory = archive.entries[:2] + archive.entries[3:1:-1] + archive.entries[4:]


def longer(name, bytes_more):
    """Both records agree on a size that is larger than what is there."""
    return both(name, **dict.fromkeys(('compressed_size', 'size'), lambda right: right + bytes_more))
