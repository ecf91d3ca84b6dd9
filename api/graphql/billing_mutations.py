"""Choosing who charges for seats, and what to do about purchases that it did not confirm."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta

import strawberry

from api.billing import host_accounts
from api.billing.host_accounts import OVERLAP_AT_MOST
from api.provisioning import billing_accounts, purchases
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting
from db.enums import BillingProvider, SeatType
from db.seat_view_rows import PurchaseView

from . import acting, billing, mutating, references
from .access import mutation
from .billing import BillingAccount
from .context import Info
from .mutating import Payload
from .seat_lines import SeatPurchase, purchase


@strawberry.input(description="The item of a Stripe subscription that charges for the seats of a type.")
class StripeItemInput:
    seat_type: SeatType
    item: str


@strawberry.input(description="What an organization has at Stripe; it replaces what was named before.")
class StripeAccountInput:
    customer: str
    subscription: str
    items: list[StripeItemInput]


@strawberry.type(description="Who charges for seats after an act.")
class BillingPayload(Payload):
    billing: BillingAccount | None = None


@strawberry.type(description="Where the host application is asked after an act.")
class BillingHostPayload(Payload):
    billing: BillingAccount | None = None
    secret: str | None = strawberry.field(
        description="What requests are signed with, `whsec_…`, where one was made; it is shown this once.", default=None
    )


@strawberry.type(description="A purchase as it is after an act.")
class PurchasePayload(Payload):
    purchase: SeatPurchase | None = None


@strawberry.type
class BillingMutation:
    @mutation(
        needs=Right.PLATFORM_MANAGE,
        description="Choose who charges for seats; null for the default. What is reserved stays. For the operator.",
    )
    async def billing_provider_set(
        self, info: Info, organization_id: strawberry.ID, provider: BillingProvider | None = None
    ) -> BillingPayload:
        async def act(actor: Actor) -> None:
            await billing_accounts.choose(actor, provider)

        return await _chosen(info, organization_id, act)

    @mutation(needs=Right.PLATFORM_MANAGE, description="Name what an organization has at Stripe. For the operator.")
    async def stripe_account_set(
        self, info: Info, organization_id: strawberry.ID, input: StripeAccountInput
    ) -> BillingPayload:
        async def act(actor: Actor) -> None:
            items = {each.seat_type: each.item for each in input.items}
            if len(items) < len(input.items):
                raise BadSetting("Name each type of seat once.")
            await billing_accounts.set_stripe(actor, input.customer, input.subscription, items)

        return await _chosen(info, organization_id, act)

    @mutation(
        needs=Right.PLATFORM_MANAGE,
        description="Name where the host application is asked that charges for seats. For the operator.",
    )
    async def billing_host_set(self, info: Info, organization_id: strawberry.ID, url: str) -> BillingHostPayload:
        async def act(actor: Actor) -> str | None:
            return await host_accounts.set_url(actor, url)

        return await _keyed(info, organization_id, act, "url")

    @mutation(
        needs=Right.PLATFORM_MANAGE,
        description="Make a new secret; until the overlap is over, requests are signed by it and by the others.",
    )
    async def billing_host_secret_rotate(
        self, info: Info, organization_id: strawberry.ID, overlap_hours: int = 24
    ) -> BillingHostPayload:
        async def act(actor: Actor) -> str | None:
            actor.must(Right.PLATFORM_MANAGE)
            if not 0 <= overlap_hours <= OVERLAP_AT_MOST // timedelta(hours=1):
                raise BadSetting(f"Both can count for {OVERLAP_AT_MOST.days} days at most.")
            return await host_accounts.rotate(actor, timedelta(hours=overlap_hours))

        return await _keyed(info, organization_id, act, "overlapHours")

    @mutation(
        needs=Right.BILLING_MANAGE,
        description="Try a purchase now that waits, or once more one that failed, within the cap.",
    )
    async def purchase_retry(self, info: Info, id: strawberry.ID) -> PurchasePayload:
        return await _done(info, id, purchases.retry)

    @mutation(
        needs=Right.BILLING_MANAGE,
        description="Give up a purchase that waits, unless the provider charges for it already. Nobody loses a seat.",
    )
    async def purchase_cancel(self, info: Info, id: strawberry.ID) -> PurchasePayload:
        return await _done(info, id, purchases.cancel)


async def _chosen(info: Info, organization: str, act: Callable[[Actor], Awaitable[None]]) -> BillingPayload:
    tried = await mutating.attempt(acting.in_organization(info, organization), act)
    of = references.organization(organization)
    there = None if tried.user_errors else await mutating.seen(billing.account(info, of))
    return BillingPayload(billing=there, user_errors=tried.user_errors, remembered=tried.remembered)


async def _keyed(
    info: Info, organization: str, act: Callable[[Actor], Awaitable[str | None]], *path: str
) -> BillingHostPayload:
    tried = await mutating.attempt(acting.in_organization(info, organization), act, *path)
    of = references.organization(organization)
    there = None if tried.user_errors else await mutating.seen(billing.account(info, of))
    return BillingHostPayload(
        billing=there, secret=tried.done, user_errors=tried.user_errors, remembered=tried.remembered
    )


async def _done(info: Info, id: str, act: Callable[[Actor, uuid.UUID], Awaitable[PurchaseView]]) -> PurchasePayload:
    tried = await acting.on(info, id, "SeatPurchase", act, "id")
    return PurchasePayload(
        purchase=purchase(tried.done[1]) if tried.done else None,
        user_errors=tried.user_errors,
        remembered=tried.remembered,
    )
