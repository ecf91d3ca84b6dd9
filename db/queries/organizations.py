"""Organizations and the extensions that they registered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import sql
from db.ids import OrganizationId, new_id


async def add(organization: OrganizationId, name: str) -> None:
    """Make an organization."""
    await sql.rows("INSERT INTO organization (id, name) VALUES ($1, $2)", organization, name)


_ALL = """
SELECT o.id, o.name, o.created_at,
       (SELECT count(*) FROM directory d WHERE d.organization_id = o.id) AS directories,
       (SELECT count(*) FROM member m WHERE m.organization_id = o.id) AS members
FROM organization o
"""


async def find(organization: OrganizationId) -> dict[str, object] | None:
    """One organization with how many directories and members it has."""
    found = await sql.row(f"{_ALL} WHERE o.id = $1", organization)
    return dict(found) if found else None


async def retention(organization: OrganizationId) -> tuple[int, int] | None:
    """For how many days the headlines and the bodies of requests are kept."""
    found = await sql.row(
        "SELECT request_retention_days, body_retention_days FROM organization WHERE id = $1", organization
    )
    return (found[0], found[1]) if found else None


async def set_retention(organization: OrganizationId, *, headline_days: int, body_days: int) -> None:
    """Choose for how many days requests and their bodies are kept."""
    await sql.rows(
        "UPDATE organization SET request_retention_days = $2, body_retention_days = $3 WHERE id = $1",
        organization,
        headline_days,
        body_days,
    )


async def add_extension(organization: OrganizationId, *, urn: str, definition: str) -> None:
    """Register a schema extension, or replace the one of that URN."""
    await sql.rows(
        """WITH registered AS (
            INSERT INTO extension (organization_id, id, urn, urn_key, definition) VALUES ($1, $2, $3, lower($3), $4)
            ON CONFLICT (organization_id, urn_key) DO UPDATE SET urn = $3, definition = $4
        )
        UPDATE organization SET schema_version = schema_version + 1 WHERE id = $1""",
        organization,
        new_id(),
        urn,
        definition,
    )


async def extensions(organization: OrganizationId) -> Sequence[str]:
    """The registered extensions as RFC 7643 §7 JSON texts, oldest first."""
    found = await sql.rows(
        "SELECT definition FROM extension WHERE organization_id = $1 ORDER BY created_at, id", organization
    )
    return [row[0] for row in found]


async def exists(organization: uuid.UUID) -> bool:
    """Whether there is such an organization."""
    return await sql.row("SELECT 1 FROM organization WHERE id = $1", organization) is not None
