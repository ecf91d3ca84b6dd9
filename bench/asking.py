"""Measuring questions over GraphQL beside the same answers by hand, and how soon hostile ones are refused."""

from __future__ import annotations

import asyncio
import pickle
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from api import settings
from api.app import create_app
from db.engine import DB

from . import measuring, recording, seeding, serving
from .measuring import Effort, Measured, Script, Side, to_application, to_floor
from .operations import Operation, World
from .populations import Population
from .questions import HOSTILE, asked
from .recording import Call, Recorded


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers by the application and by hand, and how many statements the application ran."""

    question: Operation
    statements: int
    application: Measured
    by_hand: Measured


@dataclass(frozen=True, slots=True)
class Turned:
    """A hostile document, and how many milliseconds it took until it was refused: in the middle, and at most."""

    name: str
    p50: float
    most: float


@dataclass(frozen=True, slots=True)
class _Prepared:
    application: Script
    by_hand: Script
    recorded: Mapping[str, Sequence[Recorded]]
    statements: Mapping[str, int]
    hostile: Mapping[str, bytes]


def measure(
    url: str, population: Population, samples: int, effort: Effort, generator: Executor, chosen: Sequence[Operation]
) -> tuple[list[Asked], list[Turned]]:
    """Ask the chosen questions of one process; and the hostile ones, one after another."""
    prepared = asyncio.run(_prepare(url, population, samples, chosen))
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        file = Path(folder) / "recording"
        file.write_bytes(pickle.dumps(prepared.recorded))
        with serving.application(url, workers=1) as server, serving.floor(url, file, workers=1) as floor:
            sides = Side(server, prepared.application), Side(floor, prepared.by_hand)
            found = []
            for question in chosen:
                one, other, _ = measuring.measure(generator, question, sides, effort, lambda: None)
                found.append(Asked(question, prepared.statements[question.name], one, other))
            turned = [_turned(name, server.port, body) for name, body in prepared.hostile.items()]
    return found, turned


async def _prepare(url: str, population: Population, samples: int, chosen: Sequence[Operation]) -> _Prepared:
    DB.use(url)
    connection = await asyncpg.connect(url)
    try:
        token = await seeding.new_token(connection, population)
    finally:
        await connection.close()
    world = World(population, 0, samples)
    application = create_app(settings.read({"DATABASE_URL": url, "ROLLCALL_LOG_LEVEL": "warning"}))
    recorded, statements = {}, {}
    async with application.lifespan():
        for question in chosen:
            requests = list(question.requests(world))
            [first] = await recording.record(application, token, requests[:1], run=measuring.RUN)
            assert question.by_hand is not None
            statements[question.name] = len(first.calls)
            by_hand = [Call("fetchval", (statement, *args)) for statement, args in question.by_hand(world)]
            recorded[question.name] = [Recorded([call], (), 200, first.size) for call in by_hand]
    return _Prepared(
        Script({each.name: to_application(token, list(each.requests(world))) for each in chosen}),
        Script({each.name: to_floor(token, each, list(each.requests(world))) for each in chosen}),
        recorded,
        statements,
        {name: to_application(token, [asked(text)])[0] for name, text in HOSTILE.items()},
    )


def _turned(name: str, port: int, request: bytes) -> Turned:
    """Ten times the same, one after another, over connections of their own: a refused one may end its connection."""
    taken = [1000 * _seconds(port, request) for _ in range(10)]
    return Turned(name, statistics.median(taken), max(taken))


def _seconds(port: int, request: bytes) -> float:
    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    asyncio.run(ask())
    return time.perf_counter() - began
