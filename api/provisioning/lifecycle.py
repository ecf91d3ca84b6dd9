"""The life of a member: what their status follows from, which status may follow which, and what that means. Pure.

REQUIREMENTS §0.1, R050, R056 to R060, R137, ambiguities (a) and (d). A member who is held keeps access, and so the seat
that pays for it; a suspension is meant to be short, so it keeps the seat as well.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from db.enums import Hold, MemberSource, MemberStatus
from db.rows import MemberRow

from .errors import ImpossibleTransition

INVITED, ACTIVE, WAITING_FOR_SEAT, HELD, SUSPENDED, DEACTIVATED, DEPROVISIONED, ERASED = MemberStatus

DIRECTORY, LOCAL = "DIRECTORY", "LOCAL"
"""Who manages a member: directories, or the organization itself."""

CAN_USE = frozenset({ACTIVE, HELD})
"""Who is let in by the application."""

HOLDS_SEAT = frozenset({INVITED, ACTIVE, HELD, SUSPENDED})
"""Who takes a seat."""


class Cause(StrEnum):
    """Why a member's standing or seat changed; kept in the ledger of seats, in removals and in history."""

    ARRIVED = "ARRIVED"
    ACTIVATED = "ACTIVATED"
    DEACTIVATED = "DEACTIVATED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    GROUPS = "GROUPS"
    SIGNED_IN = "SIGNED_IN"
    INVITED = "INVITED"
    ACCEPTED = "ACCEPTED"
    IMPORTED = "IMPORTED"
    BY_HAND = "BY_HAND"
    SEAT_FREED = "SEAT_FREED"
    DECIDED = "DECIDED"
    DIRECTORY = "DIRECTORY"
    GRACE_OVER = "GRACE_OVER"
    REPAIRED = "REPAIRED"


@dataclass(frozen=True, slots=True)
class Records:
    """How many directory users a member has, and how many of those let the member in.

    `is_invited` tells that they have an invitation that they have not accepted.
    """

    known: int
    letting_in: int
    is_invited: bool = False


_BY_DIRECTORY = frozenset({Cause.ARRIVED, Cause.ACTIVATED, Cause.CHANGED, Cause.DIRECTORY, Cause.DECIDED})
_BY_HAND = frozenset({Cause.BY_HAND})
_OUT = frozenset({Cause.DEACTIVATED, Cause.REMOVED, Cause.DIRECTORY, Cause.DECIDED, Cause.BY_HAND, Cause.CHANGED})
_GONE = frozenset({Cause.REMOVED, Cause.DIRECTORY, Cause.DECIDED, Cause.BY_HAND})
_BREAKER = frozenset({Cause.ARRIVED, Cause.DEACTIVATED, Cause.REMOVED, Cause.GROUPS, Cause.CHANGED})
_GROUPS = frozenset({Cause.GROUPS})
_ERASED = frozenset({Cause.GRACE_OVER, Cause.BY_HAND})

TRANSITIONS: Mapping[MemberStatus | None, Mapping[MemberStatus, frozenset[Cause]]] = {
    None: {
        INVITED: frozenset({Cause.INVITED}),
        ACTIVE: frozenset({Cause.ARRIVED, Cause.SIGNED_IN, Cause.IMPORTED}),
        WAITING_FOR_SEAT: frozenset({Cause.ARRIVED, Cause.SIGNED_IN, Cause.IMPORTED, Cause.INVITED}),
        SUSPENDED: frozenset({Cause.ARRIVED, Cause.SIGNED_IN, Cause.IMPORTED}),
        DEACTIVATED: frozenset({Cause.ARRIVED}),
    },
    INVITED: {
        ACTIVE: frozenset({Cause.ACCEPTED, Cause.SIGNED_IN}) | _BY_DIRECTORY,
        SUSPENDED: _BY_DIRECTORY | {Cause.ACCEPTED, Cause.SIGNED_IN},
        DEACTIVATED: _OUT | {Cause.ARRIVED},
        DEPROVISIONED: _GONE,
    },
    ACTIVE: {
        HELD: _BREAKER,
        SUSPENDED: _GROUPS,
        DEACTIVATED: _OUT | {Cause.ARRIVED},
        DEPROVISIONED: _GONE,
    },
    WAITING_FOR_SEAT: {
        ACTIVE: frozenset({Cause.SEAT_FREED, Cause.BY_HAND, Cause.SIGNED_IN, Cause.ACCEPTED}) | _BY_DIRECTORY,
        INVITED: frozenset({Cause.SEAT_FREED, Cause.INVITED}),
        DEACTIVATED: _OUT | {Cause.ARRIVED},
        DEPROVISIONED: _GONE,
    },
    HELD: {
        ACTIVE: _BY_DIRECTORY | _GROUPS,
        SUSPENDED: frozenset({Cause.DECIDED}) | _GROUPS,
        DEACTIVATED: _OUT,
        DEPROVISIONED: _GONE,
    },
    SUSPENDED: {
        ACTIVE: _GROUPS,
        DEACTIVATED: _OUT | {Cause.ARRIVED},
        DEPROVISIONED: _GONE,
    },
    DEACTIVATED: {
        ACTIVE: _BY_DIRECTORY | _BY_HAND,
        WAITING_FOR_SEAT: _BY_DIRECTORY | _BY_HAND,
        DEPROVISIONED: _GONE,
        ERASED: _ERASED,
    },
    DEPROVISIONED: {
        ACTIVE: _BY_DIRECTORY,
        INVITED: frozenset({Cause.INVITED}),
        WAITING_FOR_SEAT: _BY_DIRECTORY | {Cause.INVITED},
        DEACTIVATED: frozenset({Cause.ARRIVED, Cause.DIRECTORY}),
        ERASED: _ERASED,
    },
    ERASED: {},
}
"""For each status those that may follow, and by what; anything else is refused by name. None is nobody yet."""


