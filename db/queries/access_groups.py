"""Groups that give access, groups whose members leave without delay, and whom that concerns."""

from __future__ import annotations

import uuid

from db import sql
from db.ids import OrganizationId

from . import roles


async def mark(organization: OrganizationId, group: uuid.UUID, *, gives_access: bool, is_urgent: bool) -> None:
    """Say of a group whether it gives access, and whether removals of its members are never held."""
    await sql.rows(
        "UPDATE directory_group SET gives_access = $3, is_urgent = $4 WHERE organization_id = $1 AND id = $2",
        organization,
        group,
        gives_access,
        is_urgent,
    )


_IS_ONLY_ONE = """
SELECT d.settings ->> 'suspend_on_leaving_groups' = 'true' AND NOT EXISTS (
    SELECT FROM directory_group g
    WHERE g.organization_id = $1 AND g.directory_id = $2 AND g.gives_access AND g.id <> $3)
FROM directory d WHERE d.organization_id = $1 AND d.id = $2
"""


async def concerned(organization: OrganizationId, directory: uuid.UUID, group: uuid.UUID) -> list[uuid.UUID]:
    """Members to whom it matters that a group gives access: its own, or all of its directory if no other one does."""
    if await sql.value(_IS_ONLY_ONE, organization, directory, group):
        return await of_directory(organization, directory)
    return await roles.members_of_groups(organization, [group])


async def of_directory(organization: OrganizationId, directory: uuid.UUID) -> list[uuid.UUID]:
    """All members whom a directory has."""
    found = await sql.rows(
        "SELECT DISTINCT u.member_id FROM directory_user u WHERE u.organization_id = $1 AND u.directory_id = $2",
        organization,
        directory,
    )
    return [row[0] for row in found]
