"""The rules of session_token (docs/format.md, section 4; docs/rules.md, section 3)."""
import hashlib
import hmac

from container import container
from corpus import ANY, DEFAULT
from ozckeys import base64url, coordinate_size, integers_from_der, jwk, public_file, sign, sum_at_infinity
from ozctoken import CLAIMS, EXPIRES, ISSUED, text, token

TWO_53 = 2 ** 53
ISSUER = 'keys/TEST-issuer-p384.pub'


def with_token(content, **options):
    return container(parts={'session_token': content}, **options)


def add(corpus):
    corpus.invalid('session_token.missing', with_token(None))
    corpus.invalid('session_token.empty', with_token(b''))
    add_compact_form(corpus)
    add_header(corpus)
    add_signature(corpus)
    add_claims(corpus)
    add_confirmation_key(corpus)
    add_policy(corpus)
    add_times(corpus)
    add_life_left(corpus)
    add_single_use(corpus)


def padded(part):
    return part + '=' * (-len(part) % 4)


def unused_bits_set(part):
    """The last character of a part that ends in 2 or 4 unused bits, with one of them set."""
    alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    return part[:-1] + alphabet[alphabet.index(part[-1]) + 1]


def add_compact_form(corpus):
    right = token()
    header, claims, signature = right.split(b'.')
    odd = '{"alg":"ES384" }'  # 16 bytes: one more than a multiple of 3, so that its base64 has unused bits
    for variant, content in {
        'newline-at-end': right + b'\n',
        'space-at-start': b' ' + right,
        'newline-inside': right[:20] + b'\n' + right[20:],
        'space-between-parts': header + b'. ' + claims + b'.' + signature,
        'nul-at-end': right + b'\0',
        'byte-order-mark': b'\xef\xbb\xbf' + right,
        'non-ascii': right[:20] + b'\xe9' + right[21:],
        'one-part': header,
        'two-parts': header + b'.' + claims,
        'four-parts': right + b'.' + signature,
        'five-parts': right + b'.' + claims + b'.' + signature,
        'dots': b'..',
        'empty-header': b'.' + claims + b'.' + signature,
        'empty-claims': header + b'..' + signature,
        'empty-signature': header + b'.' + claims + b'.',
        'padding': token(header=odd, part=padded),
        'unused-bits-set': token(header=odd, claims='{"exp":%d} ' % EXPIRES, part=unused_bits_set),
        'standard-alphabet': token(claims={'pad': '?????>>>>>'},
                                   part=lambda part: part.replace('-', '+').replace('_', '/')),
        'one-character-more': right + b'A',
        'json-serialization': text({'protected': header.decode(), 'payload': claims.decode(),
                                    'signature': signature.decode()}),
        'bearer': b'Bearer ' + right,
    }.items():
        corpus.invalid(f'session_token.malformed-{variant}', with_token(content))
    # 64 bytes, unlike the 96 of ES384, leave something to pad.
    corpus.invalid('session_token.malformed-padding-of-signature', with_token(token(key='issuer-p256') + b'=='),
                   'issuer=keys/TEST-issuer-p256.pub')


def nested(levels):
    return '[' * levels + ']' * levels


