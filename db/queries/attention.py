"""What waits in an organization for somebody to look at it, counted."""

from __future__ import annotations

from datetime import datetime, timedelta

from db import sql
from db.ids import OrganizationId
from db.overview_rows import Waiting

# A directory's last key counts: whoever has made a new one has seen to it. Clients of OAuth have secrets of their own.
_WAITING = """
SELECT (SELECT count(*) FROM removal r WHERE r.organization_id = $1 AND r.state = 'HELD'),
       (SELECT count(*) FROM link_request l WHERE l.organization_id = $1 AND l.state = 'OPEN'),
       (SELECT count(*) FROM member m WHERE m.organization_id = $1 AND m.awaits_seat IS NOT NULL),
       (SELECT count(*) FROM directory d WHERE d.organization_id = $1 AND d.deleted_at IS NULL
           AND (SELECT max(coalesce(k.expires_at, 'infinity')) FROM directory_key k
                 WHERE k.organization_id = d.organization_id AND k.directory_id = d.id AND k.revoked_at IS NULL) <= $3),
       (SELECT count(*) FROM domain d WHERE d.organization_id = $1 AND d.state = 'LAPSED'),
       (SELECT count(*) FROM webhook_endpoint e WHERE e.organization_id = $1
           AND (e.failing_since <= $2::timestamptz - interval '10 minutes' OR e.disabled_reason <> 'BY_HAND')),
       (SELECT count(*) FROM access_revocation a
         WHERE a.organization_id = $1 AND a.confirmed_at IS NULL AND a.deadline <= $2::timestamptz)
"""


async def waiting(organization: OrganizationId, at: datetime, soon: timedelta) -> Waiting:
    """What waits at a moment; keys end `soon` that end within so long, and those that have ended."""
    found = await sql.row(_WAITING, organization, at, at + soon)
    assert found is not None
    return Waiting(*found)
