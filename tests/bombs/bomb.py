"""What a bomb is, and the container that bombs are made from."""
import dataclasses
import pathlib
import sys
import typing

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / 'testdata'
sys.path.insert(0, str(TESTDATA))

from container import container  # noqa: E402
from ozctoken import token  # noqa: E402

KEYS = TESTDATA / 'keys'
KIB = 1 << 10
MIB = 1 << 20


GROWTH = 2.3   # linear cost: 2; n log n at these sizes: up to 2.25; n^2: 4
FLAT = 0
PER_BYTE = 1000


@dataclasses.dataclass
class Bomb:
    """Made at three sizes: n, 2n and 4n."""
    name: str
    n: int
    make: typing.Callable      # from a size to the container's bytes; or, for large ones, (size, file) -> None
    verdict: str               # 'valid', the rule that rejects it, or 'misuse' for a policy that is refused
    limits: dict = None        # those of the policy that differ from the default
    policy: typing.Callable = None  # from a size to what differs in the policy: a dict, or bytes for the whole text
    memory: int = 2            # MiB: the most that it takes above what a small container takes
    growth: float = GROWTH     # the most that its cost grows by; FLAT: not at all
    per_byte: int = PER_BYTE   # the most instructions for each byte that the second doubling adds


def session_token(claims=None, header=None):
    return token(claims, header, key='issuer-ed25519')


def ed25519(*edits, parts=None, key='signer-ed25519', **options):
    """A container with keys that are quick to use; left alone, all that is in it is right."""
    return container(*edits, parts={'session_token': session_token(), **(parts or {})}, key=key, **options)


def filled(n, one, separator=b','):
    """As many as fit into n bytes. one: a text, or a function from a number to one."""
    each = one if callable(one) else lambda i: one
    size = len(each(10000)) + len(separator)
    return separator.join(each(i) for i in range(n // size))