def add_header(corpus):
    for variant, header in {
        'no-json': 'ES384',
        'array': '["ES384"]',
        'string': '"ES384"',
        'null': 'null',
        'byte-order-mark': '\ufeff{"alg":"ES384"}',
        'invalid-utf-8': b'{"alg":"ES384","x":"\xff"}',
        'trailing-comma': '{"alg":"ES384",}',
        'text-behind': '{"alg":"ES384"}{}',
        'nul-behind': '{"alg":"ES384"}\0',
        'duplicate-key': '{"alg":"ES384","typ":"JWT","alg":"ES384"}',
        'duplicate-escaped-key': '{"alg":"ES384","\\u0061lg":"ES384"}',
        'nul-in-key': '{"alg":"ES384","kid\\u0000":"x"}',
        'half-surrogate': '{"alg":"ES384","x":"\\ud800"}',
        'infinite-number': '{"alg":"ES384","x":1e999}',
        'nesting-65': '{"alg":"ES384","x":%s}' % nested(64),
        'alg-missing': '{"typ":"JWT"}',
        'alg-in-other-case-of-name': '{"Alg":"ES384"}',
        'alg-number': '{"alg":384}',
        'alg-null': '{"alg":null}',
        'alg-array': '{"alg":["ES384"]}',
        'kid-number': '{"alg":"ES384","kid":1}',
        'kid-null': '{"alg":"ES384","kid":null}',
        'kid-object': '{"alg":"ES384","kid":{}}',
    }.items():
        corpus.invalid(f'session_token.malformed-header-{variant}', with_token(token(header=header)))
    corpus.valid('token-header-nesting-64', with_token(token(header='{"alg":"ES384","x":%s}' % nested(63))))

    # What is signed by a public key's bytes as an HMAC secret is what a library believes that lets `alg` choose.
    def keyed_with_public_key(digest):
        secret = public_file('issuer-p384').read_bytes()
        return lambda signed: hmac.new(secret, signed, digest).digest()

    for bits in (256, 384, 512):
        made = token(header={'alg': f'HS{bits}'}, hmac=keyed_with_public_key(getattr(hashlib, f'sha{bits}')))
        corpus.invalid(f'session_token.algorithm-hs{bits}-with-public-key', with_token(made))
    for variant, header in {
        'none': {'alg': 'none'},
        'none-in-other-case': {'alg': 'nOnE'},
        'empty': {'alg': ''},
        'other-case': {'alg': 'es384'},
        'es256': {'alg': 'ES256'},
        'es512': {'alg': 'ES512'},
        'rs256': {'alg': 'RS256'},
        'eddsa': {'alg': 'EdDSA'},
        'with-space': {'alg': 'ES384 '},
        'typ-other': {'typ': 'at+jwt'},
        'typ-empty': {'typ': ''},
        'typ-number': {'typ': 1},
        'typ-media-type': {'typ': 'application/jwt'},
        'crit': {'crit': ['exp']},
        'crit-empty': {'crit': []},
        'crit-b64': {'crit': ['b64'], 'b64': True},
        'b64-true': {'b64': True},
        'b64-false': {'b64': False},
        'zip': {'zip': 'DEF'},
    }.items():
        corpus.invalid(f'session_token.algorithm-{variant}', with_token(token(header=header)))
    corpus.invalid('session_token.algorithm-ed25519-by-name',
                   with_token(token(header={'alg': 'Ed25519'}, key='issuer-ed25519')),
                   'issuer=keys/TEST-issuer-ed25519.pub')

    kid = corpus.valid('token-kid', with_token(token(header={'kid': 'main'})))
    second = 'keys/TEST-issuer2-p384.pub'
    for keys in (f'main@{ISSUER}', f'other@{second};issuer=main@{ISSUER}', f'main@{second};issuer=main@{ISSUER}',
                 f'other@{second};issuer={ISSUER}'):
        corpus.accept(kid, f'issuer={keys}')
    corpus.reject(kid, 'session_token.key', f'issuer=other@{ISSUER}')
    corpus.reject(kid, 'session_token.key', f'issuer=MAIN@{ISSUER}')
    corpus.reject(kid, 'session_token.signature', f'issuer=main@{second};issuer=other@{ISSUER}')
    corpus.reject(kid, 'session_token.algorithm', f'issuer=main@keys/TEST-issuer-p256.pub;issuer=other@{ISSUER}')
    corpus.invalid('session_token.key', with_token(token(header={'kid': 'unknown'})), f'issuer=main@{ISSUER}')
    corpus.invalid('session_token.key-empty-kid', with_token(token(header={'kid': ''})), f'issuer=main@{ISSUER}')


