"""What people see and do about purchases: what seats would cost, and those that wait or have failed."""

from __future__ import annotations

import uuid
from datetime import timedelta

from api.outbox import tasks
from db.billing_rows import OrderRow
from db.enums import BillingProvider, PurchaseState, SeatType
from db.ids import OrganizationId
from db.queries import purchases as rows
from db.queries import seat_views as view_rows
from db.seat_view_rows import PurchaseView
from db.transaction import transaction

from . import billing, billing_accounts, caps, clock, settlements
from .actor import Actor, Right
from .billing import Quote
from .errors import BadSetting, InTheWay, NotFound
from .history import remember

OVERDUE = timedelta(hours=24)
"""After so long people are told that a purchase is not confirmed."""

MOST = 10_000
"""So many seats are previewed at once."""


async def preview(actor: Actor, seat_type: SeatType, quantity: int) -> tuple[BillingProvider, Quote]:
    """What so many more seats would cost from now on, and who says so.

    Raises BadSetting, ProviderRefused and ProviderAway.
    """
    actor.must(Right.ORGANIZATION_READ)
    if not 1 <= quantity <= MOST:
        raise BadSetting(f"Ask for 1 to {MOST} seats.")
    account = await billing_accounts.find(actor.organization)
    quote = await billing.of(account.provider).preview(account, seat_type, quantity, clock.now())
    return account.provider, quote


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
            cap = await caps.lock(actor.organization, at)
            if found.currency != cap.currency:
                raise InTheWay(f"The purchase is in {found.currency}, and seats are paid for in {cap.currency} now.")
            if not cap.allows(found.amount_minor, found.currency):
                raise InTheWay(f"The purchase would exceed the monthly cap of {cap.text}. Raise the cap under Seats.")
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


async def _there(organization: OrganizationId, purchase: uuid.UUID) -> OrderRow:
    found = await rows.lock(organization, purchase)
    if found is None:
        raise NotFound("There is no such purchase in this organization.")
    return found


async def _view(actor: Actor, purchase: uuid.UUID) -> PurchaseView:
    [found] = await view_rows.purchases(actor.organization, [purchase])
    return found
