"""What the host application is asked about seats that it charges for, and what it answers.

Its answers are taken as they are described here or not at all: what is missing, of another kind or unknown makes an
answer none. Amounts are whole minor units of a currency; days are those of UTC, the last of a span not included.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from api.provisioning.billing import Order
from api.provisioning.global_ids import write
from db.enums import SeatType

Seat: TypeAlias = Literal["FULL", "LITE", "FREE"]
Amount: TypeAlias = Annotated[int, Meta(ge=0, le=10**15)]
Currency: TypeAlias = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Name: TypeAlias = Annotated[str, Meta(pattern="^[ -~]{1,500}$")]
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500)]

_SEATS: dict[SeatType, Seat] = {SeatType.FULL: "FULL", SeatType.LITE: "LITE", SeatType.FREE: "FREE"}


class Wish(msgspec.Struct, frozen=True, rename="camel"):
    """Seats of which somebody wants to know what they would cost from a moment on."""

    organization_id: str
    seat_type: Seat
    quantity: int
    at: datetime


class Purchase(msgspec.Struct, frozen=True, rename="camel"):
    """Seats that were bought; they are charged for once for each `key`. `reservation` is what was answered."""

    organization_id: str
    purchase_id: str
    key: str
    seat_type: Seat
    quantity: int
    price_minor: int
    amount_minor: int
    currency: str
    period_start: date
    period_end: date
    purchased_at: datetime
    reservation: str | None


class _Answer(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What answers have in common: nothing that is not expected."""


class Line(_Answer, frozen=True):
    """A line of an invoice; below zero for what is given back."""

    text: Text
    amount_minor: Annotated[int, Meta(ge=-(10**15), le=10**15)]
    since: date
    until: date
    quantity: Annotated[int, Meta(ge=0, le=10**9)] | None = None


class Quoted(_Answer, frozen=True):
    """To `billing.preview`: the price of a seat for a whole period, and what would be charged."""

    price_minor: Amount
    currency: Currency
    period_start: date
    period_end: date
    lines: Annotated[list[Line], Meta(max_length=100)]

    def __post_init__(self) -> None:
        if not self.period_start < self.period_end:
            raise ValueError("the period ends before it begins")


class Reserved(_Answer, frozen=True):
    """To `billing.reserve`: what is wanted with `billing.confirm`, and for how much that will be, if it is known."""

    reservation: Name
    amount_minor: Amount | None = None


class Confirmed(_Answer, frozen=True):
    """To `billing.confirm`: what the charge is called there, and how much it is, if that is known."""

    reference: Name | None = None
    amount_minor: Amount | None = None


class Cancelled(_Answer, frozen=True):
    """To `billing.cancel`: whether it was too late, and then the same as to `billing.confirm`."""

    is_charged: bool
    reference: Name | None = None
    amount_minor: Amount | None = None


A = TypeVar("A", Reserved, Confirmed, Cancelled)


class Refusal(_Answer, frozen=True):
    """With status 402, to anything: why not, in words for people."""

    reason: Text


def wish(organization: uuid.UUID, seat_type: SeatType, quantity: int, at: datetime) -> Wish:
    """What is asked with `billing.preview`."""
    return Wish(write("Organization", organization, organization), _SEATS[seat_type], quantity, at)


def purchase(organization: uuid.UUID, order: Order, reservation: str | None = None) -> Purchase:
    """What is asked with everything else."""
    return Purchase(
        organization_id=write("Organization", organization, organization),
        purchase_id=write("SeatPurchase", organization, order.purchase),
        key=order.key,
        seat_type=_SEATS[order.seat_type],
        quantity=order.quantity,
        price_minor=order.price_minor,
        amount_minor=order.amount_minor,
        currency=order.currency,
        period_start=order.period.start,
        period_end=order.period.end,
        purchased_at=order.purchased_at,
        reservation=reservation,
    )
