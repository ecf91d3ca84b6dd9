"""Rows of the queue of tasks, as frozen dataclasses. No database in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be put; `payload` is JSON, `at` is None for at once, and `key` is unique among those that wait."""

    entrypoint: str
    payload: bytes
    at: datetime | None
    key: str | None
    priority: int
