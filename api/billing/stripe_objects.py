"""What Stripe answers, as far as it is needed; for the version of its API that `stripe_client` asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

# Stripe counts these other than ISO 4217: in hundredths, or in whole units (docs.stripe.com/currencies).
_HUNDREDTHS, _WHOLE = frozenset({"ISK", "UGX"}), frozenset({"MGA"})


class Price(msgspec.Struct, frozen=True):
    """What an item costs; without `unit_amount` it depends on the quantity."""

    currency: str
    unit_amount: int | None = None


class Item(msgspec.Struct, frozen=True):
    """An item of a subscription."""

    id: str
    price: Price
    current_period_start: int
    current_period_end: int
    quantity: int | None = None


class Items(msgspec.Struct, frozen=True):
    """The first items of a subscription."""

    data: list[Item]
    has_more: bool = False


class Subscription(msgspec.Struct, frozen=True):
    """A subscription."""

    id: str
    customer: str
    currency: str
    status: str
    items: Items
    pending_update: dict[str, object] | None = None


class ItemDetails(msgspec.Struct, frozen=True):
    """Which item a line is for, and whether it is for a change in the middle of a period."""

    subscription_item: str
    proration: bool


class Parent(msgspec.Struct, frozen=True):
    """What a line comes from."""

    subscription_item_details: ItemDetails | None = None


class Span(msgspec.Struct, frozen=True):
    """A time, in seconds since 1970."""

    start: int
    end: int


class Line(msgspec.Struct, frozen=True):
    """A line of an invoice."""

    id: str
    amount: int
    currency: str
    period: Span
    description: str | None = None
    quantity: int | None = None
    parent: Parent | None = None

    def proration_of(self) -> str | None:
        """The item for which the line is, if it is for a change of that in the middle of a period."""
        details = self.parent.subscription_item_details if self.parent else None
        return details.subscription_item if details and details.proration else None


class Lines(msgspec.Struct, frozen=True):
    """A page of lines."""

    data: list[Line]
    has_more: bool = False


class Invoice(msgspec.Struct, frozen=True):
    """An invoice, or a preview of one."""

    lines: Lines


class SubscriptionDetails(msgspec.Struct, frozen=True):
    """Which item of a subscription an invoice item is for."""

    subscription_item: str | None = None


class ItemParent(msgspec.Struct, frozen=True):
    """What an invoice item comes from."""

    subscription_details: SubscriptionDetails | None = None


class InvoiceItem(msgspec.Struct, frozen=True):
    """Something that is charged besides a subscription as it is, on the next invoice or one that was made."""

    id: str
    amount: int
    currency: str
    period: Span
    proration: bool
    description: str | None = None
    quantity: int | None = None
    parent: ItemParent | None = None

    def proration_of(self) -> str | None:
        """The item of a subscription for which it is, if it is for a change in the middle of a period."""
        details = self.parent.subscription_details if self.parent and self.proration else None
        return details.subscription_item if details else None


class InvoiceItems(msgspec.Struct, frozen=True):
    """A page of invoice items."""

    data: list[InvoiceItem]
    has_more: bool = False


class Problem(msgspec.Struct, frozen=True):
    """What went wrong."""

    type: str = ""
    code: str | None = None
    message: str | None = None


class Failure(msgspec.Struct, frozen=True):
    """The body of an answer that is none."""

    error: Problem


def minor(amount: int, currency: str) -> int:
    """An amount in the minor units that its currency has, rounded half up."""
    if currency.upper() in _WHOLE:
        return amount * 100
    return (amount + 50) // 100 if currency.upper() in _HUNDREDTHS else amount


def day(seconds: int) -> date:
    """The day of a moment, UTC."""
    return datetime.fromtimestamp(seconds, UTC).date()
