"""Rows of the audit, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
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
