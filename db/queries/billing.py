"""Who charges an organization for seats, and for how many it was seen to charge."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from db import sql
from db.billing_rows import AccountRow, ComparedRow
from db.ids import OrganizationId


async def account(organization: OrganizationId) -> AccountRow | None:
    """How an organization is known to whoever charges it, None if nothing was chosen for it."""
    found = await sql.row(
        """SELECT organization_id, provider, stripe_customer, stripe_subscription, stripe_items::text, host_url,
                  compared_at, problem
           FROM billing_account WHERE organization_id = $1""",
        organization,
    )
    return AccountRow(*found) if found else None


async def set_provider(organization: OrganizationId, provider: str | None) -> None:
    """Choose who charges an organization; None for the default."""
    await sql.rows(
        "INSERT INTO billing_account (organization_id, provider) VALUES ($1, $2)"
        " ON CONFLICT (organization_id) DO UPDATE SET provider = excluded.provider",
        organization,
        provider,
    )


async def set_stripe(organization: OrganizationId, customer: str, subscription: str, items: str) -> None:
    """Name what an organization has at Stripe; `items` is a JSON object."""
    await sql.rows(
        """INSERT INTO billing_account (organization_id, stripe_customer, stripe_subscription, stripe_items)
           VALUES ($1, $2, $3, $4::jsonb)
           ON CONFLICT (organization_id) DO UPDATE
           SET stripe_customer = excluded.stripe_customer, stripe_subscription = excluded.stripe_subscription,
               stripe_items = excluded.stripe_items""",
        organization,
        customer,
        subscription,
        items,
    )


async def set_host(organization: OrganizationId, url: str) -> None:
    """Name where the host application is asked."""
    await sql.rows(
        "INSERT INTO billing_account (organization_id, host_url) VALUES ($1, $2)"
        " ON CONFLICT (organization_id) DO UPDATE SET host_url = excluded.host_url",
        organization,
        url,
    )


async def host_secrets(organization: OrganizationId, at: datetime) -> list[tuple[uuid.UUID, bytes]]:
    """The secrets, sealed, that count at a moment for the host application, with their ids, newest first."""
    found = await sql.rows(
        "SELECT id, secret FROM billing_secret WHERE organization_id = $1 AND name = 'host'"
        " AND (ends_at IS NULL OR ends_at > $2) ORDER BY set_at DESC, id DESC",
        organization,
        at,
    )
    return [(row[0], row[1]) for row in found]


async def add_host_secret(organization: OrganizationId, id: uuid.UUID, secret: bytes, at: datetime) -> None:
    """Keep a secret that counts from now on."""
    await sql.rows(
        "INSERT INTO billing_secret (organization_id, id, name, secret, set_at) VALUES ($1, $2, 'host', $3, $4)",
        organization,
        id,
        secret,
        at,
    )


async def end_host_secrets(organization: OrganizationId, *, now: datetime, at: datetime) -> None:
    """Let those that count now end at a moment, unless they end before it, and forget those that have ended."""
    await sql.rows(
        "DELETE FROM billing_secret WHERE organization_id = $1 AND name = 'host' AND ends_at <= $2", organization, now
    )
    await sql.rows(
        "UPDATE billing_secret SET ends_at = least(ends_at, $2) WHERE organization_id = $1 AND name = 'host'",
        organization,
        at,
    )


async def keep_quantities(organization: OrganizationId, quantities: Mapping[str, int], at: datetime) -> None:
    """Keep for how many seats the provider charges, in place of all that was seen before."""
    await sql.rows("DELETE FROM billed_quantity WHERE organization_id = $1", organization)
    await sql.rows(
        "INSERT INTO billed_quantity (organization_id, seat_type, quantity, seen_at)"
        " SELECT $1, seen.seat_type, seen.quantity, $4"
        " FROM unnest($2::text[], $3::bigint[]) AS seen (seat_type, quantity)",
        organization,
        list(quantities),
        list(quantities.values()),
        at,
    )


async def count_confirmed(organization: OrganizationId, seat_type: str, quantity: int) -> None:
    """Count in what the provider charges for since it was seen."""
    await sql.rows(
        "UPDATE billed_quantity SET quantity = quantity + $3 WHERE organization_id = $1 AND seat_type = $2",
        organization,
        seat_type,
        quantity,
    )


async def keep_comparison(organization: OrganizationId, at: datetime, problem: str | None) -> None:
    """Note when the provider was asked for how many seats it charges, and what was in the way."""
    await sql.rows(
        "INSERT INTO billing_account (organization_id, compared_at, problem) VALUES ($1, $2, $3)"
        " ON CONFLICT (organization_id) DO UPDATE"
        " SET compared_at = excluded.compared_at, problem = excluded.problem",
        organization,
        at,
        problem,
    )


_COMPARED = """
SELECT p.seat_type,
       p.seat_limit - coalesce((SELECT sum(s.quantity) FROM seat_purchase s
           WHERE s.organization_id = $1 AND s.seat_type = p.seat_type AND s.state = 'RESERVED'), 0)::bigint,
       b.quantity, b.seen_at
FROM seat_pool p
LEFT JOIN billed_quantity b ON b.organization_id = $1 AND b.seat_type = p.seat_type
WHERE p.organization_id = $1 AND p.price_minor IS NOT NULL AND p.seat_limit IS NOT NULL
ORDER BY p.seat_type
"""


async def compared(organization: OrganizationId) -> list[ComparedRow]:
    """Seats of each type that is sold, without those that wait to be charged for, beside what the provider charges."""
    return [ComparedRow(*row) for row in await sql.rows(_COMPARED, organization)]
