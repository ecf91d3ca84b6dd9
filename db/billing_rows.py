"""Rows of billing accounts and of purchases on their way to a provider, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AccountRow:
    """Who charges an organization; `items` is a JSON object of Stripe's ids by type of seat. See the table."""

    organization_id: uuid.UUID
    provider: str | None
    customer: str | None
    subscription: str | None
    items: str
    host_url: str | None
    compared_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A purchase and how far it has come; see the table for what the fields mean."""

    organization_id: uuid.UUID
    id: uuid.UUID
    seat_type: str
    quantity: int
    price_minor: int
    amount_minor: int
    currency: str
    period_start: date
    period_end: date
    purchased_at: datetime
    state: str
    provider: str
    reserved_at: datetime
    round: int
    next_attempt_at: datetime | None
    leased_until: datetime | None
    reservation: str | None
    reason: str | None
    cancelled_by: str | None


@dataclass(frozen=True, slots=True)
class CostRow:
    """Seats of a type that are bought on one occasion, and what they cost for the rest of the period."""

    seat_type: str
    quantity: int
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A purchase as a line of an invoice, with for whom it was made."""

    id: uuid.UUID
    seat_type: str
    quantity: int
    price_minor: int
    amount_minor: int
    currency: str
    added_on: date
    period_end: date
    state: str
    email: str | None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """Seats of a type: how many there are, how many of them were not confirmed yet, and what the provider charges for.

    `theirs` and `seen_at` are None where it was never asked, or does not know the type.
    """

    seat_type: str
    ours: int
    theirs: int | None
    seen_at: datetime | None
