"""Directory users that were deleted: what is written then, and what remains."""

from __future__ import annotations

import uuid
from datetime import datetime

from db import sql
from db.ids import DirectoryId, DirectoryUserId, OrganizationId
from db.rows import ShownUser, UserRow
from db.together import Part

from . import users

_DEPARTED = """
SELECT d.id, d.document ->> 'resource', (d.document ->> 'version')::bigint, (d.document ->> 'created_at')::timestamptz,
       d.departed_at, NULL::json
FROM departed_user d JOIN organization o ON o.id = d.organization_id
WHERE d.organization_id = $1 AND d.id = $3 AND (d.directory_id = $2) IS TRUE AND d.document IS NOT NULL
  AND o.policies ->> 'after_delete_read' = 'INACTIVE_RESOURCE'
"""


async def shown(organization: OrganizationId, directory: DirectoryId, user: DirectoryUserId) -> ShownUser | None:
    """A user that the directory has deleted, where the organization lets it read such (C1)."""
    found = await sql.row(_DEPARTED, organization, directory, user)
    return ShownUser(*found) if found else None


_DELETE = """
DELETE FROM directory_user WHERE organization_id = $1 AND id = $2
"""
_DEPART = """
INSERT INTO departed_user
    (organization_id, directory_id, id, member_id, user_name_key, external_id, email_key, departed_at, document)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


def parts(
    organization: uuid.UUID, directory: uuid.UUID, user: UserRow, at: datetime, document: str | None
) -> list[Part]:
    """The writes of a user's removal: row, memberships, and the trace by which the person is known again.

    `document` is a JSON object with what can still be read: the `resource`, its `version`, and `created_at`.
    """
    names = (user.user_name_key, user.external_id, user.email_key)
    trace = (organization, directory, user.id, user.member_id, *names, at, document)
    gone = Part("user_gone", _DELETE, (organization, user.id))
    return [gone, Part("user_traced", _DEPART, trace), *users.leaving_parts(organization, user.id, at)]
