"""What a worker does with a task, whatever happens to it."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest

from api.outbox import tasks
from api.outbox.tasks import Task
from api.outbox.work import Handler, Later
from api.worker import retries, running
from db import queue, sql
from db.transaction import transaction
from tests.factories import OrganizationFactory

from .working import until, until_done, working

pytestmark = pytest.mark.usefixtures("database")


class Letter(msgspec.Struct, frozen=True):
    to: str


class Post:
    """Carries letters out, and remembers them."""

    def __init__(self, *trouble: BaseException) -> None:
        self.seen: list[str] = []
        self._trouble = list(trouble)

    async def __call__(self, letter: Letter) -> None:
        self.seen.append(letter.to)
        if self._trouble:
            raise self._trouble.pop(0)

    @property
    def handler(self) -> Handler[Letter]:
        return Handler("letters.send", Letter, self)


async def _task() -> asyncpg.Record:
    (row,) = await sql.rows(f"SELECT * FROM {queue.TASK}")
    return row


async def test_a_task_is_carried_out_once_and_is_gone() -> None:
    post = Post()
    async with working(post.handler):
        await tasks.put("letters.send", Letter("Ann"))
        await until_done()
    assert post.seen == ["Ann"]
    assert await sql.value(f"SELECT count(*) FROM {queue.TASK}") == 0


async def test_a_handler_that_wants_to_be_called_later_is_as_often_as_it_likes() -> None:
    soon = datetime.now(UTC)
    post = Post(*[Later(soon, "the postbox is full")] * (retries.TRIES + 2))
    await tasks.put("letters.send", Letter("Ann"))
    async with working(post.handler):
        await until_done()
    assert post.seen == ["Ann"] * (retries.TRIES + 3)


async def test_later_is_not_before() -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    post = Post(Later(tomorrow, "the postbox is full"))
    await tasks.put("letters.send", Letter("Ann"))
    async with working(post.handler):
        await until_done()
    task = await _task()
    assert abs(task["execute_after"] - tomorrow) < timedelta(minutes=1)
    assert (task["status"], task["queue_manager_id"], post.seen) == ("queued", None, ["Ann"])


async def test_what_fails_is_tried_again_and_at_last_kept_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "pause", lambda failures: timedelta())
    post = Post(*[ValueError(f"no stamp {number}") for number in range(20)])
    await tasks.put("letters.send", Letter("Ann"))
    async with working(post.handler):
        await until_done()
    assert (len(post.seen), (await _task())["status"]) == (retries.TRIES, "failed")
    told = await sql.rows(
        f"SELECT traceback ->> 'exception_message' FROM {queue.LOG} WHERE traceback IS NOT NULL ORDER BY id"
    )
    assert [row[0] for row in told] == [*[f"ValueError: no stamp {n}" for n in range(9)], "no stamp 9"]


def test_pauses_grow_to_an_hour() -> None:
    pauses = [retries.pause(failures).total_seconds() for failures in range(1, retries.TRIES)]
    assert 4 <= pauses[0] <= 6
    assert 2880 <= pauses[-1] <= 4320
    assert 3 * 3600 <= sum(pauses) <= 5 * 3600


async def test_a_payload_that_cannot_be_read_is_not_tried_again() -> None:
    post = Post()
    await tasks.put("letters.send", {"from": "Ann"})
    async with working(post.handler):
        await until_done()
    assert (post.seen, (await _task())["status"]) == ([], "failed")


async def test_a_task_put_while_one_with_its_key_is_carried_out_is_not_lost() -> None:
    """What runs may have looked already; so the next one is put as soon as it has begun."""
    began, go_on = asyncio.Event(), asyncio.Event()
    seen: list[int] = []

    async def collect(number: int) -> None:
        seen.append(number)
        began.set()
        await go_on.wait()

    async with working(Handler("letters.collect", int, collect)):
        await tasks.put("letters.collect", 1, key="box")
        await began.wait()
        await tasks.put("letters.collect", 2, key="box")
        await tasks.put("letters.collect", 3, key="box")
        go_on.set()
        await until_done()
    assert seen == [1, 2]


async def test_a_task_stands_for_another_only_when_it_sees_what_that_was_put_for() -> None:
    """One that began before the other's commit could have looked too early, and nobody would look again."""
    seen: list[object] = []
    post, is_put = Post(), asyncio.Event()

    async def collect(_: int) -> None:
        seen.append(await sql.value("SELECT count(*) FROM organization"))

    await tasks.put("letters.collect", 1, key="box")
    await tasks.put("letters.send", Letter("Ann"))

    async def work() -> None:
        await OrganizationFactory.make()
        await tasks.put("letters.collect", 2, key="box")
        is_put.set()
        await until(lambda: bool(post.seen))  # the worker has looked for tasks

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(transaction(work))
        await is_put.wait()
        async with working(Handler("letters.collect", int, collect), post.handler):
            await writing
            await until_done()
    assert seen == [1]


