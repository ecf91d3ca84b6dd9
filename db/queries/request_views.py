"""Requests of directories as people look them up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from db import pages, sql
from db.ids import APART, OrganizationId, first_id
from db.pages import Order, Page, Span
from db.request_rows import BodiesRow, Outcome, RequestFilter, RequestView

_OUTCOME = """CASE WHEN r.status >= 400 THEN 'REFUSED'
            WHEN r.method = 'GET' OR r.path LIKE '%/.search' THEN 'READ' ELSE 'WRITE' END"""

READ = f"""
SELECT r.organization_id, r.id, r.directory_id, d.name, r.bulk_request_id, r.key_last_four, o.name, r.user_agent,
       r.method, r.path, r.query, r.status, {_OUTCOME} AS outcome, r.scim_type, r.detail, r.resource_type,
       r.resource_id, r.subject_key, r.results, r.decisions::text, r.duration_us, r.received_at
FROM request r
LEFT JOIN directory d ON d.organization_id = r.organization_id AND d.id = r.directory_id
LEFT JOIN oauth_client o ON o.organization_id = r.organization_id AND o.id = r.oauth_client_id"""
"""What is told of a request without its bodies."""

# An array, not a join: PostgreSQL then asks for these few by their ids, and does not walk through all requests.
_OF_MEMBER = """r.id = ANY(ARRAY(
    SELECT request_id FROM change WHERE organization_id = $1 AND subject_id = {0} AND request_id IS NOT NULL
    UNION SELECT request_id FROM change WHERE organization_id = $1 AND member_id = {0} AND request_id IS NOT NULL))"""

NEWEST_FIRST = Order("r.id", "r.id", is_descending=True)


async def page(organization: OrganizationId, wanted: RequestFilter, span: Span) -> Page[RequestView]:
    """Requests, newest first."""
    conditions, args = _conditions(organization, wanted)
    return _viewed(await pages.page(READ, conditions, args, NEWEST_FIRST, span))


async def of_members(
    organization: OrganizationId, members: Sequence[uuid.UUID], span: Span
) -> dict[uuid.UUID, Page[RequestView]]:
    """The same page of the requests that changed each member, newest first."""
    conditions = ["r.organization_id = $1", _OF_MEMBER.format("parent.id")]
    found = await pages.pages_of_each(members, READ, conditions, [organization], NEWEST_FIRST, span)
    return {member: _viewed(page) for member, page in found.items()}


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[RequestView]:
    """Requests by id."""
    found = await sql.rows(f"{READ} WHERE r.organization_id = $1 AND r.id = ANY($2)", organization, list(ids))
    return [RequestView(*row) for row in found]


async def bodies(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[BodiesRow]:
    """The bodies of requests by id."""
    found = await sql.rows(
        "SELECT id, request_body, response_body FROM request WHERE organization_id = $1 AND id = ANY($2)",
        organization,
        list(ids),
    )
    return [BodiesRow(*row) for row in found]


def _viewed(page: Page[asyncpg.Record]) -> Page[RequestView]:
    return Page([RequestView(*row[:-2]) for row in page.rows], page.places, page.has_more)


def _conditions(organization: OrganizationId, wanted: RequestFilter) -> tuple[list[str], list[object]]:
    conditions, args = ["r.organization_id = $1"], list[object]([organization])

    def add(condition: str, value: object) -> None:
        args.append(value)
        conditions.append(condition.format(f"${len(args)}"))

    if wanted.outcome is Outcome.REFUSED:
        conditions.append("r.status >= 400")  # there is an index for just that
    elif wanted.outcome is not None:
        add(f"{_OUTCOME} = {{}}", wanted.outcome)
    if wanted.directory is not None:
        add("r.directory_id = {}", wanted.directory)
    if wanted.member is not None:
        add(_OF_MEMBER, wanted.member)
    if wanted.subject is not None:
        add("r.subject_key = {}", wanted.subject)
    if wanted.methods is not None:
        add("r.method = ANY({})", list(wanted.methods))
    if wanted.resource_type is not None:
        add("r.resource_type = {}", wanted.resource_type)
    if wanted.status is not None:
        add("r.status = {}", wanted.status)
    if wanted.since is not None:
        add("r.id >= {}", first_id(wanted.since, -APART))
        add("r.received_at >= {}", wanted.since)
    if wanted.until is not None:
        add("r.id < {}", first_id(wanted.until, APART))
        add("r.received_at < {}", wanted.until)
    return conditions, args
