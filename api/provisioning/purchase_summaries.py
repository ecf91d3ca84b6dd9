"""Telling billing contacts what was bought automatically: one mail for an organization and a while (R132).

An hour after the first purchase, or at an hour of the day, everything that was bought by then goes into one mail, in
the transaction that notes that it was told: nobody is told twice, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from db.enums import PurchaseState, SeatType
from db.ids import OrganizationId
from db.queries import platform, seats
from db.queries import purchase_summaries as rows
from db.queries import seat_pools as pool_rows
from db.seat_rows import PurchaseRow
from db.transaction import transaction

from . import clock, notices
from .notice_facts import Bought, PurchaseSummary

COLLECTED = timedelta(minutes=60)
"""So long after the first purchase people are told, unless they are told at an hour of the day."""

_LISTED = 50


async def tell(hour: int | None) -> int:
    """Tell of purchases, of all organizations, that are due to be told; how many. For the clock.

    `hour` is that of the day (UTC) at which people are told, None for an hour after the first purchase.
    """
    found = await platform.with_untold_purchases(_closed(clock.now(), hour))
    return sum([await _tell(organization) for organization in found])


async def _tell(organization: OrganizationId) -> int:
    async def work() -> int:
        at = clock.now()
        found = [row for row in await rows.take(organization, at) if row.state != PurchaseState.FAILED]
        for currency in dict.fromkeys(row.currency for row in found):
            await _sum_up(organization, [row for row in found if row.currency == currency], at)
        return len(found)

    return await transaction(work)


async def _sum_up(organization: OrganizationId, bought: Sequence[PurchaseRow], at: datetime) -> None:
    people = await rows.people(organization, bought, limit=_LISTED)
    terms = await pool_rows.terms(organization)
    currency, cap = bought[0].currency, None
    if terms is not None and terms["currency"] == currency and terms["monthly_cap_minor"] is not None:
        cap = int(str(terms["monthly_cap_minor"]))
    month = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    facts = PurchaseSummary(
        currency=currency,
        bought=[_line(row, *people.get(row.id, ((), 0))) for row in bought],
        cap_minor=cap,
        spent_minor=await seats.spent(organization, month, currency),
        next_invoice_on=max(row.period_end for row in bought),
    )
    await notices.purchase_summary(organization, facts, bought[0].id, at)


def _closed(at: datetime, hour: int | None) -> datetime:
    """Whoever has bought something by then is told now."""
    if hour is None:
        return at - COLLECTED
    today = at.astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= at else today - timedelta(days=1)


def _line(row: PurchaseRow, people: Sequence[str], people_in_all: int) -> Bought:
    return Bought(
        seat_type=SeatType(row.seat_type),
        quantity=row.quantity,
        price_minor=row.price_minor,
        amount_minor=row.amount_minor,
        period_start=row.period_start,
        period_end=row.period_end,
        added_on=row.added_on,
        people=people,
        people_in_all=people_in_all,
        is_confirmed=row.state == PurchaseState.CONFIRMED,
    )
