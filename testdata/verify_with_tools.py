#!/usr/bin/python3
"""Checks every container in valid/ with tools that nobody here wrote: unzip, Python's zipfile, sha256sum and openssl.

It shares no code with the generator. Every fault is printed; the exit status is 1 if there is one.
"""
import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent

# What stands before the bytes of the key in a SubjectPublicKeyInfo.
SPKI = {'P-384': '3076301006072a8648ce3d020106052b8104002203620004',
        'P-256': '3059301306072a8648ce3d020106082a8648ce3d03010703420004',
        'Ed25519': '302a300506032b6570032100'}
DIGEST = {'P-384': 'sha384', 'P-256': 'sha256'}


def decoded(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def signers():
    """For each container the signer key in the settings of its first row in list.tsv."""
    found = {}
    for row in (HERE / 'list.tsv').read_text().splitlines()[1:]:
        file, settings = row.split('\t')[:2]
        named = [setting[7:] for setting in settings.split(';') if setting.startswith('signer=')]
        found.setdefault(file, HERE / (named or ['keys/TEST-signer-p384.pub'])[0])
    return found


def signer_key(folder, trusted):
    """The SubjectPublicKeyInfo of the key that has to sign: the token's `cnf`, else the trusted one."""
    claims = json.loads(decoded((folder / 'session_token').read_text().split('.')[1]))
    if 'cnf' not in claims:
        lines = trusted.read_text().splitlines()
        return base64.b64decode(''.join(lines[1:-1]))
    jwk = claims['cnf']['jwk']
    return bytes.fromhex(SPKI[jwk['crv']]) + decoded(jwk['x']) + decoded(jwk.get('y', ''))


def run(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return '' if done.returncode == 0 else f'{command[0]} {command[1]}: {done.stdout.decode(errors="replace").strip()}'


def faults(container, trusted):
    yield run('unzip', '-tqq', container)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with zipfile.ZipFile(container) as archive:
            damaged = archive.testzip()
            if damaged:
                yield f'zipfile: {damaged}'
                return
            archive.extractall(folder)
        yield run('sha256sum', '--check', '--strict', '--quiet', 'hashes.sha256', cwd=folder)
        key = signer_key(folder, trusted)
        (folder / 'key.der').write_bytes(key)
        curve = next(curve for curve, prefix in SPKI.items() if key.startswith(bytes.fromhex(prefix)))
        if curve in DIGEST:
            yield run('openssl', 'dgst', f'-{DIGEST[curve]}', '-keyform', 'DER', '-verify', 'key.der',
                      '-signature', 'signature', 'hashes.sha256', cwd=folder)
        else:
            yield run('openssl', 'pkeyutl', '-verify', '-rawin', '-pubin', '-keyform', 'DER', '-inkey', 'key.der',
                      '-sigfile', 'signature', '-in', 'hashes.sha256', cwd=folder)


def main():
    trusted = signers()
    containers = sorted((HERE / 'valid').glob('*.ozc'))
    failed = 0
    for container in containers:
        found = [fault for fault in faults(container, trusted[f'valid/{container.name}']) if fault]
        for fault in found:
            print(f'{container.name}: {fault}')
        failed += bool(found)
    print(f'{len(containers) - failed} of {len(containers)} valid containers pass')
    return 1 if failed or not containers else 0


if __name__ == '__main__':
    sys.exit(main())
