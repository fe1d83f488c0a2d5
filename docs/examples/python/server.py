#!/usr/bin/env python3
"""Takes containers by HTTP: server.py --policy FILE [--port N] [--at SECONDS]

POST a container to /containers: 201 with its content id and entries, or the exact error body of the API. --at judges all
tokens at that time: for tests, whose tokens are old. A real service has a WSGI or ASGI server around the same steps.
"""
import argparse
import json
import signal
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Optional

from ozcapsula import Policy, Report, Store


class Service(ThreadingHTTPServer):
    """A thread for each connection; judging leaves the interpreter free for the others."""
    daemon_threads = False  # server_close waits for what runs

    def __init__(self, port: int, policy: Policy, used_tokens: Store, at: Optional[int]) -> None:
        super().__init__(('127.0.0.1', port), Handler)
        self.policy, self.used_tokens, self.at = policy, used_tokens, at

    def judge(self, upload: IO[bytes]) -> tuple[int, bytes]:
        """The status and the body to answer with."""
        with self.policy.validate(upload, self.at) as report:
            try:
                if report.is_valid:
                    for entry in report.entries:
                        for _piece in report.read(entry.name, upload):
                            pass  # a service keeps these bytes, and no others
                    report.claim(self.used_tokens)  # last: what is rejected uses up no token
            except OSError as error:  # the disk's fault, not the container's: 500
                with Report.failed(str(error)) as failed:
                    return failed.http_status, failed.error_body or b''
            print(report.log_line('upload'), file=sys.stderr)
            if not report.is_valid:
                return report.http_status, report.error_body or b''
            entries = [{'name': entry.name, 'size': entry.size, 'sha256': entry.sha256} for entry in report.entries]
            accepted = {'content_id': report.content_id, 'entries': entries}
            return 201, json.dumps(accepted, separators=(',', ':')).encode()


class Handler(BaseHTTPRequestHandler):
    """One connection."""
    server: Service
    timeout = 30  # seconds that a client may be silent

    def do_POST(self) -> None:  # pylint: disable=invalid-name
        length = self.headers.get('Content-Length', '')
        if self.path != '/containers':
            self.send_error(404)
        elif not length.isdecimal():
            self.send_error(411)
        elif int(length) > self.server.policy.container_limit:
            # What the validator would say of the whole (docs/rules.md, archive.limit), with HTTP's status for it.
            self.answer(413, b'{"error_code":14,"error_message":"Data container unpacking failed","details":null}')
        else:
            with tempfile.TemporaryFile() as upload:  # it has no name, so nobody else writes to it
                if self.receive(upload, int(length)):
                    self.answer(*self.server.judge(upload))

    def receive(self, upload: IO[bytes], left: int) -> bool:
        """Spools the body. False where the client has gone away."""
        while left > 0:
            piece = self.rfile.read(min(left, 65536))
            if not piece:
                return False
            upload.write(piece)
            left -= len(piece)
        return True

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    parser = argparse.ArgumentParser(description='Takes containers by HTTP.')
    parser.add_argument('--policy', required=True)
    parser.add_argument('--port', type=int, default=8080)
    parser.add_argument('--at', type=int)
    options = parser.parse_args()
    with Policy.from_file(options.policy) as policy, Store(100_000) as used_tokens:
        with Service(options.port, policy, used_tokens, options.at) as service:
            # shutdown waits for the loop to end, so it cannot be called from the thread that runs it.
            signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=service.shutdown).start())
            print(f'listening on 127.0.0.1:{service.server_port}', flush=True)
            service.serve_forever()


if __name__ == '__main__':
    main()
