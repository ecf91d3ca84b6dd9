"""Seats: how many there are, who took and gave them back, what was bought, and when they will all be taken."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated

import strawberry

from api.provisioning import seat_pools, seat_views, unused_seats
from api.provisioning.seat_pools import PoolView
from db.enums import BillingInterval, PurchaseState, SeatType
from db.seat_view_rows import AlertView, DayRow, EntryFilter, PurchaseFilter

from . import connections, ids
from .access import field
from .billing import SeatBilling
from .connections import After, Before, Connection, CountedConnection, First, Last
from .context import Info
from .moments import From, To, moment
from .money import Money, money
from .seat_lines import SeatEntry, SeatPurchase, entry, purchase


@strawberry.type(description="When the seats of a type will all be taken, if it goes on like the last four weeks.")
class SeatForecast:
    full_on: date
    daily_net_change: float = strawberry.field(description="So many more are taken each day, by the median.")
    text: str


@strawberry.type(description="The seats of one type.")
class SeatUsage:
    seat_type: SeatType
    label: str = strawberry.field(description="What people call it.")
    limit: int | None = strawberry.field(description="How many there are; null for no end.")
    used: int
    available: int | None = strawberry.field(description="Below zero where more are taken than there are.")
    waiting: int = strawberry.field(description="How many members wait for one.")
    price: Money | None = strawberry.field(description="For one seat and a whole period; null where it is not sold.")
    forecast: SeatForecast | None = strawberry.field(description="Null when it is not in sight.")
    thresholds_reached: list[int] = strawberry.field(description="In percent of the limit.")
    unused: int = strawberry.field(description="How many that are paid for were not needed for sixty days.")
    suggestion: str | None = strawberry.field(description="What could be done about those, for people.")


@strawberry.type(description="How a day ended, UTC.")
class SeatDay:
    day: date
    seat_type: SeatType
    used: int
    limit: int | None
    waiting: int


@strawberry.type(description="A threshold of use that was crossed.")
class SeatAlert:
    seat_type: SeatType
    percent: int
    used: int
    limit: int
    raised_at: datetime
    cleared_at: datetime | None = strawberry.field(description="When use fell below it again.")


@strawberry.type(description="What was agreed about buying seats.")
class BillingTerms:
    currency: str
    interval: BillingInterval
    anchor: date = strawberry.field(description="A day on which a period begins, UTC.")
    is_enrolled: bool = strawberry.field(description="Whether seats may be bought automatically.")
    pack_size: int = strawberry.field(description="How many are bought at a time.")
    monthly_cap: Money | None = strawberry.field(description="Null before anybody accepted one: nothing is bought.")
    spent_this_month: Money
    accepted_by: str | None
    accepted_at: datetime | None


@strawberry.input(description="Which lines of the ledger are wanted; all that is named has to be so.")
class SeatEntryFilter:
    seat_type: SeatType | None = None
    member_id: strawberry.ID | None = None
    from_: datetime | None = strawberry.field(name="from", default=None)
    to: datetime | None = None


@strawberry.type(description="The seats of an organization.")
class SeatOverview(SeatBilling):
    key: strawberry.Private[uuid.UUID]

    @field(assumed=3, description="Every type, with what is taken of it.")
    async def by_type(self, info: Info) -> list[SeatUsage]:
        actor = info.context.actor(self.key)
        terms = (await info.context.book(self.key)).terms
        return [_usage(each, terms.currency if terms else None) for each in await seat_pools.overview(actor)]

    @field(
        weight=5, assumed=400, description="How days ended, oldest first; at most 400, days that are unknown left out."
    )
    async def history(
        self,
        info: Info,
        from_: Annotated[date, strawberry.argument(name="from", description="The first day.")],
        to: Annotated[date, strawberry.argument(description="The last day.")],
        seat_type: SeatType | None = None,
    ) -> list[SeatDay]:
        return [_day(each) for each in await seat_views.days(info.context.actor(self.key), from_, to, seat_type)]

    @field(description="Who took and gave back seats, newest first.")
    async def ledger(
        self,
        info: Info,
        filter: SeatEntryFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[SeatEntry]:
        wanted = _entry_filter(filter or SeatEntryFilter())
        name = f"ledger {wanted}"
        span = connections.span(name, first, after, last, before)
        page = await seat_views.ledger(info.context.actor(self.key), wanted, span)
        return connections.connection(name, page, span, entry)

    @field(description="What was bought, newest first: the lines of invoices.")
    async def purchases(
        self,
        info: Info,
        from_: From = None,
        to: To = None,
        seat_type: SeatType | None = None,
        state: PurchaseState | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CountedConnection[SeatPurchase]:
        actor, wanted = info.context.actor(self.key), PurchaseFilter(moment(from_), moment(to), seat_type, state)
        name = f"purchases {wanted}"
        span = connections.span(name, first, after, last, before, key=datetime)
        page = await seat_views.purchases(actor, wanted, span)
        return connections.counted(name, page, span, purchase, lambda: seat_views.purchase_count(actor, wanted))

    @field(assumed=20, description="The fifty thresholds of use that were crossed last.")
    async def alerts(self, info: Info) -> list[SeatAlert]:
        return [_alert(each) for each in await seat_views.alerts(info.context.actor(self.key))]

    @field(description="Null before anything was agreed.")
    async def terms(self, info: Info) -> BillingTerms | None:
        found = await seat_views.spending(info.context.actor(self.key))
        if found is None:
            return None
        terms = found.terms
        cap = terms.monthly_cap_minor
        return BillingTerms(
            currency=terms.currency,
            interval=BillingInterval(terms.interval),
            anchor=terms.anchor,
            is_enrolled=terms.is_enrolled,
            pack_size=terms.pack_size,
            monthly_cap=None if cap is None else money(cap, terms.currency),
            spent_this_month=money(found.spent_minor, terms.currency),
            accepted_by=terms.accepted_by,
            accepted_at=terms.accepted_at,
        )


@strawberry.type
class OrganizationSeats:
    """What an organization shows of its seats."""

    key: strawberry.Private[uuid.UUID]

    @field(description="How many seats there are, and who has them.")
    async def seats(self) -> SeatOverview:
        return SeatOverview(key=self.key)


def _usage(row: PoolView, currency: str | None) -> SeatUsage:
    ahead = row.forecast
    return SeatUsage(
        seat_type=row.seat_type,
        label=row.label,
        limit=row.limit,
        used=row.used,
        available=row.free,
        waiting=row.waiting,
        price=None if row.price_minor is None else money(row.price_minor, currency),
        forecast=SeatForecast(full_on=ahead.full_on, daily_net_change=ahead.daily_change, text=ahead.text)
        if ahead
        else None,
        thresholds_reached=list(row.reached),
        unused=row.unused,
        suggestion=unused_seats.text(row.unused, row.label) if row.unused else None,
    )


def _day(row: DayRow) -> SeatDay:
    return SeatDay(
        day=row.day, seat_type=SeatType(row.seat_type), used=row.used, limit=row.seat_limit, waiting=row.waiting
    )


def _alert(row: AlertView) -> SeatAlert:
    return SeatAlert(
        seat_type=SeatType(row.seat_type),
        percent=row.percent,
        used=row.used,
        limit=row.seat_limit,
        raised_at=row.raised_at,
        cleared_at=row.cleared_at,
    )


def _entry_filter(asked: SeatEntryFilter) -> EntryFilter:
    member = ids.must_be(asked.member_id, "Member").id if asked.member_id else None
    return EntryFilter(asked.seat_type, member, moment(asked.from_), moment(asked.to))
