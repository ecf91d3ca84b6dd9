"""Rows of the audit, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One change with who made it, in words, and why; `before` and `after` are JSON texts."""

    organization_id: uuid.UUID
    id: uuid.UUID
    changed_at: datetime
    actor_kind: str
    actor_id: uuid.UUID | None
    actor: str | None
    action: str
    subject_type: str
    subject_id: uuid.UUID
    member_id: uuid.UUID | None
    request_id: uuid.UUID | None
    before: str | None
    after: str | None
    reason: str | None
    is_break_glass: bool


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which changes somebody wants to see; None means all, and `to` is not included."""

    actor_kinds: Sequence[str] | None = None
    actions: Sequence[str] | None = None
    member: uuid.UUID | None = None
    subject: uuid.UUID | None = None
    since: datetime | None = None
    to: datetime | None = None
    break_glass: bool | None = None
    request: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class SealedChange:
    """One change as it is sealed; `before` and `after` are the JSON texts that PostgreSQL makes of them.

    `may_be_blank` says that it is about somebody who was erased.
    """

    organization_id: uuid.UUID
    id: uuid.UUID
    request_id: uuid.UUID | None
    actor_kind: str
    actor_id: uuid.UUID | None
    subject_type: str
    subject_id: uuid.UUID
    member_id: uuid.UUID | None
    action: str
    before: str | None
    after: str | None
    changed_at: datetime
    may_be_blank: bool = False


@dataclass(frozen=True, slots=True)
class SealRow:
    """A link of the chain; see the table for what the fields mean."""

    organization_id: uuid.UUID
    number: int
    through: uuid.UUID
    digests: bytes
    hash: bytes
    sealed_at: datetime
