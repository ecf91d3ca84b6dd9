"""Tasks as the operator sees them: what waits, what failed for good, and trying it anew or dropping it."""

from __future__ import annotations

import logging
from enum import StrEnum

from api.outbox.work import Schedule
from db.pages import Page, Span
from db.queries import tasks as rows
from db.task_rows import ScheduleRow, TaskRow
from db.transaction import transaction

from .caller import Caller
from .errors import InTheWay, NotFound

REMEMBERED_DAYS = 7
"""For how long it is remembered what became of a task that is done."""

_LARGEST = 2**63 - 1

_logger = logging.getLogger("rollcall.tasks")


class TaskState(StrEnum):
    """Where a task that is not done stands; one that waits may have been tried before."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    FAILED = "FAILED"


_STATUSES = {TaskState.WAITING: "queued", TaskState.RUNNING: "picked", TaskState.FAILED: "failed"}
_STATES = {status: state for state, status in _STATUSES.items()}


def state(task: TaskRow) -> TaskState:
    """Where a task stands."""
    return _STATES[task.status]


async def page(caller: Caller, wanted: TaskState | None, entrypoint: str | None, span: Span) -> Page[TaskRow]:
    """Tasks that are not done, newest first, of a state and an entrypoint if given."""
    caller.must_run_platform()
    return await rows.page(None if wanted is None else _STATUSES[wanted], entrypoint, span)


async def find(caller: Caller, task: int) -> TaskRow:
    """One task; raises NotFound when there is none, or not any more."""
    caller.must_run_platform()
    found = await rows.find(task) if task <= _LARGEST else None
    if found is None:
        raise NotFound(f"There is no task {task}, or not any more.")
    return found


async def replay(caller: Caller, task: int) -> TaskRow:
    """Have a failed task tried anew, as if it had never been; it as it is then.

    Raises NotFound, and InTheWay for one that has not failed.
    """

    async def work() -> TaskRow:
        found = await find(caller, task)
        if not await rows.replay(task):
            raise InTheWay(f"Task {task} has not failed: it is {state(found).lower()}.")
        return await find(caller, task)

    done = await transaction(work)
    _logger.info("Task %s of %s is tried anew, by %s", task, done.entrypoint, caller.who)
    return done


async def replay_all(caller: Caller, entrypoint: str | None) -> int:
    """Have all failed tasks tried anew, or those of an entrypoint; how many there were."""
    caller.must_run_platform()
    count = await rows.replay(entrypoint=entrypoint)
    _logger.info("%d failed tasks of %s are tried anew, by %s", count, entrypoint or "all entrypoints", caller.who)
    return count


async def discard(caller: Caller, task: int) -> TaskRow:
    """Drop a failed task for good; it as it was. Raises NotFound, and InTheWay for one that has not failed."""

    async def work() -> TaskRow:
        found = await find(caller, task)
        if not await rows.discard(task):
            raise InTheWay(f"Task {task} has not failed: it is {state(found).lower()}. Only what failed is discarded.")
        return found

    done = await transaction(work)
    _logger.info("Task %s of %s is discarded, by %s: %s", task, done.entrypoint, caller.who, done.payload)
    return done


async def schedules(caller: Caller) -> list[ScheduleRow]:
    """All schedules that a worker ever kept."""
    caller.must_run_platform()
    return await rows.schedules()


async def _forget() -> None:
    await rows.forget(days=REMEMBERED_DAYS)


SCHEDULES = (Schedule("tasks.forget", "47 * * * *", _forget),)
