"""Access tokens, and the assertions that were used to get them."""

from __future__ import annotations

import uuid
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.oauth_rows import NewToken

_ADD = """
WITH used AS (UPDATE oauth_secret SET last_used_at = $6 WHERE organization_id = $1 AND id = $4),
came AS (UPDATE oauth_client SET last_used_at = $6 WHERE organization_id = $1 AND id = $3)
INSERT INTO oauth_token (organization_id, id, client_id, secret_id, hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


async def add(organization: OrganizationId, row: NewToken) -> None:
    """Write a new access token, and when the client and its secret were used."""
    await sql.rows(_ADD, organization, row.id, row.client_id, row.secret_id, row.digest, row.created_at, row.expires_at)


async def end_of_assertions(organization: OrganizationId, client: uuid.UUID, at: datetime) -> None:
    """Let the access tokens end that a client got without a secret."""
    await sql.rows(
        "UPDATE oauth_token SET expires_at = $3"
        " WHERE organization_id = $1 AND client_id = $2 AND secret_id IS NULL AND expires_at > $3",
        organization,
        client,
        at,
    )


async def use_assertion(
    organization: OrganizationId, client: uuid.UUID, digest: bytes, *, expires_at: datetime
) -> bool:
    """Note that an assertion was used, by the SHA-256 of its id; False if it was before."""
    found = await sql.row(
        """INSERT INTO oauth_assertion (organization_id, client_id, hash, expires_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (organization_id, client_id, hash) DO NOTHING RETURNING 1""",
        organization,
        client,
        digest,
        expires_at,
    )
    return found is not None
