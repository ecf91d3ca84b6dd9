"""Everything that is known before measuring: keys, requests as bytes, and what the floor repeats."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg
from litestar import Litestar

from api import settings
from api.app import create_app
from db.engine import DB

from . import database, measuring, recording, seeding
from .growth import GROWING
from .measuring import Script, to_application, to_floor
from .operations import BASE, OPERATIONS, Operation, Request, World
from .populations import Population, Sizes
from .recording import Recorded
from .restoring import let_in_again

_LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Prepared:
    """Requests by operation, for the application, for its floor, and for the organization of a tenth of the size."""

    key: str
    application: Script
    floor: Script
    small: Script
    recorded: Mapping[str, Sequence[Recorded]]


async def prepare(url: str, sizes: Sizes, operations: Sequence[Operation], samples: int) -> Prepared:
    """Let the application run once through what the floor will repeat for these operations."""
    DB.use(url)
    keys = {each: await _access(url, each) for each in dict.fromkeys([sizes.tenth, *(o.of(sizes) for o in OPERATIONS)])}
    application = create_app(settings.read({"DATABASE_URL": url, "ROLLCALL_LOG_LEVEL": "warning"}))
    async with application.lifespan():
        cursor = await _deep_cursor(application, keys[sizes.large], sizes.large)
        small_cursor = await _deep_cursor(application, keys[sizes.tenth], sizes.tenth)
        own, floors = ({o.name: World(o.of(sizes), turn, samples, cursor) for o in OPERATIONS} for turn in (0, 1))
        for population in {o.of(sizes) for o in operations}:
            world = World(population, 0, samples)
            await database.undo(url, population, let_in_again, world.everybody())
        recorded = {}
        for each in operations:
            requests, population = list(each.requests(floors[each.name])), each.of(sizes)
            recorded[each.name] = await recording.record(application, keys[population], requests, run=measuring.RUN)
            if each.undo:
                await database.undo(url, population, each.undo, floors[each.name].everybody())
    little = World(sizes.tenth, 0, samples, small_cursor)
    key = keys[sizes.large]
    return Prepared(
        key,
        Script({o.name: to_application(keys[o.of(sizes)], list(o.requests(own[o.name]))) for o in OPERATIONS}),
        Script({o.name: to_floor(key, o, list(o.requests(floors[o.name]))) for o in operations}),
        Script({o.name: to_application(keys[sizes.tenth], list(o.requests(little))) for o in GROWING}),
        recorded,
    )


async def _access(url: str, population: Population) -> str:
    connection = await asyncpg.connect(url)
    try:
        return await seeding.new_access(connection, population)
    finally:
        await connection.close()


async def _deep_cursor(application: Litestar, key: str, population: Population) -> str:
    """The cursor behind nine tenths of the users, reached page by page as a client would."""
    cursor, left = "", population.users * 9 // 10
    while left > 0:
        count = min(left, _LARGEST_PAGE)
        target = f"{BASE}/Users?cursor={cursor}&count={count}&attributes=id"
        answered = await recording.ask(application, key, Request("GET", target))
        cursor, left = json.loads(bytes(answered.body))["nextCursor"], left - count
    return cursor
