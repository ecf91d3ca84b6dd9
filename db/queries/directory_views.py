"""Directories, their keys and users, for whoever looks at them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import pages, sql
from db.ids import OrganizationId
from db.member_rows import DirectoryUserView
from db.pages import Order, Page, Span
from db.provisioning_rows import DirectoryKeyView, DirectoryView

_COUNT = """(SELECT coalesce(sum(total), 0) FROM directory_count c
         WHERE c.organization_id = $1 AND c.directory_id = d.id AND c.resource_type = '{}')::bigint"""
_DIRECTORY = f"""
SELECT d.organization_id, d.id, d.name, d.provider, d.settings::text, d.created_at, d.deleted_at,
       {_COUNT.format("User")}, {_COUNT.format("Group")}
FROM directory d WHERE d.organization_id = $1"""
_KEY = """
SELECT k.organization_id, k.id, k.directory_id, k.last_four, k.created_at, k.expires_at, k.revoked_at,
       coalesce(k.first_used_at, k.last_used_at), k.last_used_at
FROM directory_key k WHERE k.organization_id = $1"""
_USER = """
SELECT u.organization_id, u.id, u.member_id, u.directory_id, d.name, u.user_name, u.external_id, u.email,
       u.display_name, u.active, u.document::text, u.version, u.created_at, u.updated_at
FROM directory_user u JOIN directory d ON d.organization_id = u.organization_id AND d.id = u.directory_id"""


async def directories(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[DirectoryView]:
    """Directories by id, the deleted ones too."""
    found = await sql.rows(f"{_DIRECTORY} AND d.id = ANY($2)", organization, list(ids))
    return [DirectoryView(*row) for row in found]


async def all_directories(organization: OrganizationId, *, deleted_too: bool) -> list[DirectoryView]:
    """The directories of an organization, oldest first."""
    found = await sql.rows(f"{_DIRECTORY} AND ($2 OR d.deleted_at IS NULL) ORDER BY d.id", organization, deleted_too)
    return [DirectoryView(*row) for row in found]


async def keys(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[DirectoryKeyView]:
    """Keys by id."""
    found = await sql.rows(f"{_KEY} AND k.id = ANY($2)", organization, list(ids))
    return [DirectoryKeyView(*row) for row in found]


async def keys_of(organization: OrganizationId, directories: Sequence[uuid.UUID]) -> list[DirectoryKeyView]:
    """The keys of directories, newest first."""
    found = await sql.rows(f"{_KEY} AND k.directory_id = ANY($2) ORDER BY k.id DESC", organization, list(directories))
    return [DirectoryKeyView(*row) for row in found]


async def users(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[DirectoryUserView]:
    """Directory users by id."""
    found = await sql.rows(f"{_USER} WHERE u.organization_id = $1 AND u.id = ANY($2)", organization, list(ids))
    return [DirectoryUserView(*row) for row in found]


async def users_of(organization: OrganizationId, members: Sequence[uuid.UUID]) -> list[DirectoryUserView]:
    """What directories say of members, oldest first."""
    text = f"{_USER} WHERE u.organization_id = $1 AND u.member_id = ANY($2) ORDER BY u.id"
    return [DirectoryUserView(*row) for row in await sql.rows(text, organization, list(members))]


async def users_of_directories(
    organization: OrganizationId, directories: Sequence[uuid.UUID], span: Span
) -> dict[uuid.UUID, Page[DirectoryUserView]]:
    """The same page of the users of each directory, in the order in which they were made."""
    conditions = ["u.organization_id = $1", "u.directory_id = parent.id"]
    found = await pages.pages_of_each(directories, _USER, conditions, [organization], Order("u.id", "u.id"), span)
    return {
        directory: Page([DirectoryUserView(*row[:-2]) for row in page.rows], page.places, page.has_more)
        for directory, page in found.items()
    }
