"""The ledger of seats, purchases, days and alerts, for those who look at them in pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

import asyncpg

from db import pages, sql
from db.ids import OrganizationId, first_id
from db.pages import Order, Page, Span
from db.seat_view_rows import AlertView, DayRow, EntryFilter, EntryView, PurchaseFilter, PurchaseView, TermsView

V = TypeVar("V")

_ENTRY = """
SELECT e.organization_id, e.id, e.seat_type, e.delta, e.member_id, e.cause, e.request_id, e.entered_at
FROM seat_entry e"""
_PURCHASE = """
SELECT p.organization_id, p.id, p.seat_type, p.quantity, p.price_minor, p.amount_minor, p.currency, p.period_start,
       p.period_end, p.added_on, p.state, p.provider, p.attempts, p.next_attempt_at, p.reference, p.reason,
       p.settled_at, p.member_id, p.request_id, p.purchased_at
FROM seat_purchase p"""

_SLACK = timedelta(hours=1)
"""Ids tell the time within that, so that their index finds a time; the exact one is compared besides."""


async def entry_page(organization: OrganizationId, wanted: EntryFilter, span: Span) -> Page[EntryView]:
    """Lines of the ledger, newest first."""
    where, args = ["e.organization_id = $1"], list[object]([organization])

    def narrow(condition: str, value: object) -> None:
        args.append(value)
        where.append(condition.format(f"${len(args)}"))

    if wanted.seat_type is not None:
        narrow("e.seat_type = {}", wanted.seat_type)
    if wanted.member is not None:
        narrow("e.member_id = {}", wanted.member)
    if wanted.since is not None:
        narrow("e.id >= {}", first_id(wanted.since - _SLACK))
        narrow("e.entered_at >= {}", wanted.since)
    if wanted.until is not None:
        narrow("e.id < {}", first_id(wanted.until + _SLACK))
        narrow("e.entered_at < {}", wanted.until)
    order = Order("e.id", "e.id", is_descending=True)
    return _viewed(await pages.page(_ENTRY, where, args, order, span), EntryView)


async def entries(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[EntryView]:
    """Lines of the ledger by id."""
    found = await sql.rows(f"{_ENTRY} WHERE e.organization_id = $1 AND e.id = ANY($2)", organization, list(ids))
    return [EntryView(*row) for row in found]


async def purchase_page(organization: OrganizationId, wanted: PurchaseFilter, span: Span) -> Page[PurchaseView]:
    """Purchases of a filter, newest first."""
    where, args = _purchased(organization, wanted)
    order = Order("p.purchased_at", "p.id", "timestamptz", is_descending=True)
    return _viewed(await pages.page(_PURCHASE, where, args, order, span), PurchaseView)


async def purchase_count(organization: OrganizationId, wanted: PurchaseFilter) -> int:
    """How many purchases a filter has."""
    where, args = _purchased(organization, wanted)
    found = await sql.value(f"SELECT count(*) FROM seat_purchase p WHERE {' AND '.join(where)}", *args)
    return int(str(found))


async def purchases(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[PurchaseView]:
    """Purchases by id."""
    found = await sql.rows(f"{_PURCHASE} WHERE p.organization_id = $1 AND p.id = ANY($2)", organization, list(ids))
    return [PurchaseView(*row) for row in found]


async def days(organization: OrganizationId, seat_types: Sequence[str], since: date, until: date) -> list[DayRow]:
    """How days ended, oldest first, both named ones included; days without a snapshot are missing."""
    found = await sql.rows(
        "SELECT day, seat_type, used, seat_limit, waiting FROM seat_snapshot WHERE organization_id = $1"
        " AND seat_type = ANY($2) AND day BETWEEN $3 AND $4 ORDER BY day, array_position($2, seat_type)",
        organization,
        list(seat_types),
        since,
        until,
    )
    return [DayRow(*row) for row in found]


async def alerts(organization: OrganizationId, *, limit: int) -> list[AlertView]:
    """The newest alerts."""
    found = await sql.rows(
        "SELECT seat_type, percent, used, seat_limit, raised_at, cleared_at FROM seat_alert"
        " WHERE organization_id = $1 ORDER BY raised_at DESC, id DESC LIMIT $2",
        organization,
        limit,
    )
    return [AlertView(*row) for row in found]


async def terms(organization: OrganizationId) -> TermsView | None:
    """What was agreed about buying seats."""
    found = await sql.row(
        "SELECT currency, interval, anchor, is_enrolled, monthly_cap_minor, pack_size, accepted_by, accepted_at"
        " FROM billing_terms WHERE organization_id = $1",
        organization,
    )
    return TermsView(*found) if found else None


def _purchased(organization: uuid.UUID, wanted: PurchaseFilter) -> tuple[list[str], list[object]]:
    where, args = ["p.organization_id = $1"], list[object]([organization])
    for condition, value in (
        ("p.purchased_at >=", wanted.since),
        ("p.purchased_at <", wanted.until),
        ("p.seat_type =", wanted.seat_type),
        ("p.state =", wanted.state),
    ):
        if value is not None:
            args.append(value)
            where.append(f"{condition} ${len(args)}")
    return where, args


def _viewed(page: Page[asyncpg.Record], view: type[V]) -> Page[V]:
    return Page([view(*row[:-2]) for row in page.rows], page.places, page.has_more)
