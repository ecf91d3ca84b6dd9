"""Rows of history as it is read, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FieldChangeRow:
    """A change of one field: who made it, and what else the history says of that."""

    changed_at: datetime
    actor_kind: str
    action: str
    before: str | None
    after: str | None
    source: str | None
    by: str | None
    directory: str | None
    request_id: uuid.UUID | None
