"""Containers and what has to be answered to them, without the library: from testdata/list.tsv, and fresh ones that are
made here from docs/format.md by zipfile, hashlib and python3-cryptography."""
import base64
import csv
import hashlib
import io
import json
import pathlib
import zipfile

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / 'testdata'
NOW = 1767225660  # of the default settings in list.tsv
LIMIT = 300_000   # bytes; no container of the list that has the default settings is larger


def key(name):
    return serialization.load_pem_private_key((TESTDATA / 'keys' / f'{name}.key').read_bytes(), None)


ISSUER, SIGNER = key('TEST-issuer-p384'), key('TEST-signer-p384')


def write_policy(path):
    """The default settings of list.tsv, with a limit that an upload can be too large for."""
    keys = TESTDATA / 'keys'
    path.write_text(json.dumps({'issuers': [{'file': str(keys / 'TEST-issuer-p384.pub')}],
                                'signers': [{'file': str(keys / 'TEST-signer-p384.pub')}],
                                'limits': {'container': LIMIT}}))


def error(status, code, message):
    """The status and the exact body of an error: docs/rules.md, section 1."""
    return status, f'{{"error_code":{code},"error_message":"{message}","details":null}}'.encode()


REPLAYED = error(400, 14, 'Invalid or empty Session Token')
NOTHING = error(400, 13, 'No data container provided')
TOO_LARGE = error(413, 14, 'Data container unpacking failed')
FAILED = error(500, 0, 'Unknown server side error occurred')


def accepted(container):
    """The body of a 201."""
    with zipfile.ZipFile(io.BytesIO(container)) as archive:
        contents = [(name, archive.read(name)) for name in archive.namelist()]
    entries = [{'name': name, 'size': len(content), 'sha256': hashlib.sha256(content).hexdigest()}
               for name, content in contents]
    content_id = hashlib.sha256(dict(contents)['hashes.sha256']).hexdigest()
    return 201, json.dumps({'content_id': content_id, 'entries': entries}, separators=(',', ':')).encode()


def token_id(container):
    """(iss, jti) of a valid container's token."""
    with zipfile.ZipFile(io.BytesIO(container)) as archive:
        claims = archive.read('session_token').split(b'.')[1]
    claims = json.loads(base64.urlsafe_b64decode(claims + b'=' * (-len(claims) % 4)))
    return claims.get('iss'), claims.get('jti')


def corpus():
    """(name, container, expected answer) of every row with the default settings, in order; tokens are of single use, so a
    valid container whose token was there before, or whose token has no jti, is answered as replayed."""
    used = {(None, None)}
    with open(TESTDATA / 'list.tsv', newline='', encoding='ascii') as rows:
        for row in csv.DictReader(rows, delimiter='\t', quoting=csv.QUOTE_NONE):
            if row['settings'] != '-':
                continue
            container = (TESTDATA / row['file']).read_bytes()
            if row['result'] == 'rejected':
                answer = error(400, row['code'], row['message'])
            elif (token := token_id(container)) in used or token[1] is None:
                answer = REPLAYED
            else:
                used.add(token)
                answer = accepted(container)
            yield row['file'], container, answer


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=')


def fresh(jti, media=b'\x89PNG\r\n\x1a\nTEST'):
    """A valid container with a token of its own."""
    claims = {'iat': NOW - 60, 'exp': NOW + 240, 'jti': jti, 'iss': 'TEST-load'}
    signed = b'.'.join(base64url(json.dumps(part).encode()) for part in ({'alg': 'ES384', 'typ': 'JWT'}, claims))
    r, s = utils.decode_dss_signature(ISSUER.sign(signed, ec.ECDSA(hashes.SHA384())))
    parts = {'mimetype': b'application/x.ozcapsula-v1+zip',
             'payload.json': b'{"media:tags": {"photo.png": ["photo_selfie"]}, "analyses": [{"type": "quality"}]}',
             'media/photo.png': media,
             'session_token': signed + b'.' + base64url(r.to_bytes(48, 'big') + s.to_bytes(48, 'big'))}
    parts['hashes.sha256'] = b''.join(hashlib.sha256(parts[name]).hexdigest().encode() + b'  ' + name.encode() + b'\n'
                                      for name in sorted(parts))
    parts['signature'] = SIGNER.sign(parts['hashes.sha256'], ec.ECDSA(hashes.SHA384()))
    made = io.BytesIO()
    with zipfile.ZipFile(made, 'w') as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()
