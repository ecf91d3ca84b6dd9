"""Parameterised SQL on Piccolo's connection: for hot paths, where building a query costs more than running it."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from db.engine import DB
from db.errors import TooSlow


async def rows(sql: str, *args: object) -> list[asyncpg.Record]:
    """All rows of the statement, on the current transaction when there is one; raises TooSlow."""
    current = DB.current_connection()
    try:
        if current is not None:
            return await current.fetch(sql, *args)  # type: ignore[no-any-return]  # Piccolo leaves it untyped
        async with DB.connection() as connection:
            return await connection.fetch(sql, *args)  # type: ignore[no-any-return]  # Piccolo leaves it untyped
    except asyncpg.QueryCanceledError as error:
        raise TooSlow from error


async def search(sql: str, *args: object, seconds: float) -> list[asyncpg.Record]:
    """All rows of a statement whose cost somebody else chose; raises TooSlow when it needs longer than it may."""
    async with DB.connection() as connection:
        try:
            return await connection.fetch(sql, *args, timeout=seconds)  # type: ignore[no-any-return]  # Piccolo's
        except (TimeoutError, asyncpg.QueryCanceledError) as error:
            raise TooSlow from error


async def row(sql: str, *args: object) -> asyncpg.Record | None:
    """The first row of the statement, or None."""
    found = await rows(sql, *args)
    return found[0] if found else None


async def value(sql: str, *args: object) -> object:
    """The first column of the first row, or None."""
    found = await rows(sql, *args)
    return found[0][0] if found else None


async def script(sql: str) -> None:
    """Run several statements without arguments, as migrations need it."""
    async with DB.connection() as connection:
        await connection.execute(sql)


async def copy(table: str, columns: Sequence[str], records: Sequence[Sequence[object]]) -> None:
    """Write many rows by COPY, the fastest way in."""
    async with DB.connection() as connection:
        await connection.copy_records_to_table(table, columns=columns, records=records)
