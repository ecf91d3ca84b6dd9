"""When directories called, and what of it went wrong."""

from __future__ import annotations

import uuid
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.rule_rows import CallsRow, MisdirectedRow

_RECENT = 20
_LOOKED_THROUGH = 5000

# That something is not there is an answer like any other, unless it is the path that is wrong; and that an access token
# has ended is how some clients find out that they need another.
_CALLS = """
SELECT d.id, d.name, d.provider, coalesce(d.settings ->> 'state' = 'PAUSED', false), d.deleted_at,
       greatest(called.last, (SELECT max(k.last_used_at) FROM directory_key k
                               WHERE k.organization_id = d.organization_id AND k.directory_id = d.id),
                (SELECT max(c.last_used_at) FROM oauth_client c
                  WHERE c.organization_id = d.organization_id AND c.directory_id = d.id)),
       called.recent, called.refused, d.organization_id, d.told_health
FROM directory d
CROSS JOIN LATERAL (
    SELECT max(r.received_at) AS last, count(*) AS recent,
           count(*) FILTER (WHERE r.status BETWEEN 400 AND 499
                              AND NOT (r.status = 404 AND r.resource_type IS NOT NULL)
                              AND NOT (r.status = 401 AND r.oauth_client_id IS NOT NULL AND r.path LIKE '/scim/%'))
               AS refused
    FROM (SELECT received_at, status, resource_type, oauth_client_id, path FROM request
           WHERE organization_id = d.organization_id AND directory_id = d.id ORDER BY id DESC LIMIT $1) r
) called
WHERE d.deleted_at IS NULL"""


async def of_directories(organization: OrganizationId) -> list[CallsRow]:
    """The directories that are not deleted, with their last request and how many of the recent ones were refused."""
    found = await sql.rows(f"{_CALLS} AND d.organization_id = $2 ORDER BY d.id", _RECENT, organization)
    return [CallsRow(*row[:8]) for row in found]


async def everywhere() -> list[tuple[OrganizationId, str | None, CallsRow]]:
    """The directories of all organizations, each with what people were told last of its health."""
    found = await sql.rows(_CALLS, _RECENT)
    return [(OrganizationId(row[8]), row[9], CallsRow(*row[:8])) for row in found]


async def tell(organization: OrganizationId, directory: uuid.UUID, before: str | None, after: str | None) -> bool:
    """Note what people are told of a directory's health; whether it was still as it was `before`."""
    found = await sql.rows(
        "UPDATE directory SET told_health = $4"
        " WHERE organization_id = $1 AND id = $2 AND told_health IS NOT DISTINCT FROM $3 RETURNING 1",
        organization,
        directory,
        before,
        after,
    )
    return bool(found)


_MISDIRECTED = """
SELECT d.id, r.key_last_four, r.path, count(*)
FROM directory d
CROSS JOIN LATERAL (
    SELECT CASE WHEN l.status = 401 THEN l.key_last_four END AS key_last_four,
           CASE WHEN l.status = 404 OR l.oauth_client_id IS NOT NULL THEN l.path END AS path, l.received_at
    FROM (SELECT received_at, status, resource_type, key_last_four, path, oauth_client_id FROM request
           WHERE organization_id = $1 AND directory_id = d.id ORDER BY id DESC LIMIT $3) l
    WHERE l.received_at > $2
      AND (l.status = 401 AND (l.oauth_client_id IS NULL OR l.path NOT LIKE '/scim/%')
           OR (l.status = 404 AND l.resource_type IS NULL))
) r
WHERE d.organization_id = $1 AND d.deleted_at IS NULL GROUP BY 1, 2, 3 ORDER BY max(r.received_at) DESC
"""


async def misdirected(organization: OrganizationId, since: datetime) -> list[MisdirectedRow]:
    """Requests since a moment with a dead key or secret, or a wrong path, the newest first; of a busy one the last."""
    return [MisdirectedRow(*row) for row in await sql.rows(_MISDIRECTED, organization, since, _LOOKED_THROUGH)]
