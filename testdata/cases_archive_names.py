"""The rules of archive about whole entries: names, what may be there, limits (docs/rules.md, section 3, step 5)."""
import io
import zipfile

from container import MIMETYPE, PAYLOAD, PHOTO, append, both, container, json_text, media
from corpus import ANY
from ozctoken import CLAIMS, text, token

KIB = 1024
CONTENT = b'TEST'


def add(corpus):
    add_name(corpus)
    add_duplicate(corpus)
    add_mimetype(corpus)
    add_unknown_entry(corpus)
    add_limit(corpus)


def add_name(corpus):
    """docs/format.md, section 2.5."""
    for variant, name in {
        'space': 'ext/a b',
        'space-at-end': 'ext/a ',
        'nul': 'ext/a\0b',
        'newline': 'ext/a\nb',
        'escape': 'ext/a\x1b[2Jb',
        'delete': 'ext/a\x7fb',
        'backslash': 'ext\\a',
        'backslash-dot-dot': 'ext/..\\..\\a',
        'colon': 'ext/a:b',
        'drive': 'C:/a',
        'plus': 'ext/a+b',
        'tilde': 'ext/PROGRA~1',
        'percent': 'ext/%2e%2e',
        'absolute': '/etc/passwd',
        'dot-dot': 'ext/../a',
        'dot-dot-first': '../a',
        'dot-dot-last': 'ext/..',
        'dot': 'ext/./a',
        'leading-dot': 'ext/.a',
        'leading-dash': 'ext/-a',
        'leading-underscore': 'ext/_a',
        'leading-dot-in-folder': 'ext/.git/config',
        'trailing-dot': 'ext/a.',
        'trailing-dot-in-folder': 'ext/a./b',
        'device-con': 'ext/con',
        'device-prn': 'ext/prn',
        'device-aux-in-folder': 'ext/Aux/a',
        'device-nul-with-extension': 'ext/NUL.txt',
        'device-com0': 'ext/com0.log',
        'device-com9': 'ext/COM9',
        'device-lpt9-two-extensions': 'ext/lpt9.a.b',
        'device-lpt0-other-case': 'ext/LpT0.a',
        'device-in-media': 'media/con.png',
        'non-ascii-utf-8': 'ext/\u00e9',
        'right-to-left': 'ext/\u202egnp.exe',
        'empty-segment': 'ext//a',
        'empty-first-segment': '//a',
        'folder': 'ext/folder/',
        'media-folder': 'media/',
        '256-bytes': 'ext/' + 'a' * 252,
    }.items():
        corpus.invalid(f'archive.name-{variant}', container(parts={name: CONTENT}), entry=ANY)
    corpus.invalid('archive.name-folder-entry', container(parts={'ext/folder/': b''}), entry=ANY)
    extra = {'ext/a': CONTENT}
    for variant, fields in {'latin-1': {'name': b'ext/\xe9'}, '0-bytes': {'name': b''},
                            'non-ascii-utf-8-with-flag': {'name': 'ext/\u00e9'.encode(), 'flags': 1 << 11}}.items():
        corpus.invalid(f'archive.name-{variant}', container(both('ext/a', **fields), parts=extra), entry=ANY)


def add_duplicate(corpus):
    corpus.invalid('archive.duplicate-equal', container(append(PHOTO.encode(), media('photo.png'))), entry=PHOTO)
    corpus.invalid('archive.duplicate-equal-other-content', container(append(PHOTO.encode(), media('photo.jpg'))),
                   entry=PHOTO)
    corpus.invalid('archive.duplicate-payload', container(append(b'payload.json', b'{}')), entry='payload.json')
    corpus.invalid('archive.duplicate-mimetype', container(append(b'mimetype', MIMETYPE)), entry='mimetype')
    for variant, names, entry in (
        ('case', ('ext/a', 'ext/A'), 'ext/A'),
        ('payload-case', ('Payload.json',), 'Payload.json'),
        ('media-case', ('media/Photo.png',), 'media/Photo.png'),
        ('folder-of-another', ('ext/a', 'ext/a/b'), ANY),
        ('folder-of-another-after-it', ('ext/a/b', 'ext/a'), ANY),
        ('folder-of-another-far-below', ('ext/a', 'ext/a-b', 'ext/a/b/c/d'), ANY),
        ('folder-of-another-case', ('ext/A', 'ext/a/b'), ANY),
        ('folders-differ-in-case', ('ext/a/b', 'ext/A/c'), ANY),
        ('folders-differ-in-case-at-top', ('Media/b.png',), ANY),
        ('file-named-media', ('media',), ANY),
        ('file-named-mimetype-as-folder', ('mimetype/a',), ANY),
    ):
        corpus.invalid(f'archive.duplicate-{variant}', container(parts=dict.fromkeys(names, CONTENT)), entry=entry)


