"""Whom organizations want to be told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import sql
from db.ids import OrganizationId
from db.mail_rows import ContactRow

_CONTACT = "id, kind, email, email_key, name, wants_digest, unsubscribe_token, created_at"


async def all_of_them(organization: OrganizationId) -> list[ContactRow]:
    """The contacts of an organization, by kind, oldest first."""
    found = await sql.rows(f"SELECT {_CONTACT} FROM contact WHERE organization_id = $1 ORDER BY kind, id", organization)
    return [ContactRow(*row) for row in found]


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[ContactRow]:
    """Contacts by id."""
    found = await sql.rows(
        f"SELECT {_CONTACT} FROM contact WHERE organization_id = $1 AND id = ANY($2)", organization, list(ids)
    )
    return [ContactRow(*row) for row in found]


async def lock(organization: OrganizationId, contact: uuid.UUID) -> ContactRow | None:
    """A contact, locked."""
    found = await sql.row(
        f"SELECT {_CONTACT} FROM contact WHERE organization_id = $1 AND id = $2 FOR UPDATE", organization, contact
    )
    return ContactRow(*found) if found else None


async def count(organization: OrganizationId, kind: str) -> int:
    """How many contacts of a kind there are."""
    found = await sql.value("SELECT count(*) FROM contact WHERE organization_id = $1 AND kind = $2", organization, kind)
    return int(str(found))


async def add(organization: OrganizationId, row: ContactRow) -> None:
    """Write a contact; raises a unique violation where the address is one of that kind."""
    await sql.rows(
        f"INSERT INTO contact (organization_id, {_CONTACT}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        organization,
        row.id,
        row.kind,
        row.email,
        row.email_key,
        row.name,
        row.wants_digest,
        row.unsubscribe_token,
        row.created_at,
    )


async def change(organization: OrganizationId, contact: uuid.UUID, name: str | None, *, wants_digest: bool) -> None:
    """Write a contact's name, and whether they want digests."""
    await sql.rows(
        "UPDATE contact SET name = $3, wants_digest = $4 WHERE organization_id = $1 AND id = $2",
        organization,
        contact,
        name,
        wants_digest,
    )


async def remove(organization: OrganizationId, contact: uuid.UUID) -> None:
    """Delete a contact."""
    await sql.rows("DELETE FROM contact WHERE organization_id = $1 AND id = $2", organization, contact)


async def reading_digests(organization: OrganizationId) -> list[ContactRow]:
    """Contacts who want digests, each address once."""
    found = await sql.rows(
        f"SELECT DISTINCT ON (email_key) {_CONTACT} FROM contact"
        " WHERE organization_id = $1 AND wants_digest ORDER BY email_key, id",
        organization,
    )
    return [ContactRow(*row) for row in found]


async def end_digests(organization: OrganizationId, email_key: str) -> int:
    """Send no more digests to an address; for how many contacts that is new."""
    found = await sql.rows(
        "UPDATE contact SET wants_digest = false"
        " WHERE organization_id = $1 AND email_key = $2 AND wants_digest RETURNING 1",
        organization,
        email_key,
    )
    return len(found)
