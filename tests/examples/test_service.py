"""The upload service beyond its uploads: its other answers, a store that is gone, a restart. test_service.py SERVICE FOLDER"""
import pathlib
import signal
import subprocess
import sys

from containers import FAILED, LIMIT, NOW, REPLAYED, accepted, fresh, write_policy
from served import Server, Tests


def get(server, method, path):
    with server.connect() as connection:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, response.read()


def status(command, *more):
    return subprocess.run([*command, *more], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60,
                          check=False).returncode


def main(service, folder):
    folder, tests = pathlib.Path(folder).resolve(), Tests()
    store, policy = folder / 'store', folder / 'policy.json'
    store.mkdir()
    write_policy(policy)
    command = [service, '--policy', str(policy), '--store', str(store), '--port', '0', '--at', str(NOW)]
    container = fresh('service')

    server = Server(command, folder / 'first.log')
    tests.check('health', get(server, 'GET', '/health'), (200, b'ok\n'))
    tests.check('another resource', get(server, 'GET', '/')[0], 404)
    tests.check('another method', get(server, 'GET', '/containers')[0], 405)
    store.rename(folder / 'gone')
    tests.check('no disk', server.post(container), FAILED)
    (folder / 'gone').rename(store)
    tests.check('a failure used up no token', server.post(container), accepted(container))
    tests.check('replayed', server.post(container), REPLAYED)
    tests.check('at the limit', server.post(b'PK\3\4' + bytes(LIMIT - 4))[0], 400)
    tests.check('over the limit', server.post((b'PK\3\4' + bytes(LIMIT - 3),))[0], 413)
    server.process.send_signal(signal.SIGINT)
    tests.check('ends on SIGINT', server.stop(), 0)

    # The store of tokens is new, the folder is not: what is in it is not accepted again.
    before = sorted(path.stat().st_mtime_ns for path in store.rglob('*'))
    server = Server(command, folder / 'second.log')
    tests.check('again after a restart', server.post(container), FAILED)
    tests.check('ends on SIGTERM', server.stop(), 0)
    tests.check('as it was', sorted(path.stat().st_mtime_ns for path in store.rglob('*')), before)
    tests.check('nothing hidden is left', [path.name for path in store.iterdir() if path.name.startswith('.')], [])

    tests.check('without settings', status([service]), 2)
    tests.check('a wrong port', status(command, '--port', '65536'), 2)
    tests.check('a store that is not there', status(command, '--store', str(folder / 'none')), 3)
    policy.write_text('{}')
    tests.check('a policy that cannot judge', status(command), 2)
    logs = (folder / 'first.log').read_text() + (folder / 'second.log').read_text()
    tests.check('neither leak nor overflow', 'Sanitizer' in logs or 'runtime error' in logs, False)
    tests.end('c, the service')


main(*sys.argv[1:])
