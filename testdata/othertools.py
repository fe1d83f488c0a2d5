"""Containers written by tools that nobody here wrote: Python's zipfile, and `zip` by the recipe of docs/format.md."""
import io
import os
import pathlib
import subprocess
import tempfile
import zipfile

from container import MIMETYPE, json_text
from ozckeys import private_file
from ozctoken import ISSUED


class Pipe:
    """Something that can only be written to, so that zipfile has to set data descriptors."""

    def __init__(self):
        self.written = bytearray()

    def write(self, data):
        self.written += data
        return len(data)

    def flush(self):
        pass


def by_zipfile(container, compression=zipfile.ZIP_STORED, streamed=False):
    """The same entries, written anew by zipfile."""
    output = Pipe() if streamed else io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(container))
    with zipfile.ZipFile(output, 'w', compression) as target:
        for entry in source.infolist():
            new = zipfile.ZipInfo(entry.filename, (2026, 1, 1, 0, 0, 0))
            new.compress_type = compression
            with target.open(new, 'w') as file:
                file.write(source.read(entry))
    return bytes(output.written) if streamed else output.getvalue()


RECIPE = '''
printf %s "$MIMETYPE" > mimetype
LC_ALL=C sha256sum media/clip.mp4 mimetype payload.json session_token > hashes.sha256
openssl dgst -sha384 -sign "$SIGNER" -out signature hashes.sha256
find . -type f -exec touch -d "@$WHEN" {} +
zip -q -X -D -0 container.ozc mimetype payload.json media/clip.mp4 session_token hashes.sha256 signature
'''


def by_zip(clip, payload, token):
    """docs/format.md, section 1: the recipe there, but for a fixed time stamp on the files."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / 'media').mkdir()
        (folder / 'media/clip.mp4').write_bytes(clip)
        (folder / 'payload.json').write_bytes(json_text(payload))
        (folder / 'session_token').write_bytes(token)
        subprocess.run(['sh', '-euc', 'umask 022' + RECIPE], cwd=folder, check=True,
                       env={**os.environ, 'TZ': 'UTC', 'WHEN': str(ISSUED), 'MIMETYPE': MIMETYPE.decode(),
                            'SIGNER': str(private_file('signer-p384'))})
        return (folder / 'container.ozc').read_bytes()
