"""Stripe: how many seats there are is the quantity of a subscription's item, which is raised when more are bought.

Stripe has no way to add to a quantity, only to set it. So purchases of an organization come one after the other, each
with the quantity before and after it kept; whoever has to ask again reads first which of them Stripe has.

Charges are prorations on the next invoice, to the second, from the moment of the purchase on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from api.provisioning import billing_secrets
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
from api.provisioning.billing_secrets import Name
from api.provisioning.errors import CannotSeal, ProviderAway, ProviderRefused
from api.provisioning.proration import Period
from api.provisioning.seats import label
from db.enums import SeatType

from . import stripe_invoices
from .stripe_client import Client
from .stripe_objects import Invoice, Item, Items, Subscription, day, minor

_OVER = frozenset({"canceled", "incomplete_expired"})


class Change(msgspec.Struct, frozen=True):
    """What is to be changed: an item's quantity, from when on, and what Stripe says that it charges for it."""

    item: str
    before: int
    after: int
    proration_date: int
    amount_minor: int | None


@dataclass(frozen=True, slots=True)
class Stripe:
    """Charges by subscriptions that the operator made and named; `url` is where Stripe is."""

    url: str
    is_serial = True

    async def preview(self, account: Account, seat_type: SeatType, quantity: int, at: datetime) -> Quote:
        client = await self._client()
        item = await _item(client, await _subscription(client, account), account, seat_type)
        price = _price(item, seat_type)
        found = await _previewed(client, account, seat_type, item, quantity, _within(item, at))
        if found is None:
            raise ProviderAway("Stripe's preview is too long to be read: too much waits for the next invoice.")
        return Quote(price, found)

    async def reserve(self, account: Account, order: Order) -> Reservation:
        client = await self._client()
        subscription = await _subscription(client, account)
        if subscription.pending_update is not None:
            raise ProviderAway("A change of the subscription waits for its payment at Stripe.")
        item = await _item(client, subscription, account, order.seat_type)
        if item.price.currency.upper() != order.currency:
            raise ProviderRefused(
                f"Stripe charges in {item.price.currency.upper()}, and {order.currency} was agreed on."
            )
        since, before = _within(item, order.purchased_at), item.quantity or 0
        lines = await _previewed(client, account, order.seat_type, item, order.quantity, since)
        # No line is no price: then it counts with what was agreed on, and not with nothing.
        amount = sum(line.amount_minor for line in lines) if lines else None
        change = Change(item.id, before, before + order.quantity, since, amount)
        return Reservation(msgspec.json.encode(change).decode(), amount)

    async def confirm(self, account: Account, order: Order, reservation: str) -> Confirmation:
        client, wanted = await self._client(), msgspec.json.decode(reservation, type=Change)
        found = await _quantity(client, account, wanted)
        if found == wanted.after:
            return _confirmed(account, wanted)
        if found != wanted.before:
            raise ProviderRefused(
                f"Somebody changed the quantity at Stripe meanwhile: it was {wanted.before}, is {found}, and was to"
                f" become {wanted.after}. Look whether these seats are charged for before you try again."
            )
        form = {
            "items[0][id]": wanted.item,
            "items[0][quantity]": wanted.after,
            "proration_behavior": "create_prorations",
            "proration_date": wanted.proration_date,
            # Nothing is to be paid at once; where Stripe sees that otherwise, it must refuse rather than half do it.
            # Pending updates would do as well, but not for whoever pays by bank debit or by invoice.
            "payment_behavior": "error_if_incomplete",
        }
        path = f"/v1/subscriptions/{account.subscription}"
        done = await client.post(path, Subscription, form, key=order.key)
        if await _quantity_in(client, done, wanted) != wanted.after:
            raise ProviderAway("Stripe answers something else than it should: the quantity is as before.", is_over=True)
        return _confirmed(account, wanted)

    async def cancel(self, account: Account, order: Order, reservation: str) -> None:
        wanted = msgspec.json.decode(reservation, type=Change)
        if await _quantity(await self._client(), account, wanted) == wanted.after:
            raise AlreadyCharged(_confirmed(account, wanted))

    async def invoice_lines(self, account: Account, period: Period) -> Sequence[InvoiceLine]:
        client = await self._client()
        await _subscription(client, account)
        return await stripe_invoices.lines(client, account, period)

    async def quantities(self, account: Account) -> Mapping[SeatType, int] | None:
        client = await self._client()
        subscription = await _subscription(client, account)
        return {each: (await _item(client, subscription, account, each)).quantity or 0 for each in account.items}

    async def _client(self) -> Client:
        try:
            key = await billing_secrets.reveal(Name.STRIPE_KEY)
        except CannotSeal as error:
            raise ProviderAway(str(error)) from error
        if key is None:
            raise ProviderAway("There is no secret key of Stripe. The operator sets it by `billing secret stripe-key`.")
        return Client(self.url, key)


