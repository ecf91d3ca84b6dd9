"""The host application itself: it is asked at a URL of its own what seats cost, and told to charge for them.

What it answers to is described in docs/billing.md. What was charged is listed by what it said of each purchase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.net.addresses import Network
from api.provisioning.billing import (
    Account,
    AlreadyCharged,
    Confirmation,
    InvoiceLine,
    Order,
    Price,
    Quote,
    Reservation,
)
from api.provisioning.errors import CannotSeal, ProviderAway
from api.provisioning.proration import Period
from db.enums import BillingProvider, SeatType
from db.ids import new_id

from . import host_messages, host_secrets, recorded
from .host_client import Host, plain
from .host_messages import Cancelled, Confirmed, Quoted, Reserved


@dataclass(frozen=True, slots=True)
class HostApplication:
    """Charges by whatever the application does; `allowed` and `own_port` are for `api.net.client`."""

    allowed: Sequence[Network]
    own_port: int
    is_serial = False

    async def preview(self, account: Account, seat_type: SeatType, quantity: int, at: datetime) -> Quote:
        host, wish = await self._host(account), host_messages.wish(account.organization, seat_type, quantity, at)
        found = await host.ask("billing.preview", f"preview_{new_id()}", at, wish, Quoted)
        price = Price(found.price_minor, found.currency, Period(found.period_start, found.period_end))
        lines = [
            InvoiceLine(
                text=plain(line.text),
                seat_type=seat_type,
                quantity=line.quantity,
                unit_minor=None,
                amount_minor=line.amount_minor,
                currency=found.currency,
                since=line.since,
                until=line.until,
            )
            for line in found.lines
        ]
        return Quote(price, lines)

    async def reserve(self, account: Account, order: Order) -> Reservation:
        found = await self._ask(account, "reserve", order, None, Reserved)
        return Reservation(found.reservation, found.amount_minor)

    async def confirm(self, account: Account, order: Order, reservation: str) -> Confirmation:
        found = await self._ask(account, "confirm", order, reservation, Confirmed)
        return Confirmation(found.reference, found.amount_minor)

    async def cancel(self, account: Account, order: Order, reservation: str) -> None:
        found = await self._ask(account, "cancel", order, reservation, Cancelled)
        if found.is_charged:
            raise AlreadyCharged(Confirmation(found.reference, found.amount_minor))

    async def invoice_lines(self, account: Account, period: Period) -> Sequence[InvoiceLine]:
        return await recorded.lines(account.organization, BillingProvider.HTTP, period)

    async def quantities(self, account: Account) -> Mapping[SeatType, int] | None:
        """Not known: it is told of purchases, and nobody asks what else it charges for."""
        return None

    async def _ask(
        self, account: Account, act: str, order: Order, reservation: str | None, answer: type[host_messages.A]
    ) -> host_messages.A:
        host, asked = await self._host(account), host_messages.purchase(account.organization, order, reservation)
        return await host.ask(f"billing.{act}", f"{act}_{order.key}", order.purchased_at, asked, answer)

    async def _host(self, account: Account) -> Host:
        try:
            keys = await host_secrets.keys(account.organization)
        except CannotSeal as error:
            raise ProviderAway(str(error)) from error
        if account.host_url is None or not keys:
            raise ProviderAway("Nobody said where the host application is asked. The operator does by `billing host`.")
        return Host(account.host_url, keys, self.allowed, self.own_port)
