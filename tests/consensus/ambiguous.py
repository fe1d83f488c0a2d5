"""What the cases of ambiguity have in common: a container that is valid but for one edit (testdata/container.py).

Everything is signed with Ed25519 here: the generator writes the same bytes each time, and sizes are known before.
"""
import pathlib
import sys
from dataclasses import dataclass

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / 'testdata'
sys.path.insert(0, str(TESTDATA))

import container as maker  # noqa: E402  (it is found by the line above)
from container import both, central, local  # noqa: E402
from ozctoken import token  # noqa: E402
from ozczip import Entry  # noqa: E402

TRUST = ('--trust-issuer', str(TESTDATA / 'keys/TEST-issuer-ed25519.pub'),
         '--trust-signer', str(TESTDATA / 'keys/TEST-signer-ed25519.pub'), '--at', '1767225660')

FILE = 'ext/data.bin'  # the entry that most edits are about
CONTENT = b'what everybody reads\n'


@dataclass(frozen=True)
class Case:
    kind: str     # A1 to C5
    variant: str  # what differs, in words: it stands in docs/ambiguity.md
    rule: str     # that refuses it
    data: bytes
    readable: bool = True  # False: seven readers would need minutes


def container(*edits, parts=None):
    """A container with the entry FILE; hash list and signature are right for its parts, and then come the edits."""
    parts = {FILE: CONTENT, 'session_token': token(key='issuer-ed25519'), **(parts or {})}
    return maker.container(*edits, parts=parts, key='signer-ed25519')


def renamed(name, flags=0, host=3):
    """A container in which FILE has another name, in the hash list too where it is text."""
    fields = {'flags': flags}, {'flags': flags, 'version_made_by': host << 8 | 20}
    try:
        name = name.decode()
    except UnicodeDecodeError:
        return container(both(FILE, name=name), local(FILE, **fields[0]), central(FILE, **fields[1]))
    return container(local(name, **fields[0]), central(name, **fields[1]), parts={FILE: None, name: CONTENT})


def another(*edits):
    """Another container, as valid for itself and as large in each part: the second meaning in a file with two."""
    return container(*edits, parts={FILE: b'what only some read!\n'})


def moved(by):
    """An edit: all offsets, as if `by` bytes stood before the container."""
    def edit(archive):
        for entry in archive.entries:
            entry.central['offset'] = lambda right: right + by
        archive.end['directory_offset'] = lambda right: right + by
    return edit


def twin(name, data, local=None, central=None, **attributes):
    """An edit: one more entry, which the hash list does not know, before hashes.sha256 and signature."""
    def edit(archive):
        archive.entries.insert(-2, Entry(name, data, dict(local or {}), dict(central or {}), **attributes))
    return edit
