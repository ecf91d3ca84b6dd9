"""Rows of API tokens, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token without its text; see the table for what the fields mean."""

    id: uuid.UUID
    organization_id: uuid.UUID | None
    name: str
    last_four: str
    rights: Sequence[str]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OnceRow:
    """An idempotency key; `result` is the id of what came of it, None as long as it is being done."""

    organization_id: uuid.UUID | None
    id: uuid.UUID
    key: str
    digest: bytes
    created_at: datetime
    result: uuid.UUID | None = None
