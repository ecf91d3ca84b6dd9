"""Who charges for seats, what it charged and would charge, and whether it charges for as many as there are."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import strawberry

from api.provisioning import billing_accounts, invoices, purchases, reconciliation
from api.provisioning.billing import InvoiceLine
from api.provisioning.reconciliation import Drift
from db.enums import BillingProvider, PurchaseState, SeatType

from . import ids, nodes
from .access import field
from .context import Info
from .money import Money, money
from .seat_lines import SeatPurchase


@strawberry.type(description="Something that is charged, or given back, for seats that were added in a period.")
class InvoiceEntry:
    line: strawberry.Private[InvoiceLine]
    key: strawberry.Private[uuid.UUID]
    text: str
    seat_type: SeatType | None
    quantity: int | None
    price: Money | None = strawberry.field(description="For one seat and a whole period.")
    amount: Money = strawberry.field(description="For all of them and the rest of the period; rounded by itself.")
    since: date
    until: date = strawberry.field(description="Not included.")
    state: PurchaseState | None

    @field(description="The purchase that it is for, where the provider says so.")
    async def purchase(self, info: Info) -> SeatPurchase | None:
        if self.line.purchase is None:
            return None
        found = await nodes.find(info, ids.write("SeatPurchase", self.key, self.line.purchase))
        return found if isinstance(found, SeatPurchase) else None


@strawberry.type(description="What is charged for seats that were added in a period, by whoever charges for them.")
class Invoice:
    provider: BillingProvider
    period_start: date
    period_end: date = strawberry.field(description="The first day of the next period.")
    lines: list[InvoiceEntry]
    sum: Money


@strawberry.type(description="What more seats would cost from now on, by whoever charges for them.")
class PurchasePreview:
    provider: BillingProvider
    price: Money = strawberry.field(description="For one seat and a whole period.")
    period_end: date = strawberry.field(description="The first day of the next period.")
    amount: Money = strawberry.field(description="For all of them and the rest of this period.")
    lines: list[InvoiceEntry]


@strawberry.type(description="A type of seats of which the provider charges for another number than there are.")
class BillingDrift:
    seat_type: SeatType
    ours: int = strawberry.field(description="Without what waits to be charged for.")
    theirs: int
    seen_at: datetime
    text: str


@strawberry.type(description="The item of a Stripe subscription that charges for the seats of a type.")
class StripeItem:
    seat_type: SeatType
    item: str


@strawberry.type(description="What an organization has at Stripe.")
class StripeAccount:
    customer: str
    subscription: str
    items: list[StripeItem]


@strawberry.type(description="Who charges an organization for seats.")
class BillingAccount:
    key: strawberry.Private[uuid.UUID]
    provider: BillingProvider
    is_default: bool = strawberry.field(description="Whether nothing was chosen for this organization.")
    stripe: StripeAccount | None
    host_url: str | None = strawberry.field(description="Where the host application is asked, if it charges.")
    compared_at: datetime | None = strawberry.field(description="When the provider was last asked what it charges for.")
    problem: str | None = strawberry.field(description="What was in the way then.")

    @field(assumed=2, description="Where its numbers and ours differ. Nothing is put right by itself.")
    async def drift(self, info: Info) -> list[BillingDrift]:
        return [drifted(each) for each in await reconciliation.drift(info.context.actor(self.key))]


@strawberry.type
class SeatBilling:
    """What an organization shows of how its seats are charged."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Who charges for seats.")
    async def billing(self, info: Info) -> BillingAccount:
        return await account(info, self.key)

    @field(
        weight=50,
        description="What is charged for seats that were added in a billing period. It asks the provider.",
    )
    async def invoice(
        self,
        info: Info,
        period: Annotated[str, strawberry.argument(description="The month in which it begins, such as `2026-11`.")],
    ) -> Invoice:
        found = await invoices.find(info.context.actor(self.key), period)
        return Invoice(
            provider=found.provider,
            period_start=found.period.start,
            period_end=found.period.end,
            lines=_entries(self.key, found.lines),
            sum=money(found.sum_minor, found.currency),
        )

    @field(weight=50, description="What more seats would cost from now on. It asks the provider.")
    async def purchase_preview(self, info: Info, seat_type: SeatType, quantity: int = 1) -> PurchasePreview:
        provider, seen = await purchases.preview(info.context.actor(self.key), seat_type, quantity)
        return PurchasePreview(
            provider=provider,
            price=money(seen.price.unit_minor, seen.price.currency),
            period_end=seen.price.period.end,
            amount=money(seen.amount_minor, seen.price.currency),
            lines=_entries(self.key, seen.lines),
        )


async def account(info: Info, organization: uuid.UUID) -> BillingAccount:
    """Who charges an organization."""
    found, stored = await billing_accounts.show(info.context.actor(organization))
    stripe = None
    if found.customer and found.subscription:
        items = [StripeItem(seat_type=seat_type, item=item) for seat_type, item in found.items.items()]
        stripe = StripeAccount(customer=found.customer, subscription=found.subscription, items=items)
    return BillingAccount(
        key=organization,
        provider=found.provider,
        is_default=stored is None or stored.provider is None,
        stripe=stripe,
        host_url=found.host_url,
        compared_at=stored.compared_at if stored else None,
        problem=stored.problem if stored else None,
    )


def drifted(row: Drift) -> BillingDrift:
    """What the schema shows of a difference."""
    return BillingDrift(seat_type=row.seat_type, ours=row.ours, theirs=row.theirs, seen_at=row.seen_at, text=row.text)


def _entries(organization: uuid.UUID, lines: Sequence[InvoiceLine]) -> list[InvoiceEntry]:
    return [
        InvoiceEntry(
            line=line,
            key=organization,
            text=line.text,
            seat_type=line.seat_type,
            quantity=line.quantity,
            price=None if line.unit_minor is None else money(line.unit_minor, line.currency),
            amount=money(line.amount_minor, line.currency),
            since=line.since,
            until=line.until,
            state=line.state,
        )
        for line in lines
    ]
