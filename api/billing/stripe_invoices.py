"""What Stripe charges for seats that were added in a period: its prorations, invoiced already or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from api.provisioning.billing import Account, InvoiceLine
from api.provisioning.proration import Period
from db.enums import SeatType

from .stripe_client import Client
from .stripe_objects import InvoiceItem, InvoiceItems, Line, day, minor

_LATE = timedelta(days=62)
"""So long after the day for which it is a proration may be made: purchases wait while Stripe is away."""

_PAGE = "100"


async def lines(client: Client, account: Account, period: Period) -> Sequence[InvoiceLine]:
    """The lines, oldest first; Stripe's own periods may be other ones."""
    seat_types = {item: seat_type for seat_type, item in account.items.items()}
    found = [
        (each, seat_types[item])
        async for each in _all(client, account, period)
        if (item := each.proration_of()) in seat_types and period.start <= day(each.period.start) < period.end
    ]
    found.sort(key=lambda one: (one[0].period.start, one[0].id))
    return [line(each, seat_type) for each, seat_type in found]


def line(found: Line | InvoiceItem, seat_type: SeatType) -> InvoiceLine:
    """What is told of a line of Stripe's."""
    currency = found.currency.upper()
    return InvoiceLine(
        text=found.description or "Change of the number of seats",
        seat_type=seat_type,
        quantity=found.quantity,
        unit_minor=None,
        amount_minor=minor(found.amount, currency),
        currency=currency,
        since=day(found.period.start),
        until=day(found.period.end),
    )


async def _all(client: Client, account: Account, period: Period) -> AsyncIterator[InvoiceItem]:
    """Everything that was charged to the customer besides subscriptions as they are, and may be for the period."""
    asked = {
        "customer": str(account.customer),
        "created[gte]": str(_midnight(period.start)),
        "created[lt]": str(_midnight(period.end + _LATE)),
        "limit": _PAGE,
    }
    while True:
        some = await client.get("/v1/invoiceitems", InvoiceItems, **asked)
        for each in some.data:
            yield each
        if not some.has_more or not some.data:
            return
        asked["starting_after"] = some.data[-1].id


def _midnight(of: date) -> int:
    return int(datetime.combine(of, time(), UTC).timestamp())
