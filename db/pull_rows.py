"""Rows about directories whose people Rollcall fetches, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PullRow:
    """How a directory's people are fetched, and how it went; see the table for what the fields mean."""

    organization_id: uuid.UUID
    directory_id: uuid.UUID
    customer: str
    admin_email: str
    client_email: str
    user_query: str
    takes_groups: bool
    every_minutes: int
    credentials: bytes
    run: int
    started_at: datetime | None
    finished_at: datetime | None
    next_at: datetime
    leased_until: datetime | None
    failures: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class PullItemRow:
    """What was taken over of one user or group, known by Google's id."""

    id: uuid.UUID
    external_id: str
    digest: bytes
