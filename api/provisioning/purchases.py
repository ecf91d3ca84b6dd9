"""What people see and do about purchases: what seats would cost, and those that wait or have failed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.outbox import tasks
from db.billing_rows import OrderRow
from db.enums import BillingProvider, PurchaseState, SeatType
from db.ids import OrganizationId
from db.queries import purchases as rows
from db.queries import seat_views as view_rows
from db.queries import seats as seat_rows
from db.seat_view_rows import PurchaseView
from db.transaction import transaction

from . import billing, billing_accounts, clock, settlements
from .actor import Actor, Right
from .billing import InvoiceLine, Price
from .currencies import money
from .errors import BadSetting, InTheWay, NotFound
from .history import remember
from .proration import month_of

OVERDUE = timedelta(hours=24)
"""After so long people are told that a purchase is not confirmed."""

MOST = 10_000
"""So many seats are previewed at once."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What more seats would cost: the price of one for a period, and what would be charged for the rest of this one."""

    provider: BillingProvider
    price: Price
    lines: Sequence[InvoiceLine]

    @property
    def amount_minor(self) -> int:
        """All lines together."""
        return sum(line.amount_minor for line in self.lines)


async def preview(actor: Actor, seat_type: SeatType, quantity: int) -> Preview:
    """What so many more seats would cost from now on, by whoever charges for them.

    Raises BadSetting, ProviderRefused and ProviderAway.
    """
    actor.must(Right.ORGANIZATION_READ)
    if not 1 <= quantity <= MOST:
        raise BadSetting(f"Ask for 1 to {MOST} seats.")
    account = await billing_accounts.find(actor.organization)
    biller = billing.of(account.provider)
    price = await biller.price(account, seat_type)
    return Preview(account.provider, price, await biller.preview(account, seat_type, quantity, clock.now()))


async def retry(actor: Actor, purchase: uuid.UUID) -> PurchaseView:
    """Have a purchase tried now: one that waits at once, one that failed once more and by the provider of today.

    Raises NotFound, and InTheWay for one that is confirmed or beyond the cap.
    """
    actor.must(Right.BILLING_MANAGE)

    async def work() -> None:
        at, found = clock.now(), await _there(actor.organization, purchase)
        if found.state == PurchaseState.CONFIRMED:
            raise InTheWay("The purchase is confirmed already.")
        if found.state == PurchaseState.FAILED:
            await _must_be_within_the_cap(actor.organization, found, at)
            provider = (await billing_accounts.find(actor.organization)).provider
            await rows.begin_anew(actor.organization, purchase, provider, at)
            await remember(actor, at, "purchase_retried", "purchase", purchase, after={"provider": provider})
        await rows.hurry(actor.organization, purchase, cancelled_by=None)
        await tasks.put_all([settlements.task(actor.organization, purchase)])

    await transaction(work)
    return await _view(actor, purchase)


async def cancel(actor: Actor, purchase: uuid.UUID) -> PurchaseView:
    """Give up a purchase that waits; nobody loses a seat. A worker sees to it, unless the provider charges already.

    Raises NotFound, and InTheWay for one that is settled.
    """
    actor.must(Right.BILLING_MANAGE)

    async def work() -> None:
        at, found = clock.now(), await _there(actor.organization, purchase)
        if found.state != PurchaseState.RESERVED:
            raise InTheWay(f"The purchase is {found.state.lower()} already.")
        await remember(actor, at, "purchase_cancelled", "purchase", purchase)
        await rows.hurry(actor.organization, purchase, cancelled_by=actor.who or actor.kind.capitalize())
        await tasks.put_all([settlements.task(actor.organization, purchase)])

    await transaction(work)
    return await _view(actor, purchase)


async def tell_overdue(organization: OrganizationId) -> int:
    """Tell the billing contacts of purchases that nobody confirmed for a day; how many. For the clock."""

    async def work() -> int:
        at = clock.now()
        found = await rows.tell_overdue(organization, at - OVERDUE, at)
        for each in found:
            await settlements.tell(each, each.reason or "The provider has not answered.", at, waits=True)
        return len(found)

    return await transaction(work)


async def _must_be_within_the_cap(organization: OrganizationId, failed: OrderRow, at: datetime) -> None:
    """Nothing is bought beyond what somebody accepted, also not when it is tried once more."""
    terms = await view_rows.terms(organization)
    if terms is None or terms.monthly_cap_minor is None:
        raise InTheWay("Nobody with the permission billing.manage has accepted a monthly cap.")
    month = month_of(at)
    added = failed.amount_minor if failed.purchased_at >= month else 0
    spent = await seat_rows.lock_spent(organization, month)
    if spent + added > terms.monthly_cap_minor:
        cap = money(terms.monthly_cap_minor, terms.currency)
        raise InTheWay(f"The purchase would exceed the monthly cap of {cap}. Raise the cap under Seats.")


async def _there(organization: OrganizationId, purchase: uuid.UUID) -> OrderRow:
    found = await rows.lock(organization, purchase)
    if found is None:
        raise NotFound("There is no such purchase in this organization.")
    return found


async def _view(actor: Actor, purchase: uuid.UUID) -> PurchaseView:
    [found] = await view_rows.purchases(actor.organization, [purchase])
    return found
