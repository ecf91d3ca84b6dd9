"""Lines of the ledger of seats, purchases and what stood each day, as people look at them. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of the ledger; see the table for what the fields mean."""

    organization_id: uuid.UUID
    id: uuid.UUID
    seat_type: str
    delta: int
    member_id: uuid.UUID
    cause: str
    request_id: uuid.UUID | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which lines are wanted; None for any."""

    seat_type: str | None = None
    member: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PurchaseFilter:
    """Which purchases; what is None does not matter. `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    seat_type: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A purchase of seats; see the table for what the fields mean."""

    organization_id: uuid.UUID
    id: uuid.UUID
    seat_type: str
    quantity: int
    price_minor: int
    amount_minor: int
    currency: str
    period_start: date
    period_end: date
    added_on: date
    state: str
    provider: str
    attempts: int
    next_attempt_at: datetime | None
    reference: str | None
    reason: str | None
    settled_at: datetime | None
    member_id: uuid.UUID | None
    request_id: uuid.UUID | None
    purchased_at: datetime


@dataclass(frozen=True, slots=True)
class DayRow:
    """How a day ended for the seats of a type."""

    day: date
    seat_type: str
    used: int
    seat_limit: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class AlertView:
    """A threshold that was crossed."""

    seat_type: str
    percent: int
    used: int
    seat_limit: int
    raised_at: datetime
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True)
class TermsView:
    """What was agreed about buying seats."""

    currency: str
    interval: str
    anchor: date
    is_enrolled: bool
    monthly_cap_minor: int | None
    pack_size: int
    accepted_by: str | None
    accepted_at: datetime | None
