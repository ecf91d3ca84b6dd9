"""The port to whoever charges for seats, and the providers that this process can speak to.

A purchase is a row that is written in the transaction that needs the seat; nobody outside is asked then. Afterwards a
worker has the provider reserve and confirm it, see `purchases`. Amounts are whole minor units of a currency.

Every adapter raises ProviderAway when it may be asked again, and ProviderRefused when that would change nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from db.enums import BillingProvider, PurchaseState, SeatType
from db.ids import OrganizationId

from .errors import ProviderAway, ProvisioningError
from .proration import Period


@dataclass(frozen=True, slots=True)
class Account:
    """An organization as its provider knows it.

    The ids are Stripe's, items by the type of seat that they charge; `host_url` is where the host application is asked.
    """

    organization: OrganizationId
    provider: BillingProvider
    customer: str | None = None
    subscription: str | None = None
    items: Mapping[SeatType, str] = field(default_factory=dict)
    host_url: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What one seat costs for a whole period, and the period that runs."""

    unit_minor: int
    currency: str
    period: Period


@dataclass(frozen=True, slots=True)
class Quote:
    """What more seats would cost: the price of one, and what would be charged for the rest of the period."""

    price: Price
    lines: Sequence[InvoiceLine]

    @property
    def amount_minor(self) -> int:
        """All lines together."""
        return sum(line.amount_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class Order:
    """Seats that are to be charged for, once for each `key`; `amount_minor` is what Rollcall takes them to cost."""

    purchase: uuid.UUID
    key: str
    seat_type: SeatType
    quantity: int
    price_minor: int
    amount_minor: int
    currency: str
    period: Period
    purchased_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a provider has prepared: what it needs to charge, in whatever form, and for how much, if it tells."""

    text: str
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a provider says of seats that it charges for: what it calls that, and for how much, if it tells."""

    reference: str | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """What is charged besides what an organization pays for each period anyway; below zero for what is given back.

    Days are those of UTC, `until` is not included. What a provider does not tell is None.
    """

    text: str
    seat_type: SeatType | None
    quantity: int | None
    unit_minor: int | None
    amount_minor: int
    currency: str
    since: date
    until: date
    purchase: uuid.UUID | None = None
    state: PurchaseState | None = None
    email: str | None = None


class AlreadyCharged(ProvisioningError):
    """Seats are to be given up that the provider has begun to charge for."""

    def __init__(self, confirmation: Confirmation) -> None:
        super().__init__("The provider charges for these seats already.")
        self.confirmation = confirmation


class Billing(Protocol):
    """Whoever charges for seats.

    `is_serial` is whether the purchases of an organization have to be confirmed one after the other.
    """

    @property
    def is_serial(self) -> bool: ...

    async def preview(self, account: Account, seat_type: SeatType, quantity: int, at: datetime) -> Quote:
        """What would be charged for so many more seats from then on; charges nothing."""

    async def reserve(self, account: Account, order: Order) -> Reservation:
        """Prepare to charge; what `confirm` needs to do it once. Kept before `confirm` is called."""

    async def confirm(self, account: Account, order: Order, reservation: str) -> Confirmation:
        """Charge, once for the order's key, also when this is called again or by two at once."""

    async def cancel(self, account: Account, order: Order, reservation: str) -> None:
        """Let go of what was reserved; raises AlreadyCharged."""

    async def invoice_lines(self, account: Account, period: Period) -> Sequence[InvoiceLine]:
        """What was charged, or will be, for seats that were added in a period."""

    async def quantities(self, account: Account) -> Mapping[SeatType, int] | None:
        """For how many seats of each type the provider charges; None for one that only knows what it is told."""


_adapters: Mapping[BillingProvider, Billing] = {}
_default = BillingProvider.LEDGER


def use(default: BillingProvider, adapters: Mapping[BillingProvider, Billing]) -> None:
    """Name the providers of this process, and the one of organizations for which none was chosen."""
    global _adapters, _default
    _adapters, _default = adapters, default


def default() -> BillingProvider:
    """Who charges organizations for which nothing was chosen."""
    return _default


def has(provider: BillingProvider) -> bool:
    """Whether this process has an adapter for a provider."""
    return provider in _adapters


def of(provider: BillingProvider) -> Billing:
    """The adapter for a provider; raises ProviderAway where this process has none."""
    found = _adapters.get(provider)
    if found is None:
        raise ProviderAway(f"This process does not speak to the provider {provider}.")
    return found
