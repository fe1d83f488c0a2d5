"""The containers and the rows of list.tsv as they are collected, and what the rules promise for each row."""

INVALID_CONTAINER = 14, 'Invalid Data Container'
UNPACKING_FAILED = 14, 'Data container unpacking failed'
DAMAGED = 5, 'Invalid Type'
NO_MEDIA = 4, "Can't start analysis without media"
INVALID_TOKEN = 14, 'Invalid or empty Session Token'
INVALID_SIGNATURE = 14, 'Invalid signature'
INVALID_HASH = 14, 'Invalid hash'
INVALID_STRUCTURE = 3, 'Invalid structure'
INVALID_VALUE = 4, 'Invalid value'
WARNING = None

ANY = '*'  # the rules leave it open, or the name is hostile

# docs/rules.md, section 3: the API error of each rule. Written down again here, as a witness.
RULES = {
    'input.none': (13, 'No data container provided'),
    'format.unrecognized': INVALID_CONTAINER,
    'archive.truncated': DAMAGED,
    'archive.trailing': DAMAGED,
    'archive.directory': DAMAGED,
    'archive.local': DAMAGED,
    'archive.mismatch': DAMAGED,
    'archive.gap': DAMAGED,
    'archive.overlap': DAMAGED,
    'archive.size': DAMAGED,
    'archive.comment': INVALID_CONTAINER,
    'archive.zip64': INVALID_CONTAINER,
    'archive.multi_disk': INVALID_CONTAINER,
    'archive.extra_field': INVALID_CONTAINER,
    'archive.data_descriptor': INVALID_CONTAINER,
    'archive.flags': INVALID_CONTAINER,
    'archive.name': INVALID_CONTAINER,
    'archive.duplicate': INVALID_CONTAINER,
    'archive.file_type': INVALID_CONTAINER,
    'archive.mimetype': INVALID_CONTAINER,
    'archive.unknown_entry': INVALID_CONTAINER,
    'archive.encrypted': UNPACKING_FAILED,
    'archive.method': UNPACKING_FAILED,
    'archive.limit': UNPACKING_FAILED,
    'payload.missing': INVALID_STRUCTURE,
    'media.missing': NO_MEDIA,
    'media.empty': NO_MEDIA,
    'session_token.missing': INVALID_TOKEN,
    'session_token.empty': INVALID_TOKEN,
    'session_token.malformed': INVALID_TOKEN,
    'session_token.key': INVALID_TOKEN,
    'session_token.algorithm': INVALID_TOKEN,
    'session_token.signature': INVALID_TOKEN,
    'session_token.claims': INVALID_TOKEN,
    'session_token.expired': INVALID_TOKEN,
    'session_token.not_yet_valid': INVALID_TOKEN,
    'session_token.lifetime': INVALID_TOKEN,
    'session_token.replayed': INVALID_TOKEN,
    'session_token.short_life': WARNING,
    'signature.missing': INVALID_SIGNATURE,
    'signature.no_key': INVALID_SIGNATURE,
    'signature.malformed': INVALID_SIGNATURE,
    'signature.invalid': INVALID_SIGNATURE,
    'integrity.crc': DAMAGED,
    'hash.missing': INVALID_HASH,
    'hash.malformed': INVALID_HASH,
    'hash.unlisted': INVALID_HASH,
    'hash.no_such_entry': INVALID_HASH,
    'hash.mismatch': INVALID_HASH,
    'content.json': INVALID_STRUCTURE,
    'content.structure': INVALID_STRUCTURE,
    'content.type': DAMAGED,
    'content.value': INVALID_VALUE,
    'content.unknown_media': INVALID_VALUE,
    'content.analyses': WARNING,
    'content.untagged': WARNING,
    'content.tag': WARNING,
    'content.media_kind': WARNING,
}

# The entry that a finding of a check is about, unless a case names another. A rule of its own goes before its check.
ENTRIES = {
    'session_token': 'session_token',
    'session_token.missing': '-',
    'session_token.replayed': ANY,
    'signature': 'signature',
    'signature.missing': '-',
    'signature.no_key': ANY,
    'hash': 'hashes.sha256',
    'hash.missing': '-',
    'content': 'payload.json',
}

DEFAULT = 'valid/default.ozc'  # the container that judges most settings

HEADER = ('file', 'settings', 'result', 'code', 'message', 'rule', 'entry', 'warnings')


class Corpus:
    def __init__(self):
        self.files = {}  # path below testdata/ -> bytes
        self.rows = []

    def valid(self, name, data, settings='-', warnings='-'):
        """A valid container; more `settings` rows may follow by accept() and reject()."""
        return self.accept(self._file(f'valid/{name}.ozc', data), settings, warnings)

    def invalid(self, name, data, settings='-', rule=None, entry=None, warnings='-'):
        """A rejected container. Its name is RULE or RULE-variant, unless `rule` says otherwise."""
        return self.reject(self._file(f'invalid/{name}.ozc', data), rule or name.partition('-')[0], settings, entry,
                           warnings)

    def accept(self, file, settings, warnings='-'):
        self.rows.append((file, settings, 'valid', '-', '-', '-', '-', warnings))
        return file

    def reject(self, file, rule, settings, entry=None, warnings='-'):
        code, message = RULES[rule]
        entry = entry or ENTRIES.get(rule) or ENTRIES.get(rule.partition('.')[0], '-')
        self.rows.append((file, settings, 'rejected', str(code), message, rule, entry, warnings))
        return file

    def _file(self, path, data):
        if path in self.files:
            raise ValueError(f'two containers are called {path}')
        self.files[path] = data
        return path

    def uncovered_rules(self):
        met = {row[5] for row in self.rows} | {warning for row in self.rows for warning in row[7].split(',')}
        return RULES.keys() - met

    def table(self):
        return ''.join('\t'.join(row) + '\n' for row in (HEADER, *self.rows))
