"""Telling people of directories that fell silent or fail, once, and once when they are well again (R062)."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.enums import Provider
from db.ids import OrganizationId
from db.queries import calls as rows
from db.rule_rows import CallsRow
from db.transaction import transaction

from . import clock, health, notices
from .health import Health
from .notice_facts import DirectoryFailing, DirectoryRecovered, DirectoryStale

_UNWELL = frozenset({Health.STALE, Health.FAILING})


async def tell() -> int:
    """Tell of every directory, of all organizations, that is otherwise than people know; how many. For the clock."""
    at, count = clock.now(), 0
    for organization, told, calls in await rows.everywhere():
        now = known(Health(told) if told else None, calls, at)
        if now != told:
            count += await _tell(organization, calls, told, now, at)
    return count


def known(told: Health | None, calls: CallsRow, at: datetime) -> Health | None:
    """What people are to know of a directory: that it is stale, that it fails, or None. Pure.

    One that failed is well when a quarter of its requests is refused at most, so that nobody is told to and fro.
    """
    state = health.state(calls, at)
    if state in _UNWELL:
        return state
    if told is Health.FAILING and state is Health.HEALTHY and calls.refused * 4 > calls.recent:
        return told
    return None


async def _tell(
    organization: OrganizationId, calls: CallsRow, told: str | None, now: Health | None, at: datetime
) -> bool:
    async def work() -> bool:
        if not await rows.tell(organization, calls.directory_id, told, now):
            return False  # somebody else was quicker
        facts = _facts(calls, told, now)
        if now is None and health.state(calls, at) is not Health.HEALTHY:
            return False  # it was paused, which whoever did it knows
        await notices.directory_health(organization, facts, at)
        return True

    return await transaction(work)


def _facts(
    calls: CallsRow, told: str | None, now: Health | None
) -> DirectoryStale | DirectoryFailing | DirectoryRecovered:
    if now is Health.FAILING:
        return DirectoryFailing(calls.name, calls.recent, calls.refused)
    if now is Health.STALE and calls.last_request_at is not None:
        every = health.EXPECTED[Provider(calls.provider)].every
        return DirectoryStale(calls.name, calls.last_request_at, every // timedelta(minutes=1))
    return DirectoryRecovered(calls.name, was_stale=told == Health.STALE)
