"""Many things at once by their ids, for whoever shows lists with what belongs to their rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import sql
from db.ids import OrganizationId
from db.member_rows import MemberView
from db.rule_rows import MemberRoleFacts

from .role_facts import FACTS

MEMBER = """
SELECT m.organization_id, m.id, m.email, m.display_name, m.status, m.status_since, m.source, m.managed_by, m.role_id,
       m.seat, m.seat_type, m.awaits_seat, m.awaits_since, m.hold, m.locked_out_at, m.local::text, m.erase_after,
       m.version, m.created_at, m.updated_at
FROM member m"""


async def members(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[MemberView]:
    """Members by id."""
    found = await sql.rows(f"{MEMBER} WHERE m.organization_id = $1 AND m.id = ANY($2)", organization, list(ids))
    return [MemberView(*row) for row in found]


async def role_facts(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[MemberRoleFacts]:
    """What the roles of members follow from, with the names that explain it."""
    found = await sql.rows(f"{FACTS} WHERE m.organization_id = $1 AND m.id = ANY($2)", organization, list(ids))
    return [MemberRoleFacts(*row) for row in found]


async def member_by_email(organization: OrganizationId, email_key: str) -> uuid.UUID | None:
    """The member with that folded address."""
    found = await sql.row(
        "SELECT id FROM member WHERE organization_id = $1 AND email_key = $2", organization, email_key
    )
    return found[0] if found else None


async def member_by_external_id(
    organization: OrganizationId, directory: uuid.UUID, external_id: str
) -> uuid.UUID | None:
    """The member whom a directory knows by that external id."""
    found = await sql.row(
        "SELECT member_id FROM directory_user WHERE organization_id = $1 AND directory_id = $2 AND external_id = $3",
        organization,
        directory,
        external_id,
    )
    return found[0] if found else None
