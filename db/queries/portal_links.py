"""Portal links and the sessions that they began."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.portal_rows import PortalLinkRow


async def add(
    organization: OrganizationId,
    id: uuid.UUID,
    *,
    purpose: str,
    digest: bytes,
    email: str | None,
    by: str,
    at: datetime,
    until: datetime,
) -> None:
    """Write a new link."""
    await sql.rows(
        """INSERT INTO portal_link (organization_id, id, purpose, hash, email, created_by, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        organization,
        id,
        purpose,
        digest,
        email,
        by,
        at,
        until,
    )


_LINK = """SELECT l.organization_id, l.id, o.name, l.purpose, l.email, l.created_by, l.created_at, l.expires_at,
                  l.used_at, l.session_ends_at
           FROM portal_link l JOIN organization o ON o.id = l.organization_id
           WHERE l.organization_id = $1"""


async def find(organization: OrganizationId, id: uuid.UUID) -> PortalLinkRow | None:
    """One link."""
    found = await sql.row(f"{_LINK} AND l.id = $2", organization, id)
    return PortalLinkRow(*found) if found else None


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[PortalLinkRow]:
    """Links by id."""
    return [PortalLinkRow(*row) for row in await sql.rows(f"{_LINK} AND l.id = ANY($2)", organization, ids)]


async def newest(organization: OrganizationId, limit: int) -> list[PortalLinkRow]:
    """The links that were made last, newest first."""
    found = await sql.rows(f"{_LINK} ORDER BY l.id DESC LIMIT $2", organization, limit)
    return [PortalLinkRow(*row) for row in found]


async def revoke(organization: OrganizationId, id: uuid.UUID, at: datetime) -> bool:
    """End a link and its session, as far as they have not ended; whether one of them was there to be ended."""
    found = await sql.rows(
        """UPDATE portal_link SET expires_at = least(expires_at, $3), session_ends_at = least(session_ends_at, $3)
           WHERE organization_id = $1 AND id = $2
             AND ((used_at IS NULL AND expires_at > $3) OR session_ends_at > $3) RETURNING 1""",
        organization,
        id,
        at,
    )
    return bool(found)


async def use(organization: OrganizationId, id: uuid.UUID, *, session: bytes, at: datetime, ends_at: datetime) -> bool:
    """Use a link up and begin its session; whether it could still be used."""
    found = await sql.rows(
        """UPDATE portal_link SET used_at = $3, session_hash = $4, session_ends_at = $5
           WHERE organization_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3 RETURNING 1""",
        organization,
        id,
        at,
        session,
        ends_at,
    )
    return bool(found)


async def end_session_at(organization: OrganizationId, id: uuid.UUID, at: datetime, ends_at: datetime) -> bool:
    """Let a session that has not ended end at another time; whether there was such a one."""
    found = await sql.rows(
        """UPDATE portal_link SET session_ends_at = $4
           WHERE organization_id = $1 AND id = $2 AND session_ends_at > $3 RETURNING 1""",
        organization,
        id,
        at,
        ends_at,
    )
    return bool(found)


async def forget(before: datetime) -> int:
    """Delete links that could not be used any more at a moment, and whose sessions had ended; how many."""
    found = await sql.rows(
        """DELETE FROM portal_link
           WHERE expires_at < $1 AND (session_ends_at IS NULL OR session_ends_at < $1) RETURNING 1""",
        before,
    )
    return len(found)
