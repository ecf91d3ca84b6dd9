"""Taking seats and giving them back: the one guard that every way in passes (REQUIREMENTS R139, R140)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from uuid import UUID

from api.outbox import tasks
from db.enums import PurchaseState, SeatType
from db.ids import new_id
from db.queries import log
from db.queries import seats as rows
from db.rows import MemberRow
from db.seat_rows import CapRow, EntryRow, PurchaseRow
from db.together import Part

from . import billing_accounts, proration, seat_alerts, seats, settlements
from .currencies import money
from .decisions import Decided, Decision
from .errors import SeatLimitReached
from .occasion import Occasion
from .policy_values import SeatLimit
from .seats import Assignment, Purchase, Terms, Usage, label


@dataclass(frozen=True, slots=True)
class Seated:
    """A member with the seat that they have now, what has to be written for it, and why.

    `spare` is the type of which more seats were bought than the member needs.
    """

    row: MemberRow
    parts: tuple[Part, ...] = ()
    decisions: tuple[Decision, ...] = ()
    spare: SeatType | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Seats that were claimed, and what has to be written besides the ledger: a purchase, thresholds crossed."""

    assignment: Assignment
    parts: tuple[Part, ...] = ()


_MAKES_WAIT = frozenset({SeatLimit.HOLD, SeatLimit.DOWNGRADE_TO_FREE})


def wish(member: MemberRow, default: SeatType, *, is_new: bool) -> SeatType:
    """The type of seat that a member wants; the default is for who comes, and for who wants no type any more.

    Who has a seat keeps its type when the organization chooses another default.
    """
    known = member.seat_type or (None if is_new else member.awaits_seat or member.seat)
    return SeatType(known) if known else default


async def seat(occasion: Occasion, member: MemberRow, *, needs_one: bool, is_new: bool) -> Seated:
    """A member with the seat that they need, or none; raises SeatLimitReached where nobody gets in without.

    Who changes the type and finds no seat keeps the one they have, and waits. Locks the pool where it has an end.
    """
    if not needs_one:
        return _without(occasion, member)
    wanted = wish(member, occasion.book.seat_rules.default, is_new=is_new)
    if member.seat == wanted:
        return Seated(replace(member, awaits_seat=None, awaits_since=None))
    if member.seat is not None:
        await _line_up(occasion, {SeatType(member.seat), wanted})
    claimed = await claim(occasion, wanted, 1, member.id)
    assignment, told = claimed.assignment, _told_of(claimed.assignment.purchase)
    if assignment.granted:
        row = replace(member, seat=wanted, awaits_seat=None, awaits_since=None)
        told.append(Decision(Decided.SEAT, f"Takes a {label(wanted)} seat."))
        parts = (*claimed.parts, *exchanged(occasion, member.seat, wanted, [member.id]))
        is_spare = assignment.purchase is not None and assignment.purchase.quantity > 1
        return Seated(row, parts, tuple(told), wanted if is_spare else None)
    since = member.awaits_since if member.awaits_seat == wanted else occasion.at
    row = replace(member, awaits_seat=wanted, awaits_since=since)
    if member.seat is not None:
        text = f"No {label(wanted)} seat is free: keeps the {label(SeatType(member.seat))} seat until one is."
        return Seated(row, (), (Decision(Decided.SEAT, text),))
    if assignment.substitute is not None and await has_room(occasion, assignment.substitute, 1):
        given = assignment.substitute
        text = f"No {label(wanted)} seat is free: has a {label(given)} seat until one is."
        parts = tuple(exchanged(occasion, None, given, [member.id]))
        return Seated(replace(row, seat=given), parts, (Decision(Decided.SEAT, text),))
    return Seated(row, (), (Decision(Decided.SEAT, f"No {label(wanted)} seat is free: waits for one."),))


async def claim(
    occasion: Occasion, seat_type: SeatType, count: int, member: UUID | None = None, *, beside: int = 0
) -> Claim:
    """Seats of a type for so many people, by the rules and what is taken; nothing is written yet.

    The pool stays locked until the transaction ends. `member` is for whom, if for one; `beside` is what costs, in minor
    units, what else was claimed on this occasion and is not written yet. Raises SeatLimitReached.
    """
    rules = occasion.book.seat_rules
    if rules.pool(seat_type).limit is None:
        return Claim(Assignment(count))
    organization = occasion.actor.organization
    limit, used = await rows.lock_pool(organization, seat_type)
    now = replace(rules, pools={**rules.pools, seat_type: replace(rules.pool(seat_type), limit=limit)})
    is_short = limit is not None and used + count > limit
    spent = 0
    if is_short and rules.policy is SeatLimit.AUTO_PURCHASE and (cap := await rows.lock_cap(organization)):
        # Neither terms nor cap are held by whoever follows the rules: somebody may have taken them back since.
        now = replace(now, terms=_as_accepted(rules.terms, cap))
        spent = beside + await rows.spent(organization, proration.month_of(occasion.at), cap.currency)
    assigned = seats.assign(now, seat_type, count, Usage(used, spent), occasion.at.astimezone(UTC).date())
    bought = assigned.purchase.quantity if assigned.purchase else 0
    parts = await _purchase_parts(occasion, assigned.purchase, member) if assigned.purchase else []
    there = limit or 0
    parts += await seat_alerts.parts(
        occasion, seat_type, used, used + assigned.granted, limit_before=there, limit=there + bought
    )
    return Claim(assigned, tuple(parts))


