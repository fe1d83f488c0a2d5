"""Valid containers of every shape. Those whose point is a limit, a token or a payload stand with their rules."""
from container import PAYLOAD, PHOTO, both, central, container, json_text, media, payload
from corpus import DEFAULT
from othertools import by_zip, by_zipfile
from ozckeys import ORDERS, der_from_integers, integers_from_der
from ozctoken import cnf, token
from ozczip import CENTRAL, END, record



def signer(kind):
    return f'signer=keys/TEST-signer-{kind}.pub'


def issuer(kind):
    return f'issuer=keys/TEST-issuer-{kind}.pub'


def add(corpus):
    corpus.valid('default', container())
    add_switched_off(corpus)
    add_keys(corpus)
    add_tokens(corpus)
    add_archives(corpus)
    add_media(corpus)
    corpus.valid('false-end-records', false_end_records(), signer('ed25519'))


def add_switched_off(corpus):
    for settings in ('skip=session_token;issuer=none', 'skip=signature', 'skip=content',
                     'skip=session_token;skip=signature;skip=content;issuer=none;signer=none'):
        corpus.accept(DEFAULT, settings)


def add_keys(corpus):
    for kind in ('p256', 'ed25519'):
        signed = container(parts={'session_token': token(key=f'issuer-{kind}')}, key=f'signer-{kind}')
        corpus.valid(f'keys-{kind}', signed, f'{issuer(kind)};{signer(kind)}')
        corpus.accept(f'valid/keys-{kind}.ozc', f'{issuer("p384")};{issuer(kind)};{signer("p384")};{signer(kind)}')
    for kind in ('p384', 'p256', 'ed25519'):
        file = corpus.valid(f'cnf-{kind}', container(parts={'session_token': token(cnf(f'device-{kind}'))},
                                                     key=f'device-{kind}'))
        corpus.accept(file, 'signer=none')

    def other_s(signature):
        r, s = integers_from_der(signature)
        return der_from_integers(r, ORDERS['p384'] - s)

    # Keys of two kinds, and more than one entry of each folder.
    tags = {'media:tags': {'photo.png': ['photo_selfie'], 'card.png': ['photo_id']}}
    corpus.valid('two-media-and-ext', container(parts={
        'payload.json': payload(tags), 'media/card.png': media('photo.png'), 'ext/log': b'TEST', 'ext/log.d/1': b'x',
        'session_token': token(cnf('device-p256'), key='issuer-ed25519')}, key='device-p256'), issuer('ed25519'))

    # (r, n - s) verifies, too: signature bytes are no identity (docs/format.md, section 3).
    corpus.valid('signature-with-other-s', container(parts={'signature': other_s}))


def add_tokens(corpus):
    """More of them in cases_token.py."""
    for variant, header in {
        'typ-lower-case': {'typ': 'jwt'},
        'typ-missing': {'typ': None},
        'kid-empty': {'kid': ''},
        'kid-unknown-to-keys-without-id': {'kid': 'unknown'},
        'other-keys-in-header': {'jwk': 1, 'jku': 'https://example.org/keys', 'x5u': 2, 'x5c': [], 'cty': 'x'},
    }.items():
        corpus.valid(f'token-{variant}', container(parts={'session_token': token(header=header)}))
    corpus.valid('token-only-exp', container(parts={'session_token': token('{"exp":1767225900}')}))
    corpus.valid('token-white-space-in-json', container(parts={
        'session_token': token(' { "exp" : 1767225900 } \n', '\t{ "alg" : "\\u0045S384" }\r\n')}))


