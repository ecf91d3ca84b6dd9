"""The ledger of seats, purchases, days, alerts and terms, as people look at them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.enums import SeatType
from db.pages import Page, Span
from db.queries import seat_views as rows
from db.queries import seats as seat_rows
from db.seat_view_rows import AlertView, DayRow, EntryFilter, EntryView, PurchaseFilter, PurchaseView, TermsView

from . import clock
from .actor import Actor, Right
from .errors import BadSetting
from .proration import Period, month_of

LONGEST_DAYS = 400
ALERTS = 50


@dataclass(frozen=True, slots=True)
class Spending:
    """What was agreed about buying seats, and what was spent in this calendar month."""

    terms: TermsView
    spent_minor: int


async def ledger(actor: Actor, wanted: EntryFilter, span: Span) -> Page[EntryView]:
    """Lines of the ledger, newest first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.entry_page(actor.organization, wanted, span)


async def entries(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, EntryView]:
    """Lines of the ledger by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.entries(actor.organization, ids)}


async def purchases(actor: Actor, wanted: PurchaseFilter, span: Span) -> Page[PurchaseView]:
    """Purchases of a filter, newest first: the lines of an invoice (R132)."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.purchase_page(actor.organization, wanted, span)


async def purchase_count(actor: Actor, wanted: PurchaseFilter) -> int:
    """How many purchases a filter has."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.purchase_count(actor.organization, wanted)


async def purchases_by_id(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, PurchaseView]:
    """Purchases by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.purchases(actor.organization, ids)}


async def days(actor: Actor, since: date, until: date, seat_type: SeatType | None) -> list[DayRow]:
    """How days ended, of one type or of all, both named ones included; raises BadSetting for too many."""
    actor.must(Right.ORGANIZATION_READ)
    if not 0 <= (until - since).days < LONGEST_DAYS:
        raise BadSetting(f"Ask for at most {LONGEST_DAYS} days, and for the earlier one first.")
    types = [seat_type] if seat_type else list(SeatType)
    return await rows.days(actor.organization, types, since, until)


async def alerts(actor: Actor) -> list[AlertView]:
    """The newest thresholds that were crossed."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.alerts(actor.organization, limit=ALERTS)


async def spending(actor: Actor) -> Spending | None:
    """The terms and what was spent of them, None if nothing was agreed."""
    actor.must(Right.ORGANIZATION_READ)
    found = await rows.terms(actor.organization)
    if found is None:
        return None
    return Spending(found, await seat_rows.spent(actor.organization, month_of(clock.now()), found.currency))


def remaining_days(purchase: PurchaseView) -> int:
    """For how many days of its period a purchase was charged."""
    return Period(purchase.period_start, purchase.period_end).remaining(purchase.added_on)
