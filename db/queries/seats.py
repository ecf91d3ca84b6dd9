"""Seats: pools, how many are held, the ledger, and who waits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId, new_ids
from db.seat_rows import CapRow, EntryRow, PurchaseRow
from db.together import Part

_COUNT = """
INSERT INTO seat_count (organization_id, seat_type, slot, used) VALUES ($1, $2, pg_backend_pid() % 16, $3)
ON CONFLICT (organization_id, seat_type, slot) DO UPDATE SET used = seat_count.used + excluded.used
"""
_ENTER = """
INSERT INTO seat_entry (organization_id, id, seat_type, delta, member_id, cause, request_id, entered_at)
SELECT $1, made.id, $2, $3, made.member, $4, $5, $6 FROM unnest($7::uuid[], $8::uuid[]) AS made (id, member)
"""


def taken_parts(organization: uuid.UUID, entry: EntryRow, members: Sequence[uuid.UUID]) -> list[Part]:
    """The writes by which members take a seat of a type, or give it back, with one line of the ledger for each.

    Each connection counts in a slot, so that those who need not lock the pool do not queue up.
    """
    way = "taken" if entry.delta > 0 else "given"
    ids, named = new_ids(len(members)), list(members)
    return [
        Part(f"seats_{way}_{entry.seat_type}", _COUNT, (organization, entry.seat_type, entry.delta * len(named))),
        Part(
            f"entries_{way}_{entry.seat_type}",
            _ENTER,
            (
                organization,
                entry.seat_type,
                entry.delta,
                entry.cause,
                entry.request_id,
                entry.entered_at,
                ids,
                named,
            ),
        ),
    ]


async def lock_pool(organization: OrganizationId, seat_type: str) -> tuple[int | None, int]:
    """The limit of a pool and how many of its seats are held, while nobody else takes one.

    Two statements: what is held has to be counted after the lock was got.
    """
    limit = await sql.value(
        "SELECT seat_limit FROM seat_pool WHERE organization_id = $1 AND seat_type = $2 FOR UPDATE",
        organization,
        seat_type,
    )
    return limit, await used(organization, seat_type)  # type: ignore[return-value]  # a bigint or NULL


async def used(organization: OrganizationId, seat_type: str) -> int:
    """How many seats of a type are held."""
    found = await sql.value(
        "SELECT coalesce(sum(used), 0)::bigint FROM seat_count WHERE organization_id = $1 AND seat_type = $2",
        organization,
        seat_type,
    )
    return int(str(found))


async def spent(organization: OrganizationId, month: datetime, currency: str) -> int:
    """What is charged for seats that were reserved in the month (UTC) that begins at a moment, in minor units.

    What was bought in another currency, before the terms were changed, was within the cap of that time.
    """
    found = await sql.value(
        "SELECT coalesce(sum(amount_minor), 0)::bigint FROM seat_purchase"
        " WHERE organization_id = $1 AND state <> 'FAILED' AND reserved_at >= $2"
        " AND reserved_at < ($2 AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC' AND currency = $3",
        organization,
        month,
        currency,
    )
    return int(str(found))


async def lock_cap(organization: OrganizationId) -> CapRow | None:
    """What somebody accepted, as it is now, while nobody else buys any; None before there are terms.

    Each type of seats has a pool of its own, and all of them one cap. What is spent has to be asked after this.
    """
    found = await sql.row(
        "SELECT currency, monthly_cap_minor FROM billing_terms WHERE organization_id = $1 FOR UPDATE", organization
    )
    return CapRow(*found) if found else None


def purchase_parts(organization: uuid.UUID, row: PurchaseRow) -> list[Part]:
    """The writes of a purchase, which raises the limit of its pool."""
    values = (
        row.id,
        row.seat_type,
        row.quantity,
        row.price_minor,
        row.amount_minor,
        row.currency,
        row.period_start,
        row.period_end,
        row.added_on,
        row.state,
        row.provider,
        row.member_id,
        row.request_id,
        row.purchased_at,
    )
    return [
        Part(
            "seats_bought",
            """INSERT INTO seat_purchase (organization_id, id, seat_type, quantity, price_minor, amount_minor, currency,
                   period_start, period_end, added_on, state, provider, member_id, request_id, purchased_at,
                   reserved_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)""",
            (organization, *values),
        ),
        Part(
            "pool_raised",
            "UPDATE seat_pool SET seat_limit = seat_limit + $3 WHERE organization_id = $1 AND seat_type = $2",
            (organization, row.seat_type, row.quantity),
        ),
    ]


async def lock_pools(organization: OrganizationId, seat_types: Sequence[str]) -> None:
    """Lock the pools of these types, one after the other in this order."""
    await sql.rows(
        "SELECT 1 FROM seat_pool WHERE organization_id = $1 AND seat_type = ANY($2)"
        " ORDER BY array_position($2, seat_type) FOR UPDATE",
        organization,
        list(seat_types),
    )


async def awaited(organization: OrganizationId, seat_types: Sequence[str]) -> list[str]:
    """Those of the types of which somebody waits for a seat."""
    found = await sql.rows(
        "SELECT t.seat_type FROM unnest($2::text[]) AS t (seat_type)"
        " WHERE EXISTS (SELECT FROM member m WHERE m.organization_id = $1 AND m.awaits_seat = t.seat_type)",
        organization,
        list(seat_types),
    )
    return [row[0] for row in found]


_AWAITING = """
SELECT m.id FROM member m WHERE m.organization_id = $1 AND m.awaits_seat = $2 AND m.id <> ALL($4)
ORDER BY m.awaits_since, m.id LIMIT $3 FOR UPDATE
"""


async def lock_awaiting(organization: OrganizationId, seat_type: str, *, limit: int) -> list[uuid.UUID]:
    """Who waits longest for a seat of a type, locked; those whom somebody else changes just now come last."""
    found = [row[0] for row in await sql.rows(f"{_AWAITING} SKIP LOCKED", organization, seat_type, limit, [])]
    if len(found) < limit:
        found += [row[0] for row in await sql.rows(_AWAITING, organization, seat_type, limit - len(found), found)]
    return found
