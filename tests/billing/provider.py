"""A provider that does what a test wants, and keeps what it charges for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from api.provisioning.billing import Account, AlreadyCharged, Confirmation, InvoiceLine, Order, Quote, Reservation
from api.provisioning.proration import Period
from db.enums import SeatType


class Provider:
    """Charges once for each key; before and after that it raises what it was told to, one for each call."""

    def __init__(self) -> None:
        self.is_serial = False
        self.before: list[BaseException] = []
        self.after: list[BaseException] = []
        self.asked: list[str] = []
        self.charged: dict[str, int] = {}
        self.let_go: list[str] = []
        self.amount_minor: int | None = None
        self.seats: Mapping[SeatType, int] | None = None

    @property
    def calls(self) -> Counter[str]:
        """How often it was asked to charge, by key."""
        return Counter(self.asked)

    async def preview(self, account: Account, seat_type: SeatType, quantity: int, at: datetime) -> Quote:
        raise NotImplementedError

    async def reserve(self, account: Account, order: Order) -> Reservation:
        return Reservation(f"for {order.key}", self.amount_minor)

    async def confirm(self, account: Account, order: Order, reservation: str) -> Confirmation:
        assert reservation == f"for {order.key}"
        self.asked.append(order.key)
        if self.before:
            raise self.before.pop(0)
        self.charged[order.key] = order.quantity
        if self.after:
            raise self.after.pop(0)
        return Confirmation("INV-1", order.amount_minor - 1)

    async def cancel(self, account: Account, order: Order, reservation: str) -> None:
        if order.key in self.charged:
            raise AlreadyCharged(Confirmation("INV-1"))
        self.let_go.append(order.key)

    async def invoice_lines(self, account: Account, period: Period) -> Sequence[InvoiceLine]:
        return []

    async def quantities(self, account: Account) -> Mapping[SeatType, int] | None:
        return self.seats
