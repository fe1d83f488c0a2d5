#!/usr/bin/python3
"""Writes seeds for fuzz targets to FOLDER/TARGET, from testdata: seeds.py FOLDER.

Not for `whole`, `structure` and `inspect`: the containers of testdata are their seeds as they are.

The corpora in tests/fuzz/corpus were begun from these; README.md says how they are made again.
"""
import hashlib
import json
import pathlib
import struct
import sys
import zipfile
import zlib
from base64 import urlsafe_b64decode

HERE = pathlib.Path(__file__).resolve().parent
TESTDATA = HERE.parent.parent / "testdata"
SMALL = 8192  # bytes: larger inputs make every mutation slow

# The fields of tests/fuzz/built.h by number.
P256, ED25519, P384, DEVICE_P256, DEVICE_ED25519, DEVICE_P384, STRANGER = range(7)
MEDIA, EXT, AS_NAMED = range(3)
LIST, TOKEN, SIGNATURE, LOCAL, CENTRAL, BOTH, END, CONTAINER = range(8)
SET, SET_16, SET_32, FLIP, INSERT, DELETE = range(6)
ALLOCATION, CRYPTO, CRYPTO_SILENT, LIBZIP, READ, SHORT, LONG = range(1, 8)
AS_GIVEN = 1 << 14


def blob(data):
    return struct.pack("<H", len(data)) + data


def built(policy=0, issuer=0, signer=0, options=0, now=0, order=0, reads=1, fault=(0, 0, 0), payload=b"", header=b"",
          claims=b"", entries=(), edits=()):
    """The bytes of the fields, in the order of built_visit."""
    out = struct.pack("<BBBHhHHBHB", policy, issuer, signer, options, now, order, reads, *fault)
    out += blob(payload) + blob(header) + blob(claims)
    out += bytes([len(entries)]) + b"".join(bytes([e[0]]) + blob(e[1]) + blob(e[2]) for e in entries)
    return out + bytes([len(edits)]) + b"".join(struct.pack("<BBBHI", *e) for e in edits)


