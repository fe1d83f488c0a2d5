"""A ZIP writer that works field by field and writes whatever it is told.

Left alone, it writes the subset of docs/format.md, section 2. Every field of every record can be overridden, with a
value or with a function of the right value, and bytes that belong to no record can be put anywhere. Lengths and offsets
follow from what is written unless they are overridden too, so that one change makes one defect.
"""
import struct
import zlib
from dataclasses import dataclass, field

LOCAL = {'signature': '4s', 'version_needed': 'H', 'flags': 'H', 'method': 'H', 'time': 'H', 'date': 'H', 'crc': 'I',
         'compressed_size': 'I', 'size': 'I', 'name_length': 'H', 'extra_length': 'H'}
CENTRAL = {'signature': '4s', 'version_made_by': 'H', 'version_needed': 'H', 'flags': 'H', 'method': 'H', 'time': 'H',
           'date': 'H', 'crc': 'I', 'compressed_size': 'I', 'size': 'I', 'name_length': 'H', 'extra_length': 'H',
           'comment_length': 'H', 'disk': 'H', 'internal': 'H', 'external': 'I', 'offset': 'I'}
END = {'signature': '4s', 'disk': 'H', 'directory_disk': 'H', 'entries_on_disk': 'H', 'entries': 'H',
       'directory_size': 'I', 'directory_offset': 'I', 'comment_length': 'H'}

DESCRIPTOR_FLAG = 1 << 3

DEFAULTS = {
    'version_made_by': 0x0314,          # Unix, version 2.0
    'version_needed': 10,
    'flags': 0,
    'method': 0,
    'time': 0,
    'date': (2026 - 1980) << 9 | 1 << 5 | 1,
    'disk': 0,
    'internal': 0,
    'external': 0o100644 << 16,
    'name': b'', 'extra': b'', 'comment': b'',
}


@dataclass
class Entry:
    name: bytes
    data: bytes
    local: dict = field(default_factory=dict)    # overrides of the local record's fields
    central: dict = field(default_factory=dict)  # overrides of the central record's fields
    before: bytes = b''                          # bytes before the local record that belong to no record
    after: bytes = b''                           # bytes behind the data: a data descriptor, say
    has_local: bool = True                       # False: no local record and no data, only a central record
    has_central: bool = True                     # False: the directory does not know it


def record(layout, truth, override):
    """The bytes of one record. The variable parts first: their lengths are the truth about the length fields."""
    values = {**DEFAULTS, **truth}

    def apply(names):
        for name in names & override.keys():
            new = override[name]
            values[name] = new(values[name]) if callable(new) else new

    variable = {'name', 'extra', 'comment'}
    apply(variable)
    values.update({f'{name}_length': len(values[name]) for name in variable})
    apply(override.keys() - variable)
    fixed = struct.pack('<' + ''.join(layout.values()), *(values[name] for name in layout))
    return fixed + b''.join(values[name] for name in ('name', 'extra', 'comment') if f'{name}_length' in layout)


class Archive:
    def __init__(self, entries):
        self.entries = entries         # in the order of their local records
        self.directory = None          # another order for the central records: a list of entries
        self.end = {}                  # overrides of the end record's fields
        self.before_directory = b''
        self.before_end = b''          # counted as part of the directory unless directory_size says otherwise
        self.after_end = b''

    def __getitem__(self, name):
        return next(entry for entry in self.entries if entry.name == name.encode())

    def to_bytes(self):
        out = bytearray()
        offsets = {}
        for entry in self.entries:
            out += entry.before
            offsets[id(entry)] = len(out)
            if entry.has_local:
                out += record(LOCAL, self._truth(entry, b'PK\3\4'), entry.local) + entry.data + entry.after
        out += self.before_directory
        directory_offset = len(out)
        listed = [entry for entry in self.directory or self.entries if entry.has_central]
        for entry in listed:
            truth = {**self._truth(entry, b'PK\1\2'), 'offset': offsets[id(entry)]}
            out += record(CENTRAL, truth, entry.central)
        out += self.before_end
        out += record(END, {'signature': b'PK\5\6', 'directory_disk': 0, 'entries_on_disk': len(listed),
                            'entries': len(listed), 'directory_size': len(out) - directory_offset,
                            'directory_offset': directory_offset}, self.end)
        return bytes(out + self.after_end)

    @staticmethod
    def _truth(entry, signature):
        return {'signature': signature, 'crc': zlib.crc32(entry.data), 'compressed_size': len(entry.data),
                'size': len(entry.data), 'name': entry.name}
