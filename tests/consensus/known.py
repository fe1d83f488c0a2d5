"""Where one of the readers takes an accepted container for something else, and why that is no fault of the format.

Each is as narrow as it can be, comes with a container that shows it, and is printed wherever it is met.
"""
import struct
from dataclasses import dataclass
from typing import Callable

from ambiguous import FILE, container

SECTOR = 2048
DESCRIPTOR = 16 * SECTOR  # where ISO 9660 has its volume descriptors


@dataclass(frozen=True)
class Known:
    reader: str
    reason: str
    is_in: Callable  # whether the bytes of a container are such a case
    sample: Callable  # the bytes of a container that is one

    def fits(self, reader, path):
        return reader == self.reader and self.is_in(path.read_bytes())


def has_iso_descriptor(data):
    return data[DESCRIPTOR + 1:DESCRIPTOR + 6] == b'CD001'


def iso_polyglot():
    """A container whose one large entry is, at the right place, a CD with one folder and one file."""
    def both_ends(size, number):
        return struct.pack('<' + size, number) + struct.pack('>' + size, number)

    def directory_record(name, sector, length, flags):
        fixed = struct.pack('<BB', 34 + len(name) - len(name) % 2, 0) + both_ends('I', sector) + both_ends('I', length)
        rest = bytes((126, 1, 1, 0, 0, 0, 0, flags, 0, 0)) + both_ends('H', 1) + bytes((len(name),)) + name
        return fixed + rest + bytes((len(name) + 1) % 2)

    root = directory_record(b'\0', 20, SECTOR, 2)
    descriptor = bytearray(SECTOR)
    for offset, field in {0: b'\1CD001\1', 80: both_ends('I', 40), 120: both_ends('H', 1), 124: both_ends('H', 1),
                          128: both_ends('H', SECTOR), 132: both_ends('I', 10), 140: struct.pack('<I', 18),
                          148: struct.pack('>I', 19), 156: root, 881: b'\1'}.items():
        descriptor[offset:offset + len(field)] = field
    sectors = {16: bytes(descriptor), 17: b'\xffCD001\1', 20: root + directory_record(b'\1', 20, SECTOR, 2)
               + directory_record(b'HELLO.TXT;1', 21, 5, 0), 21: b'hello'}
    start = container(parts={FILE: b'?' * 33}).index(b'?' * 33)
    content = bytearray(40 * SECTOR)
    for sector, data in sectors.items():
        content[sector * SECTOR - start:sector * SECTOR - start + len(data)] = data
    return container(parts={FILE: bytes(content)})


KNOWN = (
    Known('bsdtar', 'an ISO 9660 descriptor stands 32 KiB from the start, and bsdtar looks for that before ZIP '
               '(docs/limits.md, "Other kinds of archive")', has_iso_descriptor, iso_polyglot),
)
