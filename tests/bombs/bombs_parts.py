"""Bombs in the hash list, the session token, the signature, and in the policy's own file."""
import json

from bomb import KIB, MIB, Bomb, ed25519, filled, session_token
from ozckeys import public_file
from ozctoken import CLAIMS, cnf

LISTED = {'limits': {'entries': 4096}, 'memory': 4}
LONG = {'limits': {'session_token': MIB}, 'memory': 4}
WIDE = {'limits': {'session_token': MIB}, 'memory': 40}  # a tree of JSON: up to 40 times the text (docs/limits.md)
LONG_SIGNATURE = {'signature': MIB}
KEY = 50000  # instructions to read a key and to try it, for each byte of its PEM
T = 180 * KIB  # 4 T of JSON, as Base64, is a little less than the largest limit
P = 240 * KIB  # 4 P is a little less than the longest policy


def listed(lines):
    """A container whose signed hash list goes on with n bytes of those lines."""
    return lambda n: ed25519(parts={'hashes.sha256': lambda right: right + lines(n)})


def line(name):
    return b'0' * 64 + b'  ' + name


def with_token(text):
    return lambda n: ed25519(parts={'session_token': text(n)})


def claims(more):
    """A token with more claims behind the right ones."""
    right = json.dumps(CLAIMS).encode()[:-1]
    return with_token(lambda n: session_token(right + b',' + more(n) + b'}'))


def header(more):
    return with_token(lambda n: session_token(header=b'{"alg":"EdDSA",' + more(n) + b'}'))


def audience(n):
    return b'"aud":[' + filled(n, b'"elsewhere"') + b',"here"]'


