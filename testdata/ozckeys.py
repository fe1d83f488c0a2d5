"""The test keys: how they are made, and what is signed with them.

Everything goes through the `openssl` command, so that nothing here shares code or a library call with what it tests.
A key is named by its role and its type, `signer-p384`; it lives in keys/ as TEST-signer-p384.key and .pub. Keys are
made once and then kept, for containers that were given away stay valid under them; only missing ones are made.
"""
import base64
import functools
import hashlib
import pathlib
import subprocess
import tempfile

KEYS = pathlib.Path(__file__).resolve().parent / 'keys'

NAMES = ('issuer-p384', 'issuer-p256', 'issuer-ed25519', 'issuer2-p384',
         'signer-p384', 'signer-p256', 'signer-ed25519', 'signer2-p384',
         'device-p384', 'device-p256', 'device-ed25519', 'stranger-p384')

# For each type of key: how openssl makes it, its JWS algorithm, its digest, the octets of a coordinate.
TYPES = {
    'p384': (['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], 'ES384', 'sha384', 48),
    'p256': (['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'ES256', 'sha256', 32),
    'ed25519': (['ED25519'], 'EdDSA', None, 32),
}

# The orders of the curves (SEC 2, sections 2.4.2 and 2.5.1).
ORDERS = {
    'p384': int('ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973', 16),
    'p256': int('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 16),
}


def openssl(*arguments, data=b''):
    return subprocess.run(('openssl',) + arguments, input=data, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


def private_file(name):
    return KEYS / f'TEST-{name}.key'


def public_file(name):
    return KEYS / f'TEST-{name}.pub'


def kind(name):
    return name.rpartition('-')[2]


def algorithm(name):
    return TYPES[kind(name)][1]


def coordinate_size(name):
    return TYPES[kind(name)][3]


def make_missing():
    KEYS.mkdir(exist_ok=True)
    for name in NAMES:
        if not private_file(name).exists():
            private_file(name).write_bytes(openssl('genpkey', '-algorithm', *TYPES[kind(name)][0]))
        if not public_file(name).exists():
            public_file(name).write_bytes(openssl('pkey', '-in', str(private_file(name)), '-pubout'))


def sign(name, data, digest=None):
    """A signature as the container carries it (docs/format.md, section 3): DER for EC, 64 bytes for Ed25519."""
    key = str(private_file(name))
    digest = digest or TYPES[kind(name)][2]
    if digest:
        return openssl('dgst', f'-{digest}', '-sign', key, data=data)
    with tempfile.NamedTemporaryFile() as file:  # -rawin wants to know the size, so no pipe
        file.write(data)
        file.flush()
        return openssl('pkeyutl', '-sign', '-rawin', '-inkey', key, '-in', file.name)


@functools.lru_cache(maxsize=None)
def sign_jws(name, data):
    """A signature as a JWS carries it (RFC 7518, section 3.4): r and s in full length."""
    signature = sign(name, data)
    return signature if kind(name) == 'ed25519' else raw_from_der(signature, coordinate_size(name))


def integers_from_der(signature):
    """r and s of a DER signature below 128 bytes, which those of P-256 and P-384 are."""
    r_end = 4 + signature[3]
    return int.from_bytes(signature[4:r_end], 'big'), int.from_bytes(signature[r_end + 2:], 'big')


def sum_at_infinity(name, data):
    """r and s that only the owner of the key can choose, and which verify nothing: u1 G + u2 Q is the point at infinity
    (SEC 1, section 4.1.4)."""
    order = ORDERS[kind(name)]
    private = openssl('pkey', '-in', str(private_file(name)), '-noout', '-text').decode().split('priv:')[1].split('pub:')[0]
    digest = int.from_bytes(hashlib.new(TYPES[kind(name)][2], data).digest(), 'big')
    return -digest * pow(int(''.join(private.split()).replace(':', ''), 16), -1, order) % order, 1


def raw_from_der(signature, size):
    return b''.join(number.to_bytes(size, 'big') for number in integers_from_der(signature))


def der_integer(number):
    content = number.to_bytes(number.bit_length() // 8 + 1, 'big')
    return bytes((2, len(content))) + content


def der_from_integers(*numbers):
    content = b''.join(map(der_integer, numbers))
    return bytes((0x30, len(content))) + content


def public_bytes(name):
    """x and y, or the 32 bytes of Ed25519: they end the SubjectPublicKeyInfo."""
    lines = public_file(name).read_text().splitlines()
    spki = base64.b64decode(''.join(lines[1:-1]))
    return spki[-32:] if kind(name) == 'ed25519' else spki[-2 * coordinate_size(name):]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def jwk(name):
    """The public key as a JSON Web Key (RFC 7517, RFC 7518 section 6.2, RFC 8037)."""
    public = public_bytes(name)
    if kind(name) == 'ed25519':
        return {'kty': 'OKP', 'crv': 'Ed25519', 'x': base64url(public)}
    half = len(public) // 2
    return {'kty': 'EC', 'crv': {'p384': 'P-384', 'p256': 'P-256'}[kind(name)],
            'x': base64url(public[:half]), 'y': base64url(public[half:])}
