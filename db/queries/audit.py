"""What was remembered of who changed what."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import pages, sql
from db.audit_rows import AuditFilter, AuditRow
from db.ids import APART, OrganizationId, first_id
from db.pages import Order, Page, Span

READ = """
SELECT c.organization_id, c.id, c.changed_at, c.actor_kind, c.actor_id,
       coalesce(c.after ->> 'by', t.name, d.name, s.name, m.display_name, m.email,
                CASE c.actor_kind WHEN 'OPERATOR' THEN 'the operator' WHEN 'SYSTEM' THEN 'Rollcall' END) AS actor,
       c.action, c.subject_type, c.subject_id, c.member_id, c.request_id, c.before::text, c.after::text,
       c.after ->> 'reason' AS reason, coalesce((c.after ->> 'break_glass')::boolean, false) AS is_break_glass
FROM change c
LEFT JOIN api_token t ON c.actor_kind = 'INTEGRATION' AND t.id = c.actor_id
LEFT JOIN directory d ON c.actor_kind = 'DIRECTORY' AND d.organization_id = c.organization_id AND d.id = c.actor_id
LEFT JOIN sso_connection s ON c.actor_kind = 'SSO' AND s.organization_id = c.organization_id AND s.id = c.actor_id
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


async def of_requests(organization: OrganizationId, requests: Sequence[uuid.UUID], *, limit: int) -> list[AuditRow]:
    """What requests changed, oldest first; of each only the first so many."""
    found = await sql.rows(
        f"{READ} WHERE c.organization_id = $1 AND c.id IN"
        " (SELECT f.id FROM unnest($2::uuid[]) AS r CROSS JOIN LATERAL"
        " (SELECT id FROM change WHERE organization_id = $1 AND request_id = r ORDER BY id LIMIT $3) f) ORDER BY c.id",
        organization,
        list(requests),
        limit,
    )
    return [AuditRow(*row) for row in found]


# As the indexes of the migration say it, word for word: PostgreSQL uses them for nothing else.
_BREAK_GLASS = "c.after ->> 'break_glass' = 'true'"
_NO_DIRECTORY = "c.actor_kind <> 'DIRECTORY'"
_COMMON = ("created", "updated", "deleted", "members_added", "members_removed", "role_changed")
_RARE = f"c.action NOT IN ({', '.join(repr(action) for action in _COMMON)})"

_OF_MEMBER = """c.id IN (SELECT id FROM change WHERE organization_id = $1 AND subject_id = {0}
                 UNION ALL SELECT id FROM change WHERE organization_id = $1 AND member_id = {0})"""


async def page(organization: OrganizationId, wanted: AuditFilter, span: Span) -> Page[AuditRow]:
    """Changes, newest first."""
    conditions, args = _conditions(organization, wanted)
    order = Order("c.id", "c.id", is_descending=True)
    found = await pages.page(READ, conditions, args, order, span)
    return Page([AuditRow(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[AuditRow]:
    """Changes by id."""
    found = await sql.rows(f"{READ} WHERE c.organization_id = $1 AND c.id = ANY($2)", organization, list(ids))
    return [AuditRow(*row) for row in found]


async def following(
    organization: OrganizationId, wanted: AuditFilter, after: uuid.UUID | None, *, limit: int
) -> list[AuditRow]:
    """The next changes behind one, oldest first."""
    conditions, args = _conditions(organization, wanted)
    if after is not None:
        args.append(after)
        conditions.append(f"c.id > ${len(args)}")
    where = " AND ".join(conditions)
    found = await sql.rows(f"{READ} WHERE {where} ORDER BY c.id LIMIT ${len(args) + 1}", *args, limit)
    return [AuditRow(*row) for row in found]


def _conditions(organization: OrganizationId, wanted: AuditFilter) -> tuple[list[str], list[object]]:
    conditions, args = ["c.organization_id = $1"], list[object]([organization])

    def add(condition: str, value: object) -> None:
        args.append(value)
        conditions.append(condition.format(f"${len(args)}"))

    if wanted.actor_kinds is not None:
        add("c.actor_kind = ANY({})", list(wanted.actor_kinds))
        if "DIRECTORY" not in wanted.actor_kinds:
            conditions.append(_NO_DIRECTORY)
    if wanted.actions is not None:
        add("c.action = ANY({})", list(wanted.actions))
        if not set(_COMMON) & set(wanted.actions):
            conditions.append(_RARE)
    if wanted.member is not None:
        add(_OF_MEMBER, wanted.member)
    if wanted.subject is not None:
        add("c.subject_id = {}", wanted.subject)
    if wanted.since is not None:
        add("c.id >= {}", first_id(wanted.since, -APART))
        add("c.changed_at >= {}", wanted.since)
    if wanted.to is not None:
        add("c.id < {}", first_id(wanted.to, APART))
        add("c.changed_at < {}", wanted.to)
    if wanted.break_glass is not None:
        conditions.append(_BREAK_GLASS if wanted.break_glass else f"({_BREAK_GLASS}) IS NOT TRUE")
    if wanted.request is not None:
        add("c.request_id = {}", wanted.request)
    return conditions, args
