"""Lines of seats: who took one or gave it back, and what was bought."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import strawberry

from api.provisioning import seat_views
from api.provisioning.lifecycle import Cause
from db.enums import BillingProvider, PurchaseState, SeatType
from db.seat_view_rows import EntryView, PurchaseView

from . import ids, members
from .access import field
from .context import Info
from .members import Member
from .money import Money, money
from .nodes import Node, found_by


@strawberry.type(description="A line of the ledger of seats: one seat taken or given back.")
class SeatEntry(Node):
    row: strawberry.Private[EntryView]
    at: datetime
    seat_type: SeatType
    delta: int = strawberry.field(description="1 for a seat taken, -1 for one given back.")
    cause: Cause
    request_id: strawberry.ID | None = strawberry.field(description="The trace id of the request that caused it.")

    @field(description="Null for somebody of whom nothing is kept.")
    async def member(self, info: Info) -> Member | None:
        return await members.find(info, self.row.organization_id, self.row.member_id)


@strawberry.type(description="Seats that were bought.")
class SeatPurchase(Node):
    row: strawberry.Private[PurchaseView]
    at: datetime
    seat_type: SeatType
    quantity: int
    price: Money = strawberry.field(description="For one seat and a whole period.")
    prorated_amount: Money = strawberry.field(description="For all of them and the rest of the period.")
    period_start: date
    period_end: date = strawberry.field(description="The first day of the next period.")
    added_on: date
    remaining_days: int = strawberry.field(description="For so many days they were charged.")
    state: PurchaseState
    provider: BillingProvider = strawberry.field(description="Who charges for it.")
    attempts: int = strawberry.field(description="How often the provider was asked to confirm it.")
    next_attempt_at: datetime | None = strawberry.field(description="When it is asked again, if it has to be.")
    reason: str | None = strawberry.field(description="What is in the way, or why it failed, for people.")
    reference: str | None = strawberry.field(description="What the provider calls it.")
    settled_at: datetime | None = strawberry.field(description="When it was confirmed or failed.")
    request_id: strawberry.ID | None = strawberry.field(description="The trace id of the request that caused it.")

    @field(description="For whom, if for one.")
    async def member(self, info: Info) -> Member | None:
        known = self.row.member_id
        return await members.find(info, self.row.organization_id, known) if known else None


def entry(row: EntryView) -> SeatEntry:
    """What the schema shows of a line of the ledger."""
    return SeatEntry(
        id=ids.write("SeatEntry", row.organization_id, row.id),
        row=row,
        at=row.entered_at,
        seat_type=SeatType(row.seat_type),
        delta=row.delta,
        cause=Cause(row.cause),
        request_id=strawberry.ID(str(row.request_id)) if row.request_id else None,
    )


def purchase(row: PurchaseView) -> SeatPurchase:
    """What the schema shows of a purchase."""
    return SeatPurchase(
        id=ids.write("SeatPurchase", row.organization_id, row.id),
        row=row,
        at=row.purchased_at,
        seat_type=SeatType(row.seat_type),
        quantity=row.quantity,
        price=money(row.price_minor, row.currency),
        prorated_amount=money(row.amount_minor, row.currency),
        period_start=row.period_start,
        period_end=row.period_end,
        added_on=row.added_on,
        remaining_days=seat_views.remaining_days(row),
        state=PurchaseState(row.state),
        provider=BillingProvider(row.provider),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        reason=row.reason,
        reference=row.reference,
        settled_at=row.settled_at,
        request_id=strawberry.ID(str(row.request_id)) if row.request_id else None,
    )


@found_by("SeatEntry")
async def _find_entry(info: Info, organization: uuid.UUID, id: uuid.UUID) -> SeatEntry | None:
    row = await info.context.load(seat_views.entries, organization, id)
    return entry(row) if row else None


@found_by("SeatPurchase")
async def _find_purchase(info: Info, organization: uuid.UUID, id: uuid.UUID) -> SeatPurchase | None:
    row = await info.context.load(seat_views.purchases_by_id, organization, id)
    return purchase(row) if row else None
