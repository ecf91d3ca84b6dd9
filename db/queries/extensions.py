"""The SCIM extensions that organizations registered or proposed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import sql
from db.ids import OrganizationId
from db.rule_rows import ExtensionRow

_COLUMNS = "id, urn, definition, state, proposed_by, decided_at"


async def find(organization: OrganizationId, urn: str) -> ExtensionRow | None:
    """The extension with that URN, whatever its case and state."""
    found = await sql.row(
        f"SELECT {_COLUMNS} FROM extension WHERE organization_id = $1 AND urn_key = $2", organization, urn.lower()
    )
    return ExtensionRow(*found) if found else None


async def all_of_them(organization: OrganizationId) -> list[ExtensionRow]:
    """Every extension in whatever state, oldest first."""
    found = await sql.rows(
        f"SELECT {_COLUMNS} FROM extension WHERE organization_id = $1 ORDER BY created_at, id", organization
    )
    return [ExtensionRow(*row) for row in found]


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[ExtensionRow]:
    """Extensions by id."""
    found = await sql.rows(
        f"SELECT {_COLUMNS} FROM extension WHERE organization_id = $1 AND id = ANY($2)", organization, list(ids)
    )
    return [ExtensionRow(*row) for row in found]


async def definitions(organization: OrganizationId) -> Sequence[str]:
    """The extensions that are in force as RFC 7643 §7 JSON texts, oldest first."""
    found = await sql.rows(
        "SELECT definition FROM extension WHERE organization_id = $1 AND state = 'APPROVED' ORDER BY created_at, id",
        organization,
    )
    return [row[0] for row in found]


async def put(organization: OrganizationId, extension: ExtensionRow) -> None:
    """Write an extension, in place of the one of that id if there is one."""
    await sql.rows(
        """INSERT INTO extension (organization_id, id, urn, urn_key, definition, state, proposed_by, decided_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (organization_id, id) DO UPDATE SET urn = $3, urn_key = $4, definition = $5, state = $6,
               proposed_by = $7, decided_at = $8""",
        organization,
        extension.id,
        extension.urn,
        extension.urn.lower(),
        extension.definition,
        extension.state,
        extension.proposed_by,
        extension.decided_at,
    )


async def raise_version(organization: OrganizationId) -> None:
    """Let everybody who remembers the organization's schemas read them again."""
    await sql.rows("UPDATE organization SET schema_version = schema_version + 1 WHERE id = $1", organization)
