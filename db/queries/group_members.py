"""Who is in a group: rows that come and go one by one, and names that wait for their resource to arrive."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from db import sql
from db.ids import DirectoryGroupId, DirectoryId, OrganizationId, parse_id
from db.rows import ShownMember, Standing
from db.together import Part

_ADD_USERS = """
INSERT INTO group_member (organization_id, group_id, value, type, added_at)
SELECT $1, $2, u.id, 'User', $4 FROM directory_user u WHERE u.organization_id = $1 AND u.id = ANY($3) FOR KEY SHARE
ON CONFLICT DO NOTHING
"""
_ADD_GROUPS = """
INSERT INTO group_member (organization_id, group_id, value, type, added_at)
SELECT $1, $2, g.id, 'Group', $4 FROM directory_group g WHERE g.organization_id = $1 AND g.id = ANY($3) FOR KEY SHARE
ON CONFLICT DO NOTHING
"""
_REMOVE = """
DELETE FROM group_member WHERE organization_id = $1 AND group_id = $2 AND value = ANY($3)
"""
_PARK = """
INSERT INTO parked_member (organization_id, directory_id, group_id, value, parked_at)
SELECT $1, $2, $3, parked, $5 FROM unnest($4::text[]) AS parked
ON CONFLICT DO NOTHING
"""
_UNPARK = """
DELETE FROM parked_member WHERE organization_id = $1 AND group_id = $2 AND ($3 OR value = ANY($4)) AND value <> ALL($5)
"""


def add_users_part(organization: uuid.UUID, group: uuid.UUID, users: Sequence[uuid.UUID], at: datetime) -> Part:
    """The write that adds users as members; their rows are held, so that none of them can vanish meanwhile."""
    return Part("users_added", _ADD_USERS, (organization, group, list(users), at))


def add_groups_part(organization: uuid.UUID, group: uuid.UUID, groups: Sequence[uuid.UUID], at: datetime) -> Part:
    """The write that nests groups."""
    return Part("groups_added", _ADD_GROUPS, (organization, group, list(groups), at))


def remove_part(organization: uuid.UUID, group: uuid.UUID, values: Sequence[uuid.UUID]) -> Part:
    """The write that removes members."""
    return Part("members_removed", _REMOVE, (organization, group, list(values)))


def park_part(
    organization: uuid.UUID, directory: uuid.UUID, group: uuid.UUID, values: Sequence[str], at: datetime
) -> Part:
    """The write that remembers members who have not arrived yet."""
    return Part("members_parked", _PARK, (organization, directory, group, list(values), at))


def unpark_part(
    organization: uuid.UUID, group: uuid.UUID, values: Sequence[str], kept: Sequence[str], *, all_of_them: bool
) -> Part:
    """The write that forgets parked members, some or all, but never those who are `kept`."""
    return Part("members_unparked", _UNPARK, (organization, group, all_of_them, list(values), list(kept)))


# LATERAL with LIMIT makes PostgreSQL look up each value: a generic plan would rather read the whole organization.
_STANDING = """
SELECT s.sent, found.id, found.type, EXISTS (SELECT FROM group_member m
    WHERE m.organization_id = $1 AND m.group_id = $3 AND m.value = found.id)
FROM unnest($4::uuid[], $5::text[]) AS s (id, sent)
CROSS JOIN LATERAL (
    (SELECT u.id, 'User' AS type FROM directory_user u
      WHERE u.organization_id = $1 AND u.id = s.id AND (u.directory_id = $2) IS TRUE)
    UNION ALL
    (SELECT g.id, 'Group' FROM directory_group g
      WHERE g.organization_id = $1 AND g.id = s.id AND (g.directory_id = $2) IS TRUE)
    LIMIT 1
) found
"""
_STANDING_BY_NAME = """
SELECT s.sent, found.id, found.type, EXISTS (SELECT FROM group_member m
    WHERE m.organization_id = $1 AND m.group_id = $3 AND m.value = found.id)
