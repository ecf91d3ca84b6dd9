"""Who gets which seat, and what happens when all are taken. Pure (REQUIREMENTS §1.9, C12, D5).

Money is whole minor units of a currency; what seats bought on a day cost for the rest of the period says `proration`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db.enums import BillingInterval, SeatType

from . import proration
from .currencies import money
from .errors import CapReached, SeatLimitReached
from .policy_values import SeatLimit
from .proration import Period


@dataclass(frozen=True, slots=True)
class Pool:
    """The seats of a type: how many there are, None for no end, and what one costs for a period, None if not sold."""

    limit: int | None = None
    price_minor: int | None = None


UNLIMITED = Pool()


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organization agreed to pay for; nothing is bought automatically before somebody accepted a cap."""

    currency: str
    interval: BillingInterval
    anchor: date
    is_enrolled: bool = False
    monthly_cap_minor: int | None = None
    pack_size: int = 1
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides about seats: the policy, every type's pool, and the terms if there are any."""

    policy: SeatLimit
    default: SeatType
    pools: Mapping[SeatType, Pool]
    terms: Terms | None = None

    def pool(self, seat_type: SeatType) -> Pool:
        """The pool of a type; without one there is no end."""
        return self.pools.get(seat_type, UNLIMITED)


@dataclass(frozen=True, slots=True)
class Purchase:
    """Seats to be bought, and what they cost for the rest of the period."""

    seat_type: SeatType
    quantity: int
    price_minor: int
    amount_minor: int
    currency: str
    period: Period
    added_on: date


@dataclass(frozen=True, slots=True)
class Usage:
    """How many seats of a type are held, and what was spent on seats in this calendar month."""

    used: int
    spent_minor: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    """What becomes of those who need a seat: so many get one, some after a purchase; the others have to wait.

    `substitute` is the seat that they have meanwhile.
    """

    granted: int
    waiting: int = 0
    purchase: Purchase | None = None
    substitute: SeatType | None = None


def assign(rules: Rules, seat_type: SeatType, wanted: int, usage: Usage, today: date) -> Assignment:
    """Seats for so many people who need one of a type; raises SeatLimitReached where nobody gets in without.

    With BLOCK, and where buying is not possible, it is all or nothing.
    """
    limit = rules.pool(seat_type).limit
    if limit is None or usage.used + wanted <= limit or rules.policy is SeatLimit.ALLOW_OVERAGE:
        return Assignment(wanted)
    free = max(0, limit - usage.used)
    match rules.policy:
        case SeatLimit.AUTO_PURCHASE:
            return Assignment(wanted, purchase=_purchase(rules, seat_type, wanted - free, usage, today))
        case SeatLimit.HOLD:
            return Assignment(free, waiting=wanted - free)
        case SeatLimit.DOWNGRADE_TO_FREE if seat_type is not SeatType.FREE:
            return Assignment(free, waiting=wanted - free, substitute=SeatType.FREE)
    raise SeatLimitReached(f"{_taken(limit, seat_type)} Free one, or raise the limit under Seats.")


def label(seat_type: SeatType) -> str:
    """What people call a seat (R127)."""
    return {SeatType.FULL: "Full", SeatType.LITE: "Lite", SeatType.FREE: "Guest"}[seat_type]


def _purchase(rules: Rules, seat_type: SeatType, missing: int, usage: Usage, today: date) -> Purchase:
    """What has to be bought; raises SeatLimitReached with what is in the way."""
    pool, terms = rules.pool(seat_type), rules.terms
    taken = _taken(pool.limit or 0, seat_type)
    if seat_type is SeatType.FREE or pool.price_minor is None:
        raise SeatLimitReached(f"{taken} {label(seat_type)} seats are not sold: free one, or raise the limit.")
    if terms is None or not terms.is_enrolled:
        raise SeatLimitReached(f"{taken} The organization is not enrolled for automatic purchase.")
    if not terms.is_accepted or terms.monthly_cap_minor is None:
        raise SeatLimitReached(f"{taken} Nobody with the permission billing.manage has accepted a monthly cap yet.")
    quantity = -(-missing // terms.pack_size) * terms.pack_size
    period = proration.period_of(terms.anchor, terms.interval, today)
    amount = proration.charge(pool.price_minor, quantity, period, today)
    if usage.spent_minor + amount > terms.monthly_cap_minor:
        cap, spent = money(terms.monthly_cap_minor, terms.currency), money(usage.spent_minor, terms.currency)
        raise CapReached(
            f"{taken} {_some(quantity, seat_type)} for {money(amount, terms.currency)} would exceed the monthly cap of"
            f" {cap}, of which {spent} are spent. Free a seat, or raise the cap under Seats.",
            seat_type=seat_type,
            quantity=quantity,
            amount_minor=amount,
            currency=terms.currency,
            cap_minor=terms.monthly_cap_minor,
            spent_minor=usage.spent_minor,
        )
    return Purchase(seat_type, quantity, pool.price_minor, amount, terms.currency, period, today)


def _taken(limit: int, seat_type: SeatType) -> str:
    if limit == 0:
        return f"There are no {label(seat_type).lower()} seats."
    return (
        f"The only {label(seat_type).lower()} seat is taken."
        if limit == 1
        else f"All {limit} {label(seat_type).lower()} seats are taken."
    )


def _some(quantity: int, seat_type: SeatType) -> str:
    return f"{quantity} {label(seat_type).lower()} seat{'' if quantity == 1 else 's'}"
