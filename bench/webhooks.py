"""What writes cost more when the organization's changes are told to five endpoints, beside the same told to nobody.

No worker runs: what is measured is the share of the request, which is a row in the outbox for each change. Sending is
the worker's, on whatever machine it runs.
"""

from __future__ import annotations

import asyncio
import statistics
import uuid
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import asyncpg

from . import operations, serving
from .measuring import WARM_UP_SECONDS, Effort, Measured, Side, Turn, summed
from .operations import Operation
from .populations import Population, Sizes
from .preparing import Prepared

SHARE = 0.9
"""How much of the rate without endpoints has to be reached with them."""

ENDPOINTS = 5
WRITES = ("create", "patch-active", "put")


@dataclass(frozen=True, slots=True)
class Telling:
    """A write with endpoints and without; `ratio` is the median over the turns, each beside its own."""

    operation: Operation
    told: Measured
    silent: Measured
    ratio: float


def measure(url: str, prepared: Prepared, sizes: Sizes, effort: Effort, generator: Executor) -> list[Telling]:
    """Each write in turns, with endpoints and without."""
    population = sizes.large
    asyncio.run(_add(url, population))
    try:
        with serving.application(url, workers=1) as server:
            side = Side(server, prepared.application)
            return [_compared(url, side, population, each, effort, generator) for each in operations.named(WRITES)]
    finally:
        asyncio.run(_remove(url, population))


def _compared(
    url: str, side: Side, population: Population, operation: Operation, effort: Effort, generator: Executor
) -> Telling:
    chosen = replace(effort, connections=operation.connections or effort.connections)
    turns: dict[bool, list[Turn]] = {True: [], False: []}
    for number in range(effort.turns + 1):
        for is_told, found in turns.items():
            asyncio.run(_enable(url, population, is_told))
            seconds = effort.seconds / effort.turns if number else min(WARM_UP_SECONDS, effort.seconds)
            turn = side.drive(generator, operation, chosen, seconds)
            if number:
                found.append(turn)
    ratio = statistics.median(one.load.rate / other.load.rate for one, other in zip(*turns.values(), strict=True))
    return Telling(operation, summed(turns[True]), summed(turns[False]), ratio)


async def _add(url: str, population: Population) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.executemany(
            "INSERT INTO webhook_endpoint (organization_id, id, url, description, event_types, is_enabled)"
            " VALUES ($1, $2, $3, '', '{}', false)",
            [(population.organization, uuid.uuid4(), f"https://host.example.com/{n}") for n in range(ENDPOINTS)],
        )
    finally:
        await connection.close()


async def _enable(url: str, population: Population, is_told: bool) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "UPDATE webhook_endpoint SET is_enabled = $2 WHERE organization_id = $1", population.organization, is_told
        )
    finally:
        await connection.close()


async def _remove(url: str, population: Population) -> None:
    connection = await asyncpg.connect(url)
    try:
        for table in ("webhook_endpoint", "outbox"):
            await connection.execute(f"DELETE FROM {table} WHERE organization_id = $1", population.organization)
    finally:
        await connection.close()
