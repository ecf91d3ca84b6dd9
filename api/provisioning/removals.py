"""Removals that wait for somebody's decision, and those that were carried out and may be undone (IDEAS, D8)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from db.enums import Hold, MemberStatus, RemovalState
from db.ids import DirectoryId, OrganizationId
from db.queries import removals as rows
from db.queries import role_facts
from db.rows import MemberRow
from db.transaction import transaction

from . import clock, role_changes, rulebook, standings
from .actor import Actor, Right, system
from .errors import ImpossibleTransition, NotFound
from .history import SUBJECTS_PER_CHANGE, remember
from .lifecycle import Cause
from .occasion import Occasion
from .policy_values import BreakerTimeout

NOBODY = "nobody decided in time"


async def held(actor: Actor, *, limit: int = 1000) -> list[dict[str, object]]:
    """What waits for a decision, oldest first: whom, by which directory, since when and until when."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.held(actor.organization, limit=limit)


async def applied(actor: Actor, directory: DirectoryId, *, limit: int = 1000) -> list[dict[str, object]]:
    """Whom a directory removed within the window of the breaker, oldest first; each can be undone."""
    actor.must(Right.ORGANIZATION_READ)
    policies = (await rulebook.load(actor.organization)).policies
    since = clock.now() - timedelta(minutes=policies.breaker_minutes)
    return await rows.applied(actor.organization, directory, since, limit=limit)


async def approve(actor: Actor, ids: Sequence[uuid.UUID], *, by: str | None = None) -> int:
    """Carry held removals out; how many people. `by` is who decides, in words for people; the actor, if nobody else.

    Raises NotFound when one of them does not wait any more, and LastAdmin.
    """
    actor.must(Right.MEMBERS_MANAGE)
    return await transaction(lambda: _decide(actor, ids, RemovalState.APPROVED, by or actor.who))


async def keep(actor: Actor, ids: Sequence[uuid.UUID], *, by: str | None = None) -> int:
    """Reject held removals: the people stay until the directory says something new of them. Raises NotFound."""
    actor.must(Right.MEMBERS_MANAGE)
    return await transaction(lambda: _decide(actor, ids, RemovalState.REJECTED, by or actor.who))


async def undo(actor: Actor, ids: Sequence[uuid.UUID], *, by: str | None = None) -> int:
    """Let people in again whom a directory removed, in the role they had; how many.

    They need seats. Raises NotFound, SeatLimitReached, and ImpossibleTransition where one of them is erased.
    """
    actor.must(Right.MEMBERS_MANAGE)

    async def work() -> int:
        at = clock.now()
        book = await rulebook.load(actor.organization, hold=True)
        members = await _locked(actor, ids, RemovalState.APPLIED)
        occasion = Occasion(actor, book, Cause.DECIDED, None, at)
        await standings.move(occasion, members, _returns)
        await rows.roles_before(actor.organization, ids)
        await rows.uncount(actor.organization, ids)
        return await _written(actor, ids, RemovalState.REJECTED, members, by or actor.who, at)

    return await transaction(work) if ids else 0


async def decide_overdue(organization: OrganizationId) -> int:
    """Decide as the organization wants about what nobody decided in time; how many. For the clock."""
    actor = system(organization)

    async def work() -> int:
        at = clock.now()
        ids = await rows.due(organization, at)
        if not ids:
            return 0
        policies = (await rulebook.load(organization)).policies
        is_kept = policies.breaker_timeout is BreakerTimeout.KEEP
        return await _decide(actor, ids, RemovalState.REJECTED if is_kept else RemovalState.APPROVED, NOBODY)

    try:
        return await transaction(work)
    except NotFound:
        return 0  # somebody decides about them at this moment; what is left is due the next time


async def _decide(actor: Actor, ids: Sequence[uuid.UUID], state: RemovalState, by: str) -> int:
    if not ids:
        return 0
    at = clock.now()
    book = await rulebook.load(actor.organization, hold=True)
    members = await _locked(actor, ids, RemovalState.HELD)
    occasion = Occasion(actor, book, Cause.DECIDED, None, at)
    await standings.move(occasion, members, _stays if state is RemovalState.REJECTED else _goes)
    return await _written(actor, ids, state, members, by, at)


async def _locked(actor: Actor, ids: Sequence[uuid.UUID], state: RemovalState) -> list[uuid.UUID]:
    """The members of removals in a state; members are locked before what is known of them, as directories do it."""
    await role_facts.lock_members(actor.organization, await rows.members_of(actor.organization, ids))
    found = await rows.lock(actor.organization, ids, state)
    missing = set(ids) - {id for id, _ in found}
    if missing:
        raise NotFound(f"{len(missing)} of these removals are not {state.lower()} any more. Look again.")
    return list(dict.fromkeys(member for _, member in found))


async def _written(
    actor: Actor, ids: Sequence[uuid.UUID], state: RemovalState, members: list[uuid.UUID], by: str, at: datetime
) -> int:
    decided = await rows.decide(actor.organization, ids, members, state, at, by)
    await role_changes.reassign(actor, members, at)
    for start in range(0, len(decided), SUBJECTS_PER_CHANGE):
        some = decided[start : start + SUBJECTS_PER_CHANGE]
        after = {"state": state, "by": by, "people": len(members), "removals": some}
        await remember(actor, at, "removals_decided", "organization", actor.organization, after=after)
    return len(members)


def _stays(member: MemberRow) -> MemberRow:
    rejected = Hold.SUSPENSION_REJECTED if member.hold == Hold.SUSPENSION else Hold.REMOVAL_REJECTED
    return replace(member, hold=rejected)


def _returns(member: MemberRow) -> MemberRow:
    if member.status == MemberStatus.ERASED:
        raise ImpossibleTransition("One of them is erased, and nothing is kept of them. Undo the others without them.")
    return _stays(member)


def _goes(member: MemberRow) -> MemberRow:
    return replace(member, hold=None)
