"""Members who may sign in although single sign-on is enforced."""

from __future__ import annotations

import uuid

from db import sql
from db.account_rows import BreakGlassRow
from db.ids import OrganizationId


async def grant(organization: OrganizationId, row: BreakGlassRow) -> bool:
    """Let a member in for that day; whether they were not before."""
    found = await sql.rows(
        """INSERT INTO break_glass (organization_id, member_id, reason, granted_by, granted_at)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1""",
        organization,
        row.member_id,
        row.reason,
        row.granted_by,
        row.granted_at,
    )
    return bool(found)


async def withdraw(organization: OrganizationId, member: uuid.UUID) -> bool:
    """Not any more; whether they were."""
    found = await sql.rows(
        "DELETE FROM break_glass WHERE organization_id = $1 AND member_id = $2 RETURNING 1", organization, member
    )
    return bool(found)


async def all_of(organization: OrganizationId) -> list[BreakGlassRow]:
    """Whom an organization lets in so, the first first."""
    found = await sql.rows(
        """SELECT member_id, reason, granted_by, granted_at FROM break_glass
           WHERE organization_id = $1 ORDER BY granted_at, member_id""",
        organization,
    )
    return [BreakGlassRow(*row) for row in found]