def add_signature(corpus):
    right = token()

    def flipped(raw):
        return raw[:-1] + bytes((raw[-1] ^ 1,))

    def other_claims(replacement):
        header, _, signature = right.split(b'.')
        return b'.'.join((header, base64url(text({**CLAIMS, **replacement})).encode(), signature))

    signed = right.rpartition(b'.')[0]
    der = sign('issuer-p384', signed)
    header, claims, signature = right.split(b'.')
    for variant, content in {
        'bit-flipped': token(signature=flipped),
        'first-bit-flipped': token(signature=lambda raw: bytes((raw[0] ^ 0x80,)) + raw[1:]),
        'der': token(signature=lambda raw: der),
        'one-byte-short': token(signature=lambda raw: raw[:-1]),
        'one-byte-long': token(signature=lambda raw: raw + b'\0'),
        'one-byte': token(signature=lambda raw: b'\0'),
        'twice': token(signature=lambda raw: raw + raw),
        'zeros': token(signature=lambda raw: bytes(96)),
        'ones': token(signature=lambda raw: b'\xff' * 96),
        'r-and-s-exchanged': token(signature=lambda raw: raw[48:] + raw[:48]),
        'of-other-claims': other_claims({'exp': EXPIRES + 60}),
        'by-stranger': token(key='stranger-p384'),
        'by-stranger-in-jwk': token(header={'jwk': jwk('stranger-p384')}, key='stranger-p384'),
        'by-stranger-in-jku': token(header={'jku': 'https://example.org/keys', 'kid': 'x'}, key='stranger-p384'),
        'by-signer': token(key='signer-p384'),
        'digest-sha256': b'.'.join((header, claims, base64url(raw_with_sha256(signed)).encode())),
    }.items():
        corpus.invalid(f'session_token.signature-{variant}', with_token(content))
    corpus.invalid('session_token.signature-ed25519-bit-flipped',
                   with_token(token(key='issuer-ed25519', signature=flipped)), 'issuer=keys/TEST-issuer-ed25519.pub')
    for kind in ('p384', 'p256'):
        issuer = f'issuer-{kind}'
        r, s = sum_at_infinity(issuer, token(key=issuer).rpartition(b'.')[0])
        size = coordinate_size(issuer)
        raw = r.to_bytes(size, 'big') + s.to_bytes(size, 'big')
        corpus.invalid(f'session_token.signature-sum-at-infinity-{kind}',
                       with_token(token(key=issuer, signature=lambda _, raw=raw: raw)), f'issuer=keys/TEST-{issuer}.pub')
    corpus.invalid('session_token.signature-p256-padded-to-p384',
                   with_token(token(key='issuer-p256', signature=lambda raw: raw.rjust(96, b'\0'))),
                   'issuer=keys/TEST-issuer-p256.pub')


def raw_with_sha256(signed):
    return b''.join(number.to_bytes(48, 'big') for number in integers_from_der(sign('issuer-p384', signed, 'sha256')))


