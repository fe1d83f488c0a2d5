"""libozcapsula for Python, by ctypes: one module, to be copied. Python 3.9 or later, nothing else.

    with Policy.from_file('policy.json') as policy, Store(100_000) as used_tokens:
        with policy.validate(upload) as report:
            if report.is_valid and report.claim(used_tokens):
                ...                     # 201
            else:
                report.http_status, report.error_body

Settings that are wrong raise Misuse, when the policy is made; a verdict is never an exception. ctypes lets other Python
threads run during a call, so containers are judged side by side: a policy and a store by any number of threads, a report
by one at a time.
"""
from __future__ import annotations

import ctypes
import os
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char, c_char_p, c_int, c_int64, c_size_t, c_ubyte, c_uint64, \
    c_void_p
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Iterator, Optional, TypeVar, Union

VALID, REJECTED, MISUSE, FAILED = range(4)

# What a container can be: bytes, a path, or a seekable file. One that has a descriptor is read by it.
Container = Union[bytes, 'os.PathLike[str]', IO[bytes]]


class Misuse(ValueError):
    """Settings or arguments that are wrong: a bug or a bad configuration."""


class Changed(OSError):
    """An entry could not be read, or is not what was verified: nothing of it may be used."""


# What the library shows of its structures (they may grow at their end, so they are only ever pointed at) and takes.
class _Rule(Structure):
    _fields_ = [('id', c_char_p)]


class _Entry(Structure):
    _fields_ = [('name', c_char_p), ('size', c_uint64), ('offset', c_uint64), ('sha256', POINTER(c_ubyte))]


class _Call(Structure):
    _fields_ = [('struct_size', c_size_t), ('time', c_int), ('now', c_int64), ('progress', c_void_p),
                ('user', c_void_p), ('check_done', c_void_p)]


_Size = CFUNCTYPE(c_int, c_void_p, POINTER(c_uint64))
_ReadAt = CFUNCTYPE(c_int64, c_void_p, c_uint64, c_void_p, c_size_t)


class _Source(Structure):
    _fields_ = [('struct_size', c_size_t), ('user', c_void_p), ('size', _Size), ('read_at', _ReadAt)]


def _load() -> ctypes.CDLL:
    """The library, by its soname: found as the system finds libraries (ldconfig, LD_LIBRARY_PATH)."""
    library = ctypes.CDLL('libozcapsula.so.0')
    pointer, out = c_void_p, POINTER(c_void_p)
    call, source = POINTER(_Call), POINTER(_Source)
    for name, result, arguments in (
            ('ozc_free', None, [pointer]),
            ('ozc_policy_new', pointer, []),
            ('ozc_policy_free', None, [pointer]),
            ('ozc_policy_error', c_char_p, [pointer]),
            ('ozc_policy_limit', c_uint64, [pointer, c_int]),
            ('ozc_policy_load_json', c_int, [pointer, c_char_p, c_size_t, c_char_p]),
            ('ozc_policy_ready', c_int, [pointer, POINTER(c_char_p)]),
            ('ozc_store_new_memory', pointer, [c_size_t]),
            ('ozc_store_free', None, [pointer]),
            ('ozc_validate_memory', c_int, [pointer, c_char_p, c_size_t, call, out]),
            ('ozc_validate_file', c_int, [pointer, c_char_p, call, out]),
            ('ozc_validate_fd', c_int, [pointer, c_int, call, out]),
            ('ozc_validate_source', c_int, [pointer, source, call, out]),
            ('ozc_report_new_failed', pointer, [c_char_p]),
            ('ozc_report_free', None, [pointer]),
            ('ozc_report_result', c_int, [pointer]),
            ('ozc_report_is_complete', c_int, [pointer]),
            ('ozc_report_rule', POINTER(_Rule), [pointer]),
            ('ozc_report_http_status', c_int, [pointer, c_int]),
            ('ozc_report_entry_count', c_size_t, [pointer]),
            ('ozc_report_entry', POINTER(_Entry), [pointer, c_size_t]),
            ('ozc_report_content_id', POINTER(c_ubyte), [pointer]),
            ('ozc_report_claim', c_int, [pointer, pointer]),
            # Not c_char_p: the text is the caller's to free, so its address is needed.
            ('ozc_render_oz', pointer, [pointer, c_int]),
            ('ozc_render_json', pointer, [pointer, c_char_p]),
            ('ozc_reader_new_memory', c_int, [pointer, c_char_p, c_char_p, c_size_t, out]),
            ('ozc_reader_new_file', c_int, [pointer, c_char_p, c_char_p, out]),
            ('ozc_reader_new_fd', c_int, [pointer, c_char_p, c_int, out]),
            ('ozc_reader_new_source', c_int, [pointer, c_char_p, source, out]),
            ('ozc_reader_read', c_int, [pointer, c_void_p, c_size_t, POINTER(c_size_t)]),
            ('ozc_reader_free', None, [pointer])):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


