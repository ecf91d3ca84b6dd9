"""What is done again and again: by one worker of several, whatever happens the time before."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from pgqueuer.core.sm import SchedulerManager

from api.outbox import tasks
from api.outbox.work import Handler, Loop, Schedule
from api.worker import running
from api.worker.driver import Claims, Connections
from api.worker.registry import WORK
from db import queue, sql

from .working import SECONDS, until, working

pytestmark = pytest.mark.usefixtures("database")

EACH_SECOND = "* * * * * *"


async def test_a_schedule_is_kept_by_one_worker_at_a_time() -> None:
    inside, runs, at_most = 0, 0, 0

    async def tidy() -> None:
        nonlocal inside, runs, at_most
        inside, runs = inside + 1, runs + 1
        at_most = max(at_most, inside)
        await asyncio.sleep(1.5)
        inside -= 1

    schedule = Schedule("room.tidy", EACH_SECOND, tidy)
    async with working(schedules=[schedule]), working(schedules=[schedule]):
        await until(lambda: runs > 1)
    assert at_most == 1


async def test_a_schedule_that_fails_is_kept_the_next_time(caplog: pytest.LogCaptureFixture) -> None:
    runs = 0

    async def tidy() -> None:
        nonlocal runs
        runs += 1
        raise ZeroDivisionError

    async with working(schedules=[Schedule("room.tidy", EACH_SECOND, tidy)]):
        await until(lambda: runs > 1)
    assert "room.tidy" in caplog.text
    row = await sql.row(f"SELECT status::text, last_run FROM {queue.SCHEDULE} WHERE entrypoint = 'room.tidy'")
    assert row is not None
    assert row["status"] == "queued"
    assert row["last_run"] is not None


async def test_what_was_missed_while_no_worker_ran_is_done_once() -> None:
    runs = 0

    async def tidy() -> None:
        nonlocal runs
        runs += 1

    never = Schedule("room.tidy", "0 0 29 2 *", tidy)
    async with working(schedules=[never]):
        await until_row("room.tidy")
    await sql.rows(f"UPDATE {queue.SCHEDULE} SET next_run = now() - interval '3 years'")
    async with working(schedules=[never]):
        await until(lambda: runs > 0)
    async with working(schedules=[never]):
        await asyncio.sleep(0.2)
    assert runs == 1


async def until_row(name: str) -> None:
    """Wait until a schedule is known."""
    async with asyncio.timeout(SECONDS):
        while not await sql.value(f"SELECT count(*) FROM {queue.SCHEDULE} WHERE entrypoint = $1", name):
            await asyncio.sleep(0.02)


async def test_a_loop_goes_on_at_once_while_there_is_more_and_in_spite_of_trouble() -> None:
    left, seen = [3, 2, 1], list[int]()

    async def carry() -> int:
        if not left:
            return 0
        number = left.pop()
        if number == 2:
            raise ZeroDivisionError
        await tasks.put("letters.send", number)
        return 1

    async def send(number: int) -> None:
        seen.append(number)

    async with working(Handler("letters.send", int, send), loops=[Loop("letters.carry", carry)]):
        await until(lambda: len(seen) > 1)
    assert (seen, left) == ([1, 3], [])


def test_everything_that_is_declared_has_a_name_and_a_time_of_its_own() -> None:
    names = [each.name for each in WORK.schedules]
    assert "maintenance.overrides" in names
    assert len(set(names)) == len(names)
    keeper = SchedulerManager(Claims(Connections()))
    for each in WORK.schedules:
        keeper.schedule(each.name, each.cron)(partial(running._on_time, each))
    entrypoints = [each.entrypoint for each in WORK.handlers]
    assert len(set(entrypoints)) == len(entrypoints)


async def test_every_schedule_can_be_carried_out() -> None:
    for schedule in WORK.schedules:
        await schedule.run()
