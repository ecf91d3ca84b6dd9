"""What time brings, for all organizations: each task at times of its own by a worker, or all of them in one pass.

Each task does its part for each organization in transactions of its own. Nothing is remembered of it but what was done,
so it may be stopped anywhere, and run several times at once: what one has done is not due any more for the other.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from api.outbox.work import Schedule
from db.errors import UNAVAILABLE
from db.ids import OrganizationId, first_id
from db.queries import platform

from . import (
    billing,
    clock,
    deletions,
    drift,
    erasures,
    invitations,
    members,
    organizations,
    purchases,
    reconciliation,
    removals,
    seals,
    seat_pools,
)

_logger = logging.getLogger("rollcall.maintenance")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that becomes due: for which organizations at a moment, and how it is done for one of them.

    `does` says what is counted by the number that `carry_out` returns; `cron` says when it is looked for what is due.
    """

    name: str
    does: str
    due: Callable[[datetime], Awaitable[Sequence[OrganizationId]]]
    carry_out: Callable[[OrganizationId], Awaitable[int]]
    cron: str = "* * * * *"


@dataclass(frozen=True, slots=True)
class Done:
    """What a task did, and the organizations for which it failed."""

    task: str
    does: str
    organizations: int
    count: int
    failed: tuple[OrganizationId, ...]


TASKS: tuple[Task, ...] = (
    Task(
        "overrides",
        "members whose role changed because what was chosen by hand has expired",
        platform.with_expired_overrides,
        members.expire_overrides,
    ),
    Task(
        "erasures",
        "members erased after their grace period",
        platform.with_due_erasures,
        erasures.erase_due,
        cron="7 * * * *",
    ),
    Task(
        "deletions",
        "directories deleted for good",
        lambda at: platform.with_old_deletions(at - deletions.RESTORABLE),
        deletions.purge_due,
        cron="17 * * * *",
    ),
    Task(
        "retention",
        "requests deleted or without their bodies, once a day",
        lambda at: platform.with_requests_to_forget(at - _DAY),
        organizations.forget_requests,
        cron="27 * * * *",
    ),
    Task(
        "drift",
        "members whose status or role differs from the facts, looked for once a day",
        lambda at: platform.unchecked(at - _DAY),
        drift.check,
        cron="37 * * * *",
    ),
    Task(
        "removals",
        "removals on hold that nobody decided about in time",
        platform.with_overdue_removals,
        removals.decide_overdue,
    ),
    Task(
        "invitations",
        "invitations ended that were not accepted in time",
        platform.with_expired_invitations,
        invitations.end_expired,
    ),
    Task(
        "seats",
        "seats of a day remembered",
        platform.with_other_seats,
        seat_pools.take_snapshot,
        cron="*/15 * * * *",
    ),
    Task(
        "purchases",
        "purchases told of that nobody confirmed for a day",
        lambda at: platform.with_overdue_purchases(at - purchases.OVERDUE),
        purchases.tell_overdue,
    ),
    Task(
        "billing",
        "types of seats of which a provider charges for another number, looked for once a day",
        lambda at: platform.uncompared(at - _DAY, billing.default()),
        reconciliation.compare,
    ),
    Task(
        "seals",
        "changes sealed, by which later changes to the history are noticed",
        lambda at: platform.with_unsealed_changes(first_id(at - seals.SEALED_AFTER)),
        seals.seal,
        cron="*/5 * * * *",
    ),
)
"""In this order; a new task is a new line."""


async def run() -> list[Done]:
    """One pass; what each task did. A database that is away ends it."""
    return [await carry_out(task) for task in TASKS]


async def _on_time(task: Task) -> None:
    done = await carry_out(task)
    if done.count:
        _logger.info("%s: %d in %d organizations", done.task, done.count, done.organizations)


SCHEDULES = tuple(Schedule(f"maintenance.{task.name}", task.cron, partial(_on_time, task)) for task in TASKS)
"""Each task at its time. What is due once a day is looked for each hour, since there may be no worker at any one."""


async def carry_out(task: Task) -> Done:
    """Do a task for the organizations for which it is due; a database that is away ends it."""
    count, failed = 0, list[OrganizationId]()
    due = await task.due(clock.now())
    for organization in due:
        try:
            count += await task.carry_out(organization)
        except UNAVAILABLE:
            raise
        except Exception:
            # The trouble of one organization, be it a bug, must not keep all others waiting; whoever runs this is told.
            _logger.exception("%s failed for organization %s", task.name, organization)
            failed.append(organization)
    return Done(task.name, task.does, len(due) - len(failed), count, tuple(failed))