_library = _load()


def _text(address: Optional[int]) -> Optional[bytes]:
    """A text of the library's, copied and freed."""
    if address is None:
        return None
    try:
        return ctypes.string_at(address)
    finally:
        _library.ozc_free(address)


_Self = TypeVar('_Self', bound='_Handle')


class _Handle:
    """Something of the library's that is freed once, at the end of `with`, by close, or when nobody holds it any more."""

    _free: str

    def __init__(self, address: Optional[int]) -> None:
        self._address = address

    def close(self) -> None:
        address, self._address = self._address, None
        if address is not None:
            getattr(_library, self._free)(address)

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


class _Reads:
    """A file object as a source by callback. Python's exceptions must not pass through C: they come to "could not"."""

    def __init__(self, file: IO[bytes]) -> None:
        def size(_user: int, out: 'ctypes._Pointer[c_uint64]') -> int:
            try:
                out[0] = c_uint64(file.seek(0, os.SEEK_END))
                return 0
            except Exception:  # pylint: disable=broad-except
                return -1

        def read_at(_user: int, offset: int, buffer: int, length: int) -> int:
            try:
                file.seek(offset)
                got = file.read(length)
                ctypes.memmove(buffer, got, len(got))
                return len(got)
            except Exception:  # pylint: disable=broad-except
                return -1

        self.source = _Source(ctypes.sizeof(_Source), None, _Size(size), _ReadAt(read_at))


def _open(what: str, container: Container) -> tuple[str, list[object]]:
    """The function that takes such a container, and its arguments. What they hold lives as long as the list."""
    if isinstance(container, bytes):
        return f'ozc_{what}_memory', [container, len(container)]
    if isinstance(container, os.PathLike):
        return f'ozc_{what}_file', [os.fsencode(container)]
    try:
        container.flush()
        return f'ozc_{what}_fd', [container.fileno()]
    except (AttributeError, OSError):
        return f'ozc_{what}_source', [_Reads(container).source]


@dataclass(frozen=True)
class Entry:
    """One entry of the archive; sha256 in hex, None where it was not read."""
    name: str
    size: int
    offset: int
    sha256: Optional[str]


class Store(_Handle):
    """The used tokens of this process, at most `capacity` live ones."""
    _free = 'ozc_store_free'

    def __init__(self, capacity: int) -> None:
        super().__init__(_library.ozc_store_new_memory(capacity))
        if self._address is None:
            raise MemoryError


