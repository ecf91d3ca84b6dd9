"""Rows of single sign-on, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection to an identity provider; `settings` is a JSON text, `client_secret` sealed."""

    organization_id: uuid.UUID
    id: uuid.UUID
    kind: str
    name: str
    state: str
    issuer: str | None
    settings: str
    client_secret: bytes | None
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """Somebody whom a connection did not let in; texts about a person who was erased are empty."""

    connection_id: uuid.UUID
    at: datetime
    reason: str
    email: str | None
    trace: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """A sign-in that had begun; see the table for what the fields mean."""

    organization_id: uuid.UUID
    connection_id: uuid.UUID
    browser_hash: bytes
    nonce: str
    verifier: str
    request_id: str | None
    return_to: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TicketRow:
    """Somebody of whom a provider has spoken; `said` is a JSON text. See the table for what the fields mean."""

    organization_id: uuid.UUID
    connection_id: uuid.UUID
    browser_hash: bytes | None
    return_to: str
    said: str
    expires_at: datetime
