"""What the embedded server is asked directly: whether it answers, and to make databases."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from db.embedded.cluster import SUPERUSER
from db.embedded.places import PORT

_T = TypeVar("_T")
_NOT_YET = (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)


def url(sockets: Path, database: str) -> str:
    """The DSN of a database behind this socket; names the port, because PGPORT would win otherwise."""
    return f"postgresql://{SUPERUSER}@/{database}?host={sockets}&port={PORT}"


def answering(sockets: Path) -> Path | None:
    """The data directory of the server behind this socket; None when none answers (yet)."""
    try:
        return Path(str(_run(_ask(sockets, "SHOW data_directory"))))
    except _NOT_YET:
        return None


def ensure(sockets: Path, database: str) -> None:
    """Make the database unless it is there."""
    if _run(_ask(sockets, "SELECT true FROM pg_database WHERE datname = $1", database)) is None:
        _run(_ask(sockets, f"CREATE DATABASE {_quoted(database)}"))


async def _ask(sockets: Path, sql: str, *arguments: str) -> object:
    connection = await asyncpg.connect(
        url(sockets, "postgres"), ssl=False, target_session_attrs=SessionAttribute.any, timeout=5, command_timeout=60
    )
    try:
        return await connection.fetchval(sql, *arguments)
    finally:
        await connection.close()


def _run(work: Coroutine[None, None, _T]) -> _T:
    """Run to the end in a thread of its own, so that it also works where an event loop runs already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
