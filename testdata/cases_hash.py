"""The rules of integrity and hash. What is wrong with the list is signed: only the list itself is at fault."""
import hashlib

from container import PAYLOAD, PHOTO, both, container, json_text, media
from corpus import ANY
from ozctoken import token

EXTRA = 'ext/log'
ENTRIES = ('mimetype', 'payload.json', PHOTO, EXTRA, 'session_token', 'hashes.sha256', 'signature')


def add(corpus):
    add_crc(corpus)
    add_missing(corpus)
    add_malformed(corpus)
    add_unlisted(corpus)
    add_no_such_entry(corpus)
    add_mismatch(corpus)


def add_crc(corpus):
    """Both records agree on a CRC-32 that is not the content's, while hash list and signature are right."""
    for name in ENTRIES:
        corpus.invalid(f'integrity.crc-{name.replace("/", "-")}', entry=name, data=container(
            both(name, crc=lambda right: right ^ 0x80000000), parts={EXTRA: b'TEST'}))
    corpus.invalid('integrity.crc-zero', container(both(PHOTO, crc=0)), entry=PHOTO)
    corpus.invalid('integrity.crc-of-empty-entry', container(both(EXTRA, crc=1), parts={EXTRA: b''}), entry=EXTRA)
    for name in ENTRIES[-3:] + ('payload.json',):
        corpus.invalid(f'integrity.crc-of-empty-{name}', container(both(name, crc=1), parts={name: b''}), entry=name)
    corpus.invalid('integrity.crc-all', container(*(both(name, crc=1) for name in ENTRIES), parts={EXTRA: b'TEST'}),
                   entry='mimetype')
    corpus.reject('invalid/integrity.crc-session_token.ozc', 'integrity.crc', 'skip=session_token;skip=signature',
                  'session_token')


def add_missing(corpus):
    corpus.invalid('hash.missing', container(parts={'hashes.sha256': None}))
    corpus.invalid('hash.missing-empty', container(parts={'hashes.sha256': b''}), entry='hashes.sha256')


def with_list(change, **parts):
    return container(parts={'hashes.sha256': change, **parts})


def lines(change):
    """A change of the list as a function of its lines."""
    return lambda right: b''.join(change(right.splitlines(keepends=True)))


def add_malformed(corpus):
    zeros = b'0' * 64
    for variant, change in {
        'upper-case-hex': lambda right: b''.join(
            line[:64].upper() + line[64:] for line in right.splitlines(keepends=True)),
        'one-space': lambda right: right.replace(b'  ', b' '),
        'three-spaces': lambda right: right.replace(b'  ', b'   '),
        'tab': lambda right: right.replace(b'  ', b'\t'),
        'binary-marker': lambda right: right.replace(b'  ', b' *'),
        'carriage-returns': lambda right: right.replace(b'\n', b'\r\n'),
        'no-newline-at-end': lambda right: right[:-1],
        'empty-line-at-end': lambda right: right + b'\n',
        'empty-line-at-start': lambda right: b'\n' + right,
        'empty-line-inside': lambda right: right.replace(b'\n', b'\n\n', 1),
        'only-newline': lambda right: b'\n',
        'not-sorted': lines(reversed),
        'not-sorted-ignoring-case': lines(sorted_without_case),
        'duplicate-line': lines(lambda all_lines: all_lines[:1] + all_lines),
        'duplicate-name': lambda right: zeros + right[64:].partition(b'\n')[0] + b'\n' + right,
        'comment': lambda right: b'# sha256sum\n' + right,
        'byte-order-mark': lambda right: b'\xef\xbb\xbf' + right,
        'space-at-start': lambda right: b' ' + right,
        'space-at-end': lambda right: right[:-1] + b' \n',
        'nul-at-end': lambda right: right + b'\0',
        'end-of-file-character': lambda right: right + b'\x1a',
        'digest-with-63-digits': lambda right: right[1:],
        'digest-with-65-digits': lambda right: b'0' + right,
        'digest-no-hex': lambda right: b'g' + right[1:],
        'digest-sha1': lambda right: right[24:],
        'bsd-style': bsd_style,
        'name-missing': lambda right: zeros + b'  \n' + right,
        'name-with-dot-segment': lambda right: right.replace(b'  media', b'  ./media'),
        'name-with-dot-dot': lambda right: zeros + b'  ext/../a\n' + right,
        'name-with-backslash': lambda right: right.replace(b'media/', b'media\\'),
        'name-absolute': lambda right: zeros + b'  /etc/passwd\n' + right,
        'name-with-space': lambda right: zeros + b'  a b\n' + right,
        'name-device': lambda right: zeros + b'  ext/AUX\n' + right,
        'name-non-ascii': lambda right: right + zeros + '  t\u00e9st\n'.encode(),
        'name-with-nul': lambda right: zeros + b'  a\0b\n' + right,
        'name-256-bytes': lambda right: zeros + b'  ext/' + b'A' * 252 + b'\n' + right,
        'escaped-name': lambda right: b'\\' + right,
        'folder': lambda right: right.replace(b'  mimetype', b'  media/\n' + zeros + b'  mimetype'),
        'binary': lambda right: hashlib.sha256(right).digest(),
        'utf-16': lambda right: right.decode().encode('utf-16'),
    }.items():
        # Upper and lower case in the names, so that the two orders differ; see not-sorted-ignoring-case.
        corpus.invalid(f'hash.malformed-{variant}', with_list(change, **{'ext/B': b'B', 'ext/a': b'a'}))


