"""Roles, the groups that are mapped to them, and whom that concerns."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.provisioning_rows import RoleDetails
from db.rule_rows import GroupRules, RoleRow
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
               (SELECT count(*) FROM directory_group g
                  JOIN directory d ON d.organization_id = $1 AND d.id = g.directory_id AND d.deleted_at IS NULL
                 WHERE g.organization_id = $1 AND g.role_id = r.id) AS groups
            FROM role r WHERE r.organization_id = $1 AND r.archived_at IS NULL ORDER BY r.rank DESC""",
        organization,
    )
    return [dict(row) for row in found]


async def details(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, RoleDetails]:
    """What roles permit, and how many members have each; members are counted in one go."""
    found = await sql.rows(
        """SELECT r.id, r.permissions::text, coalesce(m.members, 0) FROM role r
           LEFT JOIN (SELECT role_id, count(*) AS members FROM member
                       WHERE organization_id = $1 AND role_id = ANY($2) GROUP BY role_id) m ON m.role_id = r.id
           WHERE r.organization_id = $1 AND r.id = ANY($2)""",
        organization,
        list(ids),
    )
    return {row[0]: RoleDetails(row[1], row[2]) for row in found}


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


async def let_admins(organization: OrganizationId, permissions: str) -> None:
    """Give roles of admins permissions, a JSON list."""
    await sql.rows(
        "UPDATE role SET permissions = $2 WHERE organization_id = $1 AND is_admin", organization, permissions
    )


async def set_default(organization: OrganizationId, role: uuid.UUID) -> None:
    """Make a role the default, and no other."""
    await sql.rows("UPDATE role SET is_default = false WHERE organization_id = $1 AND is_default", organization)
    await sql.rows("UPDATE role SET is_default = true WHERE organization_id = $1 AND id = $2", organization, role)


async def archive(organization: OrganizationId, role: uuid.UUID, replacement: uuid.UUID, at: datetime) -> None:
    """Archive a role: groups that were mapped to it, overrides, and roles that are kept, become the replacement."""
    for table, column in (("directory_group", "role_id"), ("role_override", "role_id"), ("member", "held_role_id")):
        await sql.rows(
            f"UPDATE {table} SET {column} = $3 WHERE organization_id = $1 AND {column} = $2",
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


async def map_groups(organization: OrganizationId, roles: Mapping[uuid.UUID, uuid.UUID | None]) -> None:
    """Map each of these groups to a role, or to none."""
    await sql.rows(
        "UPDATE directory_group SET role_id = wanted.role FROM unnest($2::uuid[], $3::uuid[]) AS wanted (id, role)"
        " WHERE directory_group.organization_id = $1 AND directory_group.id = wanted.id",
        organization,
        list(roles),
        list(roles.values()),
    )


async def lock_groups(organization: OrganizationId, groups: Sequence[uuid.UUID]) -> list[GroupRules]:
    """What follows from groups, those locked in the order of their ids."""
    found = await sql.rows(
        "SELECT g.id, g.directory_id, g.display_name, g.role_id, g.gives_access, g.is_urgent FROM directory_group g"
        " WHERE g.organization_id = $1 AND g.id = ANY($2) ORDER BY g.id FOR UPDATE",
        organization,
        list(groups),
    )
    return [GroupRules(*row) for row in found]


async def mapped_groups(organization: OrganizationId) -> dict[uuid.UUID, list[str]]:
    """The names of the groups that are mapped to each role."""
    found = await sql.rows(
        "SELECT g.role_id, array_agg(g.display_name ORDER BY g.display_name, g.id) FROM directory_group g"
        " WHERE g.organization_id = $1 AND g.role_id IS NOT NULL GROUP BY g.role_id",
        organization,
    )
    return {row[0]: row[1] for row in found}


async def members_of_groups(organization: OrganizationId, groups: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """The members whose directory users are in one of the groups directly."""
    found = await sql.rows(
        "SELECT DISTINCT u.member_id FROM group_member gm"
        " JOIN directory_user u ON u.organization_id = gm.organization_id AND u.id = gm.value"
        " WHERE gm.organization_id = $1 AND gm.group_id = ANY($2)",
        organization,
        list(groups),
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
    """The members whom a role matters to: by a group, an override, as it is or as it is kept."""
    found = await sql.rows(
        """SELECT id FROM member WHERE organization_id = $1 AND (role_id = $2 OR held_role_id = $2)
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
    """All groups with their directory, marks, how many members they have, and the role that they are mapped to."""
    found = await sql.rows(
        """SELECT g.id, g.display_name, g.directory_id, r.key AS role, g.gives_access, g.is_urgent,
                  (SELECT count(*) FROM group_member m WHERE m.organization_id = $1 AND m.group_id = g.id) AS members
           FROM directory_group g LEFT JOIN role r ON r.organization_id = $1 AND r.id = g.role_id
           WHERE g.organization_id = $1 AND EXISTS (
               SELECT FROM directory d WHERE d.organization_id = $1 AND d.id = g.directory_id AND d.deleted_at IS NULL)
           ORDER BY g.display_name_key, g.id""",
        organization,
    )
    return [dict(row) for row in found]


async def lock_organization(organization: OrganizationId) -> None:
    """Let only one transaction at a time change what the organization has chosen, and none that holds it go on."""
    await sql.rows("SELECT 1 FROM organization WHERE id = $1 FOR UPDATE", organization)


async def lock_admins(organization: OrganizationId) -> None:
    """Let only one transaction at a time take an admin away.

    Locks the roles of admins. The organization would not do: who takes an admin away holds it already, together with
    others who may want to lock it then, and they would wait for each other.
    """
    await sql.rows(
        "SELECT 1 FROM role WHERE organization_id = $1 AND is_admin ORDER BY id FOR NO KEY UPDATE", organization
    )


async def has_admin_besides(organization: OrganizationId, members: Sequence[uuid.UUID]) -> bool:
    """Whether somebody else can use the organization as an admin."""
    found = await sql.value(
        """SELECT EXISTS (SELECT FROM member m JOIN role r ON r.organization_id = m.organization_id AND r.id = m.role_id
            WHERE m.organization_id = $1 AND r.is_admin AND m.status = 'ACTIVE' AND m.id <> ALL($2))""",
        organization,
        list(members),
    )
    return found is True
