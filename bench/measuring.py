"""Measuring the application and its floor in turns, because the machine is never quiet for long."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from . import load
from .load import Job, Load
from .operations import Operation, Request
from .people import FRESH
from .recording import headers
from .serving import Server

RUN = int(time.time())
WARM_UP_SECONDS = 0.5
_AT_MOST = 100_000  # requests in a turn; what is new in each is numbered from a multiple of that
_numbers = itertools.count(1)


class Failed(Exception):
    """An answer was no success, so that there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers per second; milliseconds that half of them took, and all but one of a hundred; the server's CPU in each.

    The CPU is in milliseconds and that of the worker processes alone, zero where the system does not tell.
    """

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Line:
    """One operation by a number of workers, and its floor in the same run.

    `ratio` is how much of the floor's rate the application reaches: the median over the turns, each beside its own.
    """

    operation: Operation
    workers: int
    application: Measured
    floor: Measured
    ratio: float


@dataclass(frozen=True, slots=True)
class Effort:
    """How long each side of an operation is measured in all, in how many turns, and over how many connections."""

    seconds: float
    turns: int
    connections: int


@dataclass(frozen=True, slots=True)
class Script:
    """Requests as bytes by operation, and how many of each were sent: what toggles something must not begin anew."""

    requests: Mapping[str, Sequence[bytes]]
    sent: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one turn, and how many seconds of CPU the server's workers took for it."""

    load: Load
    cpu: float


@dataclass(frozen=True, slots=True)
class Side:
    """The application or the floor, and what it is sent."""

    server: Server
    script: Script

    def drive(self, generator: Executor, operation: Operation, effort: Effort, seconds: float) -> Turn:
        """One turn; raises Failed."""
        begin = 0 if operation.is_bounded else self.script.sent.get(operation.name, 0)
        job = Job(
            self.server.port,
            self.script.requests[operation.name],
            seconds,
            connections=effort.connections,
            start=begin,
            is_bounded=operation.is_bounded,
            run=RUN,
            first=_AT_MOST * next(_numbers) if operation.is_write else 0,
        )
        before = self.server.cpu()
        loaded = generator.submit(load.run, job).result()
        self.script.sent[operation.name] = begin + len(loaded.latencies)
        if loaded.failures or not loaded.latencies:
            raise Failed(f"{operation.name}: {(loaded.failures or ['no answer'])[0]}")
        return Turn(loaded, self.server.cpu() - before)


def measure(
    generator: Executor,
    operation: Operation,
    sides: tuple[Side, Side],
    effort: Effort,
    restore: Callable[[], None],
) -> tuple[Measured, Measured, float]:
    """Both sides, and the first's share of the second's rate, after a moment of each to warm up.

    `restore` undoes what bounded requests did.
    """
    turns: tuple[list[Turn], list[Turn]] = [], []
    for number in range(effort.turns + 1):
        for side, found in zip(sides, turns, strict=True):
            seconds = effort.seconds / effort.turns if number else min(WARM_UP_SECONDS, effort.seconds)
            turn = side.drive(generator, operation, effort, seconds)
            if number:
                found.append(turn)
            if operation.is_bounded:
                restore()
    ratio = statistics.median(one.load.rate / other.load.rate for one, other in zip(*turns, strict=True))
    return summed(turns[0]), summed(turns[1]), ratio


def summed(turns: Sequence[Turn]) -> Measured:
    """The median of the rates, and the latencies of all turns together."""
    latencies = sorted(1000 * each for turn in turns for each in turn.load.latencies)
    return Measured(
        statistics.median(turn.load.rate for turn in turns),
        latencies[len(latencies) // 2],
        latencies[min(len(latencies) - 1, len(latencies) * 99 // 100)],
        1000 * sum(turn.cpu for turn in turns) / len(latencies),
    )


def to_application(key: str, requests: Sequence[Request]) -> list[bytes]:
    """The bytes of requests to the application."""
    return [_bytes(key, request, request.target) for request in requests]


def to_floor(key: str, operation: Operation, requests: Sequence[Request]) -> list[bytes]:
    """The same requests with a path that tells the floor what to repeat."""
    return [_bytes(key, request, f"/{operation.name}/{n}/{FRESH}") for n, request in enumerate(requests)]


def _bytes(key: str, request: Request, target: str) -> bytes:
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers(key, request))]
    return "\r\n".join([*lines, "", ""]).encode() + request.body
