"""What directories say of members."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import sql
from db.ids import OrganizationId

_LAST_SAID = """
SELECT m.id, u.document, o.schema_version
FROM member m
JOIN organization o ON o.id = m.organization_id
LEFT JOIN LATERAL (
    SELECT r.document FROM directory_user r WHERE r.organization_id = m.organization_id AND r.member_id = m.id
    ORDER BY r.active DESC, r.updated_at DESC, r.id DESC LIMIT 1
) u ON true
WHERE m.organization_id = $1 AND m.id = ANY($2)
"""


async def last_said(
    organization: OrganizationId, members: Sequence[uuid.UUID]
) -> dict[uuid.UUID, tuple[str | None, int]]:
    """The documents of members' directory users that are active and were written last, where there are some.

    With each the version of the organization's schemas.
    """
    found = await sql.rows(_LAST_SAID, organization, list(members))
    return {row[0]: (row[1], row[2]) for row in found}
