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
from .database import Sizes
from .growth import GROWING
from .measuring import Script
from .operations import BASE, OPERATIONS, Operation, Request, World
from .populations import Population
from .recording import Recorded

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
    key, small_key = await _access(url, sizes.large), await _access(url, sizes.tenth)
    application = create_app(settings.read({"DATABASE_URL": url, "ROLLCALL_LOG_LEVEL": "warning"}))
    async with application.lifespan():
        cursor = await _deep_cursor(application, key, sizes.large)
        small_cursor = await _deep_cursor(application, small_key, sizes.tenth)
        own, floors = (World(sizes.large, turn, samples, cursor) for turn in (0, 1))
        await database.reset(url, sizes.large, [*own.users(), *floors.users()])
        recorded = {}
        for operation in operations:
            requests = list(operation.requests(floors))
            recorded[operation.name] = await recording.record(application, key, requests, run=measuring.RUN)
            if operation.is_bounded:
                await database.restore(url, sizes.large)
    little = World(sizes.tenth, 0, samples, small_cursor)
    return Prepared(
        key,
        Script({each.name: measuring.to_application(key, list(each.requests(own))) for each in OPERATIONS}),
        Script({each.name: measuring.to_floor(key, each, list(each.requests(floors))) for each in operations}),
        Script({each.name: measuring.to_application(small_key, list(each.requests(little))) for each in GROWING}),
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
