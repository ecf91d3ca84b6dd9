"""Where tasks are queued: the tables of PgQueuer, in a schema of their own, under names that no environment can change.

PgQueuer costs half a second and thirty megabytes to load, so only migrations and the worker do; whoever puts a task
writes a row by `db.queries.tasks`.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import asyncpg

from db import sql

if TYPE_CHECKING:
    from pgqueuer.domain.settings import DBSettings

SCHEMA = "queue"
TASK = f"{SCHEMA}.task"
LOG = f"{SCHEMA}.task_log"
STATISTICS = f"{SCHEMA}.task_statistics"
SCHEDULE = f"{SCHEMA}.schedule"


@cache
def settings() -> DBSettings:
    """The names of PgQueuer's tables; each is given, since what is not given would be read from the environment."""
    from pgqueuer.domain.settings import DBSettings, Durability
    from pgqueuer.domain.types import Channel

    return DBSettings(
        prefix="",
        db_schema=SCHEMA,
        channel=Channel("rollcall_tasks"),
        function="task_changed",
        trigger="task_changed",
        statistics_table="task_statistics",
        queue_status_type="task_status",
        queue_table="task",
        queue_table_log="task_log",
        schedules_table="schedule",
        durability=Durability.durable,
        widen_id=True,
    )


async def install(connection: asyncpg.Connection) -> list[str]:
    """Bring the queue to what this version of PgQueuer needs, and say what was done; for one process at a time."""
    if await is_installed():
        return []
    from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
    from pgqueuer.adapters.persistence.queries import Queries

    queries = Queries(AsyncpgDriver(connection), qbe=QueryBuilderEnvironment(settings()))
    if not await queries.schema_is_installed():
        await queries.install()
        await queries.optimize_autovacuum()
    await queries.upgrade()
    await connection.execute(f"{_QUIET} COMMENT ON SCHEMA {SCHEMA} IS '{_ours()}'")
    return [f"The queue of tasks, for PgQueuer {_ours()}"]


async def is_installed() -> bool:
    """Whether the queue is as this version of PgQueuer needs it, or newer: a rolling upgrade has both for a while."""
    found = await sql.value(f"SELECT obj_description(to_regnamespace('{SCHEMA}'), 'pg_namespace')")
    return found is not None and _comparable(str(found)) >= _comparable(_ours())


# Its NOTIFY would make all transactions that put a task commit one after another; workers look for themselves.
_QUIET = f"ALTER TABLE {TASK} DISABLE TRIGGER task_changed;"


@cache
def _ours() -> str:
    return version("pgqueuer")


def _comparable(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())
