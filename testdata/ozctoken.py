"""Session tokens: a compact JWS (docs/format.md, section 4), right unless a case says otherwise."""
import json

from ozckeys import algorithm, base64url, jwk, sign_jws

ISSUED = 1767225600   # 2026-01-01T00:00:00Z
EXPIRES = ISSUED + 300

CLAIMS = {'iss': 'TEST-issuer', 'iat': ISSUED, 'exp': EXPIRES, 'jti': 'TEST-0001'}


def text(members):
    """The JSON text of a dict, in which None removes a member; bytes and str are texts already."""
    if isinstance(members, dict):
        members = json.dumps({name: value for name, value in members.items() if value is not None},
                             separators=(',', ':'))
    return members.encode() if isinstance(members, str) else members


def token(claims=None, header=None, key='issuer-p384', signature=lambda raw: raw, part=lambda text: text, hmac=None):
    """A signed token.

    `claims` and `header` are a dict of changes to the right ones, or the whole text. `part` changes the base64url text
    of header and claims before they are signed, `signature` the raw signature.
    """
    if not isinstance(claims, (str, bytes)):
        claims = {**CLAIMS, **(claims or {})}
    if not isinstance(header, (str, bytes)):
        header = {'alg': algorithm(key), 'typ': 'JWT', **(header or {})}
    signed = '.'.join(part(base64url(text(members))) for members in (header, claims)).encode()
    raw = hmac(signed) if hmac else sign_jws(key, signed)
    return signed + b'.' + base64url(signature(raw)).encode()


def cnf(name):
    """The claim that names the key which has to sign the container (RFC 7800)."""
    return {'cnf': {'jwk': jwk(name)}}
