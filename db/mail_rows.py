"""Rows of mails and contacts, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewMail:
    """What a mail is to tell; `facts` is a JSON text, `about` is None where the same may be told again.

    `priority` is that of its task.
    """

    kind: str
    facts: str
    secret: bytes | None
    about: str | None
    at: datetime
    expires_at: datetime
    priority: int


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail; see the table for what the fields mean. `data` is a JSON text, None once it was wiped."""

    organization_id: uuid.UUID | None
    id: uuid.UUID
    kind: str
    recipient: str | None
    data: str | None
    secret: bytes | None
    state: str
    attempts: int
    last_error: str | None
    due_at: datetime
    expires_at: datetime
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody to whom mails of a kind go."""

    id: uuid.UUID
    kind: str
    email: str
    email_key: str
    name: str | None
    wants_digest: bool
    unsubscribe_token: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class EndingKeyRow:
    """A key of a directory, a secret of one of its OAuth clients, or an API token, that ends soon.

    `newer` are the last letters of a key of the same directory, or of a secret of the same client, that outlives it.
    """

    organization_id: uuid.UUID | None
    id: uuid.UUID
    name: str
    is_token: bool
    last_four: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    newer: str | None
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class HeldRow:
    """What one directory would have removed and nobody has decided about."""

    directory_id: uuid.UUID
    directory: str
    people: int
    decide_by: datetime | None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """What happened in an organization in a week."""

    joined: int
    left: int
    requests: int
    refused: int
    held: int
    waiting: int
