"""A load generator for loopback: a few keep-alive connections, one request at a time on each, bytes made beforehand.

It runs in a process of its own and does little per request, so that it is not what is measured.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from .people import FRESH, fresh

_PIECE = 262_144
_PATIENCE_SECONDS = 30.0
_END_OF_CHUNKS = b"\r\n0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Job:
    """What to send to a port of this machine, for how long, over how many connections.

    Requests are sent in turn, beginning with number `start`; bounded ones at most once each. `run` and `first` make
    what must be new in each request (see `FRESH`).
    """

    port: int
    requests: Sequence[bytes]
    seconds: float
    connections: int = 8
    start: int = 0
    is_bounded: bool = False
    run: int = 0
    first: int = 0


@dataclass(slots=True)
class Load:
    """What came of it: how long each answer took in seconds, and those that were no success."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    received: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0


def run(job: Job) -> Load:
    """Send and measure; ends when the time is over or bounded requests are used up, after what is under way."""
    source = _Source(job)
    load = Load()
    with selectors.DefaultSelector() as selector:
        connections = [_Connection(job.port) for _ in range(job.connections)]
        began = time.perf_counter()
        for connection in connections:
            if connection.send(source.next()):
                selector.register(connection.socket, selectors.EVENT_READ, connection)
        _pump(selector, source, load, began + job.seconds)
        load.seconds = time.perf_counter() - began
        for connection in connections:
            connection.socket.close()
    return load


def _pump(selector: selectors.BaseSelector, source: _Source, load: Load, deadline: float) -> None:
    while selector.get_map():
        ready = selector.select(_PATIENCE_SECONDS)
        if not ready:
            load.failures.append("no answer for half a minute")
            return
        for key, _ in ready:
            connection: _Connection = key.data
            answered = connection.receive()
            if answered is None:
                continue
            load.latencies.append(answered.seconds)
            load.received += answered.size
            if not b"200" <= answered.status <= b"299":
                load.failures.append(answered.described())
            over = time.perf_counter() >= deadline or bool(load.failures)
            if over or not connection.send(source.next()):
                selector.unregister(connection.socket)


class _Source:
    """The requests in turn."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._sent = 0
        self._renews = any(FRESH.encode() in request for request in job.requests[:1])

    def next(self) -> bytes | None:
        """The next request; None when bounded ones are used up."""
        job, sent = self._job, self._sent
        if job.is_bounded and job.start + sent >= len(job.requests):
            return None
        self._sent += 1
        request = job.requests[(job.start + sent) % len(job.requests)]
        return request.replace(FRESH.encode(), fresh(job.run, job.first + sent).encode()) if self._renews else request


@dataclass(frozen=True, slots=True)
class _Answer:
    status: bytes
    seconds: float
    size: int
    text: bytes

    def described(self) -> str:
        return f"{self.status.decode()}: {self.text[:300].decode(errors='replace')}"


class _Connection:
    """One connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sent_at = 0.0
        self._begin()

    def _begin(self) -> None:
        self._head: bytes = b""
        self._text: bytes = b""
        self._status: bytes = b""
        self._size = 0
        self._expected = -1  # in bytes; -1 as long as the head is not complete, or when the body comes in chunks
        self._tail = b""

    def send(self, request: bytes | None) -> bool:
        """Send a request, if there is one."""
        if request is None:
            return False
        self._begin()
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self) -> _Answer | None:
        """The answer, once it is complete."""
        piece = self.socket.recv(_PIECE)
        if not piece:
            return self._answer(b"000", b"the connection was closed")
        if not self._status:
            self._head += piece
            head, separator, piece = self._head.partition(b"\r\n\r\n")
            if not separator:
                return None
            self._status = head[9:12]
            self._expected = _content_length(head, self._status)
        self._text = self._text or piece[:500]
        self._size += len(piece)
        self._tail = (self._tail + piece)[-len(_END_OF_CHUNKS) :]
        is_over = self._size >= self._expected if self._expected >= 0 else self._tail.endswith(_END_OF_CHUNKS[2:])
        return self._answer(self._status, self._text) if is_over else None

    def _answer(self, status: bytes, text: bytes) -> _Answer:
        return _Answer(status, time.perf_counter() - self._sent_at, self._size, text)


def _content_length(head: bytes, status: bytes) -> int:
    """The length of the body, or -1 when it comes in chunks."""
    if status in (b"204", b"304"):
        return 0
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else -1