def _as_accepted(terms: Terms | None, cap: CapRow) -> Terms | None:
    """The terms with what somebody accepts now."""
    amount = cap.monthly_cap_minor
    if terms is None:
        return None
    return replace(terms, currency=cap.currency, monthly_cap_minor=amount, is_accepted=amount is not None)


def exchanged(occasion: Occasion, before: str | None, after: str | None, members: Sequence[UUID]) -> list[Part]:
    """The writes by which members give one seat back and take another; nothing where both are the same."""
    if before == after or not members:
        return []
    parts = []
    for seat_type, delta in ((before, -1), (after, 1)):
        if seat_type is not None:
            entry = EntryRow(seat_type, delta, occasion.cause, occasion.request, occasion.at)
            parts += rows.taken_parts(occasion.actor.organization, entry, members)
    return parts


async def _purchase_parts(occasion: Occasion, purchase: Purchase, member: UUID | None) -> list[Part]:
    """The writes of a purchase that is reserved, and of the task that has its provider confirm it."""
    organization = occasion.actor.organization
    row = PurchaseRow(
        id=new_id(),
        seat_type=purchase.seat_type,
        quantity=purchase.quantity,
        price_minor=purchase.price_minor,
        amount_minor=purchase.amount_minor,
        currency=purchase.currency,
        period_start=purchase.period.start,
        period_end=purchase.period.end,
        added_on=purchase.added_on,
        state=PurchaseState.RESERVED,
        provider=(await billing_accounts.find(organization)).provider,
        member_id=member,
        request_id=occasion.request,
        purchased_at=occasion.at,
    )
    told = {
        "purchase": row.id,
        "provider": row.provider,
        "seat_type": row.seat_type,
        "quantity": row.quantity,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "period_end": row.period_end,
    }
    change = occasion.past.change("seats_purchased", "organization", organization, member=member, after=told)
    return [
        *rows.purchase_parts(organization, row),
        log.change_part(change, "purchase_remembered"),
        tasks.put_part("purchase_to_settle", settlements.task(organization, row.id)),
    ]


def _told_of(purchase: Purchase | None) -> list[Decision]:
    if purchase is None:
        return []
    cost, name = money(purchase.amount_minor, purchase.currency), label(purchase.seat_type)
    text = f"All {name} seats were taken: bought {purchase.quantity} more for {cost} until {purchase.period.end}."
    return [Decision(Decided.SEAT, text)]


def _without(occasion: Occasion, member: MemberRow) -> Seated:
    row = replace(member, seat=None, awaits_seat=None, awaits_since=None)
    if member.seat is None:
        return Seated(row)
    told = Decision(Decided.SEAT, f"Gives the {label(SeatType(member.seat))} seat back.")
    return Seated(row, tuple(exchanged(occasion, member.seat, None, [member.id])), (told,))


async def awaited(occasion: Occasion, vacant: Collection[SeatType]) -> frozenset[SeatType]:
    """Those types of vacant seats that somebody waits for; nobody begins to before this transaction ends.

    Whoever gives a seat back and whoever finds none lock the same pool: else neither would see the other.
    """
    limited = await _line_up(occasion, vacant)
    found = await rows.awaited(occasion.actor.organization, limited) if limited else []
    return frozenset(SeatType(each) for each in found)


async def _line_up(occasion: Occasion, seat_types: Collection[SeatType]) -> list[SeatType]:
    """The types among these that have an end, their pools locked in order where somebody may have to wait."""
    rules = occasion.book.seat_rules
    limited = [each for each in SeatType if each in seat_types and rules.pool(each).limit is not None]
    if limited and rules.policy in _MAKES_WAIT:
        await rows.lock_pools(occasion.actor.organization, limited)
    return limited


async def has_room(occasion: Occasion, seat_type: SeatType, count: int) -> bool:
    """Whether so many people find a seat of a type without anything being bought or waited for."""
    try:
        return (await claim(occasion, seat_type, count)).assignment.granted == count
    except SeatLimitReached:
        return False
