"""A worker inside a test, with work of the test's own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Any

from api.outbox.work import Handler, Loop, Schedule
from api.worker.registry import Work
from api.worker.running import Pace, run
from db import queue, sql

SECONDS = 60.0


@contextlib.asynccontextmanager
async def working(
    *handlers: Handler[Any],
    schedules: Sequence[Schedule] = (),
    loops: Sequence[Loop] = (),
    at_once: int = 20,
    heartbeat: float = 30,
) -> AsyncIterator[asyncio.Event]:
    """A worker for the length of the block; gives what ends it."""
    stop = asyncio.Event()
    pace = Pace(at_once, timedelta(seconds=heartbeat))
    task = asyncio.create_task(run(Work(handlers, schedules, loops), stop, pace))
    try:
        yield stop
    finally:
        stop.set()
        await task


async def until_done() -> None:
    """Wait until no task is due or being carried out."""
    # now() is from before the statement sees anything, and a task that was given back meanwhile would not be due yet.
    due = "status = 'picked' OR status = 'queued' AND execute_after <= clock_timestamp()"
    async with asyncio.timeout(SECONDS):
        while await sql.value(f"SELECT count(*) FROM {queue.TASK} WHERE {due}"):
            await asyncio.sleep(0.02)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(SECONDS):
        while not is_so():
            await asyncio.sleep(0.02)
