"""The only way to open a transaction, or to rehearse one.

Inside one, rows are locked in this order, so that nobody waits in a circle: organization, directory, directory groups
in the order of their ids, directory user, member, the roles of admins, removal, the removals of a directory (an
advisory lock), seat pools in the order of their types, purchases, billing terms, the messages of an organization (an
advisory lock). Rows of the same kind are locked in the order of their ids.

An organization is locked by whoever changes a rule for everybody in it, and held (FOR KEY SHARE) by whoever follows its
rules. Nobody who holds it locks it later: two who do that wait for each other. What a statement did not lock itself it
reads as it was before it waited for a lock; so lock first, and read in the next statement.

Where the order has to be broken, PostgreSQL finds the circle after a second and the transaction is run again. That is
so for users who are renamed to a name that a group waits for, and for somebody who waits for a seat and is changed just
when there is one for them.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
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
    return await _repeated(lambda: _committed(work), again_on)


async def rehearsal(work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns, after running it as `transaction` would, and taking everything back that it wrote.

    It takes the same locks, and they end with it: whatever can be done with what it returns is done afterwards.
    """
    return await _repeated(lambda: _taken_back(work), frozenset())


async def _committed(work: Callable[[], Awaitable[T]]) -> T:
    async with DB.transaction():
        return await work()


async def _taken_back(work: Callable[[], Awaitable[T]]) -> T:
    async with DB.transaction() as current:
        done = await work()
        await current.rollback()  # type: ignore[no-untyped-call]  # Piccolo leaves it untyped
        return done


async def _repeated(attempted: Callable[[], Awaitable[T]], again_on: frozenset[str]) -> T:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await attempted()
        except _AGAIN:
            if attempt == ATTEMPTS:
                raise
        except asyncpg.UniqueViolationError as violation:
            index = str(violation.constraint_name)
            if attempt > 1 or index not in again_on:
                raise NotUnique(index) from violation
        # Never at once: whoever waits for what this one had locked is to come first, or the two cross again.
        await asyncio.sleep(random.uniform(0.01, 0.02) * 2 ** (attempt - 1))
    raise AssertionError("unreachable")


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
