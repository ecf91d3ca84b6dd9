"""Connections to identity providers, and whom they know."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.sso_rows import ConnectionRow, RefusalRow

COLUMNS = tuple(field.name for field in fields(ConnectionRow))
READ = f"SELECT {', '.join('c.settings::text' if name == 'settings' else f'c.{name}' for name in COLUMNS)}" + (
    " FROM sso_connection c"
)
_CHANGED = ("name", "state", "issuer", "settings", "client_secret", "updated_at")


async def add(organization: OrganizationId, row: ConnectionRow) -> None:
    """Write a new connection."""
    places = ", ".join(f"${number}" for number in range(1, len(COLUMNS) + 1))
    values = [getattr(row, name) for name in COLUMNS[1:]]
    await sql.rows(f"INSERT INTO sso_connection ({', '.join(COLUMNS)}) VALUES ({places})", organization, *values)


async def change(organization: OrganizationId, row: ConnectionRow) -> None:
    """Write a connection as it is now."""
    values = ", ".join(f"{name} = ${number}" for number, name in enumerate(_CHANGED, 3))
    await sql.rows(
        f"UPDATE sso_connection SET {values} WHERE organization_id = $1 AND id = $2",
        organization,
        row.id,
        *(getattr(row, name) for name in _CHANGED),
    )


async def remove(organization: OrganizationId, connection: uuid.UUID) -> None:
    """Delete a connection, with whom it knows."""
    await sql.rows("DELETE FROM sso_connection WHERE organization_id = $1 AND id = $2", organization, connection)


async def find(organization: OrganizationId, connection: uuid.UUID, *, lock: bool = False) -> ConnectionRow | None:
    """One connection; locked if so wished."""
    found = await sql.row(
        f"{READ} WHERE c.organization_id = $1 AND c.id = $2{' FOR UPDATE' if lock else ''}", organization, connection
    )
    return ConnectionRow(*found) if found else None


async def hold(organization: OrganizationId, connection: uuid.UUID) -> ConnectionRow | None:
    """One connection, which nobody changes before this transaction ends; others may hold it as well."""
    found = await sql.row(
        f"{READ} WHERE c.organization_id = $1 AND c.id = $2 FOR KEY SHARE OF c", organization, connection
    )
    return ConnectionRow(*found) if found else None


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[ConnectionRow]:
    """Connections by id."""
    found = await sql.rows(f"{READ} WHERE c.organization_id = $1 AND c.id = ANY($2)", organization, list(ids))
    return [ConnectionRow(*row) for row in found]


async def all_of_them(organization: OrganizationId) -> list[ConnectionRow]:
    """The organization's connections, oldest first."""
    found = await sql.rows(f"{READ} WHERE c.organization_id = $1 ORDER BY c.id", organization)
    return [ConnectionRow(*row) for row in found]


async def of_domains(names: Sequence[str]) -> list[tuple[uuid.UUID, str, str]]:
    """Active connections (id, organization, its policies) of whoever has verified a domain, for which more speak first.

    `names` are a domain and all above it; above it only those count that stand for what is below them.
    """
    found = await sql.rows(
        """SELECT c.id, o.name, o.policies::text
           FROM domain d
           JOIN organization o ON o.id = d.organization_id
           JOIN sso_connection c ON c.organization_id = d.organization_id AND c.state = 'ACTIVE'
           WHERE d.name = ANY($1) AND d.state = 'VERIFIED' AND (d.name = $2 OR d.include_subdomains)
           ORDER BY length(d.name) DESC, c.id""",
        list(names),
        names[0],
    )
    return [(row[0], row[1], row[2]) for row in found]


async def is_active(organization: OrganizationId, *, besides: uuid.UUID | None = None) -> bool:
    """Whether people sign in by any connection, or by any but one."""
    found = await sql.row(
        "SELECT 1 FROM sso_connection"
        " WHERE organization_id = $1 AND state = 'ACTIVE' AND id IS DISTINCT FROM $2 LIMIT 1",
        organization,
        besides,
    )
    return found is not None


