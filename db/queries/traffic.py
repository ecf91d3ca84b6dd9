"""What directories sent within the last hours, counted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import APART, OrganizationId, first_id
from db.traffic_rows import HourRow, ReceivedRow

COUNTED_AT_MOST = 50_000
"""Of a directory that sends more within the time only the last requests are counted."""

_USERS_OF_AT_MOST = 5000

# The operations of a bulk request are part of it, and not counted besides.
_HOURS = """
SELECT d.id, date_trunc('hour', r.received_at, 'UTC') AS hour,
       count(*) FILTER (WHERE r.status < 400 AND NOT r.reads),
       count(*) FILTER (WHERE r.status < 400 AND r.reads),
       count(*) FILTER (WHERE r.status >= 400)
FROM unnest($2::uuid[]) d(id)
CROSS JOIN LATERAL (
    SELECT received_at, status, method = 'GET' OR path LIKE '%/.search' AS reads FROM request
     WHERE organization_id = $1 AND directory_id = d.id AND id >= $3 AND received_at >= $4 AND bulk_request_id IS NULL
     ORDER BY id DESC LIMIT $5
) r
GROUP BY 1, 2 ORDER BY 1, 2
"""


async def by_hour(organization: OrganizationId, directories: Sequence[uuid.UUID], since: datetime) -> list[HourRow]:
    """The requests of each directory since a moment by the hour, oldest first; hours without any are left out."""
    found = await sql.rows(_HOURS, organization, list(directories), first_id(since, -APART), since, COUNTED_AT_MOST)
    return [HourRow(*row) for row in found]


_RECEIVED = """
SELECT d.id, count(u.document), ARRAY[{having}]::bigint[]
FROM unnest($2::uuid[]) d(id)
LEFT JOIN LATERAL (
    SELECT u.document::jsonb AS document FROM directory_user u
     WHERE u.organization_id = $1 AND u.directory_id = d.id AND u.id IN (
        SELECT r.resource_id FROM request r
         WHERE r.organization_id = $1 AND r.directory_id = d.id AND r.id >= $3 AND r.received_at >= $4
           AND r.resource_type = 'User' AND r.method <> 'GET' AND r.status < 400
         ORDER BY r.id DESC LIMIT $5)
) u ON true
GROUP BY 1
"""


async def received(
    organization: OrganizationId, directories: Sequence[uuid.UUID], since: datetime, paths: Sequence[str]
) -> list[ReceivedRow]:
    """The users that each directory wrote since a moment, and of how many a JSON path finds something."""
    having = [
        f"count(*) FILTER (WHERE jsonb_path_exists(u.document, ${place}::text::jsonpath))"
        for place in range(6, 6 + len(paths))
    ]
    found = await sql.rows(
        _RECEIVED.format(having=", ".join(having)),
        organization,
        list(directories),
        first_id(since, -APART),
        since,
        _USERS_OF_AT_MOST,
        *paths,
    )
    return [ReceivedRow(*row) for row in found]