def add_archives(corpus):
    """docs/format.md, section 2: everything that it leaves open."""
    last_first = ('mimetype', 'signature', 'hashes.sha256', 'session_token', PHOTO, 'payload.json')
    names = {'ext/log': b'TEST', 'ext/a/b/c/d-e_f.g': b'x', 'ext/empty': b'', 'ext/A-b': b'', 'ext/0': b'0',
             'ext/console.log': b'', 'ext/com10.txt': b'', 'ext/null': b'', 'ext/a.con': b'', 'ext/auxiliary': b'',
             'ext/a..b': b'', 'ext/a-': b'', 'ext/a_': b'', 'ext/payload.json': b'{}', 'ext/media/x': b'',
             'ext/mimetype': b''}
    for variant, data in {
        'ext': container(parts=names),
        'name-255-bytes': container(parts={'ext/' + 'a' * 251: b'x'}),
        'other-order': container(first=last_first),
        'flag-bit-11': container(*(both(name, flags=1 << 11) for name in last_first)),
        'dos-host': container(*(central(name, version_made_by=20, external=0x21) for name in last_first)),
        'dos-host-with-unix-mode': container(central(PHOTO, version_made_by=20)),
        'version-needed-20': container(both(PHOTO, version_needed=20)),
        'version-needed-0': container(both(PHOTO, version_needed=0)),
        'made-by-version-6.3': container(central(PHOTO, version_made_by=3 << 8 | 63)),
        'mode-without-type': container(central(PHOTO, external=0o644 << 16)),
        'mode-none': container(central(PHOTO, external=0)),
        'mode-executable': container(central(PHOTO, external=0o100777 << 16)),
        'internal-attributes': container(central(PHOTO, internal=0xFFFF)),
        'date-none': container(both(PHOTO, date=0, time=0)),
        'date-impossible': container(both(PHOTO, date=0xFFFF, time=0xFFFF)),
        'made-with-zipfile': by_zipfile(container()),
        'made-with-zip': by_zip(media('clip.mp4'), {**PAYLOAD, 'media:tags': {'clip.mp4': ['video_selfie']},
                                                    'analyses': [{'type': 'quality'}]}, token()),
    }.items():
        corpus.valid(variant, data)


def add_media(corpus):
    corpus.valid('three-media', container(parts={
        PHOTO: media('photo.png'), 'media/clip.mp4': media('clip.mp4'), 'media/photo.jpg': media('photo.jpg'),
        'payload.json': json_text({
            'folder:meta_data': {'reference': 'TEST', 'steps': [1, 2, 3]},
            'media:meta_data': {'clip.mp4': {'camera': 'front'}},
            'media:tags': {'clip.mp4': ['video_selfie', 'video_selfie_blank', 'orientation_portrait'],
                           'photo.jpg': ['photo_id', 'photo_id_front'], 'photo.png': ['photo_selfie']},
            'analyses': [{'type': 'quality', 'source_media': ['clip.mp4'], 'params': {'threshold_spoofing': 0.5}},
                         {'type': 'BIOMETRY', 'source_media': ['clip.mp4', 'photo.jpg'], 'meta_data': {}},
                         {'type': 'documents'}]})}))
    kinds = ('clip.avi', 'clip.mov', 'clip.mp4', 'clip.mpg', 'clip.ogv', 'clip.webm', 'clip.wmv', 'photo.jpg',
             'photo.png', 'shots.zip')
    corpus.valid('every-kind-of-media', container(parts={
        **{f'media/{name}': media(name) for name in kinds},
        'payload.json': payload({'media:tags': {name: ['photo_selfie'] for name in kinds}})}))
    # An extension that names no kind contradicts none.
    keys = {'PHOTO.PNG': 'photo.png', 'photo.jpeg': 'photo.jpg', 'shot': 'photo.jpg', 'shot.v1': 'photo.png'}
    corpus.valid('media-extensions', container(parts={
        PHOTO: None, **{f'media/{key}': media(name) for key, name in keys.items()},
        'payload.json': payload({'media:tags': {key: ['photo_selfie'] for key in keys}, 'analyses': [
            {'type': 'quality'}]})}))


def false_end_records(count=2900, entries=128):
    """A picture that goes on with a directory and thousands of end records for it, in the last 64 KiB of the file.

    A reader that looks for end records by their signature reads the directory for each of them. They are as credible
    as can be: offset, size, counts fit, and each comment length reaches to the end of the file. The bytes behind the
    picture depend on its place, so the container is made twice; Ed25519 keeps its size.
    """
    head = media('photo.png')
    directory = b''.join(record(CENTRAL, {'signature': b'PK\1\2', 'crc': 0, 'compressed_size': 0, 'size': 0,
                                          'offset': 0, 'name': b'%d' % number}, {}) for number in range(entries))

    def made(start, total):
        picture = head + directory
        for _ in range(count):
            behind = total - (start + len(picture) + 22)
            picture += record(END, {
                'signature': b'PK\5\6', 'directory_disk': 0, 'entries_on_disk': entries, 'entries': entries,
                'directory_size': len(directory), 'directory_offset': start + len(head)},
                {'comment_length': max(0, min(behind, 0xFFFF))})
        return container(parts={PHOTO: picture}, key='signer-ed25519', first=(
            'mimetype', 'payload.json', 'session_token', 'hashes.sha256', 'signature'))

    draft = made(0, 0)
    return made(draft.index(head), len(draft))
