"""Measuring the application and its floor in turns, because the machine is never quiet for long."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from . import load
from .load import Job, Load
from .operations import Operation, Request
from .people import FRESH
from .recording import headers

RUN = int(time.time())
WARM_UP = 200


class Failed(Exception):
    """An answer was no success, so that there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers per second, and how long one took in milliseconds: half of them, and all but one of a hundred."""

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Line:
    """One operation by a number of workers, and its floor in the same run."""

    operation: Operation
    workers: int
    application: Measured
    floor: Measured

    @property
    def ratio(self) -> float:
        """How much of the floor's rate the application reaches."""
        return self.application.rate / self.floor.rate if self.floor.rate else 0.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How long each side of an operation is measured in all, in how many turns, and over how many connections."""

    seconds: float
    turns: int
    connections: int


@dataclass(slots=True)
class Side:
    """The application or the floor: where it listens and what it is sent; it goes on where it stopped."""

    port: int
    requests: Mapping[str, Sequence[bytes]]
    _positions: dict[str, int] = field(default_factory=dict)

    def drive(self, generator: Executor, operation: Operation, effort: Effort, seconds: float) -> Load:
        """One turn; raises Failed."""
        begin = 0 if operation.is_bounded else self._positions.get(operation.name, 0)
        job = Job(
            self.port,
            self.requests[operation.name],
            seconds,
            connections=effort.connections,
            start=begin,
            is_bounded=operation.is_bounded,
            run=RUN,
            first=next(_numbers) * 1_000_000,
        )
        loaded = generator.submit(load.run, job).result()
        self._positions[operation.name] = begin + len(loaded.latencies)
        if loaded.failures or not loaded.latencies:
            raise Failed(f"{operation.name} on port {self.port}: {(loaded.failures or ['no answer'])[0]}")
        return loaded


def _count() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number % 100


_numbers = _count()


def measure(
    generator: Executor,
    operation: Operation,
    sides: tuple[Side, Side],
    effort: Effort,
    restore: Callable[[], None],
) -> tuple[Measured, Measured]:
    """Application and floor in turns, after a moment of each to warm up; `restore` undoes what bounded requests did."""
    loads: tuple[list[Load], list[Load]] = [], []
    for turn in range(effort.turns + 1):
        for side, found in zip(sides, loads, strict=True):
            seconds = effort.seconds / effort.turns if turn else min(0.5, effort.seconds)
            loaded = side.drive(generator, operation, effort, seconds)
            if turn:
                found.append(loaded)
            if operation.is_bounded:
                restore()
    return summed(loads[0]), summed(loads[1])


def summed(loads: Sequence[Load]) -> Measured:
    """The median of the rates, and the latencies of all turns together."""
    latencies = sorted(1000 * each for one in loads for each in one.latencies)
    return Measured(
        statistics.median(one.rate for one in loads),
        latencies[len(latencies) // 2],
        latencies[min(len(latencies) - 1, len(latencies) * 99 // 100)],
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
