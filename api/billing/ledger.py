"""Rollcall's own ledger: purchases are lines of an invoice that the operator writes, so nobody has to be asked.

A seat costs, for the rest of its billing period, price × days left ÷ days of the period; see `proration`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from api.provisioning import proration, rulebook
from api.provisioning.billing import Account, Confirmation, InvoiceLine, Order, Price, Quote, Reservation
from api.provisioning.errors import ProviderRefused
from api.provisioning.proration import Period
from api.provisioning.seats import label
from db.enums import BillingProvider, SeatType

from . import recorded


class Ledger:
    """Charges by what was agreed with the organization: price, currency and periods."""

    is_serial = False

    async def preview(self, account: Account, seat_type: SeatType, quantity: int, at: datetime) -> Quote:
        day = at.astimezone(UTC).date()
        price = await _price(account, seat_type, day)
        line = InvoiceLine(
            text=recorded.text(seat_type, quantity),
            seat_type=seat_type,
            quantity=quantity,
            unit_minor=price.unit_minor,
            amount_minor=proration.charge(price.unit_minor, quantity, price.period, day),
            currency=price.currency,
            since=day,
            until=price.period.end,
        )
        return Quote(price, [line])

    async def reserve(self, account: Account, order: Order) -> Reservation:
        return Reservation("")

    async def confirm(self, account: Account, order: Order, reservation: str) -> Confirmation:
        """At once: the purchase is the line already."""
        return Confirmation()

    async def cancel(self, account: Account, order: Order, reservation: str) -> None:
        """Nothing: what failed is no line."""

    async def invoice_lines(self, account: Account, period: Period) -> Sequence[InvoiceLine]:
        return await recorded.lines(account.organization, BillingProvider.LEDGER, period)

    async def quantities(self, account: Account) -> Mapping[SeatType, int] | None:
        return None


async def _price(account: Account, seat_type: SeatType, day: date) -> Price:
    rules = (await rulebook.load(account.organization)).seat_rules
    unit, terms = rules.pool(seat_type).price_minor, rules.terms
    if terms is None:
        raise ProviderRefused("There are no billing terms yet. The operator has to set them first.")
    if unit is None or seat_type is SeatType.FREE:
        raise ProviderRefused(f"{label(seat_type)} seats are not sold.")
    return Price(unit, terms.currency, proration.period_of(terms.anchor, terms.interval, day))
