"""A host application's end: a real HTTP server that answers as it is told, and remembers what came."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Received:
    """One request, as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The id of its message."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """What it says."""
        return msgspec.json.decode(self.body, type=dict[str, Any])

    @property
    def type(self) -> str:
        """Which kind of event that is."""
        return str(self.event["type"])

    @property
    def data(self) -> dict[str, Any]:
        """What it says of it."""
        return dict(self.event["data"])


@dataclass(frozen=True, slots=True)
class Reply:
    """How the next request is answered, and after how long."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0


@dataclass(slots=True)
class Receiver:
    """The server; replies that were not chosen are 204, or what `otherwise` says."""

    port: int
    received: list[Received] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    otherwise: Reply = field(default_factory=Reply)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hooks"

    @property
    def types(self) -> list[str]:
        """The types of the events that came, in order."""
        return [each.type for each in self.received]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver for the length of the block."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with lock:
                there.at_once += 1
                there.most_at_once = max(there.most_at_once, there.at_once)
                there.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                reply = there.replies.pop(0) if there.replies else there.otherwise
            time.sleep(reply.seconds)
            with lock:
                there.at_once -= 1
            self.send_response(reply.status)
            for name, value in {**reply.headers, "content-length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
