"""What directories say of members."""

from __future__ import annotations

import uuid

from db import sql
from db.ids import OrganizationId

_LAST_SAID = """
SELECT u.document, o.schema_version
FROM member m
JOIN organization o ON o.id = m.organization_id
LEFT JOIN LATERAL (
    SELECT r.document FROM directory_user r WHERE r.organization_id = m.organization_id AND r.member_id = m.id
    ORDER BY r.active DESC, r.updated_at DESC, r.id DESC LIMIT 1
) u ON true
WHERE m.organization_id = $1 AND m.id = $2
"""


async def last_said(organization: OrganizationId, member: uuid.UUID) -> tuple[str | None, int] | None:
    """The document of a member's directory user that is active and was written last, if there is one.

    With it the version of the organization's schemas; None for no such member.
    """
    found = await sql.row(_LAST_SAID, organization, member)
    return (found[0], found[1]) if found else None
