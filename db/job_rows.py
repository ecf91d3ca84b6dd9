"""Jobs and their lines, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from db.enums import RowOutcome


@dataclass(frozen=True, slots=True)
class Job:
    """Many changes that somebody asked for together, and how many of them came to what."""

    id: uuid.UUID
    kind: str
    state: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    waiting: int = 0
    applied: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One change of a job; `wanted` is a JSON text."""

    number: int
    wanted: str


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of a line, or would: in words for people, and the member whom it was about.

    `subject` is what the line itself calls them: an address or an id.
    """

    number: int
    outcome: RowOutcome
    text: str | None
    member_id: uuid.UUID | None
    subject: str | None = None
