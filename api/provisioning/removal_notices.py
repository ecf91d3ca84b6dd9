"""Telling people of removals on hold: soon after the first, and again when the time to decide runs out."""

from __future__ import annotations

from datetime import timedelta

from db.ids import OrganizationId
from db.queries import platform
from db.queries import removal_notices as rows
from db.transaction import transaction

from . import clock, notices, rulebook
from .notice_facts import RemovalsHeld, RemovalsReminder
from .policy_values import BreakerTimeout

_COLLECTED = timedelta(minutes=5)
"""Who removes too many people at once removes more in the next minutes; they are told of together."""

_APART = timedelta(hours=1)
_REMINDERS_APART = timedelta(hours=6)


async def tell() -> int:
    """Tell of removals of which nobody was told yet, of all organizations; of how many directories. For the clock."""
    at = clock.now()
    return sum([await _tell(each) for each in await platform.with_untold_removals(at - _COLLECTED)])


async def remind() -> int:
    """Tell again of those that have to be decided soon; of how many directories. For the clock."""
    return sum([await _remind(each) for each in await platform.with_urgent_removals(clock.now())])


async def _tell(organization: OrganizationId) -> int:
    async def work() -> int:
        at, is_kept = clock.now(), await _is_kept(organization)
        found = await rows.tell(organization, at, apart=_APART)
        for each in found:
            facts = RemovalsHeld(each.directory, each.people, each.decide_by, is_kept)
            await notices.removals_held(organization, facts, at)
        return len(found)

    return await transaction(work)


async def _remind(organization: OrganizationId) -> int:
    async def work() -> int:
        at, is_kept = clock.now(), await _is_kept(organization)
        found = await rows.remind(organization, at, apart=_REMINDERS_APART)
        for each in found:
            if each.decide_by is not None:
                facts = RemovalsReminder(each.directory, each.people, each.decide_by, is_kept)
                await notices.removals_held(organization, facts, at)
        return len(found)

    return await transaction(work)


async def _is_kept(organization: OrganizationId) -> bool:
    """Whether people stay if nobody decides."""
    return (await rulebook.load(organization)).policies.breaker_timeout is BreakerTimeout.KEEP
