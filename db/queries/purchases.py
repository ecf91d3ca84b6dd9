"""Purchases of seats on their way from reserved to confirmed or failed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from db import sql
from db.billing_rows import ChargeRow, CostRow, OrderRow
from db.ids import OrganizationId

_ORDER = """
SELECT organization_id, id, seat_type, quantity, price_minor, amount_minor, currency, period_start, period_end,
       purchased_at, state, provider, reserved_at, round, next_attempt_at, leased_until,
       reservation, reason, cancelled_by
FROM seat_purchase"""


async def find(organization: OrganizationId, purchase: uuid.UUID) -> OrderRow | None:
    """A purchase."""
    found = await sql.row(f"{_ORDER} WHERE organization_id = $1 AND id = $2", organization, purchase)
    return OrderRow(*found) if found else None


async def lock(organization: OrganizationId, purchase: uuid.UUID) -> OrderRow | None:
    """A purchase, which nobody else changes before this transaction ends."""
    found = await sql.row(f"{_ORDER} WHERE organization_id = $1 AND id = $2 FOR UPDATE", organization, purchase)
    return OrderRow(*found) if found else None


async def lock_first(organization: OrganizationId, provider: str, at: datetime) -> OrderRow | None:
    """The purchase that comes first at a provider, locked; None also if somebody just settled it.

    That is the one of which the provider has heard, or hears just now; else the one that was bought first.
    """
    found = await sql.row(
        f"{_ORDER} WHERE organization_id = $1 AND provider = $2 AND state = 'RESERVED'"
        " ORDER BY reservation IS NULL AND coalesce(leased_until <= $3, true), purchased_at, id LIMIT 1 FOR UPDATE",
        organization,
        provider,
        at,
    )
    return OrderRow(*found) if found else None


async def lease(organization: OrganizationId, purchase: uuid.UUID, until: datetime) -> None:
    """Let only whoever calls this ask the provider about a purchase until then, and count that."""
    await sql.rows(
        "UPDATE seat_purchase SET leased_until = $3, attempts = attempts + 1 WHERE organization_id = $1 AND id = $2",
        organization,
        purchase,
        until,
    )


async def keep_reservation(
    organization: OrganizationId, purchase: uuid.UUID, reservation: str, amount_minor: int
) -> None:
    """Keep what the provider needs to confirm a purchase, and for how much it will."""
    await sql.rows(
        "UPDATE seat_purchase SET reservation = $3, amount_minor = $4 WHERE organization_id = $1 AND id = $2",
        organization,
        purchase,
        reservation,
        amount_minor,
    )


async def postpone(
    organization: OrganizationId, purchase: uuid.UUID, lease: datetime, *, until: datetime, reason: str, rounds: int
) -> None:
    """Note what was in the way and when the provider is asked again, unless somebody else has taken it over."""
    await sql.rows(
        "UPDATE seat_purchase SET next_attempt_at = $4, reason = $5, round = round + $6, leased_until = NULL"
        " WHERE organization_id = $1 AND id = $2 AND state = 'RESERVED' AND leased_until = $3",
        organization,
        purchase,
        lease,
        until,
        reason,
        rounds,
    )


async def confirm(
    organization: OrganizationId, purchase: uuid.UUID, at: datetime, *, reference: str | None, amount_minor: int | None
) -> int | None:
    """Say that the provider charges for a purchase; for how much, None if that was said before.

    Also for one that was given up meanwhile, or is thought to have failed: the provider knows better.
    """
    found = await sql.value(
        """UPDATE seat_purchase
           SET state = 'CONFIRMED', settled_at = $3, reference = $4, amount_minor = coalesce($5, amount_minor),
               reason = NULL, cancelled_by = NULL, next_attempt_at = NULL, leased_until = NULL
           WHERE organization_id = $1 AND id = $2 AND state <> 'CONFIRMED' RETURNING amount_minor""",
        organization,
        purchase,
        at,
        reference,
        amount_minor,
    )
    return None if found is None else int(str(found))


async def fail(
    organization: OrganizationId, purchase: uuid.UUID, at: datetime, reason: str, *, told_at: datetime | None
) -> bool:
    """Say that the provider will not charge for a purchase; False if it is settled already."""
    found = await sql.rows(
        """UPDATE seat_purchase
           SET state = 'FAILED', settled_at = $3, reason = $4, told_at = coalesce($5, told_at), next_attempt_at = NULL,
               leased_until = NULL
           WHERE organization_id = $1 AND id = $2 AND state = 'RESERVED' RETURNING 1""",
        organization,
        purchase,
        at,
        reason,
        told_at,
    )
    return bool(found)


async def begin_anew(organization: OrganizationId, purchase: uuid.UUID, provider: str, at: datetime) -> None:
    """Reserve a failed purchase once more, with a provider that must not take it for what it has refused."""
    await sql.rows(
        """UPDATE seat_purchase
           SET state = 'RESERVED', provider = $3, reserved_at = $4, round = round + 1, reservation = NULL,
               reason = NULL, cancelled_by = NULL, settled_at = NULL, told_at = NULL
           WHERE organization_id = $1 AND id = $2 AND state = 'FAILED'""",
        organization,
        purchase,
        provider,
        at,
    )


async def hurry(organization: OrganizationId, purchase: uuid.UUID, *, cancelled_by: str | None) -> None:
    """Let the provider be asked about a reserved purchase at once; to give it up, if somebody wants that."""
    await sql.rows(
        "UPDATE seat_purchase SET next_attempt_at = NULL, cancelled_by = coalesce($3, cancelled_by)"
        " WHERE organization_id = $1 AND id = $2 AND state = 'RESERVED'",
        organization,
        purchase,
        cancelled_by,
    )


async def hurry_all(organization: OrganizationId, provider: str) -> list[uuid.UUID]:
    """Let a provider be asked at once about what is reserved with it; its ids."""
    found = await sql.rows(
        "UPDATE seat_purchase SET next_attempt_at = NULL"
        " WHERE organization_id = $1 AND provider = $2 AND state = 'RESERVED' RETURNING id",
        organization,
        provider,
    )
    return [row[0] for row in found]


async def is_under_way(organization: OrganizationId, since: datetime) -> bool:
    """Whether a provider may have begun to charge for a purchase that is not settled, or only since then."""
    found = await sql.value(
        """SELECT EXISTS (SELECT FROM seat_purchase WHERE organization_id = $1
               AND (state = 'RESERVED' AND reservation IS NOT NULL OR settled_at >= $2))""",
        organization,
        since,
    )
    return bool(found)


async def tell_overdue(organization: OrganizationId, before: datetime, at: datetime) -> list[OrderRow]:
    """What has been reserved since before a moment and nobody was told of; it counts as told from now on."""
    told = await sql.rows(
        "UPDATE seat_purchase SET told_at = $3 WHERE organization_id = $1 AND state = 'RESERVED' AND told_at IS NULL"
        " AND reserved_at <= $2 RETURNING id",
        organization,
        before,
        at,
    )
    if not told:
        return []
    found = await sql.rows(
        f"{_ORDER} WHERE organization_id = $1 AND id = ANY($2) ORDER BY purchased_at, id",
        organization,
        [row[0] for row in told],
    )
    return [OrderRow(*row) for row in found]


async def charges(organization: OrganizationId, provider: str, since: date, until: date) -> Sequence[ChargeRow]:
    """What a provider charges for seats that were added from one day on and before another, in the order of that."""
    found = await sql.rows(
        """SELECT p.id, p.seat_type, p.quantity, p.price_minor, p.amount_minor, p.currency, p.added_on, p.period_end,
                  p.state, m.email
           FROM seat_purchase p LEFT JOIN member m ON m.organization_id = p.organization_id AND m.id = p.member_id
           WHERE p.organization_id = $1 AND p.provider = $2 AND p.added_on >= $3 AND p.added_on < $4
             AND p.state <> 'FAILED' ORDER BY p.purchased_at, p.id""",
        organization,
        provider,
        since,
        until,
    )
    return [ChargeRow(*row) for row in found]


async def costs(organization: OrganizationId, at: datetime) -> list[CostRow]:
    """What was bought at a moment, by type and currency."""
    found = await sql.rows(
        """SELECT seat_type, sum(quantity)::bigint, sum(amount_minor)::bigint, currency FROM seat_purchase
           WHERE organization_id = $1 AND purchased_at = $2 GROUP BY seat_type, currency ORDER BY seat_type""",
        organization,
        at,
    )
    return [CostRow(*row) for row in found]