def add_claims(corpus):
    exp = f'"exp":{EXPIRES}'
    for variant, claims in {
        'no-json': 'exp',
        'array': f'[{EXPIRES}]',
        'null': 'null',
        'byte-order-mark': '\ufeff{%s}' % exp,
        'invalid-utf-8': b'{"exp":1767225900,"iss":"\xc0\xaf"}',
        'text-behind': '{%s}x' % exp,
        'duplicate-exp': '{"exp":1767229999,%s}' % exp,
        'duplicate-escaped-exp': '{"\\u0065xp":1767229999,%s}' % exp,
        'duplicate-deep': '{%s,"x":[{"a":1,"a":1}]}' % exp,
        'nul-in-key': '{"exp\\u0000z":1767225900,%s}' % exp,
        'exp-infinite': '{"exp":1e999}',
        'exp-with-leading-zero': '{"exp":01767225900}',
        'exp-hexadecimal': '{"exp":0x6955B92C}',
        'nesting-65': '{%s,"x":%s}' % (exp, nested(64)),
    }.items():
        corpus.invalid(f'session_token.malformed-claims-{variant}', with_token(token(claims)))
    corpus.valid('token-claims-nesting-64', with_token(token('{%s,"x":%s}' % (exp, nested(63)))))

    for variant, claims in {
        'exp-missing': {'exp': None},
        'exp-string': {'exp': str(EXPIRES)},
        'exp-boolean': {'exp': True},
        'exp-array': {'exp': [EXPIRES]},
        'exp-negative': {'exp': -EXPIRES},
        'exp-fraction': {'exp': EXPIRES + 0.5},
        'exp-two-to-the-53': {'exp': TWO_53},
        'exp-two-to-the-64': {'exp': 2 ** 64 + EXPIRES},
        'exp-huge-exponent': '{"exp":1e300}',
        'exp-small-exponent': '{"exp":1767225900e-10}',
        'exp-null': '{"exp":null}',
        'exp-in-other-case': '{"EXP":1767225900}',
        'exp-equals-iat': {'iat': EXPIRES},
        'exp-before-iat': {'iat': EXPIRES + 1},
        'exp-equals-nbf': {'nbf': EXPIRES},
        'exp-before-nbf': {'nbf': EXPIRES + 1},
        'iat-string': {'iat': str(ISSUED)},
        'iat-negative': {'iat': -1},
        'iat-fraction': {'iat': ISSUED + 0.25},
        'nbf-string': {'nbf': str(ISSUED)},
        'nbf-boolean': {'nbf': False},
        'nbf-two-to-the-53': {'nbf': TWO_53},
        'nbf-fraction': {'nbf': ISSUED + 0.5},
        'jti-number': {'jti': 1},
        'jti-empty': {'jti': ''},
        'jti-256-bytes': {'jti': 'x' * 256},
        'jti-256-bytes-of-utf-8': '{%s,"jti":"%s"}' % (exp, '\u00e9' * 128),
        'iss-number': {'iss': 1},
        'iss-array': {'iss': ['TEST-issuer']},
        'iss-null': '{%s,"iss":null}' % exp,
        'aud-number': {'aud': 1},
        'aud-object': {'aud': {}},
        'aud-none-wanted': {'aud': 'TEST-receiver'},
        'aud-array-none-wanted': {'aud': ['TEST-receiver']},
        'empty-object': '{}',
    }.items():
        corpus.invalid(f'session_token.claims-{variant}', with_token(token(claims)))
    for variant, aud in {'with-number': ['TEST-receiver', 1], 'with-null': ['TEST-receiver', None]}.items():
        corpus.invalid(f'session_token.claims-aud-array-{variant}', with_token(token({'aud': aud})),
                       'aud=TEST-receiver')
    corpus.valid('token-jti-255-bytes', with_token(token({'jti': 'x' * 255})))
    for variant, claims in {
        'exponent': '{"exp":1.7672259e9,"iat":17672256E+2}',
        'fraction-zero': '{"exp":1767225900.0,"iat":1767225600.000,"nbf":0}',
        'fraction-lost-in-a-double': '{"exp":1767225900.00000001}',
    }.items():
        corpus.valid(f'token-times-with-{variant}', with_token(token(claims)))


