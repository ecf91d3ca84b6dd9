"""How everything stands: read from the database when somebody asks, at most each ten seconds in each process.

It is the same whichever server is asked, so it is not to be added up over servers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from db.errors import UNAVAILABLE, TooSlow
from db.held import one_connection
from db.queries import metrics as rows

MOST = 500
"""So many organizations, seat types of organizations, and directories are told of one by one."""

_KEPT_SECONDS = 10.0

_logger = logging.getLogger("rollcall.metrics")
_one_at_a_time = asyncio.Lock()
_found: tuple[float, Sequence[Metric]] | None = None

Part = Callable[[], Awaitable[Iterable[Metric]]]


async def standing() -> Sequence[Metric]:
    """All numbers that the database knows; what takes too long is left out, and without a database there is one."""
    global _found
    async with _one_at_a_time:
        if _found is None or time.monotonic() - _found[0] > _KEPT_SECONDS:
            _found = (time.monotonic(), await _read())
        return _found[1]


async def _read() -> Sequence[Metric]:
    made: list[Metric] = []
    slow = 0
    try:
        async with one_connection():
            for part in PARTS:
                try:
                    made += await part()
                except TooSlow:
                    _logger.warning("The database took too long to tell of %s", part.__name__.strip("_"))
                    slow += 1
    except UNAVAILABLE as error:
        _logger.warning("The database does not answer: %s", error or type(error).__name__)
        return [_one("rollcall_database_up", "Whether the database answers.", 0)]
    left_out = _family(
        "rollcall_metrics_left_out", "Numbers that are missing, for there are many or it took long.", "why"
    )
    left_out.add_metric(["many"], sum(_cut(metric) for metric in made))
    left_out.add_metric(["slow"], slow)
    return [_one("rollcall_database_up", "Whether the database answers.", 1), left_out, *made]


def _cut(metric: Metric) -> int:
    """Leave out what goes beyond `MOST`; how much that is."""
    beyond = metric.samples[MOST:]
    del metric.samples[MOST:]
    return len(beyond)


async def _totals() -> Iterable[Metric]:
    total = await rows.totals()
    return (
        _one("rollcall_organizations", "Organizations.", total.organizations),
        _one("rollcall_directories", "Directories that were not deleted.", total.directories),
    )


async def _held_removals() -> Iterable[Metric]:
    count = _family("rollcall_removals_held", "Removals that wait for a decision.", "organization")
    oldest = _family("rollcall_removals_held_seconds", "How long the oldest of them has waited.", "organization")
    for each in await rows.held_removals(MOST + 1):
        count.add_metric([str(each.organization_id)], each.count)
        oldest.add_metric([str(each.organization_id)], each.oldest_seconds)
    return count, oldest


async def _seats() -> Iterable[Metric]:
    used = _family("rollcall_seats_used", "Seats that are taken, where there is a limit.", "organization", "seat_type")
    limit = _family("rollcall_seats_limit", "Seats that there are.", "organization", "seat_type")
    for each in await rows.seat_uses(MOST + 1):
        labels = [str(each.organization_id), each.seat_type.lower()]
        used.add_metric(labels, each.used)
        limit.add_metric(labels, each.limit)
    return used, limit


async def _directories() -> Iterable[Metric]:
    silent = _family(
        "rollcall_directory_silent_seconds",
        "For how long a directory's key was not used, to five minutes.",
        "organization",
        "directory",
        "provider",
    )
    for each in await rows.directory_uses(MOST + 1):
        if each.silent_seconds is not None:
            silent.add_metric([str(each.organization_id), str(each.id), each.provider], each.silent_seconds)
    return (silent,)


async def _tasks() -> Iterable[Metric]:
    count = _family("rollcall_tasks", "Tasks: queued, picked by a worker, or failed for good.", "entrypoint", "state")
    late = _family("rollcall_tasks_late_seconds", "How long the oldest task that is due has waited.", "entrypoint")
    for each in await rows.tasks():
        count.add_metric([each.entrypoint, each.state], each.count)
        if each.state == "queued":
            late.add_metric([each.entrypoint], each.waiting_seconds)
    return count, late


async def _schedules() -> Iterable[Metric]:
    idle = await rows.schedules_idle_seconds()
    text = "For how long no worker has kept a schedule, of which one is each minute."
    return () if idle is None else (_one("rollcall_schedules_idle_seconds", text, idle),)


async def _webhooks() -> Iterable[Metric]:
    waiting, oldest = await rows.outbox()
    endpoints = _family("rollcall_webhook_endpoints", "Webhook endpoints: healthy, failing or disabled.", "state")
    for each in await rows.webhook_endpoints():
        endpoints.add_metric([each.state], each.count)
    return (
        _one("rollcall_outbox", "Changes that webhooks are still to be told of, counted to 100,000.", waiting),
        _one("rollcall_outbox_late_seconds", "How long the oldest of them has waited.", oldest),
        endpoints,
    )


PARTS: Sequence[Part] = (_totals, _held_removals, _seats, _directories, _tasks, _schedules, _webhooks)
"""What is asked of the database, one after the other; something new is a new function here."""


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _family(name: str, meaning: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, labels=labels)
