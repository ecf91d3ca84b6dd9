"""The database of a command: the one that DATABASE_URL names, else the embedded one, which several processes share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import asyncpg

from api.secrets import at_hand as at_hand_keys
from api.secrets import ring
from api.settings import Settings
from db import embedded, migrations
from db.embedded import Embedded
from db.engine import DB
from db.errors import UNAVAILABLE

from .errors import CommandError

T = TypeVar("T")

CONNECTIONS = 2


@contextmanager
def at_hand(chosen: Settings, *, makes_secret_keys: bool = False) -> Iterator[Embedded | None]:
    """The database for the length of the block, also for processes started in it; the embedded one, if it is that.

    There is a file of secret keys beside an embedded one, and beside none unless that is wanted.
    """
    if chosen.database_url:
        DB.use(chosen.database_url)
        with _given(_secret_keys(chosen) if makes_secret_keys else {}):
            yield None
        return
    with embedded.start(Path(chosen.data)) as server:
        DB.use(server.url)
        with _given({"DATABASE_URL": server.url, **_secret_keys(chosen)}):
            yield server


@contextmanager
def _given(values: Mapping[str, str]) -> Iterator[None]:
    """Variables of the environment for the length of the block."""
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]


def _secret_keys(chosen: Settings) -> dict[str, str]:
    """The file of secret keys beside the embedded data, made when it is not there; none, if one was named."""
    if chosen.secret_keys is not None:
        return {}
    file = at_hand_keys.beside(chosen)
    ring.make(file)
    at_hand_keys.load(str(file))
    return {"ROLLCALL_SECRET_KEYS": str(file)}


def run(work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns, run to its end on the database at hand; raises CommandError when that cannot be used."""

    async def reported() -> T:
        try:
            return await work()
        except UNAVAILABLE as error:
            raise CommandError(f"The database does not answer: {error or type(error).__name__}.") from error
        except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
            raise CommandError(f"The database refuses: {error}.") from error

    return asyncio.run(reported())


async def reach() -> tuple[()]:
    """Nothing, after connecting once: whether that works is better known before processes are started."""
    connection = await DB.get_new_connection()
    await connection.close()
    return ()


async def pooled(work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns, with connections open; raises CommandError unless the database has been migrated."""
    await DB.open(connections=CONNECTIONS)
    try:
        if not await migrations.is_current():
            raise CommandError("The database has not been migrated. Run `python -m api migrate` first.")
        return await work()
    finally:
        await DB.close()
