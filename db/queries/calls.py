"""When directories called, and what of it went wrong."""

from __future__ import annotations

from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.rule_rows import CallsRow, MisdirectedRow

RECENT = 20
_LOOKED_THROUGH = 5000

# That something is not there is an answer like any other, unless it is the path that is wrong.
_SELECT = """
SELECT d.id, d.name, d.provider, coalesce(d.settings ->> 'state' = 'PAUSED', false), d.deleted_at,
       greatest(called.last, (SELECT max(k.last_used_at) FROM directory_key k
                               WHERE k.organization_id = d.organization_id AND k.directory_id = d.id)),
       called.recent, called.refused
FROM directory d
CROSS JOIN LATERAL (
    SELECT max(r.received_at) AS last, count(*) AS recent,
           count(*) FILTER (WHERE r.status BETWEEN 400 AND 499
                              AND NOT (r.status = 404 AND r.resource_type IS NOT NULL)) AS refused
    FROM (SELECT received_at, status, resource_type FROM request
           WHERE organization_id = d.organization_id AND directory_id = d.id ORDER BY id DESC LIMIT $1) r
) called
WHERE d.deleted_at IS NULL"""
_CALLS = f"{_SELECT} AND d.organization_id = $2 ORDER BY d.id"
EVERYWHERE = f"{_SELECT.replace('SELECT d.id,', 'SELECT d.organization_id, d.id,', 1)} ORDER BY d.organization_id, d.id"
"""The same of all organizations, with the organization in front; how many requests are recent is the argument."""


async def of_directories(organization: OrganizationId) -> list[CallsRow]:
    """The directories that are not deleted, with their last request and how many of the recent ones were refused."""
    return [CallsRow(*row) for row in await sql.rows(_CALLS, RECENT, organization)]


_MISDIRECTED = """
SELECT d.id, r.key_last_four, r.path, count(*)
FROM directory d
CROSS JOIN LATERAL (
    SELECT CASE WHEN l.status = 401 THEN l.key_last_four END AS key_last_four,
           CASE WHEN l.status = 404 THEN l.path END AS path, l.received_at
    FROM (SELECT received_at, status, resource_type, key_last_four, path FROM request
           WHERE organization_id = $1 AND directory_id = d.id ORDER BY id DESC LIMIT $3) l
    WHERE l.received_at > $2 AND (l.status = 401 OR (l.status = 404 AND l.resource_type IS NULL))
) r
WHERE d.organization_id = $1 AND d.deleted_at IS NULL GROUP BY 1, 2, 3 ORDER BY max(r.received_at) DESC
"""


async def misdirected(organization: OrganizationId, since: datetime) -> list[MisdirectedRow]:
    """Requests since a moment that had a dead key or a wrong path, the newest first; of a busy directory the last."""
    return [MisdirectedRow(*row) for row in await sql.rows(_MISDIRECTED, organization, since, _LOOKED_THROUGH)]
