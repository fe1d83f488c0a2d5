"""Seven ZIP readers that nobody here wrote, each asked for what it makes of an archive.

The command-line tools run once to list and once to unpack, for each archive; zipfile runs in this process; Java's two
readers and yauzl read all archives in one process each. A reader that is not there ends the run: it is never skipped.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = {**os.environ, 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'}  # bsdtar names files by the locale
SECONDS = 60        # for one archive and one tool; what takes longer hangs
BATCH_SECONDS = 900  # for all archives in one process

READERS = ('unzip', '7z', 'bsdtar', 'zipfile', 'ZipFile', 'ZipInputStream', 'yauzl')


@dataclass(frozen=True)
class Reading:
    """What one reader makes of one archive.

    listed: (name, size) in the reader's order. unpacked: (name, size, SHA-256), sorted; of equal names the one that the
    reader leaves on the disk, or gives for the name, or, where it only walks through, comes to first. A link counts as
    'link to TARGET', a folder without a file in it as 'folder'.
    complaint: what it said against the archive, '' if nothing. refused: it did not get to the end.
    """
    listed: tuple = ()
    unpacked: tuple = ()
    complaint: str = ''
    refused: bool = False


class ReaderFault(Exception):
    """The reader could not be asked; its answer about the archive is not known."""


def digest(data):
    return hashlib.sha256(data).hexdigest()


# The command-line tools

def run(*command):
    """Exit status, standard output, standard error. A signal or a hang is an answer too: a bad one."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=ENVIRONMENT, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return -1, '', f'no end after {SECONDS} s'
    return done.returncode, done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace')


def tree(root, below):
    """The files below `root`, with their names as seen from `below`."""
    found = []
    for folder, folders, files in os.walk(root):
        folders.sort()
        if not folders and not files and pathlib.Path(folder) not in (root, below):
            found.append((os.path.relpath(folder, below), 0, 'folder'))
        for name in files + [name for name in folders if os.path.islink(os.path.join(folder, name))]:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                entry = 0, f'link to {os.readlink(path)}'
            elif not stat.S_ISREG(os.lstat(path).st_mode):
                entry = 0, 'no file'
            else:
                os.chmod(path, 0o600)  # an archive may take away the right to read
                data = pathlib.Path(path).read_bytes()
                entry = len(data), digest(data)
            found.append((os.path.relpath(path, below).encode(errors='surrogateescape').decode(errors='replace'),
                          *entry))
    return tuple(sorted(found))


def listed_in_columns(text, size_column, name_column):
    """(name, size) of lines whose last column is the name, as `unzip -l` and `bsdtar -tv` print them."""
    entries = []
    for line in text.splitlines():
        fields = line.split(None, name_column)
        well_formed = len(fields) == name_column + 1 and fields[size_column].isdigit()
        entries.append((fields[name_column], int(fields[size_column])) if well_formed else (line, -1))
    return tuple(entries)


def listed_by_7z(text):
    entries = []
    for block in text.split('\n\n'):
        fields = dict(line.split(' = ', 1) for line in block.splitlines() if ' = ' in line)
        if 'Path' in fields:
            size = fields.get('Size', '')
            entries.append((fields['Path'], int(size) if size.isdigit() else -1))
    return tuple(entries)


# Of each tool: how it lists, how that is read, how it unpacks, and the exit status by which it warns but goes on.
TOOLS = {
    # Not -Z: unzip 6.0 ends in a buffer overflow there where a file from MS-DOS says version 10.0 or more.
    'unzip': (lambda path: ('unzip', '-qql', path), lambda text: listed_in_columns(text, 0, 3),
              lambda path, folder: ('unzip', '-q', '-o', '-d', folder, path), 1),
    '7z': (lambda path: ('7z', 'l', '-slt', '-ba', path), listed_by_7z,
           lambda path, folder: ('7z', 'x', '-y', f'-o{folder}', path), 1),
    'bsdtar': (lambda path: ('bsdtar', '-tvf', path), lambda text: listed_in_columns(text, 4, 8),
               lambda path, folder: ('bsdtar', '-xf', path, '-C', folder), None),
}


