"""Tasks are put with their cause, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from api.outbox import tasks
from api.outbox.tasks import Task
from db import queue, sql
from db.engine import DB
from db.transaction import transaction

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2040, 1, 1, 12, tzinfo=UTC)


async def _waiting() -> list[asyncpg.Record]:
    return await sql.rows(f"SELECT * FROM {queue.TASK} ORDER BY id")


async def test_a_task_is_there_when_its_transaction_is_committed() -> None:
    async def work() -> None:
        await tasks.put("letters.send", {"letter": 1}, at=NOON, priority=3)
        async with DB.pool.acquire() as other:  # type: ignore[union-attr]  # the application opened it
            assert await other.fetch(f"SELECT FROM {queue.TASK}") == []

    await transaction(work)
    (task,) = await _waiting()
    assert (task["entrypoint"], task["payload"], task["status"]) == ("letters.send", b'{"letter":1}', "queued")
    assert (task["execute_after"], task["priority"]) == (NOON, 3)


async def test_a_task_is_gone_with_its_transaction() -> None:
    async def work() -> None:
        await tasks.put("letters.send", {"letter": 1})
        raise LookupError

    with pytest.raises(LookupError):
        await transaction(work)
    assert await _waiting() == []


async def test_many_tasks_are_put_in_their_order() -> None:
    await tasks.put_all(Task("letters.send", number) for number in range(50))
    assert [task["payload"] for task in await _waiting()] == [str(number).encode() for number in range(50)]


async def test_a_key_that_waits_is_not_put_again() -> None:
    await tasks.put("letters.send", "first", key="Ann", at=NOON)
    await tasks.put("letters.send", "second", key="Ann", at=NOON - timedelta(hours=1), priority=1)
    (task,) = await _waiting()
    assert (task["payload"], task["execute_after"], task["priority"]) == (b'"first"', NOON, 1)


async def test_keys_are_an_entrypoints_own() -> None:
    both = [Task("letters.send", 1, key="Ann"), Task("parcels.send", 2, key="Ann"), Task("letters.send", 3, key="Ann")]
    await tasks.put_all(both)
    assert sorted(task["payload"] for task in await _waiting()) == [b"1", b"2"]


async def test_putting_nothing_is_fine() -> None:
    await tasks.put_all([])
    assert await _waiting() == []


async def test_putting_a_task_wakes_nobody_by_notify() -> None:
    """NOTIFY would make all transactions with a task commit one after another."""
    heard: list[object] = []
    async with DB.pool.acquire() as connection:  # type: ignore[union-attr]  # the application opened it
        await connection.add_listener("rollcall_tasks", lambda *event: heard.append(event))
        await tasks.put("letters.send", 1)
        await connection.execute("SELECT pg_notify('rollcall_tasks', 'by hand')")
        await connection.execute("SELECT 1")
        await connection.reset()
    assert [event[3] for event in heard] == ["by hand"]  # type: ignore[index]  # asyncpg passes four values
