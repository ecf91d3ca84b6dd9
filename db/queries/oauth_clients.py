"""OAuth clients of directories and their secrets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import DirectoryId, OrganizationId
from db.oauth_rows import ClientRow, SecretRow

_CLIENT = """
SELECT organization_id, id, directory_id, name, jwks::text, jwks_uri, issuer, subject, audience, created_by, created_at,
       revoked_at, last_used_at
FROM oauth_client WHERE organization_id = $1"""
_SECRET = """
SELECT organization_id, id, client_id, last_four, created_at, expires_at, revoked_at, last_used_at
FROM oauth_secret WHERE organization_id = $1"""


async def add(organization: OrganizationId, row: ClientRow) -> None:
    """Write a new client."""
    await sql.rows(
        """INSERT INTO oauth_client (organization_id, id, directory_id, name, jwks, jwks_uri, issuer, subject, audience,
                                     created_by, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        organization,
        row.id,
        row.directory_id,
        row.name,
        row.jwks,
        row.jwks_uri,
        row.issuer,
        row.subject,
        row.audience,
        row.created_by,
        row.created_at,
    )


async def change(organization: OrganizationId, row: ClientRow) -> None:
    """Write what people may change of a client."""
    await sql.rows(
        """UPDATE oauth_client SET name = $3, jwks = $4, jwks_uri = $5, issuer = $6, subject = $7, audience = $8
           WHERE organization_id = $1 AND id = $2""",
        organization,
        row.id,
        row.name,
        row.jwks,
        row.jwks_uri,
        row.issuer,
        row.subject,
        row.audience,
    )


async def lock(organization: OrganizationId, client: uuid.UUID) -> ClientRow | None:
    """A client, which nobody else changes before this transaction ends."""
    found = await sql.row(f"{_CLIENT} AND id = $2 FOR UPDATE", organization, client)
    return ClientRow(*found) if found else None


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[ClientRow]:
    """Clients by id."""
    return [ClientRow(*row) for row in await sql.rows(f"{_CLIENT} AND id = ANY($2)", organization, list(ids))]


async def of_directories(organization: OrganizationId, directories: Sequence[uuid.UUID]) -> list[ClientRow]:
    """The clients of directories, newest first."""
    found = await sql.rows(f"{_CLIENT} AND directory_id = ANY($2) ORDER BY id DESC", organization, list(directories))
    return [ClientRow(*row) for row in found]


async def count(organization: OrganizationId, directory: DirectoryId) -> int:
    """How many clients a directory has that are not revoked."""
    found = await sql.value(
        "SELECT count(*) FROM oauth_client WHERE organization_id = $1 AND directory_id = $2 AND revoked_at IS NULL",
        organization,
        directory,
    )
    return found if isinstance(found, int) else 0


async def revoke(organization: OrganizationId, client: uuid.UUID, at: datetime) -> None:
    """End a client, unless it has ended; its access tokens end with it."""
    await sql.rows(
        "UPDATE oauth_client SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL",
        organization,
        client,
        at,
    )


async def revoke_all(organization: OrganizationId, directory: DirectoryId, at: datetime) -> None:
    """End every client of a directory."""
    await sql.rows(
        "UPDATE oauth_client SET revoked_at = $3"
        " WHERE organization_id = $1 AND directory_id = $2 AND revoked_at IS NULL",
        organization,
        directory,
        at,
    )


async def add_secret(organization: OrganizationId, row: SecretRow, digest: bytes) -> None:
    """Write a new secret by its SHA-256."""
    await sql.rows(
        """INSERT INTO oauth_secret (organization_id, client_id, id, hash, last_four, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        organization,
        row.client_id,
        row.id,
        digest,
        row.last_four,
        row.created_at,
        row.expires_at,
    )


async def secrets(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[SecretRow]:
    """Secrets by id."""
    return [SecretRow(*row) for row in await sql.rows(f"{_SECRET} AND id = ANY($2)", organization, list(ids))]


async def secrets_of(organization: OrganizationId, clients: Sequence[uuid.UUID]) -> list[SecretRow]:
    """The secrets of clients, newest first."""
    found = await sql.rows(f"{_SECRET} AND client_id = ANY($2) ORDER BY id DESC", organization, list(clients))
    return [SecretRow(*row) for row in found]


async def end_secrets(
    organization: OrganizationId, client: uuid.UUID, now: datetime, *, at: datetime, is_revocation: bool
) -> None:
    """Let every secret of a client that lives now end at that time, as expired or as revoked."""
    column = "revoked_at = $4" if is_revocation else "expires_at = least(expires_at, $4)"
    await sql.rows(
        f"UPDATE oauth_secret SET {column}"
        " WHERE organization_id = $1 AND client_id = $2 AND revoked_at IS NULL AND expires_at > $3",
        organization,
        client,
        now,
        at,
    )


async def revoke_secret(organization: OrganizationId, secret: uuid.UUID, at: datetime) -> SecretRow | None:
    """Revoke one secret, unless it is; as it is then, or None for no such secret."""
    await sql.rows(
        "UPDATE oauth_secret SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL",
        organization,
        secret,
        at,
    )
    return next(iter(await secrets(organization, [secret])), None)