def fault_seeds():
    """Each call of a kind failed once, or from there on, on the way through a valid container."""
    for kind, calls in ((ALLOCATION, 90), (CRYPTO, 60), (CRYPTO_SILENT, 60), (LIBZIP, 40), (READ, 24), (SHORT, 24),
                        (LONG, 24)):
        for nth in range(calls):
            yield built(fault=(kind, nth, nth // 2 % 2), signer=DEVICE_P256, reads=2)


def built_seeds():
    yield from fault_seeds()
    photo = (TESTDATA / "media" / "photo.png").read_bytes()
    entries = [(MEDIA, b"b.png", photo[:200]), (EXT, b"log/one.txt", b"log"), (AS_NAMED, b"other", b"")]
    yield built()
    yield built(policy=1, entries=entries[:1])
    for role in range(7):
        yield built(issuer=role % 3, signer=role, policy=5)
        yield built(issuer=role % 2, signer=role, policy=2)
        yield built(issuer=role)
    for policy in range(3, 7):
        yield built(policy=policy, payload=b"[" if policy == 5 else b"")
    yield built(entries=entries[:2], order=6)
    yield built(entries=entries, order=7)
    for bit in range(14):
        yield built(options=1 << bit, entries=entries[:1])
    for now in (-400, -91, 269, 270, 10000):
        yield built(now=now)
    for kind in range(1, 8):
        for nth in (0, 3, 9, 20, 40):
            yield built(fault=(kind, nth, nth % 2), signer=nth % 6, entries=entries[:2], reads=kind)
    for where in range(8):
        for how in range(6):
            yield built(edits=[(where, how, how, 7 * how + where, 0x0108)], entries=entries[:1])
    yield built(edits=[(CONTAINER, 0, INSERT, 65535, 0)])
    for at in (2, 4, 6, 22, 24):
        yield built(edits=[(BOTH, 1, SET_16, at, 8)])
    for name in (b"a.png", b"A.png", b"b.png/c", b"CON.txt", b".hidden", b"x" * 249, b"x" * 250, b"\xc3\xa4", b""):
        yield built(entries=[(MEDIA, name, b"x"), (EXT, name, b"y")])
    yield built(entries=[(EXT, b"n%d" % i, b"%d" % i) for i in range(8)], policy=1)
    payloads = {read_entry(path, "payload.json") for path in containers()}
    for payload in sorted(p for p in payloads if p and len(p) <= 1024):
        yield built(payload=payload)
    for header, claims in tokens():
        if len(header) <= 1024 and len(claims) <= 1024:
            yield built(header=header.replace(b"ES384", b"ES256"), claims=claims)
    times = b'"iat":1767225600,"exp":1767225900'
    yield built(signer=DEVICE_P256, claims=b"{" + times + b',"cnf":%cnf%,"jti":"a","iss":"i","nbf":1767225600}')
    yield built(policy=1, claims=b"{" + times + b',"aud":["b","a"],"iss":"i"}')
    yield built(options=AS_GIVEN)


def containers():
    for folder in ("valid", "invalid"):
        yield from sorted((TESTDATA / folder).glob("*.ozc"))


def read_entry(path, name):
    """The bytes of an entry; None where Python's zipfile finds none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    except (KeyError, OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None


def read_part(part):
    try:
        return urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except ValueError:
        return b""


def tokens():
    """Header and claims of each token, once."""
    found = set()
    for path in containers():
        parts = (read_entry(path, "session_token") or b"").split(b".")
        if len(parts) == 3:
            found.add((read_part(parts[0]), read_part(parts[1])))
    return sorted(found)


def json_seeds():
    for path in containers():
        payload = read_entry(path, "payload.json")
        if payload:
            yield payload
    for header, claims in tokens():
        yield header
        yield claims


def token_seeds():
    for path in containers():
        token = read_entry(path, "session_token")
        if token:
            yield token
    for header, claims in tokens():
        yield header + b"\0" + claims


def hash_list_seeds():
    for path in containers():
        lines = read_entry(path, "hashes.sha256")
        if lines:
            yield lines


def key(name):
    return (TESTDATA / "keys" / name).read_text(encoding="ascii")


def policy_file_seeds():
    kinds = ("p384", "p256", "ed25519")
    whole = {
        "issuers": [{"kid": "2026-01", "key": key(f"TEST-issuer-{kind}.pub")} for kind in kinds],
        "signers": [{"key": key(f"TEST-signer-{kind}.pub")} for kind in kinds],
        "iss": "https://tokens.example",
        "aud": "ingest.example",
        "leeway": 10,
        "lifetime": 300,
        "threads": 2,
        "limits": {"container": 104857600, "entry": 52428800, "entries": 16, "payload": 4096, "session_token": 4096,
                   "hashes": 4096, "signature": 200, "nesting": 16},
        "analyses": ["liveness"],
        "mode": "first-fault",
        "skip": [],
    }
    yield json.dumps(whole, indent=1).encode()
    for name, value in whole.items():
        yield json.dumps({name: value}).encode()
    for check in ("session_token", "signature", "content", "archive"):
        yield json.dumps({"skip": [check], "mode": "all-faults"}).encode()
    for value in (None, True, 0, -1, 1.5, 1e300, "", "x" * 256, [], [1], {}, {"key": 1}, [{"file": "x"}]):
        for name in whole:
            yield json.dumps({name: value}).encode()
    for path in sorted((TESTDATA / "keys" / "bad").glob("*")):
        yield json.dumps({"issuers": [{"key": path.read_bytes().decode("latin-1")}]}).encode()
    most = {"container": 4294967294, "entries": 4096, "entry": 4294967294, "payload": 1 << 24, "session_token": 1 << 20,
            "hashes": 322 * 4096, "signature": 1 << 20, "nesting": 1000}
    for name, value in most.items():
        yield json.dumps({"limits": {name: value}}).encode()
        yield json.dumps({"limits": {name: value + 1}}).encode()
    same = key("TEST-issuer-p256.pub")
    yield json.dumps({"issuers": [{"key": same}], "signers": [{"key": same}]}).encode()


SEEDS = {
    "json": json_seeds,
    "token": token_seeds,
    "hash_list": hash_list_seeds,
    "policy_file": policy_file_seeds,
    "built": built_seeds,
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for target, seeds in SEEDS.items():
        folder = pathlib.Path(sys.argv[1]) / target
        folder.mkdir(parents=True, exist_ok=True)
        for seed in seeds():
            if len(seed) <= SMALL:
                (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


if __name__ == "__main__":
    main()
