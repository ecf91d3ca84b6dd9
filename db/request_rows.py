"""Requests as people look at them, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RequestView:
    """One SCIM request without its bodies; see the table for what the fields mean. `decisions` is a JSON text."""

    organization_id: uuid.UUID
    id: uuid.UUID
    directory_id: uuid.UUID
    directory: str | None
    bulk_request_id: uuid.UUID | None
    key_last_four: str | None
    user_agent: str | None
    method: str
    path: str
    query: str | None
    status: int
    scim_type: str | None
    detail: str | None
    resource_type: str | None
    resource_id: uuid.UUID | None
    subject_key: str | None
    results: int | None
    decisions: str
    duration_us: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RequestBodies:
    """What was sent and answered, as far as it is kept."""

    id: uuid.UUID
    sent: str | None
    answered: str | None


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests are looked for; None for any. `member` are those that changed something about them."""

    outcome: str | None = None
    directory: uuid.UUID | None = None
    member: uuid.UUID | None = None
    subject: str | None = None
    since: datetime | None = None
    to: datetime | None = None
