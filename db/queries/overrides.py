"""Roles that somebody chose for members by hand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.member_rows import OverrideView
from db.together import Part

_OVERRIDE = """
INSERT INTO role_override (organization_id, member_id, role_id, reason, set_by, set_at, expires_at)
SELECT $1, chosen, $3, $4, $5, $6, $7 FROM unnest($2::uuid[]) AS chosen
ON CONFLICT (organization_id, member_id) DO UPDATE
SET role_id = excluded.role_id, reason = excluded.reason, set_by = excluded.set_by, set_at = excluded.set_at,
    expires_at = excluded.expires_at
"""


async def choose(
    organization: OrganizationId,
    members: Sequence[uuid.UUID],
    *,
    role: uuid.UUID,
    reason: str,
    by: str,
    at: datetime,
    expires_at: datetime | None,
) -> None:
    """Choose a role for members, in place of what was chosen before."""
    await sql.rows(_OVERRIDE, organization, list(members), role, reason, by, at, expires_at)


def choose_part(
    organization: uuid.UUID,
    member: uuid.UUID,
    *,
    role: uuid.UUID,
    reason: str,
    by: str,
    at: datetime,
    expires_at: datetime | None,
) -> Part:
    """The same, to go with the writes of the member."""
    return Part("role_chosen", _OVERRIDE, (organization, [member], role, reason, by, at, expires_at))


async def clear(organization: OrganizationId, members: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Take the overrides of members away; who had one."""
    found = await sql.rows(
        "DELETE FROM role_override WHERE organization_id = $1 AND member_id = ANY($2) RETURNING member_id",
        organization,
        list(members),
    )
    return [row[0] for row in found]


def clear_part(organization: uuid.UUID, member: uuid.UUID) -> Part:
    """The same, to go with the writes of the member."""
    statement = "DELETE FROM role_override WHERE organization_id = $1 AND member_id = $2"
    return Part("role_cleared", statement, (organization, member))


async def chosen(organization: OrganizationId, member: uuid.UUID) -> OverrideView | None:
    """The role that somebody chose for a member, also one that has expired."""
    found = await sql.row(
        "SELECT member_id, role_id, reason, set_by, set_at, expires_at FROM role_override"
        " WHERE organization_id = $1 AND member_id = $2",
        organization,
        member,
    )
    return OverrideView(*found) if found else None


async def expired(organization: OrganizationId, at: datetime) -> list[uuid.UUID]:
    """Members whose override has expired."""
    found = await sql.rows(
        "SELECT member_id FROM role_override WHERE organization_id = $1 AND expires_at <= $2", organization, at
    )
    return [row[0] for row in found]
