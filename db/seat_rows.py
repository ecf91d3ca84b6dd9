"""Rows of seats, purchases and removals, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from db.enums import Passage


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What lines of the ledger have in common."""

    seat_type: str
    delta: int
    cause: str
    request_id: uuid.UUID | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class CapRow:
    """Up to how much seats may be bought in a month, None where nobody has accepted that."""

    currency: str
    monthly_cap_minor: int | None


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A purchase of seats; see the table for what the fields mean."""

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
    member_id: uuid.UUID | None
    request_id: uuid.UUID | None
    purchased_at: datetime


@dataclass(frozen=True, slots=True)
class RemovalRow:
    """A loss of access that a directory caused, or would have."""

    directory_id: uuid.UUID
    request_id: uuid.UUID | None
    cause: str
    state: str
    removed_at: datetime
    decide_by: datetime | None


@dataclass(frozen=True, slots=True)
class PassageRow:
    """How somebody came in to remove people by a directory.

    `lost` were removed within the window when they came, of `base` who could use the organization (None: not counted
    within this window). `meanwhile` is how many the others that are beside may remove at most, before they are counted.
    """

    lost: int
    base: int | None
    meanwhile: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """Members whose standing follows from the same facts."""

    status: str
    managed_by: str
    hold: str | None
    is_locked_out: bool
    seat: str | None
    seat_type: str | None
    awaits_seat: str | None
    role_id: uuid.UUID | None
    known: int
    letting_in: int
    is_invited: bool
    members: Sequence[uuid.UUID]


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A standing that several members get."""

    status: str
    managed_by: str
    hold: str | None
    is_locked_out: bool
    seat: str | None
    awaits_seat: str | None
