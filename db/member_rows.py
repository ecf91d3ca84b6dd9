"""Rows of members as people see them, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member; see the table for what the fields mean. `local` is a JSON text."""

    organization_id: uuid.UUID
    id: uuid.UUID
    email: str | None
    display_name: str | None
    status: str
    status_since: datetime
    source: str
    managed_by: str
    role_id: uuid.UUID | None
    seat: str | None
    seat_type: str | None
    awaits_seat: str | None
    awaits_since: datetime | None
    hold: str | None
    locked_out_at: datetime | None
    local: str | None
    erase_after: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
