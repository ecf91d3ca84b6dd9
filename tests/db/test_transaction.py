"""Transactions: whole or not at all, and never a connection lost."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest
from piccolo.engine.exceptions import TransactionError

from db import sql
from db.engine import DB
from db.errors import UNAVAILABLE, NotUnique
from db.ids import new_id
from db.transaction import rehearsal, transaction
from tests.factories import AccountFactory, OrganizationFactory

_ADD = "INSERT INTO organization (id, name) VALUES ($1, $2)"


async def _names() -> list[str]:
    return [row[0] for row in await sql.rows("SELECT name FROM organization ORDER BY name")]


@pytest.mark.usefixtures("database")
async def test_a_failure_undoes_everything() -> None:
    async def work() -> None:
        await sql.rows(_ADD, new_id(), "Acme")
        raise LookupError

    with pytest.raises(LookupError):
        await transaction(work)
    assert await _names() == []


@pytest.mark.usefixtures("database")
async def test_a_taken_value_is_told_by_the_index_and_leaves_nothing_behind() -> None:
    await AccountFactory.make(email="ann@example.com")

    async def work() -> None:
        await sql.rows(_ADD, new_id(), "Acme")
        await sql.rows("INSERT INTO account (id, email_key) VALUES ($1, $2)", new_id(), "ann@example.com")

    with pytest.raises(NotUnique) as taken:
        await transaction(work)
    assert taken.value.index == "account_email"
    assert await _names() == []


@pytest.mark.usefixtures("database")
async def test_one_inside_of_another_is_refused() -> None:
    async def inner() -> None:
        await sql.rows(_ADD, new_id(), "Acme")

    async def outer() -> None:
        await transaction(inner)

    with pytest.raises(TransactionError):
        await transaction(outer)


@pytest.mark.usefixtures("database")
async def test_a_deadlock_is_tried_again() -> None:
    one, two = [await OrganizationFactory.make(name=name) for name in ("one", "two")]
    both_hold_their_first, one_is_through = asyncio.Barrier(2), asyncio.Event()
    tries = []

    async def crossing(first: object, second: object) -> None:
        async def work() -> None:
            tries.append(first)
            is_again = len(tries) > 2
            if is_again:
                await one_is_through.wait()
            await sql.rows("UPDATE organization SET name = name || '!' WHERE id = $1", first)
            if not is_again:
                await both_hold_their_first.wait()
            await sql.rows("UPDATE organization SET name = name || '!' WHERE id = $1", second)

        await transaction(work)
        one_is_through.set()

    await asyncio.gather(crossing(one.id, two.id), crossing(two.id, one.id))
    assert await _names() == ["one!!", "two!!"]
    assert len(tries) == 3


@pytest.mark.usefixtures("database")
async def test_failing_commits_do_not_drain_the_pool() -> None:
    await sql.script(
        "CREATE TABLE late (id int PRIMARY KEY, other int REFERENCES late (id) DEFERRABLE INITIALLY DEFERRED)"
    )

    async def work() -> None:
        await sql.rows("INSERT INTO late VALUES (1, 2)")

    try:
        assert DB.pool is not None
        for _ in range(DB.pool.get_max_size() + 1):
            with pytest.raises(asyncpg.ForeignKeyViolationError):
                await transaction(work)
        assert await asyncio.wait_for(sql.value("SELECT 1"), 5) == 1
    finally:
        await sql.script("DROP TABLE late")


@pytest.mark.usefixtures("database")
async def test_a_database_that_was_away_does_not_drain_the_pool(database_url: str) -> None:
    """Worst is a connection of which it is only half known that it is gone; that is so for a moment, so try often."""
    assert DB.pool is not None
    with ThreadPoolExecutor(1) as thread:
        for _ in range(20):
            # Of a connection that was cut before, only this may be noticed, on a busy machine.
            tried = await asyncio.gather(*(transaction(_names) for _ in range(3)), return_exceptions=True)
            assert all(isinstance(each, (list, *UNAVAILABLE)) for each in tried)
            # While this waits, nobody here can notice that the connections are gone, so that BEGIN fails.
            thread.submit(asyncio.run, _cut(database_url)).result()
            for _ in range(3):
                with contextlib.suppress(*UNAVAILABLE):
                    await transaction(_names)
            await asyncio.sleep(0.01)
    held = [await DB.pool.acquire(timeout=5) for _ in range(DB.pool.get_max_size())]
    for connection in held:
        await DB.pool.release(connection)


async def _cut(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
    )
    await connection.close()


@pytest.mark.usefixtures("database")
async def test_a_rehearsal_sees_its_own_writes_and_leaves_nothing() -> None:
    async def work() -> list[str]:
        await sql.rows(_ADD, new_id(), "Acme")
        return await _names()

    assert await rehearsal(work) == ["Acme"]
    assert await _names() == []
    assert DB.current_connection() is None


@pytest.mark.usefixtures("database")
async def test_a_rehearsal_holds_its_locks_no_longer_than_it_lasts() -> None:
    made = await OrganizationFactory.make(name="Acme")
    await rehearsal(lambda: sql.rows("SELECT FROM organization WHERE id = $1 FOR UPDATE", made.id))
    at_once = "UPDATE organization SET name = 'Other' WHERE id IN (SELECT id FROM organization FOR UPDATE NOWAIT)"
    await transaction(lambda: sql.rows(at_once))
    assert await _names() == ["Other"]


@pytest.mark.usefixtures("database")
async def test_a_rehearsal_fails_as_a_transaction_would_and_holds_no_other() -> None:
    await AccountFactory.make(email="ann@example.com")
    again = "INSERT INTO account (id, email_key) VALUES ($1, $2)"
    with pytest.raises(NotUnique):
        await rehearsal(lambda: sql.rows(again, new_id(), "ann@example.com"))
    with pytest.raises(TransactionError):
        await transaction(lambda: rehearsal(_names))
