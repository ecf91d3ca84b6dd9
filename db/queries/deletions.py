"""Deleting directories: what counts of one that is deleted, who is concerned, and what goes for good in the end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import DirectoryId, OrganizationId


async def lock_deleted(organization: OrganizationId, directory: DirectoryId) -> dict[str, object] | None:
    """A deleted directory, locked."""
    found = await sql.row(
        "SELECT * FROM directory WHERE organization_id = $1 AND id = $2 AND deleted_at IS NOT NULL FOR UPDATE",
        organization,
        directory,
    )
    return dict(found) if found else None


async def mark(organization: OrganizationId, directory: DirectoryId, at: datetime | None) -> None:
    """Let a directory be deleted since a moment, or not."""
    await sql.rows(
        "UPDATE directory SET deleted_at = $3 WHERE organization_id = $1 AND id = $2", organization, directory, at
    )


async def discount(organization: OrganizationId, directory: DirectoryId) -> None:
    """Let no user of a directory count for anything."""
    await sql.rows(
        "UPDATE directory_user SET lets_in = NULL"
        " WHERE organization_id = $1 AND directory_id = $2 AND lets_in IS NOT NULL",
        organization,
        directory,
    )


_MEMBERS = """
SELECT u.member_id, bool_or(EXISTS (
    SELECT FROM directory_user o
    WHERE o.organization_id = $1 AND o.member_id = u.member_id AND o.directory_id <> $2 AND o.lets_in IS NOT NULL))
FROM directory_user u WHERE u.organization_id = $1 AND u.directory_id = $2 GROUP BY u.member_id
"""


async def members(organization: OrganizationId, directory: DirectoryId) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The members whom only this directory has, and those whom others have as well."""
    found = await sql.rows(_MEMBERS, organization, directory)
    return [row[0] for row in found if not row[1]], [row[0] for row in found if row[1]]


async def unlock(organization: OrganizationId, members: Sequence[uuid.UUID], at: datetime) -> None:
    """Let members in again who were locked out at exactly this moment."""
    await sql.rows(
        "UPDATE member SET locked_out_at = NULL WHERE organization_id = $1 AND id = ANY($2) AND locked_out_at = $3",
        organization,
        list(members),
        at,
    )


async def deleted(organization: OrganizationId) -> list[dict[str, object]]:
    """The deleted directories that are still there, the last deleted first."""
    found = await sql.rows(
        "SELECT id, name, provider, created_at, deleted_at FROM directory"
        " WHERE organization_id = $1 AND deleted_at IS NOT NULL ORDER BY deleted_at DESC, id",
        organization,
    )
    return [dict(row) for row in found]


async def lock_due(organization: OrganizationId, before: datetime) -> DirectoryId | None:
    """A directory that was deleted before a moment, locked; one whom nobody else has locked."""
    found = await sql.row(
        "SELECT id FROM directory WHERE organization_id = $1 AND deleted_at <= $2 ORDER BY deleted_at, id LIMIT 1"
        " FOR UPDATE SKIP LOCKED",
        organization,
        before,
    )
    return DirectoryId(found[0]) if found else None


_SOME = """
DELETE FROM {table} WHERE organization_id = $1 AND id IN (
    SELECT id FROM {table} WHERE organization_id = $1 AND directory_id = $2 LIMIT $3)
RETURNING 1
"""


async def purge_some(organization: OrganizationId, directory: DirectoryId, *, limit: int) -> int:
    """Delete some groups with their memberships, or some users when there is no group left; how many."""
    for table in ("directory_group", "directory_user", "departed_user"):
        gone = await sql.rows(_SOME.format(table=table), organization, directory, limit)
        if gone:
            return len(gone)
    return 0


async def purge(organization: OrganizationId, directory: DirectoryId) -> None:
    """Delete a directory that holds nothing any more; its requests stay as long as all requests do."""
    for table in (
        "directory_count",
        "directory_key",
        "oauth_client",
        "removal_window",
        "removal_count",
        "link_request",
    ):
        await sql.rows(f"DELETE FROM {table} WHERE organization_id = $1 AND directory_id = $2", organization, directory)
    await sql.rows("DELETE FROM directory WHERE organization_id = $1 AND id = $2", organization, directory)
