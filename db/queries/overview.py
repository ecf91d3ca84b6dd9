"""What there is in an organization, counted, and the suggestions that nobody wants to see again."""

from __future__ import annotations

from db import sql
from db.ids import OrganizationId
from db.overview_rows import Counted

_COUNTED = """
SELECT (SELECT coalesce(json_agg(json_build_array(source, status, number)), '[]')::text FROM (
            SELECT source, status, count(*) AS number FROM member WHERE organization_id = o.id GROUP BY 1, 2) each),
       (SELECT count(*) FROM invitation i JOIN member m ON m.organization_id = i.organization_id AND m.id = i.member_id
         WHERE i.organization_id = o.id AND i.accepted_at IS NULL AND m.status IN ('INVITED', 'WAITING_FOR_SEAT')),
       (SELECT count(*) FROM directory d WHERE d.organization_id = o.id AND d.deleted_at IS NULL),
       EXISTS (SELECT FROM domain d WHERE d.organization_id = o.id AND d.state = 'VERIFIED'),
       o.dismissed
FROM organization o WHERE o.id = $1
"""


async def counted(organization: OrganizationId) -> Counted | None:
    """Members, invitations, directories and domains of an organization."""
    found = await sql.row(_COUNTED, organization)
    return Counted(*found) if found else None


async def dismiss(organization: OrganizationId, code: str) -> bool:
    """Remember that nobody wants to see a suggestion again; whether that is new."""
    found = await sql.rows(
        "UPDATE organization SET dismissed = dismissed || to_jsonb($2::text)"
        " WHERE id = $1 AND NOT dismissed ? $2 RETURNING 1",
        organization,
        code,
    )
    return bool(found)
