"""People whom a directory brings and who are members already, waiting for somebody's decision."""

from __future__ import annotations

import uuid
from datetime import datetime

from db import sql
from db.enums import LinkState
from db.ids import DirectoryId, OrganizationId, RequestId, new_id

_ASK = """
INSERT INTO link_request (organization_id, id, directory_id, member_id, user_name, email, request_id, state, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'OPEN', $8)
ON CONFLICT (organization_id, directory_id, member_id) DO UPDATE
SET user_name = excluded.user_name, email = excluded.email, request_id = excluded.request_id,
    asked_at = excluded.asked_at
"""


async def ask(
    organization: OrganizationId,
    directory: DirectoryId,
    member: uuid.UUID,
    *,
    user_name: str,
    email: str | None,
    request: RequestId,
    at: datetime,
) -> None:
    """Ask whether a directory may have a member; asking again keeps what was decided."""
    await sql.rows(_ASK, organization, new_id(), directory, member, user_name, email, request, at)


async def page(organization: OrganizationId, *, limit: int) -> list[dict[str, object]]:
    """The questions, open ones first, with who is meant and which directory asks."""
    found = await sql.rows(
        """SELECT l.*, d.name AS directory, m.display_name, m.status FROM link_request l
           JOIN directory d ON d.organization_id = l.organization_id AND d.id = l.directory_id
           JOIN member m ON m.organization_id = l.organization_id AND m.id = l.member_id
           WHERE l.organization_id = $1 ORDER BY l.state <> 'OPEN', l.asked_at DESC, l.id LIMIT $2""",
        organization,
        limit,
    )
    return [dict(row) for row in found]


_DECIDE = """
WITH old AS (SELECT id, state FROM link_request WHERE organization_id = $1 AND id = $2 FOR UPDATE)
UPDATE link_request l SET state = $3, decided_by = $4, decided_at = $5 FROM old
WHERE l.organization_id = $1 AND l.id = old.id RETURNING old.state
"""


async def decide(
    organization: OrganizationId, question: uuid.UUID, state: str, by: str, at: datetime
) -> LinkState | None:
    """Write what was decided; what had been before, None if there is no such question."""
    found = await sql.row(_DECIDE, organization, question, state, by, at)
    return LinkState(found[0]) if found else None
