"""Roles, the groups that are mapped to them, overrides, and what a member's role follows from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.rule_rows import MemberRoleFacts, RoleCombination, RoleRow
from db.together import Part

COLUMNS = "r.id, r.key, r.name, r.rank, r.is_admin, r.is_default"


async def ladder(organization: OrganizationId) -> list[RoleRow]:
    """The roles that are not archived, lowest first."""
    found = await sql.rows(
        f"SELECT {COLUMNS} FROM role r WHERE r.organization_id = $1 AND r.archived_at IS NULL ORDER BY r.rank",
        organization,
    )
    return [RoleRow(*row) for row in found]


async def overview(organization: OrganizationId) -> list[dict[str, object]]:
    """The ladder from the top, with permissions and how many members and groups each role has."""
    found = await sql.rows(
        f"""SELECT {COLUMNS}, r.permissions,
               (SELECT count(*) FROM member m WHERE m.organization_id = $1 AND m.role_id = r.id) AS members,
               (SELECT count(*) FROM directory_group g WHERE g.organization_id = $1 AND g.role_id = r.id) AS groups
            FROM role r WHERE r.organization_id = $1 AND r.archived_at IS NULL ORDER BY r.rank DESC""",
        organization,
    )
    return [dict(row) for row in found]


def add_parts(organization: uuid.UUID, roles: Sequence[RoleRow], at: datetime) -> list[Part]:
    """The writes of new roles without permissions."""
    return [
        Part(
            f"role_{number}",
            "INSERT INTO role (organization_id, id, key, name, rank, is_admin, is_default, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            (organization, role.id, role.key, role.name, role.rank, role.is_admin, role.is_default, at),
        )
        for number, role in enumerate(roles)
    ]


async def rerank(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> None:
    """Give roles the ranks 1, 2, … in this order."""
    await sql.rows(
        "UPDATE role SET rank = wanted.rank FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, rank)"
        " WHERE role.organization_id = $1 AND role.id = wanted.id",
        organization,
        list(ids),
    )


async def set_permissions(organization: OrganizationId, role: uuid.UUID, permissions: str) -> None:
    """Replace the permissions of a role by a JSON list."""
    await sql.rows(
        "UPDATE role SET permissions = $3 WHERE organization_id = $1 AND id = $2", organization, role, permissions
    )


async def set_default(organization: OrganizationId, role: uuid.UUID) -> None:
    """Make a role the default, and no other."""
    await sql.rows("UPDATE role SET is_default = false WHERE organization_id = $1 AND is_default", organization)
    await sql.rows("UPDATE role SET is_default = true WHERE organization_id = $1 AND id = $2", organization, role)


async def archive(organization: OrganizationId, role: uuid.UUID, replacement: uuid.UUID, at: datetime) -> None:
    """Archive a role: groups that were mapped to it, and overrides, get the replacement."""
    for table in ("directory_group", "role_override"):
        await sql.rows(
            f"UPDATE {table} SET role_id = $3 WHERE organization_id = $1 AND role_id = $2",
            organization,
            role,
            replacement,
        )
    await sql.rows(
        "UPDATE role SET archived_at = $3, rank = NULL WHERE organization_id = $1 AND id = $2", organization, role, at
    )


def end_part(organization: uuid.UUID, role: uuid.UUID, at: datetime) -> Part:
    """The write by which a role that was a group ends with it."""
    return Part(
        "role_ended",
        "UPDATE role SET archived_at = $3, rank = NULL WHERE organization_id = $1 AND id = $2",
        (organization, role, at),
    )


async def map_group(organization: OrganizationId, group: uuid.UUID, role: uuid.UUID | None) -> None:
    """Map a group to a role, or to none."""
    await sql.rows(
        "UPDATE directory_group SET role_id = $3 WHERE organization_id = $1 AND id = $2", organization, group, role
    )


async def lock_group(organization: OrganizationId, group: uuid.UUID) -> dict[str, object] | None:
    """A group's name and role, locked."""
    found = await sql.row(
        "SELECT g.id, g.display_name, g.role_id, g.directory_id FROM directory_group g"
        " WHERE g.organization_id = $1 AND g.id = $2 FOR UPDATE",
        organization,
        group,
    )
    return dict(found) if found else None


