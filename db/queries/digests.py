"""What happened in an organization in a while."""

from __future__ import annotations

from datetime import datetime

from db import sql
from db.ids import OrganizationId, first_id
from db.mail_rows import WeekRow

_WEEK = """
SELECT (SELECT count(*) FROM member WHERE organization_id = $1 AND created_at >= $2 AND created_at < $3
          AND status <> 'INVITED'),
       (SELECT count(*) FROM member WHERE organization_id = $1 AND status_since >= $2 AND status_since < $3
          AND status IN ('DEACTIVATED', 'DEPROVISIONED', 'ERASED')),
       asked.requests, asked.refused,
       (SELECT count(*) FROM removal WHERE organization_id = $1 AND state = 'HELD'),
       (SELECT count(*) FROM member WHERE organization_id = $1 AND awaits_seat IS NOT NULL)
FROM (SELECT count(*) AS requests,
             count(*) FILTER (WHERE status BETWEEN 400 AND 499
                                AND NOT (status = 404 AND resource_type IS NOT NULL)) AS refused
      FROM request WHERE organization_id = $1 AND id >= $4 AND id < $5) asked
"""


async def week(organization: OrganizationId, since: datetime, until: datetime) -> WeekRow:
    """Who came and went, what directories asked for, and what waits now."""
    found = await sql.row(_WEEK, organization, since, until, first_id(since), first_id(until))
    assert found is not None
    return WeekRow(*found)