async def member_of(organization: OrganizationId, connection: uuid.UUID, subject: str) -> uuid.UUID | None:
    """The member whom a connection knows by that id."""
    found = await sql.row(
        "SELECT member_id FROM sso_identity WHERE organization_id = $1 AND connection_id = $2 AND subject = $3",
        organization,
        connection,
        subject,
    )
    return found[0] if found else None


async def is_known_otherwise(organization: OrganizationId, connection: uuid.UUID, email_key: str, subject: str) -> bool:
    """Whether a connection knows the member who has an address by another id."""
    found = await sql.row(
        """SELECT 1 FROM member m
           JOIN sso_identity i ON i.organization_id = m.organization_id AND i.member_id = m.id
           WHERE m.organization_id = $1 AND m.email_key = $3 AND i.connection_id = $2 AND i.subject <> $4 LIMIT 1""",
        organization,
        connection,
        email_key,
        subject,
    )
    return found is not None


async def let_in(
    organization: OrganizationId, connection: uuid.UUID, subject: str, member: uuid.UUID, at: datetime
) -> bool:
    """Note that a connection has let a member in; whether it knew them by this id before, or nobody.

    Whoever is known already is not made somebody else.
    """
    await sql.rows(
        "UPDATE sso_connection SET last_used_at = $3 WHERE organization_id = $1 AND id = $2"
        " AND (last_used_at IS NULL OR last_used_at < $3::timestamptz - make_interval(mins => 1))",
        organization,
        connection,
        at,
    )
    found = await sql.rows(
        """INSERT INTO sso_identity AS i
               (organization_id, connection_id, subject, member_id, created_at, last_sign_in_at)
           VALUES ($1, $2, $3, $4, $5, $5)
           ON CONFLICT (organization_id, connection_id, subject)
           DO UPDATE SET last_sign_in_at = excluded.last_sign_in_at WHERE i.member_id = excluded.member_id
           RETURNING 1""",
        organization,
        connection,
        subject,
        member,
        at,
    )
    return bool(found)


async def refusals(organization: OrganizationId, connections: Sequence[uuid.UUID], *, limit: int) -> list[RefusalRow]:
    """Whom connections did not let in, newest first; of each connection so many at most."""
    found = await sql.rows(
        """SELECT r.* FROM unnest($2::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
               SELECT subject_id, changed_at, coalesce(after ->> 'reason', ''), after ->> 'email', request_id
               FROM change
               WHERE organization_id = $1 AND subject_id = wanted.id AND action = 'sign_in_refused'
               ORDER BY id DESC LIMIT $3) r""",
        organization,
        list(connections),
        limit,
    )
    return [RefusalRow(*row) for row in found]


async def forget_identities(organization: OrganizationId, connection: uuid.UUID) -> int:
    """Forget whom a connection knows; how many."""
    found = await sql.rows(
        "DELETE FROM sso_identity WHERE organization_id = $1 AND connection_id = $2 RETURNING 1",
        organization,
        connection,
    )
    return len(found)


async def forget_of_member(
    organization: OrganizationId, connection: uuid.UUID, member: uuid.UUID, *, but: str | None = None
) -> int:
    """Forget by which ids a connection knows a member, but perhaps one; how many."""
    found = await sql.rows(
        "DELETE FROM sso_identity WHERE organization_id = $1 AND connection_id = $2 AND member_id = $3"
        " AND subject IS DISTINCT FROM $4 RETURNING 1",
        organization,
        connection,
        member,
        but,
    )
    return len(found)


async def forget_member(organization: OrganizationId, member: uuid.UUID) -> int:
    """Forget by which ids any connection knows a member; how many."""
    found = await sql.rows(
        "DELETE FROM sso_identity WHERE organization_id = $1 AND member_id = $2 RETURNING 1", organization, member
    )
    return len(found)
