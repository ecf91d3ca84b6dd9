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


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as people see it.

    `status` is `queued`, `picked` or `failed`; `tries` are those that came to no end. `last_error` is what was last in
    the way, with the traceback in `details`.
    """

    id: int
    entrypoint: str
    payload: str
    status: str
    created_at: datetime
    due_at: datetime
    updated_at: datetime
    tries: int
    last_error: str | None
    details: str | None


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """When a schedule was last carried out, and when it will be next."""

    name: str
    cron: str
    is_running: bool
    last_run: datetime | None
    next_run: datetime
