"""Assertions that were used, and tickets for those of whom they speak."""

from __future__ import annotations

import uuid
from dataclasses import fields
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.sso_rows import TicketRow

_COLUMNS = tuple(field.name for field in fields(TicketRow))
_READ = ", ".join("said::text" if name == "said" else name for name in _COLUMNS)


async def use_assertion(
    organization: OrganizationId, connection: uuid.UUID, id_hash: bytes, expires_at: datetime
) -> bool:
    """Note that an assertion was used; False for one that was used before. Of many at once, one gets True."""
    found = await sql.rows(
        """INSERT INTO saml_assertion (organization_id, connection_id, id_hash, expires_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING RETURNING 1""",
        organization,
        connection,
        id_hash,
        expires_at,
    )
    return bool(found)


async def add(organization: OrganizationId, ticket_hash: bytes, row: TicketRow) -> None:
    """Write a new ticket."""
    places = ", ".join(f"${number}" for number in range(3, len(_COLUMNS) + 2))
    await sql.rows(
        f"INSERT INTO sso_ticket (organization_id, ticket_hash, {', '.join(_COLUMNS[1:])}) VALUES ($1, $2, {places})",
        organization,
        ticket_hash,
        *(getattr(row, name) for name in _COLUMNS[1:]),
    )


async def take(organization: OrganizationId, ticket_hash: bytes) -> TicketRow | None:
    """The ticket of a token, which is gone by that: of many who take it at once, one gets it."""
    found = await sql.row(
        f"DELETE FROM sso_ticket WHERE organization_id = $1 AND ticket_hash = $2 RETURNING {_READ}",
        organization,
        ticket_hash,
    )
    return TicketRow(*found) if found else None


async def forget_of(organization: OrganizationId, connection: uuid.UUID) -> None:
    """Delete the tickets of a connection; assertions that were used stay used."""
    await sql.rows("DELETE FROM sso_ticket WHERE organization_id = $1 AND connection_id = $2", organization, connection)


async def forget(before: datetime) -> int:
    """Delete tickets and assertions that ended before a moment; how many."""
    tickets = await sql.rows("DELETE FROM sso_ticket WHERE expires_at < $1 RETURNING 1", before)
    return len(tickets) + len(await sql.rows("DELETE FROM saml_assertion WHERE expires_at < $1 RETURNING 1", before))
