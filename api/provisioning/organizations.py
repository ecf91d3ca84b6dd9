"""Organizations, and how long their requests are kept."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence

from db.ids import OrganizationId, new_id
from db.queries import log, platform, roles
from db.queries import organizations as rows
from db.together import together
from db.transaction import transaction

from . import clock, domain_names, ladder, plans, policy_values
from . import domains as owned_domains
from .actor import Actor, Right, system
from .errors import BadSetting, NotFound
from .history import differences, remember
from .policy_values import DomainRule, Policies

_ADMINS_MAY = f'["{Right.BILLING_MANAGE}"]'
"""What the first role of admins permits besides what every such role does; organizations can take it away."""


async def create(name: str, *, domains: Sequence[str] = ()) -> OrganizationId:
    """A new organization of which no history says who made it; whoever acts for somebody uses `platform.create`."""
    organization, work = creation(name, domains)
    await transaction(work)
    return organization


def creation(name: str, domains: Sequence[str]) -> tuple[OrganizationId, Callable[[], Awaitable[None]]]:
    """A new organization with four roles, the usual plan, and these domains, for which the operator vouches.

    It is there once the work is done, in a transaction. Without a domain nobody could come in by the default rule, so
    the rule is switched off then. Raises BadSetting for an empty name and for what is no domain; the work raises
    AlreadyTaken for a domain that another organization has.
    """
    if not name.strip():
        raise BadSetting("An organization needs a name.")
    organization, at = OrganizationId(new_id()), clock.now()
    chosen = Policies() if domains else Policies(domain_rule=DomainRule.OFF)

    async def work() -> None:
        plan = plans.catalogue().default
        made = rows.add_part(organization, name.strip(), policies=policy_values.to_json(chosen), plan=plan)
        await together([made, *roles.add_parts(organization, ladder.preset(), at)])
        await roles.let_admins(organization, _ADMINS_MAY)
        for domain in names:
            await owned_domains.vouch_for(organization, domain, at)

    names = dict.fromkeys(domain_names.normalised(domain) for domain in domains)
    return organization, work


async def find(organization: uuid.UUID) -> dict[str, object]:
    """One organization; raises NotFound."""
    found = await rows.find(OrganizationId(organization))
    if found is None:
        raise NotFound(f"There is no organization with the id {organization}.")
    return found


async def keep_requests_for(actor: Actor, *, headline_days: int, body_days: int) -> None:
    """Choose how long requests and their bodies are kept; raises BadSetting for nonsense."""
    actor.must(Right.PLATFORM_MANAGE)
    if not 0 <= body_days <= headline_days <= 3650:
        raise BadSetting("Bodies cannot be kept longer than headlines, and neither longer than 3650 days.")
    days = {"request_retention_days": headline_days, "body_retention_days": body_days}

    async def work() -> None:
        known = await rows.lock_retention(actor.organization)
        if known is None:
            raise NotFound(f"There is no organization with the id {actor.organization}.")
        old, new = differences(dict(zip(days, known, strict=True)), days)
        if not new:
            return
        await rows.set_retention(actor.organization, headline_days=headline_days, body_days=body_days)
        organization = actor.organization
        await remember(actor, clock.now(), "retention_changed", "organization", organization, before=old, after=new)

    await transaction(work)


async def forget_old_requests() -> int:
    """Carry out every organization's retention; how many requests were deleted or lost their bodies."""
    found = await platform.organization_ids()
    return sum([await forget_requests(organization) for organization in found])


async def forget_requests(organization: OrganizationId) -> int:
    """Carry out the retention of an organization, and remember that it was; how many requests were concerned."""

    async def work() -> int:
        kept = await rows.retention(organization)
        if kept is None:
            return 0
        headlines, bodies = await log.forget(organization, headline_days=kept[0], body_days=kept[1])
        done = {"requests": headlines, "bodies": bodies}
        await remember(system(organization), clock.now(), platform.FORGOTTEN, "organization", organization, after=done)
        return headlines + bodies

    return await transaction(work)
