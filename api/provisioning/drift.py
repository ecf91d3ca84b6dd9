"""Drift: where members differ from what the facts say of them, and whom nobody manages (R121, R145, R162).

What was edited here on purpose, and who was left behind, is told; what can have no reason is told and can be put right.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from db.enums import SeatType
from db.ids import OrganizationId
from db.queries import drift as rows
from db.queries import log, platform
from db.queries import roles as role_rows
from db.rule_rows import EditedRow, SeatSumRow
from db.transaction import transaction

from . import aftermath, clock, connections, local_edits, rulebook, strays
from .actor import Actor, Right, system
from .aftermath import Act
from .errors import LastAdmin
from .health import Health
from .history import Historian, remember
from .lifecycle import Cause
from .local_edits import Edit
from .occasion import Occasion
from .strays import Stray

_LISTED = 1000
_TYPES = tuple(SeatType)
_logger = logging.getLogger("rollcall.drift")


@dataclass(frozen=True, slots=True)
class Edited:
    """A member with fields that were edited here since a directory wrote them, and what they are now."""

    member_id: UUID
    email: str | None
    fields: Mapping[str, Edit]
    now: Mapping[str, str | None]


class Unmanaged(StrEnum):
    """Why nobody manages a member any more."""

    DIRECTORY_SILENT = "DIRECTORY_SILENT"
    DIRECTORY_DELETED = "DIRECTORY_DELETED"
    REMOVAL_REJECTED = "REMOVAL_REJECTED"


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A member with access whom nobody manages any more."""

    member_id: UUID
    email: str | None
    status: str
    reason: Unmanaged


@dataclass(frozen=True, slots=True)
class Report:
    """What differs; each list holds the first thousand of as many as its number says.

    `emails` are those of the members in `differing`; `miscounted_users` is how many records of directories let their
    member in, or not, against what the directory says.
    """

    differing: Sequence[Stray]
    differing_in_all: int
    emails: Mapping[UUID, str | None]
    miscounted_users: int
    seats: Sequence[SeatSumRow]
    edited: Sequence[Edited]
    edited_in_all: int
    unmanaged: Sequence[LeftBehind]
    unmanaged_in_all: int

    @property
    def is_sound(self) -> bool:
        """Whether there is nothing to put right."""
        is_counted = not any(_is_wrong(each) for each in self.seats)
        return is_counted and not self.differing_in_all and not self.miscounted_users


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A member who was not put right, and why."""

    member_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """How many members, records of directories and lines of the ledger were put right, and what was in the way."""

    members: int
    users: int
    seat_entries: int
    problems: tuple[InTheWay, ...]


async def report(actor: Actor) -> Report:
    """What differs in the organization; it reads all members and locks none."""
    actor.must(Right.ORGANIZATION_READ)
    organization = actor.organization
    book, at = await rulebook.load(organization), clock.now()
    astray = [stray async for some in strays.look_for(organization, book, at) for stray in some]
    conditions = await connections.conditions(actor)
    silent = [directory for directory, each in conditions.items() if each.health is Health.STALE]
    edited = await rows.edited(organization, limit=_LISTED)
    left = await rows.unmanaged(organization, silent, limit=_LISTED)
    return Report(
        differing=astray[:_LISTED],
        differing_in_all=len(astray),
        emails=await rows.addresses(organization, [stray.member for stray in astray[:_LISTED]]),
        miscounted_users=await rows.miscounted_users(organization),
        seats=await rows.seat_sums(organization, _TYPES),
        edited=[_edited(each) for each in edited],
        edited_in_all=edited[0].total if edited else 0,
        unmanaged=[LeftBehind(each.member_id, each.email, each.status, Unmanaged(each.reason)) for each in left],
        unmanaged_in_all=left[0].total if left else 0,
    )


async def fix(actor: Actor) -> Fixed:
    """Put right what can have no reason: records, status, roles and the count of seats; all of it is remembered.

    The last admin stays, and is told among the problems. Who finds no seat waits for one; nothing is bought.
    """
    actor.must(Right.MEMBERS_MANAGE)
    organization = actor.organization
    users = await _fix_users(actor)
    members, problems = 0, list[InTheWay]()
    async for some in strays.look_for(organization, await rulebook.load(organization), clock.now()):
        fixed, failed = await _fix_members(actor, [stray.member for stray in some])
        members, problems = members + fixed, [*problems, *failed]
    return Fixed(members, users, await _fix_seats(actor), tuple(problems))


async def check(organization: OrganizationId) -> int:
    """Look whether anything differs, and remember that it was looked; how many members. For the clock, once a day."""
    actor = system(organization)
    found = await report(actor)
    seats = [each.seat_type for each in found.seats if _is_wrong(each)]
    after = {"members": found.differing_in_all, "directory_users": found.miscounted_users, "seats": seats}

    async def work() -> None:
        await remember(actor, clock.now(), platform.CHECKED, "organization", organization, after=after)

    await transaction(work)
    if not found.is_sound:
        _logger.warning("Drift in organization %s: %s. See `drift show`.", organization, after)
    return found.differing_in_all


async def _fix_users(actor: Actor) -> int:
    """Let records of directories let in whom their directory says, while no directory is changed."""

    async def work() -> int:
        past = Historian(actor, None, clock.now())
        await role_rows.lock_organization(actor.organization)
        fixed = await rows.count_users_right(actor.organization)
        for before, after in dict.fromkeys((each.before, each.after) for each in fixed):
            alike = [each for each in fixed if (each.before, each.after) == (before, after)]
            was, now = {"lets_in": before}, {"lets_in": after}
            change = past.change("recounted", "directory_user", actor.organization, before=was, after=now)
            await log.add_alike(change, [each.id for each in alike], [each.member_id for each in alike])
        return len(fixed)

    return await transaction(work)


async def _fix_members(actor: Actor, members: Sequence[UUID]) -> tuple[int, list[InTheWay]]:
    """Put members right together; where that would take the last admin away, all but that one."""
    if not members:
        return 0, []

    async def work() -> None:
        book = await rulebook.load(actor.organization, hold=True)
        occasion = Occasion(actor, aftermath.patient(book), Cause.REPAIRED, None, clock.now())
        await aftermath.settle(occasion, [Act(members)])

    try:
        await transaction(work)
    except LastAdmin as problem:
        if len(members) == 1:
            return 0, [InTheWay(members[0], str(problem))]
        middle = len(members) // 2
        first, second = await _fix_members(actor, members[:middle]), await _fix_members(actor, members[middle:])
        return first[0] + second[0], [*first[1], *second[1]]
    return len(members), []


async def _fix_seats(actor: Actor) -> int:
    async def work() -> int:
        at = clock.now()
        await role_rows.lock_organization(actor.organization)
        before = await rows.seat_sums(actor.organization, _TYPES)
        entries = await rows.count_seats_right(actor.organization, _TYPES, cause=Cause.REPAIRED, at=at)
        wrong = {each.seat_type: [each.counted, each.entered] for each in before if _is_wrong(each)}
        if wrong or entries:
            after = {each.seat_type: each.held for each in before if each.seat_type in wrong}
            await remember(actor, at, "seats_recounted", "organization", actor.organization, before=wrong, after=after)
        return entries

    return await transaction(work)


def _is_wrong(sums: SeatSumRow) -> bool:
    return not sums.counted == sums.entered == sums.held


def _edited(row: EditedRow) -> Edited:
    fields = local_edits.read(row.local)
    return Edited(row.member_id, row.email, fields, {name: getattr(row, name, None) for name in fields})
