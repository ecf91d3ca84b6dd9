"""Acts on the standing of many members at once, by the same rules as one by one, written together.

Members to whom the same applies are decided about once, so that a directory with a hundred thousand people takes as
many statements as one with ten.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from db.enums import MemberSource, MemberStatus, SeatType
from db.queries import log
from db.queries import seats as seat_rows
from db.queries import standings as rows
from db.rows import MemberRow
from db.seat_rows import AlikeRow, StandingRow
from db.together import together

from . import lifecycle, role_changes, seating
from .history import differences
from .lifecycle import HOLDS_SEAT, Cause, Records
from .occasion import Occasion
from .policy_values import DeleteAction
from .seating import Claim
from .seats import Assignment

Pair = tuple[AlikeRow, MemberRow]
"""Members who are alike, and one of them as the act wants them."""

_ALL = 1_000_000
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Change = Callable[[MemberRow], MemberRow]
"""What an act wants of each member; sees status, hold, lock, seat, and who manages them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Members whose standing becomes another, with where they stand before and after."""

    members: Sequence[uuid.UUID]
    role_id: uuid.UUID | None
    before: StandingRow
    after: StandingRow

    @property
    def is_moved(self) -> bool:
        """Whether anything changes."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Planned:
    """What an act does to members, and the seats that it claims for that."""

    moved: list[Standing]
    claims: list[Claim]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Members for whom there is no seat of the type that they want, and which they may have meanwhile."""

    alike: AlikeRow
    members: Sequence[uuid.UUID]
    wanted: MemberRow
    substitute: SeatType | None


async def move(occasion: Occasion, members: Sequence[uuid.UUID], change: Change) -> list[Standing]:
    """Change members, write what follows, and give seats that became free to who waits; what moved.

    Raises LastAdmin, SeatLimitReached and ImpossibleTransition.
    """
    planned = await plan(occasion, members, change)
    await carry_out(occasion, planned)
    await promote(occasion, freed(planned))
    return planned.moved


async def plan(occasion: Occasion, members: Sequence[uuid.UUID], change: Change) -> Planned:
    """What an act does to members, who are locked; writes nothing. Pools are locked where they have an end."""
    if not members:
        return Planned([], [])
    found = await rows.alike(occasion.actor.organization, members)
    wanted = [(each, _wanted(each, change)) for each in found]
    await _keep_an_admin(occasion, wanted)
    moved, lacks = list[Standing](), dict[SeatType, Sequence[Pair]]()
    for seat_type in (None, *SeatType):
        there = [pair for pair in wanted if needed(pair[1], occasion) == seat_type]
        served = [pair for pair in there if seat_type is None or pair[1].seat == seat_type]
        moved += [_standing(one, one.members, replace(row, seat=seat_type, awaits_seat=None)) for one, row in served]
        lacking = [pair for pair in there if pair not in served]
        if seat_type is not None and lacking:
            lacks[seat_type] = lacking
    seated = await seat_all(occasion, lacks)
    moved += seated.moved
    for standing in moved:
        lifecycle.check(standing.before.status, MemberStatus(standing.after.status), occasion.cause)
    return Planned([standing for standing in moved if standing.is_moved], seated.claims)


async def carry_out(occasion: Occasion, planned: Planned) -> None:
    """Write what was planned: purchases, members, ledger and history."""
    organization, policies = occasion.actor.organization, occasion.book.policies
    erase_after = None
    if policies.delete_action is DeleteAction.REMOVE_MEMBER:
        erase_after = occasion.at + timedelta(days=policies.grace_days)
    for claim in planned.claims:
        await together(claim.parts)
    for each in planned.moved:
        await rows.assign(organization, each.members, each.after, occasion.at, erase_after=erase_after)
        await together(seating.exchanged(occasion, each.before.seat, each.after.seat, each.members))
        before, after = differences(_shown(each.before), _shown(each.after))
        change = occasion.past.change("updated", "member", each.members[0], before=before, after=after)
        await log.add_alike(change, each.members)


def is_astray(alike: AlikeRow) -> bool:
    """Whether members alike stand otherwise than the facts say; who waits for a seat may go on to."""
    due = _wanted(alike, lambda member: member)
    is_to_have_seat = due.status in HOLDS_SEAT
    if alike.status == MemberStatus.WAITING_FOR_SEAT and is_to_have_seat:
        return alike.seat is not None or alike.awaits_seat is None
    return (due.status, due.hold, is_to_have_seat) != (alike.status, alike.hold, alike.seat is not None)


def due(alike: AlikeRow) -> MemberStatus:
    """The status that members alike have by the facts, as if there were a seat for everybody."""
    return MemberStatus(_wanted(alike, lambda member: member).status)


def freed(planned: Planned) -> set[SeatType]:
    """The types of which seats became free: given back, or bought too many."""
    changed = [each for each in planned.moved if each.before.seat != each.after.seat]
    bought = [claim.assignment.purchase for claim in planned.claims if claim.assignment.purchase]
    return {SeatType(each.before.seat) for each in changed if each.before.seat} | {each.seat_type for each in bought}


async def promote(occasion: Occasion, seat_types: Collection[SeatType]) -> int:
    """Give free seats of these types to those who wait longest for one; how many got one."""
    count = 0
    organization = occasion.actor.organization
    promoting = replace(occasion, cause=Cause.SEAT_FREED)
    for seat_type in sorted(seat_types, key=list(SeatType).index):
        limit, used = await seat_rows.lock_pool(organization, seat_type)
        free = _ALL if limit is None else max(0, limit - used)
        waiting = await seat_rows.lock_awaiting(organization, seat_type, limit=free) if free else []
        planned = await plan(promoting, waiting, lambda member: member)
        await carry_out(promoting, planned)
        await role_changes.reassign(occasion.actor, waiting, occasion.at)
        count += len(waiting) + await promote(occasion, freed(planned))
    return count


def _wanted(alike: AlikeRow, change: Change) -> MemberRow:
    """One of the members, as the act wants them, with the status that follows."""
    records = Records(alike.known, alike.letting_in, alike.is_invited)
    member = lifecycle.released(change(_one_of(alike)), records)
    return replace(member, status=lifecycle.standing(member, records))


def _one_of(alike: AlikeRow) -> MemberRow:
    made = lifecycle.newcomer(
        alike.members[0],
        source=MemberSource.SCIM,
        managed_by=alike.managed_by,
        email=None,
        email_key=None,
        display_name=None,
        seat_type=alike.seat_type,
        at=_LONG_AGO,
        status=MemberStatus(alike.status),
    )
    locked = _LONG_AGO if alike.is_locked_out else None
    return replace(made, hold=alike.hold, locked_out_at=locked, seat=alike.seat, awaits_seat=alike.awaits_seat)


def needed(member: MemberRow, occasion: Occasion) -> SeatType | None:
    """The type of seat that a member who stands so needs, None for none."""
    if member.status not in HOLDS_SEAT:
        return None
    return seating.wish(member, occasion.book.seat_rules.default, is_new=False)


async def seat_all(occasion: Occasion, lacks: Mapping[SeatType, Sequence[Pair]]) -> Planned:
    """Those who need a seat of a type and have none: as many as there are get one, in their order."""
    moved, claims, short = list[Standing](), dict[SeatType, Claim](), list[Shortage]()
    for seat_type in (each for each in SeatType if lacks.get(each)):
        count = sum(len(alike.members) for alike, _ in lacks[seat_type])
        claims[seat_type] = await seating.claim(occasion, seat_type, count, beside=_cost(claims.values()))
        seated, without = _shared_out(claims[seat_type].assignment, seat_type, lacks[seat_type])
        moved, short = moved + seated, short + without
    granted = Counter({seat_type: claim.assignment.granted for seat_type, claim in claims.items()})
    moved += [await _meanwhile(occasion, each, granted) for each in short]
    return Planned(moved, list(claims.values()))


def _cost(claims: Iterable[Claim]) -> int:
    """What is bought by claims that are not written yet: all types of seats have one cap (C12)."""
    return sum(claim.assignment.purchase.amount_minor for claim in claims if claim.assignment.purchase)


def _shared_out(
    assignment: Assignment, seat_type: SeatType, lacking: Sequence[Pair]
) -> tuple[list[Standing], list[Shortage]]:
    """Those who need a seat of this type and have none: as many as there are get one, in their order."""
    left, seated, short = assignment.granted, list[Standing](), list[Shortage]()
    for alike, member in lacking:
        lucky, others = alike.members[:left], alike.members[left:]
        left -= len(lucky)
        if lucky:
            seated.append(_standing(alike, lucky, replace(member, seat=seat_type, awaits_seat=None)))
        if others:
            short.append(Shortage(alike, others, replace(member, awaits_seat=seat_type), assignment.substitute))
    return seated, short


async def _meanwhile(occasion: Occasion, short: Shortage, granted: Counter[SeatType]) -> Standing:
    """The standing of those who wait for a seat: with the one they have, a substitute, or none.

    `granted` counts what others got of each type on the same occasion.
    """
    member, given, count = short.wanted, short.substitute, len(short.members)
    if member.seat is None and given is not None and await seating.has_room(occasion, given, granted[given] + count):
        granted[given] += count
        member = replace(member, seat=given)
    if member.seat is None:
        member = replace(member, status=MemberStatus.WAITING_FOR_SEAT)
    return _standing(short.alike, short.members, member)


def _standing(alike: AlikeRow, members: Sequence[uuid.UUID], after: MemberRow) -> Standing:
    before = StandingRow(alike.status, alike.managed_by, alike.hold, alike.is_locked_out, alike.seat, alike.awaits_seat)
    is_locked_out = after.locked_out_at is not None
    row = StandingRow(after.status, after.managed_by, after.hold, is_locked_out, after.seat, after.awaits_seat)
    return Standing(members, alike.role_id, before, row)


async def _keep_an_admin(occasion: Occasion, wanted: Sequence[Pair]) -> None:
    losing: list[uuid.UUID] = []
    for alike, member in wanted:
        role = occasion.book.role(alike.role_id)
        is_leaving = alike.status == MemberStatus.ACTIVE and member.status != MemberStatus.ACTIVE
        if role is not None and role.is_admin and is_leaving:
            losing += alike.members
    if losing:
        await role_changes.keep_an_admin(occasion.actor.organization, losing, occasion.book)


def _shown(row: StandingRow) -> dict[str, object]:
    return {"status": row.status, "seat": row.seat, "managed_by": row.managed_by, "hold": row.hold}
