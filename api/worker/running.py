"""A worker: claims tasks, keeps the schedules, turns the loops, until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from pgqueuer.core.qm import QueueManager
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.domain.models import Schedule as Due

from api.outbox.work import Handler, Loop, Schedule
from db import queue
from db.errors import UNAVAILABLE

from .driver import Claims, Connections
from .registry import Work
from .retries import Executor

POLL = timedelta(seconds=0.5)
"""How long something may wait unseen."""

DRAIN_SECONDS = 20
"""How long tasks under way may take when the worker ends; then they are given back."""

_AGAIN_SECONDS = 1.0

_logger = logging.getLogger("rollcall.worker")


@dataclass(frozen=True, slots=True)
class Pace:
    """How many tasks a worker does side by side, and after how long without a heartbeat others may take one over."""

    at_once: int = 20
    heartbeat: timedelta = timedelta(seconds=30)


async def run(work: Work, stop: asyncio.Event, pace: Pace = Pace()) -> None:  # it is frozen
    """Work until `stop` is set, then finish what has begun. The database may go and come back meanwhile.

    Needs the pool of this process to be open.
    """
    lanes = [(Connections(), at_once, handlers) for at_once, handlers in _lanes(work.handlers, pace.at_once)]

    async def wake() -> None:
        for connections, _, _ in lanes:
            await connections.wake()

    parts = [partial(_claim, connections, handlers, at_once, stop, pace) for connections, at_once, handlers in lanes]
    parts += [partial(_turn, loop, stop, wake) for loop in work.loops]
    if work.schedules:
        parts.append(partial(_keep, work.schedules, stop))
    running = [asyncio.create_task(_kept_up(part, stop)) for part in parts]
    try:
        await stop.wait()
        await asyncio.wait(running, timeout=DRAIN_SECONDS)
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _lanes(handlers: Sequence[Handler[Any]], at_once: int) -> list[tuple[int, Sequence[Handler[Any]]]]:
    """Handlers that share places, with how many there are: slow ones must not keep the others waiting."""
    common = [handler for handler in handlers if handler.at_once is None]
    own = [(handler.at_once, [handler]) for handler in handlers if handler.at_once is not None]
    return [*([(at_once, common)] if common else []), *own]


async def _claim(
    connections: Connections, handlers: Sequence[Handler[Any]], at_once: int, stop: asyncio.Event, pace: Pace
) -> None:
    manager = QueueManager(Claims(connections), channel=queue.settings().channel)
    manager.shutdown = stop
    for handler in handlers:
        manager.register_executor(handler.entrypoint, Executor(handler))
    await manager.run(
        dequeue_timeout=POLL,
        batch_size=at_once // 2,
        max_concurrent_tasks=at_once,
        heartbeat_timeout=pace.heartbeat,
        log_aggregation_interval=timedelta(),
    )


async def _keep(schedules: Sequence[Schedule], stop: asyncio.Event) -> None:
    manager = SchedulerManager(Claims(Connections()))
    manager.shutdown = stop
    for schedule in schedules:
        manager.schedule(schedule.name, schedule.cron)(partial(_on_time, schedule))
    await manager.run()


async def _on_time(schedule: Schedule, _: Due) -> None:
    await schedule.run()


async def _turn(loop: Loop, stop: asyncio.Event, wake: Callable[[], Awaitable[None]]) -> None:
    while not stop.is_set():
        if await loop.run():
            await wake()
        else:
            await _wait(stop, POLL.total_seconds())


async def _kept_up(part: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Run a part until it is to end, however often it breaks."""
    while not stop.is_set():
        try:
            await part()
        except UNAVAILABLE as error:
            _logger.warning("The database does not answer: %s", error or type(error).__name__)
        except Exception:
            _logger.exception("The worker stumbled and goes on")
        await _wait(stop, _AGAIN_SECONDS)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
