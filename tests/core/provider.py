"""Providers on this machine: a real HTTP server and a real SMTP server that answer as a test says."""

from __future__ import annotations

import json
import socketserver
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any


@dataclass
class Said:
    """One answer: status, JSON (or raw bytes), headers, seconds to wait before it."""

    data: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


@dataclass
class Asked:
    """One request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class Provider:
    """Answers in their order, the last one for ever; what was asked, in its order."""

    def __init__(self) -> None:
        self.answers: list[Said] = [Said()]
        self.asked: list[Asked] = []
        self.url = ""
        self._lock = Lock()

    def will_say(self, *answers: Said) -> None:
        self.answers = list(answers)

    def take(self, asked: Asked) -> Said:
        with self._lock:
            self.asked.append(asked)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, dict(self.headers), json.loads(raw) if raw else None)
            said = provider.take(asked)
            time.sleep(said.wait)
            answer = said.data if isinstance(said.data, bytes) else json.dumps(said.data).encode()
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = _any

        def log_message(self, *args: Any) -> None:
            """The test asks the provider, not the console."""

    return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is what some tests are about."""


@contextmanager
def serving() -> Iterator[Provider]:
    provider = Provider()
    with _Server(("127.0.0.1", 0), _handler(provider)) as server:
        provider.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def post_office(rcpt: str = "250 OK") -> Iterator[tuple[int, list[str]]]:
    """An SMTP server that answers RCPT so; its port and the letters that it took."""
    letters: list[str] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 local")
            for line in self.rfile:
                word = line.decode().strip().upper()
                if word.startswith("QUIT"):
                    return self._say("221 bye")
                if word == "DATA":
                    self._say("354 go on")
                    letters.append(self._letter())
                    self._say("250 taken")
                else:
                    self._say(rcpt if word.startswith("RCPT") else "250 OK")
            return None

        def _letter(self) -> str:
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line.decode())
            return "".join(lines)

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Session) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1], letters
        finally:
            server.shutdown()
            thread.join()
