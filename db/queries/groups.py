"""Directory groups and their members, which are rows: adding one never touches the others."""

from __future__ import annotations

import uuid

from db import sql
from db.ids import DirectoryGroupId, DirectoryId, OrganizationId
from db.rows import GroupRow, LockedGroup
from db.together import Part

_READ = """r.id, r.display_name, r.display_name_key, r.unique_name, r.external_id, r.document, r.search, r.version,
    r.created_at, r.updated_at"""


_GET = f"""SELECT {_READ} FROM directory_group r
WHERE r.organization_id = $1 AND r.id = $3 AND (r.directory_id = $2) IS TRUE"""


async def find(organization: OrganizationId, directory: DirectoryId, group: DirectoryGroupId) -> GroupRow | None:
    """One group of the directory."""
    found = await sql.row(_GET, organization, directory, group)
    return GroupRow(*found) if found else None


_LOCK = f"""
SELECT {_READ}, (SELECT count(*) FROM (
    SELECT FROM group_member m WHERE m.organization_id = $1 AND m.group_id = $3 ORDER BY m.value LIMIT $4) counted)
    AS members, r.role_id, r.gives_access
FROM directory_group r JOIN organization o ON o.id = r.organization_id
WHERE r.organization_id = $1 AND r.id = $3 AND (r.directory_id = $2) IS TRUE
FOR KEY SHARE OF o FOR UPDATE OF r
"""


async def lock(
    organization: OrganizationId, directory: DirectoryId, group: DirectoryGroupId, *, count_to: int
) -> LockedGroup | None:
    """One group, for changing it, with how many members it has, counted no further than `count_to`.

    Holds what the organization has chosen first, as everybody does who goes on to roles.
    """
    found = await sql.row(_LOCK, organization, directory, group, count_to)
    return LockedGroup(GroupRow(*found[:10]), *found[10:]) if found else None


_INSERT = """
INSERT INTO directory_group (organization_id, directory_id, id, display_name, display_name_key, unique_name,
    external_id, document, search, version, created_at, updated_at, role_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
_UPDATE = """
UPDATE directory_group SET display_name = $3, display_name_key = $4, unique_name = $5, external_id = $6,
    document = $7, search = $8, version = $9, updated_at = $10
WHERE organization_id = $1 AND id = $2
"""
_DELETE = "DELETE FROM directory_group WHERE organization_id = $1 AND id = $2"


def insert_part(organization: uuid.UUID, directory: uuid.UUID, group: GroupRow, role: uuid.UUID | None) -> Part:
    """The write of a new group, mapped to a role or to none."""
    values = (group.display_name, group.display_name_key, group.unique_name, group.external_id)
    return Part(
        "group_made",
        _INSERT,
        (
            organization,
            directory,
            group.id,
            *values,
            group.document,
            group.search,
            group.version,
            group.created_at,
            group.updated_at,
            role,
        ),
    )


def update_part(organization: uuid.UUID, group: GroupRow) -> Part:
    """The write of a changed group."""
    values = (group.display_name, group.display_name_key, group.unique_name, group.external_id)
    return Part(
        "group_changed",
        _UPDATE,
        (organization, group.id, *values, group.document, group.search, group.version, group.updated_at),
    )


def delete_part(organization: uuid.UUID, group: uuid.UUID) -> Part:
    """The write of a group's removal; its members go with it."""
    return Part("group_gone", _DELETE, (organization, group))