def add_mimetype(corpus):
    for variant, content in {
        'newline': MIMETYPE + b'\n',
        'empty': b'',
        'other': b'application/zip',
        'other-version': MIMETYPE.replace(b'-v1', b'-v2'),
        'upper-case': MIMETYPE.upper(),
        'one-byte-less': MIMETYPE[:-1],
        'one-byte-changed': MIMETYPE[:-1] + b'q',
    }.items():
        corpus.invalid(f'archive.mimetype-{variant}', container(parts={'mimetype': content}), entry='mimetype')
    corpus.invalid('archive.mimetype-second', container(first=('payload.json',)), entry=ANY)
    corpus.invalid('archive.mimetype-last', container(
        first=('payload.json', PHOTO, 'session_token', 'hashes.sha256', 'signature')), entry=ANY)
    corpus.invalid('archive.mimetype-none', container(parts={'mimetype': None}), entry=ANY)
    corpus.invalid('archive.mimetype-name-in-other-case',
                   container(parts={'mimetype': None, 'MimeType': MIMETYPE}, first=('MimeType',)), entry=ANY)


def add_unknown_entry(corpus):
    """docs/format.md, section 1."""
    for variant, name in {
        'at-top': 'readme.txt',
        'media-in-folder': 'media/2026/photo.png',
        'file-named-ext': 'ext',
        'folder-in-other-case': 'Ext/a',
        'other-folder': 'META-INF/manifest.xml',
        'like-media': 'media2/photo.png',
        'other-hash-list': 'hashes.sha512',
        'payload-in-folder': 'payload/payload.json',
    }.items():
        corpus.invalid(f'archive.unknown_entry-{variant}', container(parts={name: CONTENT}), entry=name)
    corpus.invalid('archive.unknown_entry-signature-in-other-case', container(both('signature', name=b'Signature')),
                   entry='Signature')


def long_token(size):
    """A right token of that many bytes."""
    header, _, signature = token().split(b'.')
    claims_size = (size - len(header) - len(signature) - 2) * 3 // 4
    return token({'pad': 'x' * (claims_size - len(text({**CLAIMS, 'pad': ''})))})


def add_limit(corpus):
    """docs/format.md, section 2: each limit passed by one, and kept exactly."""
    # Ed25519, for ECDSA signatures are not always of the same size.
    signer = 'signer=keys/TEST-signer-ed25519.pub'
    data = container(parts={'ext/log': CONTENT}, key='signer-ed25519')
    limits = corpus.valid('limits', data, signer)
    sizes = {entry.filename: entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    for limit, bound, entry in (
        ('container', len(data), '-'),
        ('entries', len(sizes), '-'),
        ('entry', max(sizes.values()), max(sizes, key=sizes.get)),
        ('payload', sizes['payload.json'], 'payload.json'),
        ('session_token', sizes['session_token'], 'session_token'),
        ('hashes', sizes['hashes.sha256'], 'hashes.sha256'),
        ('signature', sizes['signature'], 'signature'),
    ):
        corpus.accept(limits, f'{signer};limit.{limit}={bound}')
        corpus.reject(limits, 'archive.limit', f'{signer};limit.{limit}={bound - 1}', entry)

    # The defaults.
    def of_entries(count):
        return container(parts={f'ext/{number}': b'' for number in range(count - 6)})

    corpus.valid('limit-of-entries', of_entries(128))
    corpus.invalid('archive.limit-of-entries', of_entries(129))
    corpus.valid('limit-of-token', container(parts={'session_token': long_token(16 * KIB)}))
    corpus.invalid('archive.limit-of-token', container(parts={'session_token': long_token(16 * KIB + 1)}),
                   entry='session_token')
    padded = json_text(PAYLOAD)
    corpus.valid('limit-of-payload', container(parts={'payload.json': padded.ljust(256 * KIB)}))
    corpus.invalid('archive.limit-of-payload', container(parts={'payload.json': padded.ljust(256 * KIB + 1)}),
                   entry='payload.json')
    corpus.invalid('archive.limit-of-signature', container(parts={'signature': bytes(KIB + 1)}), entry='signature')
    largest_list = 322 * 128
    corpus.invalid('archive.limit-of-hash-list', entry='hashes.sha256', data=container(
        parts={'hashes.sha256': lambda right: right.ljust(largest_list + 1, b'\n')}))
    file = corpus.invalid('hash.malformed-as-long-as-the-limit', container(
        parts={'hashes.sha256': lambda right: right.ljust(largest_list, b'\n')}))
    corpus.reject(file, 'archive.limit', 'limit.entries=127', 'hashes.sha256')
