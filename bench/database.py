"""The database that is measured: one of our own, or the one that is named; migrated and filled."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import asyncpg

from db import embedded, migrations
from db.engine import DB

from . import seeding
from .populations import Population, Sizes
from .restoring import Undo


@contextlib.contextmanager
def at_hand(url: str | None) -> Iterator[str]:
    """The URL of the named database, or of one that lives as long as the block."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL's own account has to come in when we are root.
        Path(folder).chmod(0o755)
        with embedded.start(Path(folder) / "postgres") as server:
            yield server.url


async def prepare(url: str, sizes: Sizes) -> None:
    """Migrate and fill the database, and let PostgreSQL look at what it has."""
    DB.use(url)
    await migrations.migrate()
    connection = await asyncpg.connect(url)
    try:
        done = [await seeding.seed(connection, population) for population in sizes.populations()]
        if any(done):
            await connection.execute("VACUUM ANALYZE", timeout=600)
            await connection.execute("CHECKPOINT", timeout=600)
    finally:
        await connection.close()


async def undo(url: str, population: Population, undo: Undo, numbers: Sequence[int]) -> None:
    """Make what was done to people with these numbers as it was at first."""
    connection = await asyncpg.connect(url)
    try:
        await undo(connection, population, numbers)
    finally:
        await connection.close()


def version(url: str) -> str:
    """The version of PostgreSQL behind the URL."""

    async def ask() -> str:
        connection = await asyncpg.connect(url)
        try:
            return str(await connection.fetchval("SHOW server_version"))
        finally:
            await connection.close()

    return asyncio.run(ask()).split()[0]
