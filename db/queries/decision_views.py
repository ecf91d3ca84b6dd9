"""Removals and questions about linking, for those who look at them in pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import pages, sql
from db.decision_rows import LinkRequestView, RemovalView
from db.ids import OrganizationId
from db.pages import Order, Page, Span

_REMOVAL = """
SELECT r.organization_id, r.id, r.directory_id, r.member_id, r.request_id, r.cause, r.state, r.role_id, r.removed_at,
       r.decide_by, r.decided_at, r.decided_by
FROM removal r"""
_HELD = "r.organization_id = $1 AND r.state = 'HELD'"
_RECENT = "r.organization_id = $1 AND r.state = 'APPLIED' AND r.directory_id = $2 AND r.removed_at > $3"
_OLDEST_FIRST = Order("r.removed_at", "r.id", "timestamptz")

_LINK = """
SELECT l.organization_id, l.id, l.directory_id, l.member_id, l.user_name, l.email, l.request_id, l.state, l.asked_at,
       l.decided_at, l.decided_by
FROM link_request l"""
_ASKED = "l.organization_id = $1 AND ($2::text IS NULL OR l.state = $2)"


async def held_page(organization: OrganizationId, span: Span) -> Page[RemovalView]:
    """Removals that wait for a decision, oldest first."""
    found = await pages.page(_REMOVAL, [_HELD], [organization], _OLDEST_FIRST, span)
    return Page([RemovalView(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def held_count(organization: OrganizationId) -> int:
    """How many removals wait for a decision."""
    return int(str(await sql.value(f"SELECT count(*) FROM removal r WHERE {_HELD}", organization)))


async def recent_page(
    organization: OrganizationId, directory: uuid.UUID, since: datetime, span: Span
) -> Page[RemovalView]:
    """Removals by a directory since a moment that were carried out, oldest first."""
    found = await pages.page(_REMOVAL, [_RECENT], [organization, directory, since], _OLDEST_FIRST, span)
    return Page([RemovalView(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def recent_count(organization: OrganizationId, directory: uuid.UUID, since: datetime) -> int:
    """How many removals by a directory were carried out since a moment."""
    found = await sql.value(f"SELECT count(*) FROM removal r WHERE {_RECENT}", organization, directory, since)
    return int(str(found))


async def removals(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[RemovalView]:
    """Removals by id."""
    found = await sql.rows(f"{_REMOVAL} WHERE r.organization_id = $1 AND r.id = ANY($2)", organization, list(ids))
    return [RemovalView(*row) for row in found]


async def link_page(organization: OrganizationId, state: str | None, span: Span) -> Page[LinkRequestView]:
    """The questions that are in a state, or all, in the order in which they were asked first."""
    found = await pages.page(_LINK, [_ASKED], [organization, state], Order("l.id", "l.id"), span)
    return Page([LinkRequestView(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def link_count(organization: OrganizationId, state: str | None) -> int:
    """How many questions are in a state, or all."""
    return int(str(await sql.value(f"SELECT count(*) FROM link_request l WHERE {_ASKED}", organization, state)))


async def links(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[LinkRequestView]:
    """Questions by id."""
    found = await sql.rows(f"{_LINK} WHERE l.organization_id = $1 AND l.id = ANY($2)", organization, list(ids))
    return [LinkRequestView(*row) for row in found]