def add_confirmation_key(corpus):
    """docs/format.md, section 4, `cnf`: the container is signed with the device's key, as far as there is one."""
    key = jwk('device-p384')
    okp = jwk('device-ed25519')

    def without(member):
        return {name: value for name, value in key.items() if name != member}

    first_byte_cut = base64url(b'\1' * 47)
    for variant, value in {
        'string': 'jwk',
        'array': [{'jwk': key}],
        'empty': {},
        'kid-instead-of-jwk': {'kid': 'device'},
        'kid-besides-jwk': {'jwk': key, 'kid': 'device'},
        'jkt': {'jkt': base64url(bytes(32))},
        'jwk-string': {'jwk': 'key'},
        'jwk-empty': {'jwk': {}},
        'jwk-in-other-case': {'JWK': key},
        'rsa': {'jwk': {'kty': 'RSA', 'n': base64url(b'\xc5' * 256), 'e': 'AQAB'}},
        'symmetric': {'jwk': {'kty': 'oct', 'k': base64url(bytes(32))}},
        'private': {'jwk': {**key, 'd': base64url(b'\1' * 48)}},
        'private-ed25519': {'jwk': {**okp, 'd': base64url(b'\1' * 32)}},
        'kty-missing': {'jwk': without('kty')},
        'kty-in-other-case': {'jwk': {**key, 'kty': 'ec'}},
        'crv-missing': {'jwk': without('crv')},
        'crv-p-521': {'jwk': {**key, 'crv': 'P-521'}},
        'crv-secp256k1': {'jwk': {**jwk('device-p256'), 'crv': 'secp256k1'}},
        'crv-p-256-with-p-384-point': {'jwk': {**key, 'crv': 'P-256'}},
        'crv-x25519': {'jwk': {**okp, 'crv': 'X25519'}},
        'crv-ed25519-in-ec': {'jwk': {**okp, 'kty': 'EC'}},
        'x-missing': {'jwk': without('x')},
        'y-missing': {'jwk': without('y')},
        'x-number': {'jwk': {**key, 'x': 1}},
        'x-short': {'jwk': {**key, 'x': first_byte_cut}},
        'x-long': {'jwk': {**key, 'x': 'AAAA' + key['x']}},
        'x-empty': {'jwk': {**key, 'x': ''}},
        'x-with-newline': {'jwk': {**key, 'x': key['x'] + '\n'}},
        'x-not-base64url': {'jwk': {**key, 'x': '+' + key['x'][1:]}},
        'x-padded-ed25519': {'jwk': {**okp, 'x': okp['x'] + '='}},
        'x-unused-bits-ed25519': {'jwk': {**okp, 'x': unused_bits_set(okp['x'])}},
        'x-short-ed25519': {'jwk': {**okp, 'x': base64url(bytes(31))}},
        'not-on-curve': {'jwk': {**key, 'y': key['x']}},
        'zero': {'jwk': {**key, 'x': 'A' * 64, 'y': 'A' * 64}},
        'small-order-ed25519': {'jwk': {**okp, 'x': base64url(b'\1' + bytes(31))}},
        'small-order-ed25519-not-in-its-form': {'jwk': {**okp, 'x': base64url(b'\xee' + b'\xff' * 30 + b'\x7f')}},
    }.items():
        corpus.invalid(f'session_token.claims-cnf-{variant}', with_token(token({'cnf': value}), key='device-p384'))
    corpus.invalid('session_token.claims-cnf-null', with_token(token('{"exp":1767225900,"cnf":null}')))
    more = {**key, 'use': 'sig', 'kid': 'device', 'alg': 'RS256', 'key_ops': ['sign'], 'x5u': 1}
    corpus.valid('cnf-with-other-members-in-jwk', with_token(token({'cnf': {'jwk': more}}), key='device-p384'))


def add_policy(corpus):
    """What the policy wants of the claims, and of the keys."""
    corpus.accept(DEFAULT, 'iss=TEST-issuer')
    corpus.reject(DEFAULT, 'session_token.claims', 'iss=test-issuer')
    corpus.reject(DEFAULT, 'session_token.claims', 'iss=TEST-issuer2')
    corpus.reject(DEFAULT, 'session_token.claims', 'aud=TEST-receiver')
    corpus.reject(DEFAULT, 'session_token.algorithm', 'issuer=keys/TEST-issuer-p256.pub')
    corpus.reject(DEFAULT, 'session_token.algorithm', 'issuer=keys/TEST-issuer-ed25519.pub')
    corpus.reject(DEFAULT, 'session_token.signature', 'issuer=keys/TEST-issuer2-p384.pub')
    corpus.accept(DEFAULT, f'issuer=keys/TEST-issuer-p256.pub;issuer=keys/TEST-issuer2-p384.pub;issuer={ISSUER}')
    corpus.accept(DEFAULT, f'issuer=main@{ISSUER}')
    corpus.invalid('session_token.claims-iss-missing', with_token(token({'iss': None})), 'iss=TEST-issuer')
    one = corpus.valid('token-aud', with_token(token({'aud': 'TEST-receiver'})), 'aud=TEST-receiver')
    several = corpus.valid('token-aud-array', with_token(token({'aud': ['TEST-other', 'TEST-receiver']})),
                           'aud=TEST-receiver')
    for file in (one, several):
        corpus.reject(file, 'session_token.claims', 'aud=TEST-third')
        corpus.reject(file, 'session_token.claims', '-')
    corpus.invalid('session_token.claims-aud-empty-array', with_token(token({'aud': []})), 'aud=TEST-receiver')


