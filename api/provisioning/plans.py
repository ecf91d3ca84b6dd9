"""What an organization's plan lets it do, and changing that; every change stays in its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from api.settings import VARIABLES, SettingsError
from db.ids import OrganizationId
from db.queries import organizations as rows
from db.queries import platform
from db.transaction import transaction

from . import clock, plan_catalogue
from .actor import Actor, Right
from .caller import Caller
from .errors import BadSetting, InTheWay, NotFound, PlanRequired
from .history import differences, remember
from .plan_catalogue import UNLIMITED, Access, Catalogue, Contact, Feature

_catalogue = UNLIMITED


@dataclass(frozen=True, slots=True)
class Subscription:
    """The plan that an organization has, and what was granted to it besides."""

    plan: str
    add_ons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """A plan, and how many organizations have it; one that is not offered any more has a key only."""

    key: str
    name: str | None
    scim: Access
    auto_purchase: Access
    contact: Contact | None
    organizations: int


def load(file: str | None) -> None:
    """Name the plans of this process by a file, at its start; raises SettingsError naming what is wrong with it."""
    if file is None:
        return use(UNLIMITED)
    where = f"{VARIABLES['plans'].name}={file!r}"
    try:
        return use(plan_catalogue.parse(Path(file).read_bytes()))
    except OSError as error:
        raise SettingsError(f"{where} cannot be read: {error.strerror}.") from error
    except BadSetting as error:
        raise SettingsError(f"{where} is no catalogue of plans: {error}") from error


def use(catalogue: Catalogue) -> None:
    """Name the plans of this process."""
    global _catalogue
    _catalogue = catalogue


def catalogue() -> Catalogue:
    """The plans of this process."""
    return _catalogue


def must_have(plan: str, add_ons: str, feature: Feature) -> None:
    """Raise PlanRequired unless the plan, or what the JSON list grants besides, has the feature."""
    if not _catalogue.has(plan, msgspec.json.decode(add_ons, type=list[str]), feature):
        raise PlanRequired(_catalogue.why_not(plan, feature))


async def require(organization: OrganizationId, feature: Feature) -> None:
    """Raise PlanRequired unless the organization has the feature, and NotFound when there is none such."""
    must_have(*_there(await rows.plan(organization), organization), feature)


async def show(actor: Actor) -> Subscription:
    """The organization's plan and add-ons; raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    return _subscription(_there(await rows.plan(actor.organization), actor.organization))


async def contact(actor: Actor) -> Contact | None:
    """Whom the organization asks: its own contact, or that of its plan (R020); raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    plan, _ = _there(await rows.plan(actor.organization), actor.organization)
    return contact_of(plan, await rows.support_contact(actor.organization))


def contact_of(plan: str, own: str | None) -> Contact | None:
    """The contact of an organization with a plan; `own` is its own one as a JSON text."""
    return _catalogue.contact_of(plan) if own is None else msgspec.json.decode(own, type=Contact)


async def set_contact(actor: Actor, contact: Contact | None) -> None:
    """Choose whom the organization asks, None for the contact of its plan. Raises NotFound and BadSetting."""
    actor.must(Right.PLATFORM_MANAGE)
    after = None if contact is None else plan_catalogue.checked(contact)

    async def work() -> None:
        _there(await rows.lock_plan(actor.organization), actor.organization)
        text = await rows.support_contact(actor.organization)
        before = None if text is None else msgspec.json.decode(text, type=Contact)
        if after == before:
            return
        written = None if after is None else msgspec.json.encode(after).decode()
        await rows.set_support_contact(actor.organization, written)
        old, new = {"contact": before}, {"contact": after}
        subject = actor.organization
        await remember(actor, clock.now(), "contact_chosen", "organization", subject, before=old, after=new)

    await transaction(work)


async def choose(actor: Actor, key: str) -> Subscription:
    """Give the organization another plan; add-ons stay granted. Raises NotFound, and BadSetting for no plan."""
    actor.must(Right.PLATFORM_MANAGE)
    _catalogue.named(key)
    return await _change(actor, "plan_chosen", lambda has: Subscription(key, has.add_ons))


async def grant(actor: Actor, add_on: str) -> Subscription:
    """Grant an add-on (R019); raises NotFound, BadSetting for none, InTheWay where it is no add-on to the plan."""
    actor.must(Right.PLATFORM_MANAGE)
    feature = plan_catalogue.feature(add_on)

    def granted(has: Subscription) -> Subscription:
        plan = _catalogue.named(has.plan)
        access = plan.access(feature)
        if access is Access.INCLUDED:
            raise InTheWay(f"{feature} is part of {plan.name} anyway. There is nothing to grant.")
        if access is Access.NONE:
            raise InTheWay(f"{feature} is no add-on to {plan.name}. Choose a plan that has it; see `plans list`.")
        return Subscription(has.plan, tuple(dict.fromkeys((*has.add_ons, add_on))))

    return await _change(actor, "add_on_granted", granted)


async def withdraw(actor: Actor, add_on: str) -> Subscription:
    """Take an add-on back; its users are refused from now on. Raises NotFound, also when it was not granted."""
    actor.must(Right.PLATFORM_MANAGE)

    def withdrawn(has: Subscription) -> Subscription:
        if add_on not in has.add_ons:
            raise NotFound(f"The organization has no add-on {add_on!r}. It has: {', '.join(has.add_ons) or 'none'}.")
        return Subscription(has.plan, tuple(each for each in has.add_ons if each != add_on))

    return await _change(actor, "add_on_withdrawn", withdrawn)


async def all_of_them(caller: Caller) -> list[Offered]:
    """Every plan that is offered, then those that organizations have nevertheless; for the operator."""
    caller.must_run_platform()
    counted = await platform.plans()
    offered = [
        Offered(key, plan.name, plan.scim, plan.auto_purchase, _catalogue.contact_of(key), counted.pop(key, 0))
        for key, plan in _catalogue.plans.items()
    ]
    none = Access.NONE
    return offered + [Offered(key, None, none, none, _catalogue.contact, count) for key, count in counted.items()]


async def _change(actor: Actor, action: str, changed: Callable[[Subscription], Subscription]) -> Subscription:
    async def work() -> Subscription:
        before = _subscription(_there(await rows.lock_plan(actor.organization), actor.organization))
        after = changed(before)
        if after == before:
            return after
        await rows.set_plan(actor.organization, after.plan, msgspec.json.encode(after.add_ons).decode())
        old, new = differences(msgspec.to_builtins(before), msgspec.to_builtins(after))
        await remember(actor, clock.now(), action, "organization", actor.organization, before=old, after=new)
        return after

    return await transaction(work)


def _subscription(stored: tuple[str, str]) -> Subscription:
    plan, add_ons = stored
    return Subscription(plan, msgspec.json.decode(add_ons, type=tuple[str, ...]))


def _there(stored: tuple[str, str] | None, organization: OrganizationId) -> tuple[str, str]:
    if stored is None:
        raise NotFound(f"There is no organization with the id {organization}.")
    return stored