async def members_of_group(organization: OrganizationId, group: uuid.UUID) -> list[uuid.UUID]:
    """The members whose directory users are in a group directly."""
    found = await sql.rows(
        "SELECT DISTINCT u.member_id FROM group_member gm"
        " JOIN directory_user u ON u.organization_id = gm.organization_id AND u.id = gm.value"
        " WHERE gm.organization_id = $1 AND gm.group_id = $2",
        organization,
        group,
    )
    return [row[0] for row in found]


async def members_of_users(organization: OrganizationId, users: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """The members behind directory users."""
    found = await sql.rows(
        "SELECT DISTINCT u.member_id FROM directory_user u WHERE u.organization_id = $1 AND u.id = ANY($2)",
        organization,
        list(users),
    )
    return [row[0] for row in found]


async def members_with(organization: OrganizationId, role: uuid.UUID) -> list[uuid.UUID]:
    """The members whom a role matters to: by a group, an override or as it is."""
    found = await sql.rows(
        """SELECT id FROM member WHERE organization_id = $1 AND role_id = $2
           UNION SELECT member_id FROM role_override WHERE organization_id = $1 AND role_id = $2
           UNION SELECT u.member_id FROM directory_group g
             JOIN group_member gm ON gm.organization_id = $1 AND gm.group_id = g.id
             JOIN directory_user u ON u.organization_id = $1 AND u.id = gm.value
             WHERE g.organization_id = $1 AND g.role_id = $2""",
        organization,
        role,
    )
    return [row[0] for row in found]


async def everybody(organization: OrganizationId) -> list[uuid.UUID]:
    """All members, whatever their status."""
    found = await sql.rows("SELECT id FROM member WHERE organization_id = $1", organization)
    return [row[0] for row in found]


async def groups(organization: OrganizationId) -> list[dict[str, object]]:
    """All groups with their directory, how many members they have, and the role that they are mapped to."""
    found = await sql.rows(
        """SELECT g.id, g.display_name, g.directory_id, r.key AS role,
                  (SELECT count(*) FROM group_member m WHERE m.organization_id = $1 AND m.group_id = g.id) AS members
           FROM directory_group g LEFT JOIN role r ON r.organization_id = $1 AND r.id = g.role_id
           WHERE g.organization_id = $1 ORDER BY g.display_name_key, g.id""",
        organization,
    )
    return [dict(row) for row in found]


_FACTS = """
SELECT m.id, m.status, m.role_id, o.role_id, o.reason, o.set_by, o.set_at, o.expires_at, granted.groups, named.keys
FROM member m
LEFT JOIN role_override o ON o.organization_id = m.organization_id AND o.member_id = m.id
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(g.display_name, g.role_id) ORDER BY g.display_name, g.id)::text AS groups
    FROM directory_user u
    JOIN group_member gm ON gm.organization_id = u.organization_id AND gm.value = u.id
    JOIN directory_group g ON g.organization_id = gm.organization_id AND g.id = gm.group_id AND g.role_id IS NOT NULL
    WHERE u.organization_id = m.organization_id AND u.member_id = m.id
) granted ON true
LEFT JOIN LATERAL (
    SELECT json_agg(DISTINCT key)::text AS keys
    FROM directory_user u, jsonb_array_elements_text(u.role_keys) AS key
    WHERE u.organization_id = m.organization_id AND u.member_id = m.id
) named ON true
WHERE m.organization_id = $1 AND m.id = $2
"""


async def facts(organization: OrganizationId, member: uuid.UUID) -> MemberRoleFacts | None:
    """What the role of a member follows from, with the names that explain it."""
    found = await sql.row(_FACTS, organization, member)
    return MemberRoleFacts(*found) if found else None


_LOCK = """
WITH held AS (
    SELECT FROM organization WHERE id = $1 FOR KEY SHARE
), locked AS (
    SELECT FROM member m WHERE m.organization_id = $1 AND m.id = ANY($2) ORDER BY m.id FOR UPDATE
)
SELECT (SELECT count(*) FROM held), (SELECT count(*) FROM locked)
"""


async def lock_members(organization: OrganizationId, members: Sequence[uuid.UUID]) -> int:
    """Hold what the organization has chosen, then lock members in the order of their ids; how many there are.

    What follows is to be read by later statements: one that had to wait for a lock reads all that it did not lock as
    it was before it waited.
    """
    found = await sql.row(_LOCK, organization, list(members))
    return found[1] if found else 0


_COMBINATIONS = """
WITH granted AS (
    SELECT u.member_id, array_agg(DISTINCT g.role_id ORDER BY g.role_id) AS roles
    FROM directory_user u
    JOIN group_member gm ON gm.organization_id = u.organization_id AND gm.value = u.id
    JOIN directory_group g ON g.organization_id = gm.organization_id AND g.id = gm.group_id
    WHERE u.organization_id = $1 AND u.member_id = ANY($2) AND g.role_id IS NOT NULL
    GROUP BY u.member_id
), named AS (
    SELECT u.member_id, array_agg(DISTINCT key ORDER BY key) AS keys
    FROM directory_user u, jsonb_array_elements_text(u.role_keys) AS key
    WHERE u.organization_id = $1 AND u.member_id = ANY($2) AND u.role_keys IS NOT NULL
    GROUP BY u.member_id
)
SELECT m.status, m.role_id, o.role_id, o.expires_at, granted.roles, named.keys, array_agg(m.id)
FROM member m
LEFT JOIN role_override o ON o.organization_id = $1 AND o.member_id = m.id
LEFT JOIN granted ON granted.member_id = m.id
LEFT JOIN named ON named.member_id = m.id
WHERE m.organization_id = $1 AND m.id = ANY($2)
GROUP BY 1, 2, 3, 4, 5, 6
"""


async def combinations(organization: OrganizationId, members: Sequence[uuid.UUID]) -> list[RoleCombination]:
    """What the roles of any number of members follow from, those alike together."""
    found = await sql.rows(_COMBINATIONS, organization, list(members))
    return [
        RoleCombination(status, role, override, expires_at, tuple(roles or ()), tuple(keys or ()), tuple(ids))
        for status, role, override, expires_at, roles, keys, ids in found
    ]


async def assign(
    organization: OrganizationId, members: Sequence[uuid.UUID], role: uuid.UUID | None, status: str, at: datetime
) -> None:
    """Give members a role and a status."""
    await sql.rows(
        "UPDATE member SET role_id = $3, status = $4, updated_at = $5, version = version + 1"
        " FROM unnest($2::uuid[]) AS a (id) WHERE member.organization_id = $1 AND member.id = a.id",
        organization,
        list(members),
        role,
        status,
        at,
    )


async def lock_member(organization: OrganizationId, member: uuid.UUID) -> bool:
    """Lock a member for the rest of the transaction; whether there is such a one."""
    found = await sql.row(
        "SELECT 1 FROM member WHERE organization_id = $1 AND id = $2 FOR UPDATE", organization, member
    )
    return found is not None


async def lock_organization(organization: OrganizationId) -> None:
    """Let only one transaction at a time take the role of an admin away from somebody."""
    await sql.rows("SELECT 1 FROM organization WHERE id = $1 FOR UPDATE", organization)


async def has_admin_besides(organization: OrganizationId, members: Sequence[uuid.UUID]) -> bool:
    """Whether somebody else can use the organization as an admin."""
    found = await sql.value(
        """SELECT EXISTS (SELECT FROM member m JOIN role r ON r.organization_id = m.organization_id AND r.id = m.role_id
            WHERE m.organization_id = $1 AND r.is_admin AND m.status = 'ACTIVE' AND m.id <> ALL($2))""",
        organization,
        list(members),
    )
    return found is True
