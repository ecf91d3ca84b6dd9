"""What mails about seats and money say. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.provisioning.currencies import decimal, money
from api.provisioning.notice_facts import Bought, CapReached, PurchaseFailed, PurchaseSummary, SeatThreshold
from api.provisioning.policy_values import SeatLimit
from api.provisioning.seats import label
from db.enums import SeatType

from .letters import Block, Letter, Link, Paragraph, Sender, Table, day, some

_NEXT = {
    SeatLimit.BLOCK: "nobody else who needs one comes in",
    SeatLimit.AUTO_PURCHASE: "more are bought automatically, up to the monthly cap",
    SeatLimit.HOLD: "whoever needs one waits until one is free",
    SeatLimit.DOWNGRADE_TO_FREE: "whoever needs one has a Guest seat until one is free",
    SeatLimit.ALLOW_OVERAGE: "more are taken than there are",
}


def purchase_summary(facts: PurchaseSummary, of: Sender, _: str) -> Letter:
    """What was bought, for whom, and what it costs (R132)."""
    amount = money(sum(each.amount_minor for each in facts.bought), facts.currency)
    count = sum(each.quantity for each in facts.bought)
    bought = _some(count, facts.bought)
    rows = [row for each in facts.bought for row in _rows(each, facts.currency)]
    sum_ = ("", "", "", "", "Sum", amount)
    return Letter(
        f"{bought} bought for {of.name} ({amount})",
        [
            Paragraph(
                f"All seats were taken, so {bought} {'was' if count == 1 else 'were'} bought automatically for"
                f" {of.name}, charged from the day on which each was added:"
            ),
            Table(("Seats", "For", "Added", "Price", "Days", "Charge"), [*rows, sum_], numbers=frozenset({3, 4, 5})),
            *_what_follows(facts),
            Link("See seats and purchases", f"{of.path}/seats"),
        ],
        why=_why(of),
    )


def purchase_failed(facts: PurchaseFailed, of: Sender, _: str) -> Letter:
    """Seats that could not be paid for."""
    seats = some(facts.quantity, f"{label(facts.seat_type)} seat")
    if facts.charged_minor is not None:
        return _purchase_beyond_cap(facts, facts.charged_minor, of, seats)
    if facts.waits:
        return _purchase_waits(facts, of, seats)
    return Letter(
        f"{seats} for {of.name} could not be paid for",
        [
            Paragraph(
                f"{seats} {'was' if facts.quantity == 1 else 'were'} reserved for"
                f" {money(facts.amount_minor, facts.currency)}, and that could not be paid: {facts.reason}"
            ),
            Paragraph("Nobody loses a seat or access by that. Put the payment right, or free the seats."),
            Link("See seats and purchases", f"{of.path}/seats"),
        ],
        why=_why(of),
    )


def _purchase_beyond_cap(facts: PurchaseFailed, charged_minor: int, of: Sender, seats: str) -> Letter:
    charged, reserved = money(charged_minor, facts.currency), money(facts.amount_minor, facts.currency)
    return Letter(
        f"{seats} for {of.name} cost more than you accepted",
        [
            Paragraph(
                f"{seats} {'was' if facts.quantity == 1 else 'were'} reserved for {reserved}, and whoever charges for"
                f" seats has charged {charged}. {facts.reason}"
            ),
            Paragraph("Nobody loses a seat or access by that. Ask whoever charges for seats to put it right."),
            Link("See seats and purchases", f"{of.path}/seats"),
        ],
        why=_why(of),
    )


def _purchase_waits(facts: PurchaseFailed, of: Sender, seats: str) -> Letter:
    amount = money(facts.amount_minor, facts.currency)
    return Letter(
        f"{seats} for {of.name} {'is' if facts.quantity == 1 else 'are'} not paid for yet",
        [
            Paragraph(
                f"{seats} {'was' if facts.quantity == 1 else 'were'} reserved for {amount} a day ago, and whoever"
                f" charges for seats has not confirmed that: {facts.reason}"
            ),
            Paragraph("It is tried again by itself. Nobody loses a seat or access by that."),
            Link("See seats and purchases", f"{of.path}/seats"),
        ],
        why=_why(of),
    )


def cap_reached(facts: CapReached, of: Sender, _: str) -> Letter:
    """A seat that the cap did not let through."""
    seats, needs = some(facts.quantity, f"{label(facts.seat_type)} seat"), money(facts.amount_minor, facts.currency)
    cap, spent = money(facts.cap_minor, facts.currency), money(facts.spent_minor, facts.currency)
    return Letter(
        f"The monthly cap for seats of {of.name} is reached",
        [
            Paragraph(
                f"Somebody was refused: {seats} more would be needed, for {needs}. The monthly cap is {cap}, of which"
                f" {spent} is spent."
            ),
            Paragraph("Free a seat, or accept a higher cap. The identity provider tries again by itself."),
            Link("Open Seats", f"{of.path}/seats"),
        ],
        why=_why(of),
    )


def seat_threshold(facts: SeatThreshold, of: Sender, _: str) -> Letter:
    """How many seats are taken, and what happens next."""
    name, is_full = label(facts.seat_type), facts.used >= facts.limit
    share = f"All {name}" if is_full else f"{facts.percent} % of the {name}"
    when = "From now on" if is_full else "Once all are taken,"
    return Letter(
        f"{share} seats of {of.name} are taken",
        [
            Paragraph(f"{facts.used:,} of {facts.limit:,} {name} seats are taken. {when} {_NEXT[facts.policy]}."),
            Paragraph("Free some, or raise the limit."),
            Link("Open Seats", f"{of.path}/seats"),
        ],
        why=_why(of),
    )


def _rows(bought: Bought, currency: str) -> Iterator[Sequence[str]]:
    """A line for each person; what it costs stands in the first."""
    days = f"{(bought.period_end - bought.added_on).days} of {(bought.period_end - bought.period_start).days}"
    seats = f"{bought.quantity} {label(bought.seat_type)}"
    first, *others = _for_whom(bought)
    added = f"{bought.added_on.day} {bought.added_on:%b %Y}"
    yield seats, first, added, decimal(bought.price_minor, currency), days, decimal(bought.amount_minor, currency)
    for each in others:
        yield "", each, "", "", "", ""


def _for_whom(bought: Bought) -> list[str]:
    listed = list(bought.people)
    if bought.people_in_all > len(listed):
        listed.append(f"and {bought.people_in_all - len(listed):,} more")
    if bought.quantity > bought.people_in_all:
        listed.append(f"{bought.quantity - bought.people_in_all:,} free")
    return listed


def _what_follows(facts: PurchaseSummary) -> Iterator[Block]:
    unconfirmed = sum(each.quantity for each in facts.bought if not each.is_confirmed)
    if unconfirmed:
        are = "is" if unconfirmed == 1 else "are"
        text = f"{unconfirmed:,} of them {are} still to be confirmed by the billing provider. People have their seats."
        yield Paragraph(text)
    told = []
    if facts.next_invoice_on is not None:
        told.append(f"The charge is on the next invoice, {day(facts.next_invoice_on)}.")
    if facts.cap_minor is not None:
        left = money(max(0, facts.cap_minor - facts.spent_minor), facts.currency)
        told.append(f"Of this month's cap of {money(facts.cap_minor, facts.currency)}, {left} is left.")
    if told:
        yield Paragraph(" ".join(told))


def _some(count: int, bought: Sequence[Bought]) -> str:
    types = {each.seat_type for each in bought}
    return some(count, f"{label(SeatType(types.pop()))} seat" if len(types) == 1 else "seat")


def _why(of: Sender) -> str:
    return f"you are a billing contact or an admin of {of.name}"
