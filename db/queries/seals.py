"""Seals on the history of an organization."""

from __future__ import annotations

import uuid

from db import sql
from db.audit_rows import SealedChange, SealRow
from db.ids import OrganizationId

_READ = "SELECT organization_id, number, through, digests, hash, sealed_at FROM audit_seal WHERE organization_id = $1"

_CHANGES = """
SELECT c.organization_id, c.id, c.request_id, c.actor_kind, c.actor_id, c.subject_type, c.subject_id, c.member_id,
       c.action, c.before::text, c.after::text, c.changed_at,
       c.before IS NULL AND c.after IS NULL AND EXISTS (
           SELECT FROM member m WHERE m.organization_id = c.organization_id AND m.id IN (c.member_id, c.subject_id)
             AND m.status = 'ERASED') AS may_be_blank
FROM change c WHERE c.organization_id = $1
"""


async def stay_alone(organization: OrganizationId) -> None:
    """Let nobody else seal the organization's history until the transaction ends."""
    await sql.rows("SELECT pg_advisory_xact_lock($1)", int.from_bytes(organization.bytes[-8:], signed=True) ^ 0x5EA1)


async def head(organization: OrganizationId) -> SealRow | None:
    """The last seal."""
    found = await sql.row(f"{_READ} ORDER BY number DESC LIMIT 1", organization)
    return SealRow(*found) if found else None


async def following(organization: OrganizationId, number: int, *, limit: int) -> list[SealRow]:
    """The next seals behind a number."""
    found = await sql.rows(f"{_READ} AND number > $2 ORDER BY number LIMIT $3", organization, number, limit)
    return [SealRow(*row) for row in found]


async def add(organization: OrganizationId, row: SealRow) -> None:
    """Write a new seal."""
    await sql.rows(
        """INSERT INTO audit_seal (organization_id, number, through, digests, hash, sealed_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        organization,
        row.number,
        row.through,
        row.digests,
        row.hash,
        row.sealed_at,
    )


async def unsealed(
    organization: OrganizationId, after: uuid.UUID, before: uuid.UUID, *, limit: int
) -> list[SealedChange]:
    """The next changes behind an id, with ids before another."""
    found = await sql.rows(
        f"{_CHANGES} AND c.id > $2 AND c.id < $3 ORDER BY c.id LIMIT $4", organization, after, before, limit
    )
    return [SealedChange(*row) for row in found]


async def covered(organization: OrganizationId, after: uuid.UUID, through: uuid.UUID) -> list[SealedChange]:
    """The changes behind an id up to another, which is included."""
    found = await sql.rows(f"{_CHANGES} AND c.id > $2 AND c.id <= $3 ORDER BY c.id", organization, after, through)
    return [SealedChange(*row) for row in found]


async def count_behind(organization: OrganizationId, after: uuid.UUID) -> int:
    """How many changes there are behind an id."""
    found = await sql.row("SELECT count(*) FROM change WHERE organization_id = $1 AND id > $2", organization, after)
    return found[0] if found else 0
