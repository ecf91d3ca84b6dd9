"""E-mail domains that organizations own."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import strawberry

from api.provisioning import domains
from api.provisioning.actor import Actor, Right
from db.enums import DomainState
from db.rule_rows import DomainRow

from . import acting, ids, mutating, references
from .access import field, mutation
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by


@strawberry.type(description="An e-mail domain of an organization.")
class Domain(Node):
    name: str = strawberry.field(description="In lower case; names of other scripts as A-labels.")
    state: DomainState
    include_subdomains: bool = strawberry.field(description="Whether addresses below it count as its own.")
    verified_by: str | None = strawberry.field(description="OPERATOR, who vouches for it, or DNS.")
    verified_at: datetime | None


def domain(organization: uuid.UUID, row: DomainRow) -> Domain:
    """What the schema shows of a domain."""
    return Domain(
        id=ids.write("Domain", organization, row.id),
        name=row.name,
        state=DomainState(row.state),
        include_subdomains=row.include_subdomains,
        verified_by=row.verified_by,
        verified_at=row.verified_at,
    )


@found_by("Domain")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Domain | None:
    row = await info.context.load(domains.many, organization, id)
    return domain(organization, row) if row else None


@strawberry.type
class OrganizationDomains:
    """What an organization shows of its domains."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Its domains by name.")
    async def domains(self, info: Info) -> list[Domain]:
        found = await domains.all_of_them(info.context.actor(self.key))
        return [domain(self.key, row) for row in found]


@strawberry.type(description="A domain as it is after an act; null when it is gone.")
class DomainPayload(Payload):
    domain: Domain | None = None


Act = Callable[[Actor, str], Awaitable[DomainRow | None]]
"""Does something to the domain of a name."""


@strawberry.type
class DomainMutation:
    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Register a domain; that proves nothing yet.")
    async def domain_add(
        self, info: Info, organization_id: strawberry.ID, name: str, include_subdomains: bool = False
    ) -> DomainPayload:
        async def act(actor: Actor) -> DomainRow:
            return await domains.add(actor, name, include_subdomains=include_subdomains)

        tried = await mutating.attempt(acting.in_organization(info, organization_id), act, "name")
        made = domain(references.organization(organization_id), tried.done) if tried.done else None
        return DomainPayload(domain=made, user_errors=tried.user_errors, remembered=tried.remembered)

    @mutation(needs=Right.PLATFORM_MANAGE, description="Vouch for a domain: you know that it is theirs.")
    async def domain_attest(self, info: Info, id: strawberry.ID) -> DomainPayload:
        return await _done(info, id, Right.PLATFORM_MANAGE, domains.attest)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Choose whether addresses below a domain count as its own.")
    async def domain_subdomains_set(self, info: Info, id: strawberry.ID, include_subdomains: bool) -> DomainPayload:
        async def act(actor: Actor, name: str) -> DomainRow:
            return await domains.include_subdomains(actor, name, included=include_subdomains)

        return await _done(info, id, Right.ORGANIZATION_MANAGE, act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Forget a domain; people who came in by it stay.")
    async def domain_remove(self, info: Info, id: strawberry.ID) -> DomainPayload:
        async def act(actor: Actor, name: str) -> None:
            await domains.remove(actor, name)

        return await _done(info, id, Right.ORGANIZATION_MANAGE, act)


async def _done(info: Info, id: str, needs: Right, act: Act) -> DomainPayload:
    async def work(actor: Actor) -> DomainRow | None:
        return await act(actor, await domains.name_of(actor, ids.must_be(id, "Domain").id, needs=needs))

    tried = await mutating.attempt(acting.on(info, id, "Domain"), work, "id")
    there = domain(ids.must_be(id, "Domain").organization, tried.done) if tried.done else None
    return DomainPayload(domain=there, user_errors=tried.user_errors, remembered=tried.remembered)
