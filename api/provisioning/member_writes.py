"""The one writer of a member's standing: breaker, seat, status, and what has to be remembered of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db.enums import Hold, MemberStatus, RemovalState, SeatType
from db.queries import removals
from db.rows import MemberRow
from db.together import Part

from . import breaker, lifecycle, role_changes, seating
from .decisions import Decided, Decision
from .lifecycle import CAN_USE, HOLDS_SEAT, Records
from .occasion import Occasion
from .policy_values import DeleteAction, Policies
from .seating import Seated


@dataclass(frozen=True, slots=True)
class Settled:
    """A member as they are to be stored, what has to be written besides the row, and why.

    `freed` are the types of which a seat becomes free for somebody who waits.
    """

    row: MemberRow
    parts: tuple[Part, ...]
    decisions: tuple[Decision, ...]
    freed: frozenset[SeatType] = frozenset()


def is_settled(before: MemberRow, wanted: MemberRow, records: Records) -> bool:
    """Whether an act leaves status and seat as they are, so that no rules have to be asked."""
    free = lifecycle.released(wanted, records)
    after = lifecycle.standing(free, records)
    is_served = before.seat_type == wanted.seat_type or after not in HOLDS_SEAT
    return after == before.status and free.hold == before.hold and is_served


async def settle(
    occasion: Occasion,
    before: MemberRow | None,
    wanted: MemberRow,
    records: Records,
    *,
    role: uuid.UUID | None = None,
    is_urgent: bool = False,
    needs_admin: bool = True,
) -> Settled:
    """What becomes of a member on an occasion; `records` are those after it, `role` is the one they have.

    Without `needs_admin` the last admin may go. Raises LastAdmin, SeatLimitReached, TooManyRemovals and
    ImpossibleTransition.
    """
    free = lifecycle.released(wanted, records)
    status = lifecycle.standing(free, records)
    parts, told = _ended_hold(occasion, wanted, free), list[Decision]()
    if needs_admin and before is not None and before.status == MemberStatus.ACTIVE != status:
        await _keep_an_admin(occasion, before, role)
    if before is not None and before.status in CAN_USE and status not in CAN_USE:
        is_held = not is_urgent and await breaker.holds(occasion, 1)
        parts += breaker.remembered(occasion, [before.id], is_held=is_held)
        if is_held:
            free, status = replace(free, hold=Hold.REMOVAL, held_role_id=role), MemberStatus.HELD
            told.append(Decision(Decided.HELD, lifecycle.TEXTS[status]))
    is_new = before is None or before.seat_type != wanted.seat_type
    seated = await seating.seat(occasion, free, needs_one=status in HOLDS_SEAT, is_new=is_new)
    if status in HOLDS_SEAT and seated.row.seat is None:
        status = MemberStatus.WAITING_FOR_SEAT
    lifecycle.check(before.status if before else None, status, occasion.cause)
    row = with_status(seated.row, before, status, occasion.at, occasion.book.policies)
    told.append(Decision(Decided.STATUS, lifecycle.TEXTS[status]))
    freed = await seating.awaited(occasion, _vacant(before, seated))
    return Settled(row, (*parts, *seated.parts), (*told, *seated.decisions), freed)


def _vacant(before: MemberRow | None, seated: Seated) -> set[SeatType]:
    """The types of which there is a seat more now: the one that the member had, and what was bought too many."""
    had = before.seat if before else None
    given_back = SeatType(had) if had is not None and had != seated.row.seat else None
    return {each for each in (given_back, seated.spare) if each is not None}


def with_status(
    member: MemberRow, before: MemberRow | None, status: MemberStatus, at: datetime, policies: Policies
) -> MemberRow:
    """The member with a status, the time since when, and when they are to be erased if that was chosen (C1)."""
    since = before.status_since if before is not None and before.status == status else at
    erase_after = member.erase_after if status == MemberStatus.DEPROVISIONED else None
    is_leaving = status == MemberStatus.DEPROVISIONED and (before is None or before.status != status)
    if is_leaving and policies.delete_action is DeleteAction.REMOVE_MEMBER:
        erase_after = at + timedelta(days=policies.grace_days)
    hold, held_role = (None, None) if status == MemberStatus.DEPROVISIONED else (member.hold, member.held_role_id)
    return replace(
        member, status=status, status_since=since, erase_after=erase_after, hold=hold, held_role_id=held_role
    )


async def _keep_an_admin(occasion: Occasion, member: MemberRow, role: uuid.UUID | None) -> None:
    held = occasion.book.role(role)
    if held is not None and held.is_admin:
        await role_changes.keep_an_admin(occasion.actor.organization, [member.id], occasion.book)


def _ended_hold(occasion: Occasion, wanted: MemberRow, free: MemberRow) -> list[Part]:
    if wanted.hold != Hold.REMOVAL or free.hold is not None:
        return []
    return [removals.decided_part(occasion.actor.organization, [wanted.id], RemovalState.CANCELLED, occasion.at, None)]
