"""Every container of testdata/list.tsv with the default settings, through one example: corpus.py NAME FOLDER COMMAND...

COMMAND is a server, which is given --policy, --port and --at; or, with NAME cpp, a program that prints its answers."""
import pathlib
import subprocess
import sys

from containers import FAILED, LIMIT, NOW, REPLAYED, TOO_LARGE, accepted, corpus, fresh, write_policy
from served import Server, Tests


def cases():
    """The corpus, and twelve containers of their own tokens, each of them twice."""
    yield from corpus()
    for i in range(12):
        container = fresh(f'fresh-{i}', media=b'\x89PNG\r\n\x1a\n' + bytes(i * 10_000))
        yield f'fresh-{i}', container, accepted(container)
        yield f'fresh-{i} again', container, REPLAYED


def judge_served(tests, command, folder):
    server = Server([*command, '--policy', str(folder / 'policy.json'), '--port', '0', '--at', str(NOW)],
                    folder / 'server.log')
    for name, container, expected in cases():
        tests.check(name, server.post(container), expected)
    with server.connect() as connection:
        connection.putrequest('POST', '/containers')
        connection.putheader('Content-Length', str(LIMIT + 1))
        connection.endheaders()
        response = connection.getresponse()
        tests.check('too large', (response.status, response.read()), TOO_LARGE)
    tests.check('ends cleanly', server.stop(), 0)
    log = server.log.read_text()
    tests.check('no complaints', 'Sanitizer' in log or 'Traceback' in log or 'runtime error' in log, False)


def judge_files(tests, command, folder):
    names, paths, expected = [], [], []
    for i, (name, container, answer) in enumerate(cases()):
        path = folder / f'{i}.ozc'
        path.write_bytes(container)
        names.append(name), paths.append(str(path)), expected.append(answer)
    names.append('a file that is not there'), paths.append(str(folder / 'none')), expected.append(FAILED)
    run = subprocess.run([*command, str(folder / 'policy.json'), '--at', str(NOW), *paths], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    tests.check('ends cleanly', (run.returncode, b'Sanitizer' in run.stderr), (0, False))
    lines = run.stdout.splitlines()
    tests.check('one line for each', len(lines), len(names))
    for name, line, (status, body) in zip(names, lines, expected):
        tests.check(name, line, str(status).encode() + b' ' + body)


def main(name, folder, *command):
    folder = pathlib.Path(folder)
    write_policy(folder / 'policy.json')
    tests = Tests()
    (judge_files if name == 'cpp' else judge_served)(tests, command, folder)
    tests.end(name)


main(*sys.argv[1:])
