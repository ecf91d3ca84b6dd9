"""How everything stands, in numbers for Prometheus, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are of something."""

    organizations: int
    directories: int


@dataclass(frozen=True, slots=True)
class HeldRemovals:
    """How many removals of an organization wait for a decision, and for how many seconds the oldest has."""

    organization_id: uuid.UUID
    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class SeatUse:
    """How many seats of a type an organization has, and how many of them are taken."""

    organization_id: uuid.UUID
    seat_type: str
    limit: int
    used: int


@dataclass(frozen=True, slots=True)
class DirectoryUse:
    """A directory, and how many seconds ago its newest key was last used, to five minutes; None for never."""

    organization_id: uuid.UUID
    id: uuid.UUID
    provider: str
    silent_seconds: float | None


@dataclass(frozen=True, slots=True)
class Queued:
    """Tasks of an entrypoint in a state; `waiting_seconds` is how long the oldest has been due, 0 if none is."""

    entrypoint: str
    state: str
    count: int
    waiting_seconds: float


@dataclass(frozen=True, slots=True)
class Endpoints:
    """How many webhook endpoints there are in a state: `healthy`, `failing` or `disabled`."""

    state: str
    count: int
