"""Who charges an organization for its seats, and how it is known there; chosen by the operator."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from db.billing_rows import AccountRow
from db.enums import BillingProvider, SeatType
from db.errors import NotUnique
from db.ids import OrganizationId
from db.queries import billing as rows
from db.queries import organizations as organization_rows
from db.transaction import transaction

from . import billing, clock
from .actor import Actor, Right
from .billing import Account
from .errors import AlreadyTaken, BadSetting, NotFound
from .history import remember


async def find(organization: OrganizationId) -> Account:
    """The account of an organization, also of one for which nothing was chosen."""
    return _read(organization, await rows.account(organization))


async def show(actor: Actor) -> tuple[Account, AccountRow | None]:
    """The account, and what was chosen for it, if anything."""
    actor.must(Right.ORGANIZATION_READ)
    stored = await rows.account(actor.organization)
    return _read(actor.organization, stored), stored


async def choose(actor: Actor, provider: BillingProvider | None) -> None:
    """Choose who charges the organization from now on, None for the installation's default.

    What was reserved with another provider stays with that. Raises NotFound, and BadSetting for one without an adapter.
    """
    actor.must(Right.PLATFORM_MANAGE)
    if provider is not None and not billing.has(provider):
        raise BadSetting(f"Nothing here speaks to the provider {provider} yet.")

    async def work() -> None:
        stored = await lock(actor.organization)
        before = stored.provider if stored else None
        if provider == before:
            return
        await rows.set_provider(actor.organization, provider)
        await rows.keep_quantities(actor.organization, {}, clock.now())  # they were another provider's
        await _remember(actor, "billing_provider_chosen", {"provider": before}, {"provider": provider})

    await transaction(work)


async def set_stripe(actor: Actor, customer: str, subscription: str, items: Mapping[SeatType, str]) -> None:
    """Name the customer, subscription and items by which Stripe charges the organization.

    Raises BadSetting, NotFound, and AlreadyTaken for the subscription of another organization.
    """
    actor.must(Right.PLATFORM_MANAGE)
    for what, text, letters in (
        ("customer", customer, "cus"),
        ("subscription", subscription, "sub"),
        *(("subscription item", item, "si") for item in items.values()),
    ):
        if not re.fullmatch(rf"{letters}_[A-Za-z0-9]{{1,200}}", text):
            raise BadSetting(f"{text!r} is no id of a Stripe {what}; those begin with {letters}_.")
    if not items or SeatType.FREE in items:
        raise BadSetting("Name the subscription items of full seats, lite seats or both; Guest seats are free.")
    if len(set(items.values())) < len(items):
        raise BadSetting("Each type of seat needs a subscription item of its own.")
    after = {"customer": customer, "subscription": subscription, "items": dict(items)}

    async def work() -> None:
        stored = await lock(actor.organization)
        account = _read(actor.organization, stored)
        before = {"customer": account.customer, "subscription": account.subscription, "items": dict(account.items)}
        if before == after:
            return
        await rows.set_stripe(actor.organization, customer, subscription, msgspec.json.encode(items).decode())
        await _remember(actor, "stripe_account_set", before, after)

    try:
        await transaction(work)
    except NotUnique as error:
        raise AlreadyTaken("subscription", f"Another organization has the subscription {subscription}.") from error


async def lock(organization: OrganizationId) -> AccountRow | None:
    """What was chosen for an organization, which nobody else changes before this transaction ends; raises NotFound."""
    if not await organization_rows.lock(organization):
        raise NotFound(f"There is no organization with the id {organization}.")
    return await rows.account(organization)


async def _remember(actor: Actor, action: str, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    await remember(actor, clock.now(), action, "organization", actor.organization, before=before, after=after)


def _read(organization: OrganizationId, stored: AccountRow | None) -> Account:
    if stored is None:
        return Account(organization, billing.default())
    return Account(
        organization,
        BillingProvider(stored.provider) if stored.provider else billing.default(),
        stored.customer,
        stored.subscription,
        msgspec.json.decode(stored.items, type=dict[SeatType, str]),
        stored.host_url,
    )