async def _subscription(client: Client, account: Account) -> Subscription:
    if account.subscription is None or account.customer is None:
        raise ProviderAway("The organization has no subscription at Stripe. The operator names it by `billing stripe`.")
    found = await client.get(f"/v1/subscriptions/{account.subscription}", Subscription)
    if found.customer != account.customer:
        raise ProviderRefused(f"The subscription {found.id} is another customer's than {account.customer}.")
    if found.status in _OVER:
        raise ProviderRefused(f"The subscription {found.id} is {found.status}.")
    return found


async def _item(client: Client, subscription: Subscription, account: Account, seat_type: SeatType) -> Item:
    """The item that charges for the seats of a type."""
    wanted = account.items.get(seat_type)
    if wanted is None:
        raise ProviderRefused(f"{label(seat_type)} seats are not sold by Stripe: no subscription item is named.")
    found = await _find(client, subscription, wanted)
    if found is None:
        raise ProviderRefused(f"The subscription {subscription.id} has no item {wanted}.")
    return found


async def _find(client: Client, subscription: Subscription, item: str) -> Item | None:
    items = subscription.items
    if items.has_more:
        items = await client.get("/v1/subscription_items", Items, subscription=subscription.id, limit="100")
    return next((each for each in items.data if each.id == item), None)


async def _quantity(client: Client, account: Account, wanted: Change) -> int:
    """The quantity at Stripe now."""
    return await _quantity_in(client, await _subscription(client, account), wanted)


async def _quantity_in(client: Client, subscription: Subscription, wanted: Change) -> int:
    found = await _find(client, subscription, wanted.item)
    if found is None:
        raise ProviderRefused(f"The subscription {subscription.id} has no item {wanted.item} any more.")
    return found.quantity or 0


async def _previewed(
    client: Client, account: Account, seat_type: SeatType, item: Item, quantity: int, since: int
) -> Sequence[InvoiceLine] | None:
    """What Stripe would charge for so many more seats from a moment on, besides what it charges anyway.

    None where that cannot be told: a preview has a first page only. It begins with the newest prorations.
    """
    form = {
        "customer": account.customer,
        "subscription": account.subscription,
        "subscription_details[items][0][id]": item.id,
        "subscription_details[items][0][quantity]": (item.quantity or 0) + quantity,
        "subscription_details[proration_behavior]": "create_prorations",
        "subscription_details[proration_date]": since,
    }
    seen = await client.post("/v1/invoices/create_preview", Invoice, form)
    found = [each for each in seen.lines.data if each.proration_of() == item.id and each.period.start == since]
    if seen.lines.has_more and (not found or found[-1] is seen.lines.data[-1]):
        return None
    return [stripe_invoices.line(each, seat_type) for each in found]


def _price(item: Item, seat_type: SeatType) -> Price:
    if item.price.unit_amount is None:
        raise ProviderRefused(f"What a {label(seat_type)} seat costs depends on their number.")
    currency = item.price.currency.upper()
    period = Period(day(item.current_period_start), day(item.current_period_end))
    return Price(minor(item.price.unit_amount, currency), currency, period)


def _within(item: Item, at: datetime) -> int:
    """A moment in the period that runs, in seconds since 1970: Stripe prorates by no other."""
    return min(max(int(at.timestamp()), item.current_period_start), item.current_period_end - 1)


def _confirmed(account: Account, wanted: Change) -> Confirmation:
    return Confirmation(f"{account.subscription}/{wanted.item}: {wanted.after}", wanted.amount_minor)