def add_times(corpus):
    """docs/format.md, section 4, "Time", to the second."""
    leeway, longest = 30, 600

    def edge(file, rule, last_valid, step, settings=''):
        corpus.accept(file, f'at={last_valid}{settings}')
        corpus.reject(file, rule, f'at={last_valid + step}{settings}')

    edge(DEFAULT, 'session_token.expired', EXPIRES + leeway - 1, 1)
    edge(DEFAULT, 'session_token.expired', EXPIRES - 1, 1, ';leeway=0')
    edge(DEFAULT, 'session_token.not_yet_valid', ISSUED - leeway, -1)
    edge(DEFAULT, 'session_token.not_yet_valid', ISSUED, -1, ';leeway=0')
    corpus.accept(DEFAULT, f'lifetime={EXPIRES - ISSUED}')
    corpus.reject(DEFAULT, 'session_token.lifetime', f'lifetime={EXPIRES - ISSUED - 1}')
    edge(corpus.valid('token-nbf', with_token(token({'nbf': ISSUED + 60}))), 'session_token.not_yet_valid',
         ISSUED + 60 - leeway, -1)
    without_iat = corpus.valid('token-without-iat', with_token(token({'iat': None})))
    edge(without_iat, 'session_token.expired', EXPIRES + leeway - 1, 1)
    edge(without_iat, 'session_token.lifetime', EXPIRES - leeway - longest, -1)
    edge(without_iat, 'session_token.lifetime', EXPIRES - longest, -1, ';leeway=0')
    corpus.valid('token-longest-lifetime', with_token(token({'exp': ISSUED + longest})))
    corpus.invalid('session_token.lifetime', with_token(token({'exp': ISSUED + longest + 1})))
    corpus.invalid('session_token.lifetime-to-the-end-of-numbers', with_token(token({'exp': TWO_53 - 1})))
    corpus.invalid('session_token.expired', with_token(token({'iat': ISSUED - 300, 'exp': ISSUED})),
                   f'at={ISSUED + leeway}')
    corpus.invalid('session_token.expired-long-ago', with_token(token({'iat': 0, 'exp': 1})))
    corpus.invalid('session_token.not_yet_valid-nbf', with_token(token({'nbf': ISSUED + 200})))
    corpus.invalid('session_token.not_yet_valid-iat', with_token(token({'iat': ISSUED + 200})))


def add_life_left(corpus):
    """A warning, without regard to the leeway."""
    left = EXPIRES - 1767225660  # the time that rows are judged at: README.md
    corpus.accept(DEFAULT, f'min_token_life={left}')
    corpus.accept(DEFAULT, f'min_token_life={left + 1}', 'session_token.short_life')
    corpus.accept(DEFAULT, f'min_token_life=1;at={EXPIRES - 1}')
    corpus.accept(DEFAULT, f'min_token_life=1;at={EXPIRES}', 'session_token.short_life')
    corpus.accept(DEFAULT, f'at={EXPIRES}')
    corpus.reject(DEFAULT, 'session_token.expired', f'min_token_life=1;at={EXPIRES + 30}')


def add_single_use(corpus):
    """A step of its own after a valid verdict."""
    corpus.accept(DEFAULT, 'claim=once')
    corpus.reject(DEFAULT, 'session_token.replayed', 'claim=twice', ANY)
    without_jti = corpus.valid('token-without-jti', with_token(token({'jti': None})))
    corpus.reject(without_jti, 'session_token.claims', 'claim=once', ANY)
