"""The only way to open a transaction.

Inside one, rows are locked in this order, so that nobody waits in a circle: organization, directory, directory groups
in the order of their ids, directory user, member. Whoever has to break it relies on PostgreSQL finding the circle and
on the transaction being run again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import asyncpg

from db import sql
from db.engine import DB
from db.errors import NotUnique

T = TypeVar("T")

ATTEMPTS = 5

_AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)


async def transaction(work: Callable[[], Awaitable[T]], *, again_on: frozenset[str] = frozenset()) -> T:
    """What `work` returns, after running it in one transaction; it runs again when PostgreSQL asks for that.

    `work` must do nothing but talk to this database, since it may run up to five times: after a deadlock, a
    serialization failure, and once after a violation of one of the unique indexes `again_on`, where somebody else may
    have been quicker and the facts have to be read again. Raises NotUnique otherwise. Opening a transaction
    inside it raises `TransactionError`: nesting would commit failed halves.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with DB.transaction():
                return await work()
        except _AGAIN:
            if attempt == ATTEMPTS:
                raise
        except asyncpg.UniqueViolationError as violation:
            index = str(violation.constraint_name)
            if attempt > 1 or index not in again_on:
                raise NotUnique(index) from violation
        await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))
    raise AssertionError("unreachable")


class _Undone(Exception):
    """A rehearsal is over."""


async def rehearsal(work: Callable[[], Awaitable[T]]) -> T:
    """What `work` would return: it runs in a transaction as any other, of which nothing stays."""
    results: list[T] = []

    async def undone() -> None:
        results.append(await work())
        raise _Undone

    with suppress(_Undone):
        await transaction(undone)
    return results[-1]


async def attempt(work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns; if it raises, what it wrote is undone, and the transaction around it may go on.

    Raises what `work` raises, and NotUnique.
    """
    await sql.rows("SAVEPOINT attempt")
    try:
        done = await work()
    except Exception as error:
        await sql.rows("ROLLBACK TO SAVEPOINT attempt")
        await sql.rows("RELEASE SAVEPOINT attempt")
        if isinstance(error, asyncpg.UniqueViolationError):
            raise NotUnique(str(error.constraint_name)) from error
        raise
    await sql.rows("RELEASE SAVEPOINT attempt")
    return done