TEXTS: Mapping[str, str] = {
    INVITED: "The member is invited and has not accepted yet.",
    ACTIVE: "The member can use the organization.",
    WAITING_FOR_SEAT: "The member waits for a seat and cannot use the organization before.",
    HELD: "The member keeps access: the directory removes too many people at once, and an admin decides.",
    SUSPENDED: "The member is suspended: in no group that lets them in.",
    DEACTIVATED: "The member is deactivated: no directory says that they are active.",
    DEPROVISIONED: "The member is deprovisioned: no directory has them any more. Their history is kept.",
    ERASED: "The member is erased.",
}
"""What a status means, for people."""


_ON_HOLD = frozenset({Hold.REMOVAL, Hold.SUSPENSION})


def standing(member: MemberRow, records: Records) -> MemberStatus:
    """The status that a member has by the facts, as if there were a seat for everybody.

    Who is suspended by groups stays so: `role_changes` decides about that, with the roles.
    """
    if member.status == ERASED:
        return ERASED
    if not is_wanted(member, records):
        if member.hold in _ON_HOLD:
            return HELD
        return DEACTIVATED if records.known or is_local(member) else DEPROVISIONED
    if member.locked_out_at is not None:
        return DEACTIVATED
    if member.hold == Hold.SUSPENSION:
        return HELD
    if member.status in (INVITED, SUSPENDED) and not (member.status == INVITED and records.letting_in):
        return MemberStatus(member.status)
    if member.status == WAITING_FOR_SEAT and records.is_invited and not records.letting_in:
        return INVITED
    return ACTIVE


def released(member: MemberRow, records: Records) -> MemberRow:
    """The member without what ends when a directory lets them in (again): a hold, and its rejection.

    Who is on hold because of groups stays so when their directory wants to remove them as well.
    """
    if member.hold == Hold.SUSPENSION and not is_wanted(member, records):
        return replace(member, hold=Hold.REMOVAL)
    if member.hold in (Hold.REMOVAL, Hold.REMOVAL_REJECTED) and records.letting_in:
        return replace(member, hold=None, held_role_id=None)
    return member


def is_wanted(member: MemberRow, records: Records) -> bool:
    """Whether somebody says that the person belongs here: a directory, or the organization itself."""
    if records.letting_in or member.hold == Hold.REMOVAL_REJECTED:
        return True
    return not records.known and is_local(member)


def is_local(member: MemberRow) -> bool:
    """Whether the member stays although no directory has them."""
    return member.managed_by == LOCAL


def check(before: str | None, after: MemberStatus, cause: Cause) -> None:
    """Raise ImpossibleTransition for a change that the table does not have.

    A repair puts right what the table would never have let happen; it only makes and wakes no tombstones.
    """
    if before == after or (cause is Cause.REPAIRED and ERASED not in (before, after)):
        return
    allowed = TRANSITIONS[None if before is None else MemberStatus(before)]
    if cause not in allowed.get(after, ()):
        was = "nobody" if before is None else before.lower().replace("_", " ")
        becomes = after.lower().replace("_", " ")
        raise ImpossibleTransition(f"A member who is {was} cannot become {becomes} this way ({cause.value}).")


def newcomer(
    member: uuid.UUID,
    *,
    source: MemberSource,
    managed_by: str,
    email: str | None,
    email_key: str | None,
    display_name: str | None,
    seat_type: str | None,
    at: datetime,
    status: MemberStatus = ACTIVE,
) -> MemberRow:
    """Somebody who was nobody here, before anything was decided about standing and seat."""
    return MemberRow(
        id=member,
        status=status,
        status_since=at,
        source=source,
        managed_by=managed_by,
        email=email,
        email_key=email_key,
        display_name=display_name,
        seat_type=seat_type,
        seat=None,
        awaits_seat=None,
        awaits_since=None,
        hold=None,
        held_role_id=None,
        locked_out_at=None,
        local=None,
        erase_after=None,
    )
