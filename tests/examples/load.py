"""The upload service under load: load.py SERVICE FOLDER. 1,000 uploads from 50 connections, each held to its answer; then
SIGTERM in the middle of one more. Nothing but the accepted containers may be left."""
import collections
import hashlib
import json
import pathlib
import random
import signal
import socket
import sys
import threading
import time

from containers import LIMIT, NOTHING, NOW, REPLAYED, TOO_LARGE, accepted, corpus, fresh, write_policy
from served import Server, Tests, exchange

CONNECTIONS = 50
TIMEOUT = 10  # seconds, of the service
PATIENCE = 120  # seconds that an answer may take here, on a busy machine


def declared_too_large(connection, _body):
    """Only the header is sent: the answer comes all the same."""
    connection.putrequest('POST', '/containers')
    connection.putheader('Content-Length', str(LIMIT + 1))
    connection.endheaders()
    response = connection.getresponse()
    return response.status, response.read()


def sent_too_large(connection, _body):
    """In chunks, so that nobody knows how many there will be."""
    return exchange(connection, (b'PK\3\4' * 2500 for _ in range(LIMIT // 10_000 + 1)), encode_chunked=True)


def endless(connection, _body):
    """Goes on and on: the service cuts it off."""
    connection.request('POST', '/containers', (b'PK\3\4' * 2500 for _ in range(1000)), encode_chunked=True)
    connection.getresponse()


def begin(connection, body, part):
    connection.putrequest('POST', '/containers')
    connection.putheader('Content-Length', str(len(body)))
    connection.endheaders(body[:part])


def cut_off(connection, body):
    begin(connection, body, len(body) // 2)
    connection.close()
    raise ConnectionError


def silent(connection, body):
    """Sends half of it, and no more: the service hangs up."""
    begin(connection, body, len(body) // 2)
    connection.getresponse()


def dripping(connection, body):
    """Sends a byte now and then: the service hangs up all the same, in the middle of it."""
    begin(connection, body, 0)
    for byte in body[:3 * TIMEOUT]:
        connection.send(bytes([byte]))
        time.sleep(1)
    return 'not cut off', None


def uploads():
    """(kind, how, container, what may be answered), 1,000 of them. None: no answer."""
    made = [fresh(f'load-{i}') for i in range(400)]
    rejected = [(container, answer) for _, container, answer in corpus() if answer[0] == 400 and answer != REPLAYED]
    plan = [('valid', exchange, container, accepted(container)) for container in made[:300]]
    # Both of two may come first: one of them is accepted, and which one is looked at afterwards.
    plan += [('twice', exchange, container, None) for container in made[300:] for _ in range(2)]
    plan += [('broken', exchange, *random.choice(rejected)) for _ in range(300)]
    plan += [('empty', exchange, b'', NOTHING)] * 20
    plan += [('declared too large', declared_too_large, b'', TOO_LARGE)] * 50
    plan += [('sent too large', sent_too_large, b'', TOO_LARGE)] * 50
    plan += [('endless', endless, b'', None)] * 10
    plan += [('cut off', cut_off, fresh(f'cut-{i}'), None) for i in range(50)]
    plan += [('silent', silent, fresh(f'silent-{i}'), None) for i in range(10)]
    plan += [('dripping', dripping, fresh(f'dripping-{i}'), None) for i in range(10)]
    random.shuffle(plan)
    return plan


class Load:
    def __init__(self, server, tests):
        self.server, self.tests = server, tests
        self.lock = threading.Lock()
        self.answers = collections.defaultdict(collections.Counter)
        self.twice = collections.defaultdict(list)

    def client(self, plan):
        """One connection, kept open while the service keeps it."""
        with self.server.connect(PATIENCE) as connection:
            for kind, how, body, expected in plan:
                try:
                    answer = how(connection, body)
                except (ConnectionError, socket.timeout) as error:
                    connection.close()
                    answer = 'timeout' if isinstance(error, socket.timeout) else None
                with self.lock:
                    self.answers[kind][answer[0] if isinstance(answer, tuple) else answer or 'hung up'] += 1
                    if kind == 'twice':
                        self.twice[body].append(answer)
                    else:
                        self.tests.check(kind, answer, expected)

    def run(self, plan):
        clients = [threading.Thread(target=self.client, args=(plan[i::CONNECTIONS],)) for i in range(CONNECTIONS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        for body, answers in self.twice.items():
            self.tests.check('twice', sorted(answers, key=str), sorted([accepted(body), REPLAYED], key=str))


def held(server):
    """How many spooled files the service has open."""
    links = pathlib.Path(f'/proc/{server.process.pid}/fd').iterdir()
    return sum('.upload-' in str(link.readlink()) for link in links)


def refused(server):
    try:
        socket.create_connection(('127.0.0.1', server.port), 5).close()
        return False
    except ConnectionError:
        return True


def eventually(condition):
    """Does it become true, before the service's timeout?"""
    end = time.monotonic() + TIMEOUT / 2
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def check_store(tests, store, containers):
    """Exactly the accepted containers are there, and their files have the hashes of their lists."""
    expected = {}
    for container in containers:
        expected[json.loads(accepted(container)[1])['content_id']] = True
    found = {}
    for folder in store.iterdir():
        lines = (folder / 'hashes.sha256').read_text().splitlines() if folder.name in expected else []
        found[folder.name] = bool(lines) and all(
            hashlib.sha256((folder / line[66:]).read_bytes()).hexdigest() == line[:64] for line in lines)
    tests.check('the store holds what was accepted', found, expected)


def main(service, folder):
    folder = pathlib.Path(folder)
    store = folder / 'store'
    store.mkdir()
    write_policy(folder / 'policy.json')
    random.seed(1)
    plan = uploads()
    command = [service, '--policy', str(folder / 'policy.json'), '--store', str(store), '--port', '0',
               '--timeout', str(TIMEOUT), '--at', str(NOW)]
    server, tests = Server(command, folder / 'load.log'), Tests()
    load = Load(server, tests)
    start = time.monotonic()
    load.run(plan)
    seconds = time.monotonic() - start

    print(f'{len(plan)} uploads from {CONNECTIONS} connections in {seconds:.1f} s')
    for kind, answers in sorted(load.answers.items()):
        print(f'  {kind:20}' + ', '.join(f'{count} x {answer}' for answer, count in sorted(answers.items(), key=str)))

    tests.check('no upload is held any more', held(server), 0)

    # One is half sent when the signal comes: it is answered, nothing new is taken.
    last = fresh('last')
    with server.connect(PATIENCE) as running:
        begin(running, last, len(last) // 2)
        tests.check('one upload is running', eventually(lambda: held(server) == 1), True)
        server.process.send_signal(signal.SIGTERM)
        tests.check('nothing new after the signal', eventually(lambda: refused(server)), True)
        running.send(last[len(last) // 2:])
        response = running.getresponse()
        tests.check('what runs is finished', (response.status, response.read()), accepted(last))
    tests.check('ends cleanly', server.stop(), 0)
    log = server.log.read_text()
    tests.check('neither leak nor overflow', 'Sanitizer' in log or 'runtime error' in log, False)
    check_store(tests, store, [body for kind, _, body, _ in plan if kind in ('valid', 'twice')] + [last])
    tests.end('c, under load')


main(*sys.argv[1:])
