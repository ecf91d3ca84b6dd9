"""Sign-ins that have begun at an identity provider and not come back."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.sso_rows import AttemptRow

_COLUMNS = tuple(field.name for field in fields(AttemptRow))


async def add(organization: OrganizationId, state_hash: bytes, row: AttemptRow) -> None:
    """Write a new one."""
    places = ", ".join(f"${number}" for number in range(3, len(_COLUMNS) + 2))
    await sql.rows(
        f"INSERT INTO sso_attempt (organization_id, state_hash, {', '.join(_COLUMNS[1:])}) VALUES ($1, $2, {places})",
        organization,
        state_hash,
        *(getattr(row, name) for name in _COLUMNS[1:]),
    )


async def take(organization: OrganizationId, state_hash: bytes) -> AttemptRow | None:
    """The one of a state, which is gone by that: of many who take it at once, one gets it."""
    found = await sql.row(
        f"DELETE FROM sso_attempt WHERE organization_id = $1 AND state_hash = $2 RETURNING {', '.join(_COLUMNS)}",
        organization,
        state_hash,
    )
    return AttemptRow(*found) if found else None


async def forget(before: datetime) -> int:
    """Delete those that ended before a moment; how many."""
    return len(await sql.rows("DELETE FROM sso_attempt WHERE expires_at < $1 RETURNING 1", before))