FROM unnest($4::text[], $5::text[]) AS s (sent, folded)
CROSS JOIN LATERAL (
    (SELECT u.id, 'User' AS type FROM directory_user u
      WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.external_id = s.sent LIMIT 1)
    UNION ALL
    (SELECT g.id, 'Group' FROM directory_group g
      WHERE g.organization_id = $1 AND g.directory_id = $2 AND g.external_id = s.sent LIMIT 1)
    UNION ALL
    (SELECT u.id, 'User' FROM directory_user u
      WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.user_name_key = s.folded LIMIT 1)
    LIMIT 1
) found
"""


async def standing(
    organization: OrganizationId,
    directory: DirectoryId,
    group: DirectoryGroupId,
    values: Sequence[tuple[uuid.UUID, str]],
) -> list[Standing]:
    """What ids (with the text that was sent) stand for in this directory; unknown ones are left out."""
    found = await sql.rows(_STANDING, organization, directory, group, [v[0] for v in values], [v[1] for v in values])
    return [Standing(*row) for row in found]


async def standing_by_name(
    organization: OrganizationId,
    directory: DirectoryId,
    group: DirectoryGroupId,
    values: Sequence[tuple[str, str]],
) -> list[Standing]:
    """What texts (with their folded form) stand for by externalId or userName; unknown ones are left out."""
    found = await sql.rows(
        _STANDING_BY_NAME, organization, directory, group, [v[0] for v in values], [v[1] for v in values]
    )
    return [Standing(*row) for row in found]


async def resolve(
    organization: OrganizationId, directory: DirectoryId, group: DirectoryGroupId, names: Sequence[str]
) -> dict[str, Standing]:
    """What names stand for: ids first, then externalIds and userNames among those that are no id."""
    ids = [(parsed, name) for name in names if (parsed := parse_id(name.lower())) is not None]
    found = await standing(organization, directory, group, ids) if ids else []
    known = {each.sent: each for each in found}
    others = [(name, name.lower()) for name in names if name not in known]
    if others:
        known |= {each.sent: each for each in await standing_by_name(organization, directory, group, others)}
    return known


async def member_values(organization: OrganizationId, group: DirectoryGroupId) -> list[uuid.UUID]:
    """The ids of all direct members."""
    found = await sql.rows(
        "SELECT value FROM group_member WHERE organization_id = $1 AND group_id = $2", organization, group
    )
    return [row[0] for row in found]


async def values_where(
    organization: OrganizationId, group: DirectoryGroupId, condition: str, args: Sequence[object]
) -> list[uuid.UUID]:
    """The ids of the members `m` of the group `r` for which the condition, with placeholders from `$3`, is true."""
    found = await sql.rows(
        "SELECT m.value FROM group_member m"
        " JOIN directory_group r ON r.organization_id = m.organization_id AND r.id = m.group_id"
        f" WHERE m.organization_id = $1 AND m.group_id = $2 AND ({condition})",
        organization,
        group,
        *args,
    )
    return [row[0] for row in found]


_ARRIVED = """
SELECT p.group_id FROM parked_member p
WHERE p.organization_id = $1 AND p.directory_id = $2 AND (p.value = ANY($3) OR lower(p.value) = ANY($3))
"""


async def is_awaited(organization: OrganizationId, directory: DirectoryId, names: Sequence[str]) -> bool:
    """Whether a group has parked a member under one of these names."""
    found = await sql.value(f"SELECT EXISTS ({_ARRIVED})", organization, directory, list(names))
    return found is True


async def lock_waiting_groups(
    organization: OrganizationId, directory: DirectoryId, names: Sequence[str]
) -> list[uuid.UUID]:
    """The groups that parked a member under one of these names, locked in the order of their ids."""
    found = await sql.rows(
        "SELECT g.id FROM directory_group g JOIN organization o ON o.id = g.organization_id"
        f" WHERE g.organization_id = $1 AND g.id IN ({_ARRIVED})"
        " ORDER BY g.id FOR KEY SHARE OF o FOR UPDATE OF g",
        organization,
        directory,
        list(names),
    )
    return [row[0] for row in found]


def arrival_parts(
    organization: uuid.UUID,
    directory: uuid.UUID,
    groups: Sequence[uuid.UUID],
    value: uuid.UUID,
    type: str,
    names: Sequence[str],
    at: datetime,
) -> list[Part]:
    """The writes by which a parked member who has now arrived joins the groups that waited for it."""
    return [
        Part(
            "arrived",
            "INSERT INTO group_member (organization_id, group_id, value, type, added_at)"
            " SELECT $1, waiting, $3, $4, $5 FROM unnest($2::uuid[]) AS waiting ON CONFLICT DO NOTHING",
            (organization, list(groups), value, type, at),
        ),
        Part(
            "waited",
            "DELETE FROM parked_member WHERE organization_id = $1 AND directory_id = $2"
            " AND (value = ANY($3) OR lower(value) = ANY($3))",
            (organization, directory, list(names)),
        ),
        Part(
            "groups_joined",
            "UPDATE directory_group SET version = version + 1, updated_at = $3"
            " WHERE organization_id = $1 AND id = ANY($2)",
            (organization, list(groups), at),
        ),
    ]


_MEMBERS_PAGE = """
SELECT m.value, m.type, coalesce(u.display_name, g.display_name) AS display
FROM group_member m
LEFT JOIN directory_user u ON u.organization_id = m.organization_id AND u.id = m.value
LEFT JOIN directory_group g ON g.organization_id = m.organization_id AND g.id = m.value
WHERE m.organization_id = $1 AND m.group_id = $2 AND m.value > $3
ORDER BY m.value LIMIT $4
"""


async def members(
    organization: OrganizationId, group: DirectoryGroupId, *, chunk: int
) -> AsyncIterator[list[ShownMember]]:
    """The direct members in the order of their ids, in chunks, so that any number of them fits in memory."""
    after = uuid.UUID(int=0)
    while True:
        found = await sql.rows(_MEMBERS_PAGE, organization, group, after, chunk)
        if found:
            yield [ShownMember(*row) for row in found]
        if len(found) < chunk:
            return
        after = found[-1][0]
