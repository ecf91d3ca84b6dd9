"""Measuring questions over GraphQL beside the same answers by hand, and how soon hostile ones are refused."""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import asyncpg

from api import settings
from api.app import create_app
from db.engine import DB

from . import measuring, recording, seeding, serving
from .measuring import Effort, Measured, Script, Side, to_application
from .operations import Operation, Request, World
from .populations import Population
from .questions import HOSTILE, asked

_CURSOR = re.compile(rb',?"endCursor":"[^"]*"')
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Differs(Exception):
    """What is answered by hand is not what is answered over GraphQL."""


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
    statements: Mapping[str, int]
    hostile: Mapping[str, bytes]


def measure(
    url: str, population: Population, samples: int, effort: Effort, generator: Executor, chosen: Sequence[Operation]
) -> tuple[list[Asked], list[Turned]]:
    """Ask the chosen questions of one process; and the hostile ones, one after another."""
    prepared = asyncio.run(_prepare(url, population, samples, chosen))
    with serving.application(url, workers=1) as server, serving.by_hand(url) as other_server:
        sides = Side(server, prepared.application), Side(other_server, prepared.by_hand)
        found = []
        for question in chosen:
            _compare(question, sides)
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
    statements = {}
    async with application.lifespan():
        for question in chosen:
            [first] = await recording.record(application, token, list(question.requests(world))[:1], run=measuring.RUN)
            statements[question.name] = len(first.calls)
    return _Prepared(
        Script({each.name: to_application(token, list(each.requests(world))) for each in chosen}),
        Script({each.name: to_application(token, list(_by_hand(each, world))) for each in chosen}),
        statements,
        {name: to_application(token, [asked(text)])[0] for name, text in HOSTILE.items()},
    )


def _by_hand(question: Operation, world: World) -> Iterator[Request]:
    return (replace(each, target=f"/by-hand/{question.name}") for each in question.requests(world))


def _compare(question: Operation, sides: tuple[Side, Side]) -> None:
    """See that both answer the same, but for cursors; raises Differs."""
    one, other = (_answer(side, question) for side in sides)
    if one != other:
        at = next(n for n in range(len(one)) if one[n : n + 1] != other[n : n + 1])
        there = slice(max(0, at - 100), at + 100)
        raise Differs(f"{question.title}: by hand\n{other[there]}\nand over GraphQL\n{one[there]}")


def _answer(side: Side, question: Operation) -> str:
    request = side.script.requests[question.name][0]
    _, _, body = _exchanged(side.server.port, request).partition(b"\r\n\r\n")
    return json.dumps(json.loads(_CURSOR.sub(b"", body))["data"], indent=1, sort_keys=True)


def _turned(name: str, port: int, request: bytes) -> Turned:
    """Ten times the same, one after another, over connections of their own: a refused one may end its connection."""
    taken = [1000 * _seconds(port, request) for _ in range(10)]
    return Turned(name, statistics.median(taken), max(taken))


def _seconds(port: int, request: bytes) -> float:
    began = time.perf_counter()
    _exchanged(port, request)
    return time.perf_counter() - began


def _exchanged(port: int, request: bytes) -> bytes:
    """The answer to a request, with its head, over a connection of its own."""

    async def ask() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        writer.close()
        await writer.wait_closed()
        return head + body

    return asyncio.run(ask())
