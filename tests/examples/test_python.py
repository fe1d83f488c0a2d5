"""The Python module beyond what the server uses of it: each kind of container, what goes wrong, threads.
test_python.py FOLDER, with docs/examples/python in PYTHONPATH."""
import concurrent.futures
import io
import pathlib
import sys

from containers import FAILED, NOW, accepted, error, fresh, write_policy
from ozcapsula import Changed, Misuse, Policy, Store
from served import Tests


class Broken(io.BytesIO):
    """A file that cannot be read."""

    def read(self, *_size):
        raise OSError('no such luck')


def raised(kind, function, *arguments):
    try:
        function(*arguments)
        return None
    except kind:
        return kind


def main(folder):
    folder, tests = pathlib.Path(folder), Tests()
    write_policy(folder / 'policy.json')
    container = fresh('python')
    path = folder / 'container.ozc'
    path.write_bytes(container)
    changed = bytearray(container)
    changed[container.index(b'TEST')] ^= 1  # within the photo
    with Policy.from_file(str(folder / 'policy.json')) as policy, open(path, 'rb') as file:
        kinds = {'bytes': container, 'path': path, 'file with a descriptor': file, 'file': io.BytesIO(container)}
        for name, kind in kinds.items():
            with policy.validate(kind, NOW) as report:
                entries = [(entry.name, entry.size, entry.sha256) for entry in report.entries]
                expected = accepted(container)[1].decode()
                tests.check(f'{name}: valid', (report.is_valid, report.is_complete, report.error_body), (True, True, None))
                tests.check(f'{name}: content id', f'"content_id":"{report.content_id}"' in expected, True)
                tests.check(f'{name}: entries', [expected.count(sha256) >= 1 for _, _, sha256 in entries], [True] * 6)
                tests.check(f'{name}: bytes', b''.join(report.read('media/photo.png', kind)), b'\x89PNG\r\n\x1a\nTEST')
                tests.check(f'{name}: no such entry', raised(Changed, list, report.read('media/none', kind)), Changed)
                tests.check(f'{name}: changed since', raised(Changed, list, report.read('media/photo.png', bytes(changed))),
                            Changed)
        for name, kind in {'bytes': bytes(changed), 'file': io.BytesIO(changed)}.items():
            with policy.validate(kind, NOW) as report:
                tests.check(f'{name}: rejected', (report.http_status, report.error_body), error(400, 5, 'Invalid Type'))
                tests.check(f'{name}: rule', report.rule, 'integrity.crc')
        for name, kind in {'path': folder / 'none', 'file': Broken(container)}.items():
            with policy.validate(kind, NOW) as report:
                tests.check(f'{name}: failed', (report.http_status, report.error_body), FAILED)
        with Store(10) as used, policy.validate(container, NOW) as first, policy.validate(container, NOW) as second:
            tests.check('claims', (first.claim(used), second.claim(used), second.rule),
                        (True, False, 'session_token.replayed'))
            tests.check('claims a rejected one', raised(Misuse, second.claim, used), Misuse)

        with Store(1000) as used, concurrent.futures.ThreadPoolExecutor(8) as pool:
            def take(one):
                with policy.validate(one, NOW) as report:
                    return report.is_valid and report.claim(used)
            many = [fresh(f'python-{i}') for i in range(20)]
            tests.check('threads: one claim each', sum(pool.map(take, many * 10)), len(many))
    for settings in (b'{"issuers":', b'{}', b'{"issuers": [{"file": "none"}]}'):
        tests.check(f'settings {settings!r}', raised(Misuse, Policy, settings, str(folder)), Misuse)
    tests.check('a closed policy', raised(Misuse, policy.validate, container), Misuse)
    tests.end('python, the module')


main(*sys.argv[1:])
