"""Idempotency keys: what a token asked for under a key of its own, and what came of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from db import sql
from db.token_rows import OnceRow

_PRUNED_AT_ONCE = 100


async def claim(token: uuid.UUID, row: OnceRow) -> bool:
    """Write a key as being used; False if the token has it already. Waits for somebody who is just writing it."""
    found = await sql.row(
        """INSERT INTO idempotency_key (organization_id, id, caller_id, key, digest, created_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (caller_id, key) DO NOTHING RETURNING id""",
        row.organization_id,
        row.id,
        token,
        row.key,
        row.digest,
        row.created_at,
    )
    return found is not None


async def find(token: uuid.UUID, key: str) -> OnceRow | None:
    """A key of a token."""
    found = await sql.row(
        """SELECT organization_id, id, key, digest, created_at, (result ->> 'id')::uuid
           FROM idempotency_key WHERE caller_id = $1 AND key = $2""",
        token,
        key,
    )
    return OnceRow(*found) if found else None


async def conclude(token: uuid.UUID, id: uuid.UUID, result: uuid.UUID) -> None:
    """Write what came of it: the id of something."""
    await sql.rows(
        "UPDATE idempotency_key SET result = jsonb_build_object('id', $3::text) WHERE caller_id = $1 AND id = $2",
        token,
        id,
        str(result),
    )


async def free(token: uuid.UUID, id: uuid.UUID) -> None:
    """Forget a key."""
    await sql.rows("DELETE FROM idempotency_key WHERE caller_id = $1 AND id = $2", token, id)


async def prune(token: uuid.UUID, key: str, before: datetime) -> None:
    """Forget this key if it is from before a moment, and some others that are."""
    await sql.rows(
        "DELETE FROM idempotency_key WHERE caller_id = $1 AND key = $2 AND created_at < $3", token, key, before
    )
    await sql.rows(
        """DELETE FROM idempotency_key WHERE id IN (
               SELECT id FROM idempotency_key WHERE created_at < $1 ORDER BY created_at LIMIT $2
               FOR UPDATE SKIP LOCKED)""",
        before,
        _PRUNED_AT_ONCE,
    )
