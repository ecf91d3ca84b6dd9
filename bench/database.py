"""The database that is measured: one of our own, or the one that is named; migrated and filled."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from db import embedded, migrations
from db.engine import DB

from . import seeding
from .people import PER_FAMILY
from .populations import Population


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many users one organization has, and how many small organizations there are beside it."""

    users: int
    organizations: int

    @property
    def large(self) -> Population:
        """The organization that is measured; some more of its users are in no group, to be added to one."""
        return Population(1, self.users, spare=max(20, self.users // 50), has_groups=True)

    @property
    def tenth(self) -> Population:
        """One of a tenth of that size, which shows how costs grow."""
        return Population(2, max(PER_FAMILY, self.users // 10), spare=20, has_groups=True)

    def populations(self) -> Iterator[Population]:
        """Everybody."""
        yield self.large
        yield self.tenth
        for number in range(3, 3 + self.organizations):
            yield Population(number, PER_FAMILY)


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


async def reset(url: str, population: Population, numbers: Sequence[int]) -> None:
    """Make people as they were at first, in a database that was measured before."""
    connection = await asyncpg.connect(url)
    try:
        await seeding.reset(connection, population, numbers)
    finally:
        await connection.close()


async def restore(url: str, population: Population) -> None:
    """Take the spare users out of the groups to which measuring added them."""
    connection = await asyncpg.connect(url)
    try:
        spare = range(population.users, population.users + population.spare)
        users = [population.user(number) for number in spare]
        await connection.execute(
            "DELETE FROM group_member WHERE organization_id = $1 AND value = ANY($2)", population.organization, users
        )
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
