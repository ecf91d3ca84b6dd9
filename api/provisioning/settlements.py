"""Having reserved purchases confirmed by their providers: what a worker does, as often as it takes.

A purchase is leased to one worker at a time, and what its provider needs to charge once is kept before it may charge.
So whoever comes after a worker that ended anywhere in between goes on with the same key.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import msgspec

from api.outbox.tasks import Task
from api.outbox.work import Later
from db.billing_rows import OrderRow
from db.enums import BillingProvider, PurchaseState, SeatType
from db.ids import OrganizationId
from db.queries import billing as billing_rows
from db.queries import organizations as organization_rows
from db.queries import purchases as rows
from db.transaction import transaction

from . import billing, billing_accounts, caps, clock, notices
from .actor import system
from .billing import AlreadyCharged, Confirmation, Order, Reservation
from .currencies import money
from .errors import InTheWay, ProviderAway, ProviderRefused
from .history import remember
from .notice_facts import PurchaseFailed
from .proration import Period

SETTLE = "billing.settle"
"""The entrypoint of the task that has a purchase confirmed."""

LEASE = timedelta(minutes=2)
"""For so long a purchase is one worker's. A provider may be slower: whoever comes back late writes nothing."""

_SHORTEST, _LONGEST, _FARTHEST = timedelta(seconds=5), timedelta(hours=1), timedelta(days=1)


class Settlement(msgspec.Struct, frozen=True):
    """The payload of the task: which purchase is to be looked at."""

    organization: uuid.UUID
    purchase: uuid.UUID


def task(organization: uuid.UUID, purchase: uuid.UUID) -> Task:
    """What has a purchase confirmed that is reserved in the same transaction."""
    return Task(SETTLE, Settlement(organization, purchase))


async def settle(wanted: Settlement) -> None:
    """Have a purchase confirmed, and before it those that must come first; raises Later when that cannot be now."""
    organization = OrganizationId(wanted.organization)
    while (claimed := await transaction(partial(_claim, organization, wanted.purchase))) is not None:
        await _carry_out(organization, claimed)


def pause(waited: timedelta) -> timedelta:
    """How long until the provider is asked again: half as long as it has taken already, 5 seconds to an hour."""
    return min(max(waited / 2, _SHORTEST), _LONGEST)


async def tell(purchase: OrderRow, reason: str, at: datetime, *, waits: bool) -> None:
    """Tell the billing contacts that a purchase failed, or `waits` for long, in the current transaction."""
    await notices.purchase_failed(
        OrganizationId(purchase.organization_id),
        purchase.id,
        seat_type=SeatType(purchase.seat_type),
        quantity=purchase.quantity,
        amount_minor=purchase.amount_minor,
        currency=purchase.currency,
        reason=reason,
        at=at,
        round=purchase.round,
        waits=waits,
    )


async def _claim(organization: OrganizationId, purchase: uuid.UUID) -> OrderRow | None:
    """The purchase, or another that must come first, leased to this worker; None when there is nothing to do any more.

    Raises Later while another worker has it, or its provider is not to be asked yet.
    """
    at, wanted = clock.now(), await rows.find(organization, purchase)
    if wanted is None or wanted.state != PurchaseState.RESERVED:
        return None
    provider = BillingProvider(wanted.provider)
    is_easy = wanted.cancelled_by is not None and wanted.reservation is None  # the provider never heard of it
    if billing.of(provider).is_serial and not is_easy:
        await organization_rows.lock(organization)  # two who look at once would each find another one to be the first
        found = await rows.lock_first(organization, provider, at)
    else:
        found = await rows.lock(organization, purchase)
    if found is None or found.state != PurchaseState.RESERVED:
        raise Later(at)  # somebody was quicker; look again
    if found.leased_until is not None and found.leased_until > at:
        raise Later(at + _SHORTEST, "Another worker asks the provider just now.")
    if found.next_attempt_at is not None and found.next_attempt_at > at:
        raise Later(found.next_attempt_at, found.reason or "")
    until = at + LEASE
    await rows.lease(organization, found.id, until)
    return replace(found, leased_until=until)


async def _carry_out(organization: OrganizationId, claimed: OrderRow) -> None:
    """Ask the provider about a purchase that is leased to this worker, and write what came of it."""
    try:
        done = await _asked(organization, claimed)
    except AlreadyCharged as known:
        done = known.confirmation
    except ProviderRefused as error:
        await transaction(partial(_fail, organization, claimed, str(error), is_news=True))
        return
    except ProviderAway as error:
        await _postpone(organization, claimed, error)
        return
    if done is None:
        await transaction(partial(_fail, organization, claimed, f"Given up by {claimed.cancelled_by}.", is_news=False))
    else:
        await transaction(partial(_confirm, organization, claimed, done))


async def _asked(organization: OrganizationId, claimed: OrderRow) -> Confirmation | None:
    """What the provider says; None for a purchase that somebody gave up, and the provider has let go."""
    biller, account = billing.of(BillingProvider(claimed.provider)), await billing_accounts.find(organization)
    order, reservation = _order(claimed), claimed.reservation
    if claimed.cancelled_by is not None:
        if reservation is not None:
            await biller.cancel(account, order, reservation)
        return None
    if reservation is None:
        reserved = await biller.reserve(account, order)
        reservation = reserved.text
        # From here on the provider may charge, so whoever comes after this worker has to know how.
        try:
            order = _order(await transaction(partial(_keep, organization, claimed, reserved)))
        except ProviderRefused:
            await biller.cancel(account, order, reservation)
            raise
    return await biller.confirm(account, order, reservation)


