"""Runs an example that is a server, and talks to it."""
import contextlib
import http.client
import pathlib
import subprocess


class Server:
    """`command` prints "listening on 127.0.0.1:PORT" as its first line, and ends with status 0 on SIGTERM."""

    def __init__(self, command, log):
        self.log = pathlib.Path(log)
        with open(self.log, 'wb') as errors:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        line = self.process.stdout.readline()
        if not line.startswith('listening on 127.0.0.1:'):
            self.process.kill()
            raise SystemExit(f'{command[0]} does not listen: {line}{self.log.read_text()[-2000:]}')
        self.port = int(line.rsplit(':', 1)[1])

    def connect(self, timeout=60):
        return contextlib.closing(http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout))

    def post(self, body):
        with self.connect() as connection:
            return exchange(connection, body)

    def stop(self):
        """Its exit status."""
        self.process.terminate()
        try:
            return self.process.wait(60)
        finally:
            self.process.kill()
            self.process.stdout.close()


def exchange(connection, body, **options):
    """(status, body) of POST /containers."""
    connection.request('POST', '/containers', body, {'Content-Type': 'application/octet-stream'}, **options)
    response = connection.getresponse()
    return response.status, response.read()


class Tests:
    """Counts what passed and failed, and says what failed."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, got, expected):
        if got == expected:
            self.passed += 1
        else:
            self.failed += 1
            print(f'FAILED {name}\n  expected: {expected}\n  got:      {got}', flush=True)

    def end(self, name):
        print(f'{name}: {self.passed} passed, {self.failed} failed', flush=True)
        raise SystemExit(self.failed > 0)
