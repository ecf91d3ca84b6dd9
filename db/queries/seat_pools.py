"""What an organization has of seats and what it agreed to pay, for those who look at it or choose it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from db import sql
from db.ids import OrganizationId

_OVERVIEW = """
SELECT t.seat_type, p.seat_limit, p.price_minor,
       (SELECT coalesce(sum(c.used), 0)::bigint FROM seat_count c
         WHERE c.organization_id = $1 AND c.seat_type = t.seat_type) AS used,
       (SELECT count(*) FROM member m WHERE m.organization_id = $1 AND m.awaits_seat = t.seat_type) AS waiting
FROM unnest($2::text[]) WITH ORDINALITY AS t (seat_type, number)
LEFT JOIN seat_pool p ON p.organization_id = $1 AND p.seat_type = t.seat_type
ORDER BY t.number
"""


async def overview(organization: OrganizationId, seat_types: list[str]) -> list[dict[str, object]]:
    """Limit, price, seats held and people who wait, for each type in this order."""
    found = await sql.rows(_OVERVIEW, organization, seat_types)
    return [dict(row) for row in found]


async def set_limit(organization: OrganizationId, seat_type: str, limit: int | None) -> int | None:
    """Choose how many seats of a type there are; how many there were."""
    before = await sql.value(
        "SELECT seat_limit FROM seat_pool WHERE organization_id = $1 AND seat_type = $2", organization, seat_type
    )
    await sql.rows(
        "INSERT INTO seat_pool (organization_id, seat_type, seat_limit) VALUES ($1, $2, $3)"
        " ON CONFLICT (organization_id, seat_type) DO UPDATE SET seat_limit = excluded.seat_limit",
        organization,
        seat_type,
        limit,
    )
    return before  # type: ignore[return-value]  # a bigint or NULL


async def set_price(organization: OrganizationId, seat_type: str, price_minor: int | None) -> int | None:
    """Choose what a seat of a type costs for a period; what it cost."""
    before = await sql.value(
        "SELECT price_minor FROM seat_pool WHERE organization_id = $1 AND seat_type = $2", organization, seat_type
    )
    await sql.rows(
        "INSERT INTO seat_pool (organization_id, seat_type, price_minor) VALUES ($1, $2, $3)"
        " ON CONFLICT (organization_id, seat_type) DO UPDATE SET price_minor = excluded.price_minor",
        organization,
        seat_type,
        price_minor,
    )
    return before  # type: ignore[return-value]  # a bigint or NULL


async def set_terms(
    organization: OrganizationId, *, currency: str, interval: str, anchor: date, is_enrolled: bool, pack_size: int
) -> None:
    """Write the terms; a cap that was accepted for another currency is void."""
    await sql.rows(
        """INSERT INTO billing_terms (organization_id, currency, interval, anchor, is_enrolled, pack_size)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (organization_id) DO UPDATE
           SET currency = excluded.currency, interval = excluded.interval, anchor = excluded.anchor,
               is_enrolled = excluded.is_enrolled, pack_size = excluded.pack_size,
               monthly_cap_minor = CASE WHEN billing_terms.currency = excluded.currency
                   THEN billing_terms.monthly_cap_minor END,
               accepted_by = CASE WHEN billing_terms.currency = excluded.currency THEN billing_terms.accepted_by END,
               accepted_at = CASE WHEN billing_terms.currency = excluded.currency THEN billing_terms.accepted_at END""",
        organization,
        currency,
        interval,
        anchor,
        is_enrolled,
        pack_size,
    )


async def accept_cap(organization: OrganizationId, cap_minor: int | None, by: str, at: datetime) -> bool:
    """Accept a monthly cap, or take the acceptance back; whether there are terms to accept it for."""
    found = await sql.rows(
        "UPDATE billing_terms SET monthly_cap_minor = $2, accepted_by = $3, accepted_at = $4"
        " WHERE organization_id = $1 RETURNING 1",
        organization,
        cap_minor,
        None if cap_minor is None else by,
        None if cap_minor is None else at,
    )
    return bool(found)


async def terms(organization: OrganizationId) -> dict[str, object] | None:
    """What was agreed about buying seats, and by whom."""
    found = await sql.row("SELECT * FROM billing_terms WHERE organization_id = $1", organization)
    return dict(found) if found else None


async def ledger(organization: OrganizationId, *, before: uuid.UUID | None, limit: int) -> list[dict[str, object]]:
    """The newest lines of the ledger before the given one, with whom they are about."""
    found = await sql.rows(
        """SELECT e.*, m.email FROM seat_entry e
           LEFT JOIN member m ON m.organization_id = e.organization_id AND m.id = e.member_id
           WHERE e.organization_id = $1 AND ($2::uuid IS NULL OR e.id < $2) ORDER BY e.id DESC LIMIT $3""",
        organization,
        before,
        limit,
    )
    return [dict(row) for row in found]


async def purchases(organization: OrganizationId, start: datetime, end: datetime) -> list[dict[str, object]]:
    """What was bought between two moments, oldest first, with for whom."""
    found = await sql.rows(
        """SELECT p.*, m.email, m.display_name FROM seat_purchase p
           LEFT JOIN member m ON m.organization_id = p.organization_id AND m.id = p.member_id
           WHERE p.organization_id = $1 AND p.purchased_at >= $2 AND p.purchased_at < $3
           ORDER BY p.purchased_at, p.id""",
        organization,
        start,
        end,
    )
    return [dict(row) for row in found]


_SNAPSHOT = """
INSERT INTO seat_snapshot (organization_id, day, seat_type, used, seat_limit, waiting)
SELECT $1, $2, t.seat_type,
       (SELECT coalesce(sum(c.used), 0)::bigint FROM seat_count c
         WHERE c.organization_id = $1 AND c.seat_type = t.seat_type),
       (SELECT p.seat_limit FROM seat_pool p WHERE p.organization_id = $1 AND p.seat_type = t.seat_type),
       (SELECT count(*) FROM member m WHERE m.organization_id = $1 AND m.awaits_seat = t.seat_type)
FROM unnest($3::text[]) AS t (seat_type)
ON CONFLICT (organization_id, day, seat_type)
DO UPDATE SET used = excluded.used, seat_limit = excluded.seat_limit, waiting = excluded.waiting
"""


async def snapshot(organization: OrganizationId, day: date, seat_types: list[str]) -> None:
    """Write how a day stands; the last write of a day is how it ended."""
    await sql.rows(_SNAPSHOT, organization, day, seat_types)


async def history(organization: OrganizationId, seat_type: str, since: date) -> list[tuple[date, int, int | None]]:
    """Day, seats held and limit since a day, oldest first; days without a snapshot are missing."""
    found = await sql.rows(
        "SELECT day, used, seat_limit FROM seat_snapshot"
        " WHERE organization_id = $1 AND seat_type = $2 AND day >= $3 ORDER BY day",
        organization,
        seat_type,
        since,
    )
    return [(row[0], row[1], row[2]) for row in found]
