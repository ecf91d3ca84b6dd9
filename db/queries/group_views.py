"""Groups and who is in them, for whoever looks at them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from db import pages, sql
from db.ids import OrganizationId
from db.member_rows import MemberView
from db.pages import Order, Page, Span
from db.provisioning_rows import GroupCounts, GroupView

from .lookups import MEMBER

_GROUP = """
SELECT g.organization_id, g.id, g.directory_id, g.display_name, g.external_id, g.role_id, g.gives_access, g.is_urgent,
       g.created_at, g.updated_at
FROM directory_group g"""
_IS_THERE = """EXISTS (SELECT FROM directory d
    WHERE d.organization_id = $1 AND d.id = g.directory_id AND d.deleted_at IS NULL)"""


@dataclass(frozen=True, slots=True)
class GroupFilter:
    """Which groups are looked for: by a part of the folded name, by whether they are mapped, of a directory."""

    part: str | None = None
    is_mapped: bool | None = None
    directory: uuid.UUID | None = None


async def groups(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[GroupView]:
    """Groups by id."""
    found = await sql.rows(f"{_GROUP} WHERE g.organization_id = $1 AND g.id = ANY($2)", organization, list(ids))
    return [GroupView(*row) for row in found]


async def group_page(organization: OrganizationId, wanted: GroupFilter, span: Span) -> Page[GroupView]:
    """The groups of directories that are not deleted, by name."""
    conditions, args = _filtered(organization, wanted)
    found = await pages.page(_GROUP, conditions, args, Order("g.display_name_key", "g.id", "text"), span)
    return Page([GroupView(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def group_count(organization: OrganizationId, wanted: GroupFilter) -> int:
    """How many such groups there are."""
    conditions, args = _filtered(organization, wanted)
    found = await sql.row(f"SELECT count(*) FROM directory_group g WHERE {' AND '.join(conditions)}", *args)
    return found[0] if found else 0


async def counts(organization: OrganizationId, groups: Sequence[uuid.UUID]) -> dict[uuid.UUID, GroupCounts]:
    """How many people are in groups, and how many were named who have not arrived."""
    found = await sql.rows(
        """SELECT g, (SELECT count(*) FROM group_member m
                       WHERE m.organization_id = $1 AND m.group_id = g AND m.type = 'User'),
                  (SELECT count(*) FROM parked_member p WHERE p.organization_id = $1 AND p.group_id = g)
           FROM unnest($2::uuid[]) AS g""",
        organization,
        list(groups),
    )
    return {row[0]: GroupCounts(row[1], row[2]) for row in found}


# Each group by itself, and no more of it than is counted: together PostgreSQL looks for every member in every group.
_EFFECTS = """
SELECT g.id, found.having FROM directory_group g CROSS JOIN LATERAL (
    SELECT count(*) AS named, count(DISTINCT m.id) FILTER (WHERE m.role_id = g.role_id) AS having
    FROM (SELECT gm.value FROM group_member gm
           WHERE gm.organization_id = $1 AND gm.group_id = g.id AND gm.type = 'User' LIMIT $3 + 1) few
    LEFT JOIN directory_user u ON u.organization_id = $1 AND u.id = few.value
    LEFT JOIN member m ON m.organization_id = $1 AND m.id = u.member_id
) found
WHERE g.organization_id = $1 AND g.id = ANY($2) AND g.role_id IS NOT NULL AND found.named <= $3
"""


async def effects(organization: OrganizationId, groups: Sequence[uuid.UUID], *, most: int) -> dict[uuid.UUID, int]:
    """How many people in groups have the role that their group is mapped to; of mapped groups of at most so many."""
    return {row[0]: row[1] for row in await sql.rows(_EFFECTS, organization, list(groups), most)}


_PERSON = f"""{MEMBER} JOIN directory_user u ON u.organization_id = m.organization_id AND u.member_id = m.id
JOIN group_member gm ON gm.organization_id = m.organization_id AND gm.value = u.id"""


async def members_of(
    organization: OrganizationId, groups: Sequence[uuid.UUID], span: Span
) -> dict[uuid.UUID, Page[MemberView]]:
    """The same page of those who are in each group directly, in the order in which its directory made them."""
    conditions = ["m.organization_id = $1", "gm.organization_id = $1", "gm.group_id = parent.id"]
    order = Order("gm.value", "gm.value")
    found = await pages.pages_of_each(groups, _PERSON, conditions, [organization], order, span)
    return {
        group: Page([MemberView(*row[:-2]) for row in page.rows], page.places, page.has_more)
        for group, page in found.items()
    }


def _filtered(organization: OrganizationId, wanted: GroupFilter) -> tuple[list[str], list[object]]:
    conditions, args = ["g.organization_id = $1", _IS_THERE], list[object]([organization])
    if wanted.part is not None:
        args.append(wanted.part)
        conditions.append(f"position(${len(args)}::text in g.display_name_key) > 0")
    if wanted.directory is not None:
        args.append(wanted.directory)
        conditions.append(f"g.directory_id = ${len(args)}::uuid")
    if wanted.is_mapped is not None:
        conditions.append(f"g.role_id IS {'NOT ' if wanted.is_mapped else ''}NULL")
    return conditions, args