def confirmed(n):
    """The token names a device's key, among many members that are not looked at."""
    key = cnf('device-ed25519')
    key['cnf']['jwk'].update({f'm{i:05}': 0 for i in range(n // 12)})
    return ed25519(parts={'session_token': session_token(key)}, key='device-ed25519')


def signed_by(text):
    return lambda n: ed25519(parts={'signature': text(n)})


def der(n):
    """A SEQUENCE of two INTEGERs as long as such lengths go."""
    half = min(n, 60 * KIB) // 2
    integer = b'\x02\x82' + half.to_bytes(2, 'big') + b'\x7f' * half
    return b'\x30\x82' + (2 * len(integer)).to_bytes(2, 'big') + 2 * integer


def small(_):
    return ed25519()


def pem(name):
    return public_file(name).read_text()


def signers(key):
    return lambda n: {'signers': [{'key': key(n)}]}


BOMBS = [
    Bomb('hash list: empty lines', 9 * KIB, listed(lambda n: b'\n' * n), 'hash.malformed'),
    Bomb('hash list: one long line', 300 * KIB, listed(lambda n: b'0' * n), 'hash.malformed', **LISTED),
    Bomb('hash list: a name that is too long', 300 * KIB, listed(lambda n: line(b'x' * n) + b'\n'), 'hash.malformed',
         **LISTED),
    Bomb('hash list: one line again and again', 300 * KIB, listed(lambda n: filled(n, line(b'z'), b'\n') + b'\n'),
         'hash.malformed', **LISTED),
    Bomb('hash list: lines for no entry', 300 * KIB, listed(
        lambda n: filled(n, lambda i: line(b'z%06d' % i), b'\n') + b'\n'), 'hash.no_such_entry', **LISTED),
    Bomb('hash list: long names with one beginning', 300 * KIB, listed(
        lambda n: filled(n, lambda i: line(b'z' * 240 + b'%06d' % i), b'\n') + b'\n'), 'hash.no_such_entry',
         **LISTED),
    Bomb('hash list: lines in falling order', 300 * KIB, listed(
        lambda n: filled(n, lambda i: line(b'z%06d' % (999999 - i)), b'\n') + b'\n'), 'hash.malformed', **LISTED),

    Bomb('token: dots', 250 * KIB, with_token(lambda n: b'.' * n), 'session_token.malformed', **LONG),
    Bomb('token: no dot', 250 * KIB, with_token(lambda n: b'A' * n), 'session_token.malformed', **LONG),
    Bomb('token: Base64url with a fault at its end', 250 * KIB, with_token(lambda n: b'e30.' + b'A' * n + b'=.AA'),
         'session_token.malformed', **LONG),
    Bomb('token: a long signature', 250 * KIB, with_token(lambda n: session_token() + b'AAAA' * (n // 4)),
         'session_token.signature', **LONG),
    Bomb('token: wide claims', T, claims(lambda n: b'"x":[' + filled(n, b'0') + b']'), 'valid', **WIDE),
    Bomb('token: many claims', T, claims(lambda n: filled(n, lambda i: b'"%06d":0' % i)), 'valid', **WIDE),
    Bomb('token: a wide header', T, header(lambda n: b'"x":[' + filled(n, b'0') + b']'), 'valid', **WIDE),
    Bomb('token: a long key id', T, header(lambda n: b'"kid":"' + b'k' * n + b'"'), 'valid', **LONG),
    Bomb('token: a time of many digits', T, with_token(
        lambda n: session_token(b'{"exp":1767225900.' + b'0' * n + b'}')), 'valid', **LONG),
    Bomb('token: many audiences', T, claims(audience), 'valid', **WIDE,
         policy=lambda n: {'aud': 'here'}),
    Bomb('token: many members in cnf', T, confirmed, 'valid', **WIDE),

    Bomb('signature: zeros', 250 * KIB, signed_by(bytes), 'signature.malformed', limits=LONG_SIGNATURE),
    Bomb('signature: long numbers in DER', 15 * KIB, signed_by(der), 'signature.invalid', limits=LONG_SIGNATURE,
         policy=signers(lambda n: pem('signer-p256'))),
    Bomb('signature: certificates', 250 * KIB, signed_by(lambda n: filled(n, pem('signer-p384').encode(), b'\n')),
         'signature.malformed', limits=LONG_SIGNATURE),

    # A policy is its owner's: what counts is that it is read in linear time too. A key takes more than a byte.
    Bomb('policy: many keys of issuers', 8, small, 'valid', policy=lambda n: {'issuers': [
        {'key': pem(name)} for name in ['device-ed25519'] * n + ['issuer-ed25519']]}, per_byte=KEY),
    Bomb('policy: many keys of signers', 8, small, 'valid', policy=lambda n: {'signers': [
        {'key': pem(name)} for name in ['device-ed25519'] * n + ['signer-ed25519']]}, per_byte=KEY),
    Bomb('policy: a key of dashes', 4 * KIB - 8, small, 'misuse', policy=signers(lambda n: '-' * n)),
    Bomb('policy: a key that does not end', 4 * KIB - 64, small, 'misuse',
         policy=signers(lambda n: '-----BEGIN PUBLIC KEY-----\n' + 'A' * n)),
    Bomb('policy: many blocks in a key', 4 * KIB - 256, small, 'misuse',
         policy=signers(lambda n: pem('signer-p384') * (n // len(pem('signer-p384'))))),
    Bomb('policy: white space behind a key', 4 * KIB - 256, small, 'valid',
         policy=signers(lambda n: pem('signer-ed25519') + '\n' * n)),
    Bomb('policy: deep', P, small, 'misuse', policy=lambda n: b'[' * n),
    Bomb('policy: wide', P, small, 'misuse', policy=lambda n: {'skip': [0] * (n // 3)}, memory=40),
    Bomb('policy: many settings that there are not', P, small, 'misuse',
         policy=lambda n: {f'{i:06}': 0 for i in range(n // 13)}, memory=40),
    Bomb('policy: too many types of analysis', P, small, 'misuse',
         policy=lambda n: {'analyses': ['x' * 250] * (n // 254)}, memory=4),
]