async def _keep(organization: OrganizationId, claimed: OrderRow, reserved: Reservation) -> OrderRow:
    """The purchase with what a provider has prepared, which is kept.

    Raises ProviderRefused where that costs more than somebody accepted (C12), and Later for who may not ask any more.
    """
    found, at = await rows.lock(organization, claimed.id), clock.now()
    is_ours = found is not None and found.state == PurchaseState.RESERVED and found.leased_until == claimed.leased_until
    # Once the lease is over, a purchase without a reservation stands behind others, which may be under way by now.
    if found is None or not is_ours or found.leased_until is None or found.leased_until <= at:
        raise Later(at + _SHORTEST, "Another worker has taken the purchase over.")
    amount = found.amount_minor if reserved.amount_minor is None else reserved.amount_minor
    if amount > found.amount_minor:
        try:
            cap = await caps.lock(organization, found.reserved_at)
        except InTheWay as problem:  # it was taken back since
            raise ProviderRefused(f"The provider wants more than was agreed on. {problem}") from problem
        if not cap.allows(amount - found.amount_minor, found.currency):
            cost, expected = money(amount, found.currency), money(found.amount_minor, found.currency)
            raise ProviderRefused(
                f"The provider wants {cost} instead of {expected}, and that would exceed the monthly cap of {cap.text}."
                " Put the price right, or raise the cap under Seats."
            )
    await rows.keep_reservation(organization, found.id, reserved.text, amount)
    return replace(found, reservation=reserved.text, amount_minor=amount)


async def _confirm(organization: OrganizationId, claimed: OrderRow, done: Confirmation) -> None:
    at, reserved = clock.now(), await rows.lock(organization, claimed.id)
    if reserved is None or reserved.state == PurchaseState.CONFIRMED:
        return
    beyond = await _beyond_cap(organization, reserved, done.amount_minor)
    amount = await rows.confirm(organization, claimed.id, at, reference=done.reference, amount_minor=done.amount_minor)
    if amount is None:
        return
    await billing_rows.count_confirmed(organization, claimed.seat_type, claimed.quantity)
    told = _shown(claimed) | {"amount_minor": amount}
    if beyond is not None:
        told |= {"reserved_minor": reserved.amount_minor, "beyond_cap": beyond}
        seats = (SeatType(claimed.seat_type), claimed.quantity, reserved.amount_minor, claimed.currency)
        facts = PurchaseFailed(*seats, reason=beyond, charged_minor=amount)
        await notices.purchase_beyond_cap(organization, claimed.id, facts, at)
    await remember(system(organization), at, "purchase_confirmed", "purchase", claimed.id, after=told)


async def _beyond_cap(organization: OrganizationId, reserved: OrderRow, amount_minor: int | None) -> str | None:
    """What is wrong with an amount that is charged already: nobody accepted that much (C12). None where it is right."""
    if amount_minor is None or amount_minor <= reserved.amount_minor:
        return None
    counted = reserved.amount_minor if reserved.state == PurchaseState.RESERVED else 0
    try:
        cap = await caps.lock(organization, reserved.reserved_at)
    except InTheWay as problem:
        return str(problem)
    if cap.allows(amount_minor - counted, reserved.currency):
        return None
    return f"That exceeds the monthly cap of {cap.text}."


async def _fail(organization: OrganizationId, claimed: OrderRow, reason: str, *, is_news: bool) -> None:
    at = clock.now()
    if not await rows.fail(organization, claimed.id, at, reason, told_at=at if is_news else None):
        return
    told = _shown(claimed) | {"reason": reason}
    await remember(system(organization), at, "purchase_failed", "purchase", claimed.id, after=told)
    if is_news:
        await tell(claimed, reason, at, waits=False)


async def _postpone(organization: OrganizationId, claimed: OrderRow, trouble: ProviderAway) -> None:
    """Raises Later, after noting what is in the way."""
    at = clock.now()
    until, reason = at + pause(at - claimed.reserved_at), str(trouble)
    if trouble.again_at is not None:
        until = min(max(until, trouble.again_at), at + _FARTHEST)
    assert claimed.leased_until is not None
    await rows.postpone(
        organization, claimed.id, claimed.leased_until, until=until, reason=reason, rounds=int(trouble.is_over)
    )
    raise Later(until, reason)


def _shown(row: OrderRow) -> dict[str, object]:
    names = ("provider", "seat_type", "quantity", "amount_minor", "currency")
    return {name: getattr(row, name) for name in names}


def _order(row: OrderRow) -> Order:
    return Order(
        purchase=row.id,
        key=str(row.id) if row.round == 1 else f"{row.id}-{row.round}",
        seat_type=SeatType(row.seat_type),
        quantity=row.quantity,
        price_minor=row.price_minor,
        amount_minor=row.amount_minor,
        currency=row.currency,
        period=Period(row.period_start, row.period_end),
        purchased_at=row.purchased_at,
    )
