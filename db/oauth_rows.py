"""Rows of OAuth clients, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ClientRow:
    """An OAuth client of a directory; see the table for what the fields mean. `jwks` is a JSON text."""

    organization_id: uuid.UUID
    id: uuid.UUID
    directory_id: uuid.UUID
    name: str
    jwks: str | None
    jwks_uri: str | None
    issuer: str | None
    subject: str | None
    audience: str | None
    created_by: str
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    @property
    def trust(self) -> tuple[str | None, ...]:
        """By which keys its assertions are checked, and what they have to say."""
        return (self.jwks, self.jwks_uri, self.issuer, self.subject, self.audience)


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A secret of a client, of which only the last four characters are known."""

    organization_id: uuid.UUID
    id: uuid.UUID
    client_id: uuid.UUID
    last_four: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client that somebody says they are, and the secret of it that they know, if any."""

    client: ClientRow
    secret: SecretRow | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """An access token that is to be kept, by its SHA-256."""

    id: uuid.UUID
    client_id: uuid.UUID
    secret_id: uuid.UUID | None
    digest: bytes
    created_at: datetime
    expires_at: datetime
