"""Members with all that belongs to them, for lists: one statement for any number of members."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence

from db import pages, sql
from db.audit_rows import AuditRow
from db.change_rows import FieldChangeRow
from db.ids import OrganizationId
from db.member_rows import (
    GroupView,
    MemberCount,
    MemberFilter,
    MembershipView,
    MemberView,
    OverrideView,
)
from db.pages import Order, Page, Span

from . import audit
from .lookups import MEMBER

_FOLDED = "replace(lower({}), 'ς', 'σ')"
_NAME = f"coalesce({_FOLDED.format('m.display_name')}, '')"
ORDERS: Mapping[str, tuple[str, str]] = {
    "CREATED_AT": ("m.id", "uuid"),
    "NAME": (f'({_NAME} COLLATE "C")', "text"),
    "EMAIL": ("(coalesce(m.email_key, '') COLLATE \"C\")", "text"),
    "STATUS_SINCE": ("m.status_since", "timestamptz"),
    "UPDATED_AT": ("m.updated_at", "timestamptz"),
}
"""By what members can be sorted: expressions that are never null, with their types; texts as indexes have them."""

WITHOUT_INDEX = frozenset({"STATUS_SINCE", "UPDATED_AT"})
"""What changes with status, seat or role: an index would have to be written whenever a rule gives everybody another."""

_TRIGRAM = re.compile(r"[^\W_]{3}")


async def page(
    organization: OrganizationId, wanted: MemberFilter, order: str, span: Span, *, is_descending: bool
) -> Page[MemberView]:
    """Members of a filter, sorted."""
    conditions, args = _conditions(organization, wanted)
    key, type = ORDERS[order]
    by = Order(key, "m.id", type, is_descending)
    read = pages.page_of_wide if order in WITHOUT_INDEX else pages.page
    found = await read(MEMBER, conditions, args, by, span)
    return Page([MemberView(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def count(organization: OrganizationId, wanted: MemberFilter) -> int:
    """How many members a filter has."""
    conditions, args = _conditions(organization, wanted)
    found = await sql.row(f"SELECT count(*) FROM member m WHERE {' AND '.join(conditions)}", *args)
    return found[0] if found else 0


async def counts(organization: OrganizationId) -> list[MemberCount]:
    """How many members have which status and role."""
    found = await sql.rows(
        "SELECT status, role_id, count(*) FROM member WHERE organization_id = $1 GROUP BY 1, 2", organization
    )
    return [MemberCount(*row) for row in found]


async def overrides_of(organization: OrganizationId, members: Sequence[uuid.UUID]) -> list[OverrideView]:
    """The roles that somebody chose for members."""
    found = await sql.rows(
        "SELECT member_id, role_id, reason, set_by, set_at, expires_at FROM role_override"
        " WHERE organization_id = $1 AND member_id = ANY($2)",
        organization,
        list(members),
    )
    return [OverrideView(*row) for row in found]


_MEMBERSHIP = """
SELECT g.id, g.display_name, g.external_id, g.role_id, g.gives_access, g.directory_id, d.name, gm.added_at
FROM directory_user u
JOIN group_member gm ON gm.organization_id = u.organization_id AND gm.value = u.id
JOIN directory_group g ON g.organization_id = gm.organization_id AND g.id = gm.group_id
JOIN directory d ON d.organization_id = g.organization_id AND d.id = g.directory_id"""


async def groups_of(
    organization: OrganizationId, members: Sequence[uuid.UUID], span: Span
) -> dict[uuid.UUID, Page[MembershipView]]:
    """The same page of the groups of each member, by name; those of deleted directories are left out."""
    found = await pages.pages_of_each(
        members,
        _MEMBERSHIP,
        ["u.organization_id = $1", "u.member_id = parent.id", "d.deleted_at IS NULL"],
        [organization],
        Order("g.display_name_key", "g.id", "text"),
        span,
    )
    return {
        member: Page([MembershipView(*row[:-2]) for row in page.rows], page.places, page.has_more)
        for member, page in found.items()
    }


async def history_of(
    organization: OrganizationId, members: Sequence[uuid.UUID], span: Span
) -> dict[uuid.UUID, Page[AuditRow]]:
    """The same page of what was changed about each member, newest first."""
    found = await pages.pages_of_each(
        members,
        audit.READ,
        ["c.organization_id = $1", "(c.subject_id = parent.id OR c.member_id = parent.id)"],
        [organization],
        Order("c.id", "c.id", is_descending=True),
        span,
    )
    return {
        member: Page([AuditRow(*row[:-2]) for row in page.rows], page.places, page.has_more)
        for member, page in found.items()
    }


_LAST_WRITES = """
SELECT DISTINCT ON (c.subject_id, field) c.subject_id, field, c.changed_at, c.actor_kind, c.action,
       c.before ->> field, c.after ->> field, c.after ->> 'source', c.after ->> 'by', d.name, c.request_id
