"""Lines of an invoice by what Rollcall itself remembers of purchases, for providers that cannot be asked."""

from __future__ import annotations

from collections.abc import Sequence

from api.provisioning.billing import InvoiceLine
from api.provisioning.proration import Period
from api.provisioning.seats import label
from db.billing_rows import ChargeRow
from db.enums import BillingProvider, PurchaseState, SeatType
from db.ids import OrganizationId
from db.queries import purchases as rows


async def lines(organization: OrganizationId, provider: BillingProvider, period: Period) -> Sequence[InvoiceLine]:
    """What a provider was told to charge for seats that were added in a period, oldest first."""
    return [_line(row) for row in await rows.charges(organization, provider, period.start, period.end)]


def text(seat_type: SeatType, quantity: int) -> str:
    """What a line is for."""
    return f"{quantity} {label(seat_type)} seat{'' if quantity == 1 else 's'}"


def _line(row: ChargeRow) -> InvoiceLine:
    seat_type = SeatType(row.seat_type)
    return InvoiceLine(
        text=text(seat_type, row.quantity),
        seat_type=seat_type,
        quantity=row.quantity,
        unit_minor=row.price_minor,
        amount_minor=row.amount_minor,
        currency=row.currency,
        since=row.added_on,
        until=row.period_end,
        purchase=row.id,
        state=PurchaseState(row.state),
        email=row.email,
    )
