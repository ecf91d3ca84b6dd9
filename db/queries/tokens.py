"""API tokens."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec

from db import sql
from db.ids import OrganizationId
from db.token_rows import TokenRow

_READ = """
SELECT id, organization_id, name, last_four, ARRAY(SELECT jsonb_array_elements_text(rights)) AS rights, created_by,
       created_at, expires_at, revoked_at, last_used_at
FROM api_token
"""


async def by_hash(digest: bytes) -> TokenRow | None:
    """The token with that SHA-256, live or not."""
    found = await sql.row(f"{_READ} WHERE hash = $1", digest)
    return TokenRow(*found) if found else None


async def find(id: uuid.UUID) -> TokenRow | None:
    """One token."""
    found = await sql.row(f"{_READ} WHERE id = $1", id)
    return TokenRow(*found) if found else None


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[TokenRow]:
    """Tokens of an organization by id."""
    found = await sql.rows(f"{_READ} WHERE organization_id = $1 AND id = ANY($2)", organization, list(ids))
    return [TokenRow(*row) for row in found]


async def all_of(organization: uuid.UUID | None) -> list[TokenRow]:
    """The tokens of an organization, or of the operator, newest first."""
    found = await sql.rows(f"{_READ} WHERE organization_id IS NOT DISTINCT FROM $1 ORDER BY id DESC", organization)
    return [TokenRow(*row) for row in found]


async def signing_secret(organization: OrganizationId, id: uuid.UUID) -> bytes | None:
    """The sealed secret by which a token's calls are signed; None where it has none."""
    found = await sql.value(
        "SELECT signing_secret FROM api_token WHERE organization_id = $1 AND id = $2", organization, id
    )
    return found if isinstance(found, bytes) else None


async def add(row: TokenRow, digest: bytes, signing_secret: bytes | None) -> None:
    """Write a new token, with the sealed secret by which its calls are signed if it needs one."""
    await sql.rows(
        """INSERT INTO api_token
               (id, organization_id, name, hash, last_four, rights, created_by, created_at, expires_at, signing_secret)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        row.id,
        row.organization_id,
        row.name,
        digest,
        row.last_four,
        msgspec.json.encode(row.rights).decode(),
        row.created_by,
        row.created_at,
        row.expires_at,
        signing_secret,
    )


async def revoke(id: uuid.UUID, at: datetime) -> None:
    """End a token, unless it has ended."""
    await sql.rows("UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", id, at)


async def touch(used: Sequence[tuple[uuid.UUID, datetime]]) -> None:
    """Note when tokens were last used."""
    await sql.rows(
        """UPDATE api_token t SET last_used_at = used.at FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at)
           WHERE t.id = used.id AND (t.last_used_at IS NULL OR t.last_used_at < used.at)""",
        [id for id, _ in used],
        [at for _, at in used],
    )
