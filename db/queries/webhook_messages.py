"""What endpoints are told: taking changes out of the outbox, and the messages that are made of them.

A worker tells of changes of whichever organization has waited longest, so that question crosses organizations.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId, first_id
from db.webhook_rows import MessageRow


async def oldest_untold(aside: Sequence[int]) -> OrganizationId | None:
    """The organization whose endpoints wait longest to be told of something, but for some changes.

    Nobody else takes that change before this transaction ends.
    """
    found = await sql.row(
        "SELECT organization_id FROM outbox WHERE number <> ALL($1) ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED",
        list(aside),
    )
    return OrganizationId(found[0]) if found else None


async def take(organization: OrganizationId, aside: Sequence[int], *, limit: int) -> dict[uuid.UUID, int]:
    """The oldest changes that nobody has been told of, but for some, with their numbers; nobody else takes them."""
    found = await sql.rows(
        """SELECT change_id, number FROM outbox WHERE organization_id = $1 AND number <> ALL($2)
           ORDER BY number LIMIT $3 FOR UPDATE SKIP LOCKED""",
        organization,
        list(aside),
        limit,
    )
    return {row[0]: row[1] for row in found}


async def done(organization: OrganizationId, numbers: Sequence[int]) -> None:
    """Take changes out of the outbox, because everybody has been told of them."""
    await sql.rows("DELETE FROM outbox WHERE organization_id = $1 AND number = ANY($2)", organization, list(numbers))


async def add(organization: OrganizationId, rows: Sequence[MessageRow]) -> None:
    """Write messages."""
    await sql.rows(
        """INSERT INTO webhook_message (organization_id, id, type, sequence, member_id, body, occurred_at)
           SELECT $1, made.*
           FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::uuid[], $6::text[], $7::timestamptz[])
               AS made (id, type, sequence, member_id, body, occurred_at)""",
        organization,
        [row.id for row in rows],
        [row.type for row in rows],
        [row.sequence for row in rows],
        [row.member_id for row in rows],
        [row.body for row in rows],
        [row.occurred_at for row in rows],
    )


async def keep_erasures_out(organization: OrganizationId) -> None:
    """Let nobody of the organization be erased before this transaction ends: what it reads of people it writes down."""
    await sql.rows("SELECT pg_advisory_xact_lock_shared($1)", _key(organization))


_ABOUT_PEOPLE = '{"email": null, "member": null, "before": null, "after": null, "reason": null}'
_BLANK = f"""
UPDATE webhook_message
SET body = jsonb_set(body::jsonb, '{{data}}', body::jsonb -> 'data' || '{_ABOUT_PEOPLE}'::jsonb)::text
WHERE organization_id = $1 AND member_id = ANY($2)
"""
_BLANK_ANSWERS = """
UPDATE webhook_attempt SET response = NULL WHERE organization_id = $1 AND response IS NOT NULL AND delivery_id IN (
    SELECT d.id FROM webhook_message m
    JOIN webhook_delivery d ON d.organization_id = $1 AND d.message_id = m.id
    WHERE m.organization_id = $1 AND m.member_id = ANY($2))
"""


async def forget(organization: OrganizationId, members: Sequence[uuid.UUID]) -> None:
    """Leave of messages about members what happened, when and by whom; what is still to be sent is sent so.

    Whoever writes messages at this moment is waited for.
    """
    await sql.rows("SELECT pg_advisory_xact_lock($1)", _key(organization))
    await sql.rows(_BLANK, organization, list(members))
    await sql.rows(_BLANK_ANSWERS, organization, list(members))


async def prune(organization: OrganizationId, before: datetime, *, limit: int) -> int:
    """Delete some old messages of which nothing is still to be sent, with what became of them; how many."""
    found = await sql.rows(
        """DELETE FROM webhook_message WHERE organization_id = $1 AND id IN (
               SELECT id FROM webhook_message m WHERE organization_id = $1 AND id < $2 AND NOT EXISTS (
                   SELECT FROM webhook_delivery d
                   WHERE d.organization_id = $1 AND d.message_id = m.id AND d.state = 'PENDING')
               ORDER BY id LIMIT $3) RETURNING 1""",
        organization,
        first_id(before),
        limit,
    )
    return len(found)


async def organizations() -> list[OrganizationId]:
    """Those with something that was told."""
    found = await sql.rows(
        """SELECT o.id FROM organization o
           WHERE EXISTS (SELECT FROM webhook_message m WHERE m.organization_id = o.id)
              OR EXISTS (SELECT FROM access_revocation r WHERE r.organization_id = o.id) ORDER BY o.id"""
    )
    return [OrganizationId(row[0]) for row in found]


def _key(organization: uuid.UUID) -> int:
    """The number of the lock; two organizations with the same would only wait for each other."""
    number: int = (~organization.int) & 0xFFFF_FFFF_FFFF_FFFF
    return number - (1 << 63)
