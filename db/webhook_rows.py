"""Rows of webhooks, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint; see the table for what the fields mean."""

    organization_id: uuid.UUID
    id: uuid.UUID
    url: str
    description: str
    event_types: Sequence[str]
    signing: str
    is_enabled: bool
    disabled_reason: str | None
    failing_since: datetime | None
    failures: int
    waits_until: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A secret of an endpoint, sealed."""

    id: uuid.UUID
    endpoint_id: uuid.UUID
    signing: str
    sealed: bytes
    public_key: str | None
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message; `body` is what is sent, word for word."""

    id: uuid.UUID
    type: str
    sequence: int | None
    member_id: uuid.UUID | None
    body: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message that an endpoint is to be sent."""

    id: uuid.UUID
    message_id: uuid.UUID
    endpoint_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come, with what is to be sent."""

    id: uuid.UUID
    message_id: uuid.UUID
    attempts: int
    body: str


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt at a delivery, and how the delivery stands then; `due_at` and `ended_at` exclude each other."""

    id: uuid.UUID
    delivery_id: uuid.UUID
    status: int | None
    error: str | None
    response: str | None
    duration_ms: int
    sent_at: datetime
    state: str
    due_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery with its message, as people look at it."""

    organization_id: uuid.UUID
    id: uuid.UUID
    endpoint_id: uuid.UUID
    message_id: uuid.UUID
    type: str
    sequence: int | None
    member_id: uuid.UUID | None
    body: str
    occurred_at: datetime
    state: str
    due_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as people look at it."""

    delivery_id: uuid.UUID
    sent_at: datetime
    status: int | None
    error: str | None
    response: str | None
    duration_ms: int


@dataclass(frozen=True, slots=True)
class HourRow:
    """What became of the deliveries of an endpoint that were put within one of several hours; `place` counts these."""

    endpoint_id: uuid.UUID
    place: int
    delivered: int
    pending: int
    failed: int


@dataclass(frozen=True, slots=True)
class RevocationRow:
    """Access that ended, and whether the host application has confirmed that it ended there as well."""

    organization_id: uuid.UUID
    id: uuid.UUID
    member_id: uuid.UUID
    revoked_at: datetime
    deadline: datetime
    confirmed_at: datetime | None
    confirmed_by: str | None