FROM change c CROSS JOIN unnest($3::text[]) AS field
LEFT JOIN directory d ON d.organization_id = c.organization_id AND d.id = c.actor_id
WHERE c.organization_id = $1 AND c.subject_id = ANY($2) AND c.subject_type = 'member' AND c.after ? field
ORDER BY c.subject_id, field, c.id DESC
"""


async def last_writes(
    organization: OrganizationId, members: Sequence[uuid.UUID], fields: Sequence[str]
) -> list[tuple[uuid.UUID, str, FieldChangeRow]]:
    """The last change of each of these fields of members."""
    found = await sql.rows(_LAST_WRITES, organization, list(members), list(fields))
    return [(row[0], row[1], FieldChangeRow(*tuple(row)[2:])) for row in found]


async def groups(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[GroupView]:
    """Groups by id; those of deleted directories are left out."""
    found = await sql.rows(
        "SELECT g.id, g.directory_id, g.display_name, g.role_id, g.gives_access FROM directory_group g"
        " JOIN directory d ON d.organization_id = $1 AND d.id = g.directory_id AND d.deleted_at IS NULL"
        " WHERE g.organization_id = $1 AND g.id = ANY($2)",
        organization,
        list(ids),
    )
    return [GroupView(*row) for row in found]


def _conditions(organization: OrganizationId, wanted: MemberFilter) -> tuple[list[str], list[object]]:
    conditions, args = ["m.organization_id = $1"], list[object]([organization])

    def add(condition: str, value: object) -> None:
        if value is not None:
            args.append(value)
            conditions.append(condition.format(f"${len(args)}"))

    add("m.status = ANY({})", _listed(wanted.status))
    add("m.seat = ANY({})", _listed(wanted.seat))
    add("m.role_id = ANY({})", _listed(wanted.roles))
    add("m.source = ANY({})", _listed(wanted.source))
    add("m.managed_by = {}", wanted.managed_by)
    add("m.updated_at > {}", wanted.updated_after)
    add(
        "m.id IN (SELECT u.member_id FROM directory_user u WHERE u.organization_id = $1 AND u.directory_id = {})",
        wanted.directory,
    )
    add(
        "m.id IN (SELECT u.member_id FROM group_member gm JOIN directory_user u ON u.organization_id = $1"
        " AND u.id = gm.value WHERE gm.organization_id = $1 AND gm.group_id = {})",
        wanted.group,
    )
    if wanted.text and wanted.text_key:
        args.extend(f"%{_escaped(text)}%" for text in (wanted.text_key, wanted.text))
        folded = _FOLDED.format(f"${len(args)}::text")
        # The index knows three letters in a row; for less all of it would be read, which takes longer than the table.
        plain = "" if _TRIGRAM.search(wanted.text) and _TRIGRAM.search(wanted.text_key) else " || ''"
        conditions.append(f"(m.email_key{plain} LIKE ${len(args) - 1} OR {_NAME}{plain} LIKE {folded})")
    if wanted.has_override is not None:
        sign = "" if wanted.has_override else "NOT "
        conditions.append(
            f"{sign}EXISTS (SELECT FROM role_override o WHERE o.organization_id = $1 AND o.member_id = m.id)"
        )
    return conditions, args


def _listed(values: Sequence[object] | None) -> list[object] | None:
    return None if values is None else list(values)


def _escaped(text: str) -> str:
    """The text for LIKE, meaning itself; PostgreSQL knows no NUL."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("\0", "")
