"""Directories, their keys and their counts."""

from __future__ import annotations

import uuid
from datetime import datetime

from db import sql
from db.ids import DirectoryId, KeyId, OrganizationId
from db.together import Part


async def add(organization: OrganizationId, directory: DirectoryId, *, name: str, provider: str, settings: str) -> None:
    """Make a directory."""
    await sql.rows(
        "INSERT INTO directory (organization_id, id, name, provider, settings) VALUES ($1, $2, $3, $4, $5)",
        organization,
        directory,
        name,
        provider,
        settings,
    )


async def find(organization: OrganizationId, directory: DirectoryId) -> dict[str, object] | None:
    """One directory that is not deleted."""
    found = await sql.row(
        "SELECT * FROM directory WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL", organization, directory
    )
    return dict(found) if found else None


_OVERVIEW = """
SELECT d.id, d.name, d.provider, d.settings, d.created_at,
       (SELECT coalesce(sum(total), 0) FROM directory_count c
         WHERE c.organization_id = $1 AND c.directory_id = d.id AND c.resource_type = 'User')::bigint AS users,
       (SELECT coalesce(sum(total), 0) FROM directory_count c
         WHERE c.organization_id = $1 AND c.directory_id = d.id AND c.resource_type = 'Group')::bigint AS groups
FROM directory d WHERE d.organization_id = $1 AND d.deleted_at IS NULL ORDER BY d.id
"""


async def overview(organization: OrganizationId) -> list[dict[str, object]]:
    """The organization's directories with how many users and groups each holds."""
    return [dict(row) for row in await sql.rows(_OVERVIEW, organization)]


async def lock_and_count_users(organization: OrganizationId, directory: DirectoryId) -> int:
    """How many users a directory has, after letting only one transaction at a time go on that asks this."""
    locked = "SELECT 1 FROM directory WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE"
    await sql.rows(locked, organization, directory)
    found = await sql.value(
        "SELECT coalesce(sum(total), 0)::bigint FROM directory_count"
        " WHERE organization_id = $1 AND directory_id = $2 AND resource_type = 'User'",
        organization,
        directory,
    )
    return found if isinstance(found, int) else 0


async def set_settings(organization: OrganizationId, directory: DirectoryId, settings: str) -> None:
    """Replace the settings of a directory."""
    await sql.rows(
        "UPDATE directory SET settings = $3 WHERE organization_id = $1 AND id = $2", organization, directory, settings
    )


async def rename(organization: OrganizationId, directory: DirectoryId, name: str) -> None:
    """Give a directory another name."""
    await sql.rows(
        "UPDATE directory SET name = $3 WHERE organization_id = $1 AND id = $2", organization, directory, name
    )


async def let_in(organization: OrganizationId, directory: DirectoryId, *, inactive_too: bool) -> list[uuid.UUID]:
    """Let users of a directory let their members in, the inactive ones too or not; the members concerned."""
    found = await sql.rows(
        "UPDATE directory_user SET lets_in = active OR $3"
        " WHERE organization_id = $1 AND directory_id = $2 AND lets_in IS DISTINCT FROM (active OR $3)"
        " RETURNING member_id",
        organization,
        directory,
        inactive_too,
    )
    return list({row[0] for row in found})


async def add_key(
    organization: OrganizationId,
    directory: DirectoryId,
    key: KeyId,
    *,
    digest: bytes,
    last_four: str,
    expires_at: datetime | None,
) -> None:
    """Add a key by its SHA-256."""
    await sql.rows(
        "INSERT INTO directory_key (organization_id, directory_id, id, hash, last_four, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        organization,
        directory,
        key,
        digest,
        last_four,
        expires_at,
    )


async def keys(organization: OrganizationId, directory: DirectoryId) -> list[dict[str, object]]:
    """The keys of a directory, oldest first, without their hashes."""
    found = await sql.rows(
        "SELECT id, last_four, created_at, expires_at, revoked_at, last_used_at FROM directory_key"
        " WHERE organization_id = $1 AND directory_id = $2 ORDER BY id",
        organization,
        directory,
    )
    return [dict(row) for row in found]


async def lock(organization: OrganizationId, directory: DirectoryId) -> bool:
    """Make others wait who would change this directory or add users to it; whether there is one, and not deleted."""
    found = await sql.rows(
        "SELECT 1 FROM directory WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE",
        organization,
        directory,
    )
    return bool(found)


async def end_keys(organization: OrganizationId, directory: DirectoryId, *, at: datetime, is_revocation: bool) -> int:
    """Let every live key of the directory end at that time, as expired or as revoked; how many were live."""
    column = "revoked_at = $3" if is_revocation else "expires_at = least(expires_at, $3)"
    ended = await sql.rows(
        f"UPDATE directory_key SET {column}"
        " WHERE organization_id = $1 AND directory_id = $2 AND revoked_at IS NULL"
        " AND (expires_at IS NULL OR expires_at > now()) RETURNING 1",
        organization,
        directory,
        at,
    )
    return len(ended)


async def revoke_key(
    organization: OrganizationId, key: KeyId, *, at: datetime
) -> tuple[DirectoryId, str, datetime] | None:
    """Revoke one key; its directory, last four characters, and since when it is revoked, or None for no such key."""
    found = await sql.row(
        "UPDATE directory_key SET revoked_at = coalesce(revoked_at, $3)"
        " WHERE organization_id = $1 AND id = $2 RETURNING directory_id, last_four, revoked_at",
        organization,
        key,
        at,
    )
    return (DirectoryId(found[0]), found[1], found[2]) if found else None


_COUNT = """
INSERT INTO directory_count AS c (organization_id, directory_id, resource_type, slot, total)
VALUES ($1, $2, $3, pg_backend_pid() % 16, $4)
ON CONFLICT (organization_id, directory_id, resource_type, slot) DO UPDATE SET total = c.total + excluded.total
"""


def count_part(organization: uuid.UUID, directory: uuid.UUID, resource_type: str, change: int) -> Part:
    """The write that keeps the exact count true; each connection has a slot, so that creates do not queue up."""
    return Part("counted", _COUNT, (organization, directory, resource_type, change))


async def is_in_use(
    organization: OrganizationId, directory: DirectoryId, *, unless_by: uuid.UUID | None = None
) -> bool:
    """Whether a directory has called, and is no pilot any more; not one that an actor did something with."""
    found = await sql.value(
        """SELECT d.settings ->> 'state' IS DISTINCT FROM 'PILOT' AND (
                EXISTS (SELECT FROM request r WHERE r.organization_id = $1 AND r.directory_id = $2)
                OR EXISTS (SELECT FROM directory_key k
                            WHERE k.organization_id = $1 AND k.directory_id = $2 AND k.last_used_at IS NOT NULL))
            AND NOT EXISTS (SELECT FROM change c
                             WHERE c.organization_id = $1 AND c.subject_id = $2 AND c.actor_id = $3)
           FROM directory d WHERE d.organization_id = $1 AND d.id = $2""",
        organization,
        directory,
        unless_by,
    )
    return bool(found)