class Report(_Handle):
    """What was found. Without an address (no memory for one) it answers "failed", never "valid"."""
    _free = 'ozc_report_free'

    @classmethod
    def failed(cls, why: str) -> Report:
        """What the service itself could not do, answered as the library answers its own failures."""
        return cls(_library.ozc_report_new_failed(why.encode()))

    @property
    def is_valid(self) -> bool:
        return bool(_library.ozc_report_result(self._address) == VALID)

    @property
    def is_complete(self) -> bool:
        """Was no check switched off?"""
        return bool(_library.ozc_report_is_complete(self._address))

    @property
    def rule(self) -> Optional[str]:
        """The id of the rule that decided; None unless rejected."""
        rule = _library.ozc_report_rule(self._address)
        return rule[0].id.decode() if rule else None

    @property
    def http_status(self) -> int:
        """The status to answer with; 0 when valid: the service's own choice."""
        return int(_library.ozc_report_http_status(self._address, 0))

    @property
    def error_body(self) -> Optional[bytes]:
        """The exact body of the API's error; None when valid."""
        return _text(_library.ozc_render_oz(self._address, 0))

    @property
    def content_id(self) -> Optional[str]:
        digest = _library.ozc_report_content_id(self._address)
        return bytes(digest[:32]).hex() if digest else None

    @property
    def entries(self) -> list[Entry]:
        count = _library.ozc_report_entry_count(self._address)
        found = (_library.ozc_report_entry(self._address, i)[0] for i in range(count))
        return [Entry(entry.name.decode(), entry.size, entry.offset,
                      bytes(entry.sha256[:32]).hex() if entry.sha256 else None) for entry in found]

    def claim(self, used_tokens: Store) -> bool:
        """Uses up the token: the last step before the container is accepted. What it comes to is in the report."""
        result = _library.ozc_report_claim(self._address, used_tokens._address)
        if result == MISUSE:
            raise Misuse('claimed the token of a container that is not valid, or whose token was not checked')
        return bool(result == VALID)

    def read(self, entry: str, container: Container) -> Iterator[bytes]:
        """The verified bytes of one entry, in pieces, from the container that was judged. Use none of them before the
        end: there Changed is raised where they are not what was verified."""
        function, arguments = _open('reader_new', container)
        reader = c_void_p()
        if getattr(_library, function)(self._address, entry.encode(), *arguments, byref(reader)) != VALID:
            raise Changed(f'{entry}: cannot be opened')
        try:
            buffer, got = (c_char * 65536)(), c_size_t(1)
            while got.value > 0:
                if _library.ozc_reader_read(reader, buffer, len(buffer), byref(got)) != VALID:
                    raise Changed(f'{entry}: cannot be read, or is not what was verified')
                yield buffer.raw[:got.value]
        finally:
            _library.ozc_reader_free(reader)

    def log_line(self, name: str) -> str:
        """One line for the log; never for a client."""
        line = _text(_library.ozc_render_json(self._address, name.encode()))
        return line.decode() if line is not None else name


class Policy(_Handle):
    """What is trusted and allowed."""
    _free = 'ozc_policy_free'

    def __init__(self, settings: bytes, folder: str) -> None:
        """From the text of a policy file (docs/policy.md); key files that it names are looked up in the folder."""
        super().__init__(_library.ozc_policy_new())
        if self._address is None:
            raise MemoryError
        if _library.ozc_policy_load_json(self._address, settings, len(settings), os.fsencode(folder)) != VALID:
            raise Misuse(_library.ozc_policy_error(self._address).decode())
        why = c_char_p()
        if _library.ozc_policy_ready(self._address, byref(why)) != VALID:
            raise Misuse(why.value.decode() if why.value else 'the policy cannot judge')

    @classmethod
    def from_file(cls, path: str) -> Policy:
        with open(path, 'rb') as file:
            return cls(file.read(), os.path.dirname(path) or '.')

    @property
    def container_limit(self) -> int:
        """The largest container, in bytes."""
        return int(_library.ozc_policy_limit(self._address, 0))

    def validate(self, container: Container, at: Optional[int] = None) -> Report:
        """`at`: the time to judge at, in seconds since 1970, instead of the clock's. What is given must not change
        meanwhile."""
        call = _Call(ctypes.sizeof(_Call), 0 if at is None else 1, at or 0)
        function, arguments = _open('validate', container)
        report = c_void_p()
        if getattr(_library, function)(self._address, *arguments, byref(call), byref(report)) == MISUSE:
            raise Misuse('the validator was called with wrong arguments')
        return Report(report.value)