def sorted_without_case(all_lines):
    return sorted(all_lines, key=lambda line: line[66:].lower())


def bsd_style(right):
    return b''.join(b'SHA256 (%s) = %s\n' % (line[66:], line[:64]) for line in right.splitlines())


def dropped(name):
    return lines(lambda all_lines: [line for line in all_lines if line[66:-1] != name.encode()])


def added(*names):
    """Lines for more names, in their place in the order; the digest is of an empty file."""
    digest = hashlib.sha256().hexdigest()
    more = [f'{digest}  {name}\n'.encode() for name in names]
    return lines(lambda all_lines: sorted(all_lines + more, key=lambda line: line[66:]))


def add_unlisted(corpus):
    for name in ('mimetype', 'payload.json', PHOTO, EXTRA, 'session_token'):
        corpus.invalid(f'hash.unlisted-{name.replace("/", "-")}', with_list(dropped(name), **{EXTRA: b'TEST'}),
                       entry=name)
    corpus.invalid('hash.unlisted-second-media', with_list(dropped('media/b.png'), **{
        'payload.json': json_text({**PAYLOAD, 'media:tags': {'photo.png': ['photo_id'], 'b.png': ['photo_id_back']}}),
        'media/b.png': media('photo.png')}), entry='media/b.png')
    # The list says `media/Photo.png`: the entry that is there is unlisted before the other is missed.
    corpus.invalid('hash.unlisted-other-case', with_list(
        lines(lambda all_lines: [line.replace(b'photo', b'Photo') for line in all_lines])), entry=PHOTO)


def add_no_such_entry(corpus):
    for variant, name in {'unknown': 'ext/none', 'media': 'media/none.png', 'signature': 'signature',
                          'hash-list-itself': 'hashes.sha256', 'not-allowed-at-top': 'readme.txt'}.items():
        corpus.invalid(f'hash.no_such_entry-{variant}', with_list(added(name)), entry=ANY)


def add_mismatch(corpus):
    """The list has the digest of other content, which is what becomes of an entry that is changed and zipped again."""
    for name in ('mimetype', 'payload.json', PHOTO, EXTRA, 'session_token'):
        def other_digest(right, name=name.encode()):
            at = right.index(b'  ' + name + b'\n') - 64
            return right[:at] + hashlib.sha256(b'other').hexdigest().encode() + right[at + 64:]
        corpus.invalid(f'hash.mismatch-{name.replace("/", "-")}', with_list(other_digest, **{EXTRA: b'TEST'}),
                       entry=name)
    corpus.invalid('hash.mismatch-one-digit', with_list(
        lambda right: (b'0' if right[:1] != b'0' else b'1') + right[1:]), entry=PHOTO)
    corpus.invalid('hash.mismatch-last-digit', with_list(
        lambda right: right[:63] + (b'0' if right[63:64] != b'0' else b'1') + right[64:]), entry=PHOTO)
    corpus.invalid('hash.mismatch-token-exchanged', entry='session_token', data=container(
        lambda archive: setattr(archive['session_token'], 'data', token({'jti': 'TEST-0002'}))))
