"""The record of requests, for those who look through it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from db import pages, sql
from db.audit_rows import AuditRow
from db.ids import OrganizationId, first_id
from db.pages import Order, Page, Span
from db.request_rows import RequestBodies, RequestFilter, RequestView

from .audit import READ

_VIEW = """
SELECT r.organization_id, r.id, r.directory_id, d.name, r.bulk_request_id, r.key_last_four, r.user_agent, r.method,
       r.path, r.query, r.status, r.scim_type, r.detail, r.resource_type, r.resource_id, r.subject_key, r.results,
       r.decisions::text, r.duration_us, r.received_at
FROM request r LEFT JOIN directory d ON d.organization_id = r.organization_id AND d.id = r.directory_id"""
_OUTCOMES = {
    "REFUSED": "r.status >= 400",
    "READ": "r.status < 400 AND r.method = 'GET'",
    "WRITE": "r.status < 400 AND r.method <> 'GET'",
}
_ABOUT_MEMBER = """r.id IN (SELECT c.request_id FROM change c WHERE c.organization_id = $1 AND c.request_id IS NOT NULL
    AND (c.subject_id = {0} OR c.member_id = {0}))"""

# A request gets its id when it comes in, and its time with it.
_APART = timedelta(minutes=1)


async def page(organization: OrganizationId, wanted: RequestFilter, span: Span) -> Page[RequestView]:
    """Requests, newest first."""
    conditions, args = ["r.organization_id = $1"], list[object]([organization])

    def add(condition: str, value: object) -> None:
        args.append(value)
        conditions.append(condition.format(f"${len(args)}"))

    if wanted.outcome is not None:
        conditions.append(_OUTCOMES[wanted.outcome])
    if wanted.directory is not None:
        add("r.directory_id = {}", wanted.directory)
    if wanted.subject is not None:
        add("r.subject_key = {}", wanted.subject)
    if wanted.member is not None:
        add(_ABOUT_MEMBER, wanted.member)
    if wanted.since is not None:
        add("r.id >= {}", first_id(wanted.since, -_APART))
        add("r.received_at >= {}", wanted.since)
    if wanted.to is not None:
        add("r.id < {}", first_id(wanted.to, _APART))
        add("r.received_at < {}", wanted.to)
    found = await pages.page(_VIEW, conditions, args, Order("r.id", "r.id", is_descending=True), span)
    return Page([RequestView(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[RequestView]:
    """Requests by their trace ids."""
    found = await sql.rows(f"{_VIEW} WHERE r.organization_id = $1 AND r.id = ANY($2)", organization, list(ids))
    return [RequestView(*row) for row in found]


async def bodies(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[RequestBodies]:
    """What was sent and answered."""
    found = await sql.rows(
        "SELECT id, request_body, response_body FROM request WHERE organization_id = $1 AND id = ANY($2)",
        organization,
        list(ids),
    )
    return [RequestBodies(*row) for row in found]


_CHANGES = f"""{READ} WHERE c.organization_id = $1 AND c.id IN (
    SELECT f.id FROM unnest($2::uuid[]) AS r (id) CROSS JOIN LATERAL (
        SELECT id FROM change WHERE organization_id = $1 AND request_id = r.id ORDER BY id LIMIT $3) f)
ORDER BY c.id"""


async def changes(organization: OrganizationId, requests: Sequence[uuid.UUID], *, limit: int) -> list[AuditRow]:
    """What requests changed, the first of each."""
    found = await sql.rows(_CHANGES, organization, list(requests), limit)
    return [AuditRow(*row) for row in found]
