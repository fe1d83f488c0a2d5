"""The rules of signature (docs/format.md, section 3)."""
from container import PAYLOAD, container, hash_list, json_text
from corpus import DEFAULT
from ozckeys import der_from_integers, der_integer, integers_from_der, raw_from_der, sign, sum_at_infinity
from ozctoken import cnf, token

ED25519 = 'signer=keys/TEST-signer-ed25519.pub'


def add(corpus):
    corpus.invalid('signature.missing', container(parts={'signature': None}))
    corpus.invalid('signature.missing-empty', container(parts={'signature': b''}), entry='signature')
    corpus.reject('invalid/signature.missing.ozc', 'signature.missing', 'signer=none')
    corpus.accept('invalid/signature.missing.ozc', 'skip=signature')
    add_no_key(corpus)
    add_malformed(corpus)
    add_invalid(corpus)


def with_signature(change, **options):
    return container(parts={'signature': change}, **options)


def add_no_key(corpus):
    corpus.invalid('signature.no_key', container(), 'signer=none')
    corpus.accept(DEFAULT, 'signer=none;skip=signature')
    # Without the token there is no `cnf`, so a trusted signer has to have signed.
    for kind, rule in {'p384': 'invalid', 'p256': 'invalid', 'ed25519': 'malformed'}.items():
        corpus.reject(f'valid/cnf-{kind}.ozc', f'signature.{rule}', 'skip=session_token')
        corpus.accept(f'valid/cnf-{kind}.ozc', f'skip=session_token;signer=keys/TEST-device-{kind}.pub')


def add_malformed(corpus):
    """Not of the form of any key that could verify it."""
    for variant, change in {
        'text': lambda right: b'This is no signature.',
        'one-byte': lambda right: b'\x30',
        'raw': lambda right: raw_from_der(right, 48),
        'base64': lambda right: b'MGUCMQ',
        'length-in-long-form': lambda right: b'\x30\x81' + right[1:],
        'indefinite-length': lambda right: b'\x30\x80' + right[2:] + b'\0\0',
        'trailing-byte': lambda right: right + b'\0',
        'trailing-byte-inside': lambda right: bytes((0x30, right[1] + 1)) + right[2:] + b'\0',
        'cut': lambda right: right[:-1],
        'length-beyond-end': lambda right: bytes((0x30, right[1] + 1)) + right[2:],
        'set-instead-of-sequence': lambda right: b'\x31' + right[1:],
        'octet-string-inside': lambda right: right[:2] + b'\x04' + right[3:],
        'one-integer': lambda right: der_from_integers(integers_from_der(right)[0]),
        'three-integers': lambda right: der_from_integers(*integers_from_der(right), 1),
        'no-integer': lambda right: der_from_integers(),
        'empty-integer': lambda right: b'\x30\x04\x02\x00\x02\x00',
        'integer-with-leading-zeros': leading_zeros,
        'ed25519-size': lambda right: bytes(64),
        '1-KiB': lambda right: bytes(1024),
    }.items():
        corpus.invalid(f'signature.malformed-{variant}', with_signature(change))
    for variant, change in {'63-bytes': lambda right: right[:-1], '65-bytes': lambda right: right + b'\0',
                            'der': lambda right: sign('signer-p256', b'')}.items():
        corpus.invalid(f'signature.malformed-ed25519-{variant}', with_signature(change, key='signer-ed25519'), ED25519)
    # Once a key of the other form is trusted, too, the form is no longer what is wrong.
    size = 'invalid/signature.malformed-ed25519-size.ozc'
    corpus.reject(size, 'signature.invalid', f'{ED25519};signer=keys/TEST-signer-p384.pub')
    corpus.reject(size, 'signature.malformed', 'signer=keys/TEST-signer-p256.pub;signer=keys/TEST-signer-p384.pub')


def leading_zeros(signature):
    """r with a zero before it that DER does not allow."""
    r, s = (der_integer(number) for number in integers_from_der(signature))
    r = bytes((2, r[1] + 2)) + b'\0\0' + r[2:]
    return bytes((0x30, len(r + s))) + r + s


def add_sum_at_infinity(corpus, kind):
    """By a device, whose owner need not mean well."""
    signed = []

    def keep(right):
        signed.append(right)
        return right

    parts = {'session_token': token(cnf(f'device-{kind}')), 'hashes.sha256': keep}
    container(parts=parts, key=f'device-{kind}')
    r_and_s = sum_at_infinity(f'device-{kind}', signed[0])
    corpus.invalid(f'signature.invalid-sum-at-infinity-{kind}',
                   container(parts={**parts, 'signature': der_from_integers(*r_and_s)}, key=f'device-{kind}'))


def add_invalid(corpus):
    def flipped(signature):
        return signature[:-1] + bytes((signature[-1] ^ 1,))

    other_list = hash_list({'payload.json': json_text({**PAYLOAD, 'folder:meta_data': {}})})
    for variant, data in {
        'bit-flipped': with_signature(flipped),
        'zero-integers': with_signature(der_from_integers(0, 0)),
        'ones': with_signature(der_from_integers(1, 1)),
        'r-and-s-exchanged': with_signature(lambda right: der_from_integers(*reversed(integers_from_der(right)))),
        'of-other-list': with_signature(sign('signer-p384', other_list)),
        'of-nothing': with_signature(sign('signer-p384', b'')),
        'by-stranger': container(key='stranger-p384'),
        'by-issuer': container(key='issuer-p384'),
        'by-key-of-other-type': container(key='signer-p256'),
        'with-sha256': container(digest='sha256'),
        'with-sha512': container(digest='sha512'),
        'by-device-that-no-token-names': container(key='device-p384'),
    }.items():
        corpus.invalid(f'signature.invalid-{variant}', data)
    corpus.invalid('signature.invalid-p256-with-sha384', container(key='signer-p256', digest='sha384'),
                   'signer=keys/TEST-signer-p256.pub')
    for variant, change in {'bit-flipped': flipped, 'zeros': bytes(64), 'ones': b'\xff' * 64}.items():
        corpus.invalid(f'signature.invalid-ed25519-{variant}', with_signature(change, key='signer-ed25519'), ED25519)
    for kind in ('p384', 'p256'):
        add_sum_at_infinity(corpus, kind)
    # With `cnf` that key signs, and no other.
    for kind in ('p384', 'p256', 'ed25519'):
        named = {'session_token': token(cnf(f'device-{kind}'))}
        rule = 'malformed' if kind == 'ed25519' else 'invalid'
        file = corpus.invalid(f'signature.{rule}-cnf-{kind}-but-trusted-signer-signed', container(parts=named))
        corpus.reject(file, f'signature.{rule}', 'signer=none')
        corpus.accept(file, 'skip=session_token')
    corpus.invalid('signature.invalid-cnf-but-other-device-signed',
                   container(parts={'session_token': token(cnf('device-p384'))}, key='stranger-p384'))
    corpus.reject(DEFAULT, 'signature.invalid', 'signer=keys/TEST-signer2-p384.pub')
    corpus.accept(DEFAULT, 'signer=keys/TEST-signer2-p384.pub;signer=keys/TEST-signer-ed25519.pub;'
                           'signer=keys/TEST-signer-p384.pub')
    corpus.reject(DEFAULT, 'signature.malformed', ED25519)