def read_by_tool(name, path, work):
    lists, parse, unpacks, warning = TOOLS[name]
    list_status, text, list_errors = run(*lists(path))
    with tempfile.TemporaryDirectory(dir=work) as outer:
        root = pathlib.Path(outer)
        below = root / 'unpacked'  # so that '../name' is seen, and stays within `outer`
        below.mkdir()
        status, _, errors = run(*unpacks(path, str(below)))
        unpacked = tree(root, below)
    complaint = (list_errors + errors).strip()
    if status or list_status:
        complaint = f'exit status {list_status} and {status}: {complaint}'
    return Reading(parse(text), unpacked, complaint, any(code not in (0, warning) for code in (status, list_status)))


# Python's zipfile

def read_by_zipfile(path):
    listed, unpacked = [], {}
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [(info.filename, info.file_size) for info in archive.infolist()]
            for name, _ in listed:
                data = archive.read(name)
                unpacked[name] = (name, len(data), digest(data))
    except Exception as fault:  # whatever it raises is its answer
        return Reading(tuple(listed), tuple(sorted(unpacked.values())), f'{type(fault).__name__}: {fault}', True)
    return Reading(tuple(listed), tuple(sorted(unpacked.values())))


# The readers that take many archives: paths on standard input, on standard output lines of
#   reader NAME PATH / listed SIZE NAME / unpacked SIZE SHA-256 NAME / refused TEXT / end
# in which PATH, NAME of an entry, and TEXT are UTF-8 in hex.

def read_in_batch(command, paths):
    try:
        done = subprocess.run(command, input=''.join(f'{path}\n' for path in paths).encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=ENVIRONMENT, timeout=BATCH_SECONDS)
    except subprocess.TimeoutExpired:
        raise ReaderFault(f'{command[0]} did not end within {BATCH_SECONDS} s') from None
    if done.returncode != 0:
        raise ReaderFault(f'{" ".join(command)}: exit status {done.returncode}: {done.stderr.decode(errors="replace")}')

    def text(word):
        return bytes.fromhex(word).decode(errors='replace')

    readings = {}
    for line in done.stdout.decode().splitlines():
        kind, *words = line.split(' ')
        if kind == 'reader':
            key, listed, unpacked, complaint = (words[0], text(words[1])), [], {}, None
        elif kind == 'listed':
            listed.append((text(words[1]), int(words[0])))
        elif kind == 'unpacked':
            name = text(words[2])
            unpacked.setdefault(name, (name, int(words[0]), words[1]))
        elif kind == 'refused':
            complaint = text(words[0])
        else:
            readings[key] = Reading(tuple(listed), tuple(sorted(unpacked.values())), complaint or '',
                                    complaint is not None)
    return readings


def yauzl_command(work):
    return ['node', str(HERE / 'read_yauzl.js'), str(work / 'yauzl')]


JAVA_COMMAND = ['java', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', str(HERE / 'ReadZip.java')]


def missing(work):
    """The programs that are not there."""
    gone = [name for name in ('unzip', '7z', 'bsdtar', 'java', 'node') if shutil.which(name) is None]
    return gone + ([] if (work / 'yauzl/node_modules/yauzl').is_dir() else ['npm package yauzl'])


def read_all(paths, work):
    """{path: {reader: Reading}} for all paths and all readers; `work` is a folder for what is unpacked."""
    gone = missing(work)
    if gone:
        raise ReaderFault(f'not installed: {", ".join(gone)}')
    paths = [str(path) for path in paths]
    readings = {path: {} for path in paths}
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        batches = [pool.submit(read_in_batch, command, paths) for command in (JAVA_COMMAND, yauzl_command(work))]
        tools = {(path, name): pool.submit(read_by_tool, name, path, work) for path in paths for name in TOOLS}
        for path in paths:
            readings[path]['zipfile'] = read_by_zipfile(path)
        for (path, name), future in tools.items():
            readings[path][name] = future.result()
        for batch in batches:
            for (name, path), reading in batch.result().items():
                readings[path][name] = reading
    for path, found in readings.items():
        lacking = [name for name in READERS if name not in found]
        if lacking:
            raise ReaderFault(f'{path}: no answer from {", ".join(lacking)}')
    return readings