async def test_a_slow_handler_with_places_of_its_own_keeps_nobody_waiting() -> None:
    go_on = asyncio.Event()
    post = Post()
    begun: list[int] = []

    async def dawdle(number: int) -> None:
        begun.append(number)
        await go_on.wait()

    await tasks.put_all(Task("parcels.send", number) for number in range(10))
    async with working(Handler("parcels.send", int, dawdle, at_once=2), post.handler, at_once=2):
        await tasks.put("letters.send", Letter("Ann"))
        await until(lambda: bool(post.seen) and len(begun) > 1)
        assert begun == [0, 1]
        go_on.set()
        await until_done()
    assert begun == list(range(10))


async def test_a_worker_that_is_to_end_takes_nothing_new_and_finishes_what_it_does() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    done: list[int] = []

    async def send(number: int) -> None:
        begun.set()
        await go_on.wait()
        done.append(number)

    await tasks.put("letters.send", 1)
    async with working(Handler("letters.send", int, send)) as stop:
        await begun.wait()
        stop.set()
        await tasks.put("letters.send", 2)
        go_on.set()
    assert (done, (await _task())["status"]) == ([1], "queued")


async def test_what_takes_too_long_when_a_worker_ends_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "DRAIN_SECONDS", 0.1)
    begun = asyncio.Event()

    async def send(_: int) -> None:
        begun.set()
        await asyncio.Event().wait()

    await tasks.put("letters.send", 1)
    async with working(Handler("letters.send", int, send)):
        await begun.wait()
    task = await _task()
    assert (task["status"], task["queue_manager_id"]) == ("queued", None)
    assert task["execute_after"] <= datetime.now(UTC)


async def test_a_handler_that_is_cancelled_from_within_loses_nothing() -> None:
    post = Post(asyncio.CancelledError())
    await tasks.put("letters.send", Letter("Ann"))
    async with working(post.handler):
        await until_done()
    assert post.seen == ["Ann", "Ann"]


async def test_a_task_of_a_worker_that_died_is_taken_over() -> None:
    post = Post()
    await tasks.put("letters.send", Letter("Ann"))
    await sql.rows(
        f"""UPDATE {queue.TASK} SET status = 'picked', queue_manager_id = gen_random_uuid(),
            heartbeat = now() - interval '31 seconds'"""
    )
    async with working(post.handler):
        await until(lambda: bool(post.seen))
        await until_done()
    assert post.seen == ["Ann"]


async def test_a_worker_that_was_slow_does_not_give_back_what_another_has_taken_over() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def send(_: int) -> None:
        begun.set()
        await go_on.wait()
        raise Later(datetime.now(UTC))

    other = uuid.uuid4()
    await tasks.put("letters.send", 1)
    async with working(Handler("letters.send", int, send)):
        await begun.wait()
        await sql.rows(f"UPDATE {queue.TASK} SET queue_manager_id = $1", other)
        go_on.set()
    task = await _task()
    assert (task["status"], task["queue_manager_id"], task["attempts"]) == ("picked", other, 0)
