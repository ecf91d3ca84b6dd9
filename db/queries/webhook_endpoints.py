"""Endpoints of the host application, the secrets that their messages are signed with, and who sends to them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.webhook_rows import EndpointRow, SecretRow

_COLUMNS = """organization_id, id, url, description, event_types, signing, is_enabled, disabled_reason, failing_since,
       failures, waits_until, created_at, updated_at"""
_ENDPOINT = f"SELECT {_COLUMNS} FROM webhook_endpoint WHERE organization_id = $1"


async def add(organization: OrganizationId, row: EndpointRow) -> None:
    """Write a new endpoint that is enabled."""
    await sql.rows(
        """INSERT INTO webhook_endpoint (organization_id, id, url, description, event_types, signing, is_enabled,
                                         failures, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, true, 0, $7, $7)""",
        organization,
        row.id,
        row.url,
        row.description,
        list(row.event_types),
        row.signing,
        row.created_at,
    )


async def change(organization: OrganizationId, row: EndpointRow, at: datetime) -> None:
    """Write what somebody chose of an endpoint; one that is enabled begins anew."""
    await sql.rows(
        """UPDATE webhook_endpoint SET url = $3, description = $4, event_types = $5, is_enabled = $6,
               disabled_reason = $7, updated_at = $8, failing_since = NULL, failures = 0, waits_until = NULL
           WHERE organization_id = $1 AND id = $2""",
        organization,
        row.id,
        row.url,
        row.description,
        list(row.event_types),
        row.is_enabled,
        row.disabled_reason,
        at,
    )


async def remove(organization: OrganizationId, endpoint: uuid.UUID) -> None:
    """Delete an endpoint with everything that it was sent."""
    await sql.rows("DELETE FROM webhook_endpoint WHERE organization_id = $1 AND id = $2", organization, endpoint)


async def all_of(organization: OrganizationId) -> list[EndpointRow]:
    """All endpoints, oldest first."""
    return [EndpointRow(*row) for row in await sql.rows(f"{_ENDPOINT} ORDER BY id", organization)]


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[EndpointRow]:
    """Endpoints by id."""
    found = await sql.rows(f"{_ENDPOINT} AND id = ANY($2)", organization, list(ids))
    return [EndpointRow(*row) for row in found]


async def lock(organization: OrganizationId, endpoint: uuid.UUID) -> EndpointRow | None:
    """One endpoint, locked."""
    found = await sql.row(f"{_ENDPOINT} AND id = $2 FOR UPDATE", organization, endpoint)
    return EndpointRow(*found) if found else None


async def add_secret(organization: OrganizationId, row: SecretRow) -> None:
    """Write a new secret, by which messages are signed from now on."""
    await sql.rows(
        """INSERT INTO webhook_secret (organization_id, endpoint_id, id, signing, sealed, public_key, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        organization,
        row.endpoint_id,
        row.id,
        row.signing,
        row.sealed,
        row.public_key,
        row.created_at,
    )


async def end_secrets(organization: OrganizationId, endpoint: uuid.UUID, *, now: datetime, at: datetime) -> None:
    """Let the secrets of an endpoint end at a moment, if they do not end before; forget those that have ended."""
    await sql.rows(
        "DELETE FROM webhook_secret WHERE organization_id = $1 AND endpoint_id = $2 AND expires_at <= $3",
        organization,
        endpoint,
        now,
    )
    await sql.rows(
        "UPDATE webhook_secret SET expires_at = least(expires_at, $3) WHERE organization_id = $1 AND endpoint_id = $2",
        organization,
        endpoint,
        at,
    )


async def secrets(organization: OrganizationId, endpoints: Sequence[uuid.UUID], at: datetime) -> list[SecretRow]:
    """The secrets of endpoints that have not ended, newest first."""
    found = await sql.rows(
        """SELECT id, endpoint_id, signing, sealed, public_key, created_at, expires_at FROM webhook_secret
           WHERE organization_id = $1 AND endpoint_id = ANY($2) AND (expires_at IS NULL OR expires_at > $3)
           ORDER BY id DESC""",
        organization,
        list(endpoints),
        at,
    )
    return [SecretRow(*row) for row in found]


async def set_signing(organization: OrganizationId, endpoint: uuid.UUID, signing: str, at: datetime) -> None:
    """Say how messages are signed by the newest secret."""
    await sql.rows(
        "UPDATE webhook_endpoint SET signing = $3, updated_at = $4 WHERE organization_id = $1 AND id = $2",
        organization,
        endpoint,
        signing,
        at,
    )


async def take(
    organization: OrganizationId, endpoint: uuid.UUID, lease: uuid.UUID, at: datetime, until: datetime
) -> EndpointRow | None:
    """Have an endpoint to oneself until a moment, or longer by taking it again; None if somebody else has it."""
    found = await sql.row(
        f"""UPDATE webhook_endpoint SET lease = $3, leased_until = $5
            WHERE organization_id = $1 AND id = $2 AND (lease = $3 OR leased_until IS NULL OR leased_until <= $4)
            RETURNING {_COLUMNS}""",
        organization,
        endpoint,
        lease,
        at,
        until,
    )
    return EndpointRow(*found) if found else None


async def leave(organization: OrganizationId, endpoint: uuid.UUID, lease: uuid.UUID) -> None:
    """Have an endpoint to oneself no longer."""
    await sql.rows(
        "UPDATE webhook_endpoint SET lease = NULL, leased_until = NULL"
        " WHERE organization_id = $1 AND id = $2 AND lease = $3",
        organization,
        endpoint,
        lease,
    )


async def arrived(organization: OrganizationId, endpoint: uuid.UUID) -> None:
    """Remember that something arrived at an endpoint that was failing."""
    await sql.rows(
        "UPDATE webhook_endpoint SET failing_since = NULL, failures = 0, waits_until = NULL"
        " WHERE organization_id = $1 AND id = $2 AND (failures > 0 OR failing_since IS NOT NULL)",
        organization,
        endpoint,
    )


async def failed(organization: OrganizationId, endpoint: uuid.UUID, at: datetime, waits_until: datetime) -> None:
    """Remember that nothing arrived, and until when nothing is to be sent."""
    await sql.rows(
        """UPDATE webhook_endpoint
           SET failing_since = coalesce(failing_since, $3), failures = failures + 1, waits_until = $4
           WHERE organization_id = $1 AND id = $2""",
        organization,
        endpoint,
        at,
        waits_until,
    )


async def hurry(organization: OrganizationId, endpoint: uuid.UUID) -> None:
    """Let an endpoint be sent to at once, although it was to be left alone for a while."""
    await sql.rows(
        "UPDATE webhook_endpoint SET waits_until = NULL WHERE organization_id = $1 AND id = $2", organization, endpoint
    )


async def disable(organization: OrganizationId, endpoint: uuid.UUID, reason: str, at: datetime) -> bool:
    """Send nothing to an endpoint any more; whether that is new."""
    found = await sql.rows(
        """UPDATE webhook_endpoint SET is_enabled = false, disabled_reason = $3, waits_until = NULL, updated_at = $4
           WHERE organization_id = $1 AND id = $2 AND is_enabled RETURNING 1""",
        organization,
        endpoint,
        reason,
        at,
    )
    return bool(found)
