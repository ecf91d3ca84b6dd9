"""Sessions of browsers. They belong to an account, and so to no organization."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from db import sql
from db.account_rows import SessionRow
from db.ids import OrganizationId

_READ = """
SELECT s.id, s.account_id, a.email, a.is_operator, s.way, s.address_proved_at, s.vouched::text, s.browser, s.ip,
       s.created_at, s.last_seen_at, s.ends_at
FROM session s JOIN account a ON a.id = s.account_id
"""


async def add(row: SessionRow, digest: bytes) -> None:
    """Write a new session."""
    await sql.rows(
        """INSERT INTO session (id, account_id, hash, way, address_proved_at, vouched, browser, ip, created_at,
                                last_seen_at, ends_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        row.id,
        row.account_id,
        digest,
        row.way,
        row.address_proved_at,
        json.dumps(row.vouched),
        row.browser,
        row.ip,
        row.created_at,
        row.last_seen_at,
        row.ends_at,
    )


async def by_hash(digest: bytes, at: datetime, seen_since: datetime) -> SessionRow | None:
    """The session of a token's SHA-256, if it has not ended and was used since a moment."""
    found = await sql.row(
        f"{_READ} WHERE s.hash = $1 AND s.ends_at > $2 AND s.last_seen_at > $3", digest, at, seen_since
    )
    return _session(found) if found else None


async def of_account(account: uuid.UUID, at: datetime, seen_since: datetime) -> list[SessionRow]:
    """Somebody's sessions that have not ended, newest first."""
    found = await sql.rows(
        f"{_READ} WHERE s.account_id = $1 AND s.ends_at > $2 AND s.last_seen_at > $3 ORDER BY s.id DESC",
        account,
        at,
        seen_since,
    )
    return [_session(row) for row in found]


async def seen(session: uuid.UUID, at: datetime) -> None:
    """Note that a session is used."""
    await sql.rows("UPDATE session SET last_seen_at = $2 WHERE id = $1", session, at)


async def vouch(session: uuid.UUID, vouched: Sequence[dict[str, Any]]) -> None:
    """Write which organizations let a session in."""
    await sql.rows("UPDATE session SET vouched = $2 WHERE id = $1", session, json.dumps(vouched))


async def end(account: uuid.UUID, sessions: Sequence[uuid.UUID]) -> int:
    """End some of somebody's sessions; how many there were."""
    found = await sql.rows(
        "DELETE FROM session WHERE account_id = $1 AND id = ANY($2) RETURNING 1", account, list(sessions)
    )
    return len(found)


async def end_all(account: uuid.UUID) -> int:
    """End all of somebody's sessions; how many."""
    return len(await sql.rows("DELETE FROM session WHERE account_id = $1 RETURNING 1", account))


async def end_vouched(organization: OrganizationId, connection: uuid.UUID) -> int:
    """End the sessions that an organization's connection let in, whatever else they let into; how many."""
    found = await sql.rows(
        """DELETE FROM session WHERE vouched @> jsonb_build_array(jsonb_build_object(
               'organization', $1::uuid::text, 'connection', $2::uuid::text)) RETURNING 1""",
        organization,
        connection,
    )
    return len(found)


async def forget(at: datetime, seen_since: datetime) -> int:
    """Delete what has ended; how many."""
    return len(
        await sql.rows("DELETE FROM session WHERE ends_at <= $1 OR last_seen_at <= $2 RETURNING 1", at, seen_since)
    )


def _session(row: Iterable[Any]) -> SessionRow:
    values = list(row)
    values[6] = json.loads(values[6])
    return SessionRow(*values)
