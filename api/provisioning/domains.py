"""The e-mail domains of an organization: registering, attesting and removing them (REQUIREMENTS §1.6)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from db.enums import DomainState
from db.errors import NotUnique
from db.ids import OrganizationId, new_id
from db.queries import domains as rows
from db.queries import platform
from db.rule_rows import DomainRow
from db.transaction import transaction

from . import clock, domain_names
from .actor import Actor, Right
from .errors import AlreadyTaken, DomainClaimed, NotFound
from .history import remember

OPERATOR = "OPERATOR"


async def all_of_them(actor: Actor) -> list[DomainRow]:
    """The organization's domains by name."""
    actor.must(Right.ORGANIZATION_READ, Right.PROVE_DOMAINS)
    return await rows.all_of_them(actor.organization)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, DomainRow]:
    """Domains by id."""
    actor.must(Right.ORGANIZATION_READ, Right.PROVE_DOMAINS)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def named(actor: Actor, name: str) -> DomainRow:
    """The domain of a name, for whoever manages the organization; raises NotFound."""
    actor.must(Right.PROVE_DOMAINS)
    return await _find(actor, name, lock=False)


async def name_of(actor: Actor, domain: uuid.UUID, *, needs: Right) -> str:
    """The name of a domain, for whoever is to do something about it that needs a right; raises NotFound."""
    actor.must(needs)
    found = await rows.many(actor.organization, [domain])
    if not found:
        raise NotFound("There is no such domain.")
    return found[0].name


async def add(actor: Actor, name: str, *, include_subdomains: bool = False) -> DomainRow:
    """Register a domain, which proves nothing yet.

    Raises BadSetting for what nobody can own, AlreadyTaken when it is there, DomainClaimed when another organization
    has it verified.
    """
    actor.must(Right.PROVE_DOMAINS)
    wanted = DomainRow(new_id(), domain_names.normalised(name), include_subdomains, DomainState.REGISTERED, None, None)

    async def work() -> None:
        owner = await platform.domain_owner(wanted.name)
        if owner is not None and owner != actor.organization:
            raise DomainClaimed(wanted.name)
        await rows.add(actor.organization, wanted, clock.now())
        await _remember(actor, "domain_added", wanted.id, after=_shown(wanted))

    try:
        await transaction(work)
    except NotUnique as error:
        raise AlreadyTaken("name", f"{wanted.name} is a domain of this organization already.") from error
    return wanted


async def vouch_for(organization: OrganizationId, name: str, at: datetime) -> None:
    """Write a normalised domain as verified by the operator, in the transaction that makes the organization.

    Raises DomainClaimed when another organization has it.
    """
    if await platform.domain_owner(name) is not None:
        raise DomainClaimed(name)
    await rows.add(organization, DomainRow(new_id(), name, False, DomainState.VERIFIED, OPERATOR, at), at)


async def attest(actor: Actor, name: str) -> DomainRow:
    """Verify a domain by the operator's word: they know that it belongs to the organization.

    Raises NotFound, and DomainClaimed when another organization has it verified.
    """
    actor.must(Right.PLATFORM_MANAGE)

    async def work() -> DomainRow:
        domain, at = await _find(actor, name), clock.now()
        if domain.state == DomainState.VERIFIED and domain.verified_by == OPERATOR:
            return domain
        await rows.verify(actor.organization, domain.name, by=OPERATOR, at=at)
        verified = replace(domain, state=DomainState.VERIFIED, verified_by=OPERATOR, verified_at=at)
        await _remember(actor, "domain_verified", domain.id, _shown(domain), _shown(verified))
        return verified

    try:
        return await transaction(work)
    except NotUnique as error:
        raise DomainClaimed(name) from error


async def include_subdomains(actor: Actor, name: str, *, included: bool) -> DomainRow:
    """Choose whether addresses below a domain count as its own; raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> DomainRow:
        domain = await _find(actor, name)
        changed = replace(domain, include_subdomains=included)
        if changed != domain:
            await rows.set_subdomains(actor.organization, domain.name, included=included)
            await _remember(actor, "domain_changed", domain.id, _shown(domain), _shown(changed))
        return changed

    return await transaction(work)


async def remove(actor: Actor, name: str) -> None:
    """Forget a domain; people who came in by it stay. Raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> None:
        domain = await _find(actor, name)
        await rows.remove(actor.organization, domain.name)
        await _remember(actor, "domain_removed", domain.id, _shown(domain))

    await transaction(work)


async def _find(actor: Actor, name: str, *, lock: bool = True) -> DomainRow:
    spelled = domain_names.normalised(name)
    found = await rows.named(actor.organization, spelled, lock=lock)
    if found is None:
        raise NotFound(f"{spelled} is not a domain of this organization. Add it first.")
    return found


def _shown(domain: DomainRow) -> dict[str, object]:
    return {"name": domain.name, "state": domain.state, "include_subdomains": domain.include_subdomains}


async def _remember(
    actor: Actor,
    action: str,
    domain: uuid.UUID,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    await remember(actor, clock.now(), action, "domain", domain, before=before, after=after)
