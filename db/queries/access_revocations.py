"""Access that ended, until the host application has confirmed that it ended there as well."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import pages, sql
from db.ids import OrganizationId
from db.pages import Order, Page, Span
from db.webhook_rows import RevocationRow

_REVOCATION = """
SELECT r.organization_id, r.id, r.member_id, r.revoked_at, r.deadline, r.confirmed_at, r.confirmed_by
FROM access_revocation r"""
_OVERDUE = ["r.organization_id = $1", "r.confirmed_at IS NULL", "r.deadline <= $2"]


async def add(organization: OrganizationId, rows: Sequence[RevocationRow]) -> None:
    """Write revocations that nobody has confirmed."""
    await sql.rows(
        """INSERT INTO access_revocation (organization_id, id, member_id, revoked_at, deadline)
           SELECT $1, made.* FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[])
               AS made (id, member_id, revoked_at, deadline)""",
        organization,
        [row.id for row in rows],
        [row.member_id for row in rows],
        [row.revoked_at for row in rows],
        [row.deadline for row in rows],
    )


async def confirm(organization: OrganizationId, ids: Sequence[uuid.UUID], at: datetime, by: str) -> list[uuid.UUID]:
    """Confirm revocations that nobody has confirmed; the members whose access they ended."""
    found = await sql.rows(
        "UPDATE access_revocation SET confirmed_at = $3, confirmed_by = $4"
        " WHERE organization_id = $1 AND id = ANY($2) AND confirmed_at IS NULL RETURNING member_id",
        organization,
        list(ids),
        at,
        by,
    )
    return list(dict.fromkeys(row[0] for row in found))


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[RevocationRow]:
    """Revocations by id."""
    found = await sql.rows(f"{_REVOCATION} WHERE r.organization_id = $1 AND r.id = ANY($2)", organization, list(ids))
    return [RevocationRow(*row) for row in found]


async def overdue(organization: OrganizationId, at: datetime, span: Span) -> Page[RevocationRow]:
    """Revocations that should have been confirmed, oldest first."""
    order = Order("r.deadline", "r.id", "timestamptz")
    found = await pages.page(_REVOCATION, _OVERDUE, [organization, at], order, span)
    return Page([RevocationRow(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def overdue_count(organization: OrganizationId, at: datetime) -> int:
    """How many there are."""
    found = await sql.row(f"SELECT count(*) FROM access_revocation r WHERE {' AND '.join(_OVERDUE)}", organization, at)
    return found[0] if found else 0


async def prune(organization: OrganizationId, before: datetime) -> int:
    """Delete revocations of before; how many."""
    found = await sql.rows(
        "DELETE FROM access_revocation WHERE organization_id = $1 AND revoked_at < $2 RETURNING 1", organization, before
    )
    return len(found)
