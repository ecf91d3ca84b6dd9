"""What was remembered of who changed what."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import sql
from db.audit_rows import AuditRow
from db.ids import OrganizationId

READ = """
SELECT c.organization_id, c.id, c.changed_at, c.actor_kind, c.actor_id,
       coalesce(c.after ->> 'by', t.name, d.name, m.display_name, m.email) AS actor, c.action, c.subject_type,
       c.subject_id, c.member_id, c.request_id, c.before::text, c.after::text, c.after ->> 'reason' AS reason,
       coalesce((c.after ->> 'break_glass')::boolean, false) AS is_break_glass
FROM change c
LEFT JOIN api_token t ON c.actor_kind = 'INTEGRATION' AND t.id = c.actor_id
LEFT JOIN directory d ON c.actor_kind = 'DIRECTORY' AND d.organization_id = c.organization_id AND d.id = c.actor_id
LEFT JOIN member m ON c.actor_kind IN ('ADMIN', 'MEMBER') AND m.organization_id = c.organization_id
  AND m.id = c.actor_id"""


async def first_of_requests(organization: OrganizationId, requests: Sequence[uuid.UUID]) -> dict[uuid.UUID, AuditRow]:
    """What was remembered first of each request."""
    found = await sql.rows(
        f"{READ} WHERE c.organization_id = $1 AND c.id IN"
        " (SELECT (SELECT id FROM change f WHERE f.organization_id = $1 AND f.request_id = r ORDER BY id LIMIT 1)"
        " FROM unnest($2::uuid[]) AS r)",
        organization,
        list(requests),
    )
    rows = [AuditRow(*row) for row in found]
    return {row.request_id: row for row in rows if row.request_id is not None}
