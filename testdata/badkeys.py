"""keys/bad/: files that must be refused as the setting of a key, each for one reason."""
import base64

from ozckeys import KEYS, openssl, private_file, public_file

BAD = KEYS / 'bad'
EXPLICIT = ('-pkeyopt', 'ec_param_enc:explicit')


def generate(*algorithm):
    return openssl('genpkey', '-algorithm', *algorithm)


def ec(curve, *options):
    return generate('EC', '-pkeyopt', f'ec_paramgen_curve:{curve}', *options)


def public(private):
    return openssl('pkey', '-pubout', data=private)


def block(label, der):
    text = base64.encodebytes(der).decode().replace('\n', '')
    lines = [text[start:start + 64] for start in range(0, len(text), 64)]
    return '\n'.join([f'-----BEGIN {label}-----', *lines, f'-----END {label}-----', '']).encode()


def spki_der(name):
    return openssl('pkey', '-pubin', '-in', str(public_file(name)), '-pubout', '-outform', 'DER')


def not_on_curve():
    der = bytearray(spki_der('signer-p384'))
    der[-1] ^= 1  # another y for the same x: one of two is right, and the other is not one bit away
    return block('PUBLIC KEY', der)


def certificate():
    return openssl('req', '-x509', '-key', str(private_file('signer-p384')), '-subj', '/CN=TEST', '-days', '36500')


def damaged_base64():
    return public_file('signer-p384').read_bytes().replace(b'MHYw', b'M!Yw')


def cut_block():
    return public_file('signer-p384').read_bytes().partition(b'-----END')[0]


SIGNER = public_file('signer-p384')

MAKERS = {
    'text-before-the-block.pub': lambda: b'TEST-signer-p384\n' + SIGNER.read_bytes(),
    'two-blocks.pub': lambda: SIGNER.read_bytes() + public_file('signer2-p384').read_bytes(),
    'certificate.pem': certificate,
    'rsa.key': lambda: generate('RSA', '-pkeyopt', 'rsa_keygen_bits:2048'),
    'rsa.pub': lambda: public((BAD / 'rsa.key').read_bytes()),
    'explicit-parameters.key': lambda: ec('P-384', *EXPLICIT),
    'explicit-parameters.pub': lambda: public((BAD / 'explicit-parameters.key').read_bytes()),
    'brainpoolP384r1.key': lambda: ec('brainpoolP384r1'),
    'brainpoolP384r1.pub': lambda: public((BAD / 'brainpoolP384r1.key').read_bytes()),
    'secp256k1.pub': lambda: public(ec('secp256k1')),
    'p521.pub': lambda: public(ec('P-521')),
    'x25519.pub': lambda: public(generate('X25519')),
    'ed448.pub': lambda: public(generate('ED448')),
    'sec1.key': lambda: openssl('ec', '-in', str(private_file('signer-p384'))),
    'encrypted.key': lambda: openssl('pkcs8', '-topk8', '-passout', 'pass:TEST',
                                     '-in', str(private_file('signer-p384'))),
    'private-where-public.pub': lambda: private_file('signer-p384').read_bytes(),
    'public-where-private.key': lambda: SIGNER.read_bytes(),
    'empty.pub': lambda: b'',
    'random-text.pub': lambda: b'This is no key.\n',
    'der.pub': lambda: spki_der('signer-p384'),
    'der-with-trailing-byte.pub': lambda: block('PUBLIC KEY', spki_der('signer-p384') + b'\0'),
    'not-on-curve.pub': not_on_curve,
    'damaged-base64.pub': damaged_base64,
    'cut-block.pub': cut_block,
}


def make_missing():
    BAD.mkdir(exist_ok=True)
    for name, make in MAKERS.items():
        if not (BAD / name).exists():
            (BAD / name).write_bytes(make())
