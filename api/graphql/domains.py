"""E-mail domains that organizations own."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import strawberry

from api.dns.lookup import Lookup
from api.provisioning import domain_proofs, domains, proofs
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import NotProved
from db.enums import DomainState
from db.rule_rows import DomainRow, ProofRow

from . import acting, ids, mutating, references
from .access import field, mutation
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by


@strawberry.type(description="How a domain is proved to be the organization's: by a record in DNS.")
class DomainProof:
    record_type: str
    record_name: str = strawberry.field(description="Where the record has to be; a CNAME to elsewhere is followed.")
    record_value: str | None = strawberry.field(description="What it has to say; null before it was asked for.")
    ttl_seconds: int = strawberry.field(description="What is good as its time to live.")
    ends_at: datetime | None = strawberry.field(description="Until when it has to be there for the first time.")
    checked_at: datetime | None
    result: str | None = strawberry.field(description="What DNS said the last time, for people.")
    next_check_at: datetime | None = strawberry.field(description="When it is looked for again by itself.")
    missing_since: datetime | None
    lapses_at: datetime | None = strawberry.field(description="When it lapses unless the record comes back.")


@strawberry.type(description="An e-mail domain of an organization.")
class Domain(Node):
    row: strawberry.Private[tuple[uuid.UUID, uuid.UUID]]
    name: str = strawberry.field(description="In lower case; names of other scripts as A-labels.")
    state: DomainState
    include_subdomains: bool = strawberry.field(description="Whether addresses below it count as its own.")
    verified_by: str | None = strawberry.field(description="OPERATOR, who vouches for it, or DNS.")
    verified_at: datetime | None

    @field(needs=Right.ORGANIZATION_MANAGE, description="How it is proved to be the organization's.")
    async def proof(self, info: Info) -> DomainProof | None:
        found = await info.context.load(domain_proofs.many, *self.row)
        return _proof(found) if found else None


def _proof(row: ProofRow) -> DomainProof:
    return DomainProof(
        record_type="TXT",
        record_name=proofs.record_name(row.name),
        record_value=proofs.record_value(row) if row.challenge else None,
        ttl_seconds=proofs.TTL_SECONDS,
        ends_at=row.challenge_ends,
        checked_at=row.checked_at,
        result=row.check_result,
        next_check_at=row.check_next,
        missing_since=row.missing_since,
        lapses_at=row.lapses_at,
    )


def domain(organization: uuid.UUID, row: DomainRow) -> Domain:
    """What the schema shows of a domain."""
    return Domain(
        id=ids.write("Domain", organization, row.id),
        row=(organization, row.id),
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

    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Ask for the record that proves a domain; `proof` tells what to publish.",
    )
    async def domain_challenge(self, info: Info, id: strawberry.ID) -> DomainPayload:
        async def act(actor: Actor, name: str) -> DomainRow:
            await domain_proofs.challenge(actor, name)
            return await domains.named(actor, name)

        return await _done(info, id, Right.PROVE_DOMAINS, act)

    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        weight=50,
        description="Look for the record now, and verify the domain if it is there; at most ten times a minute.",
    )
    async def domain_verify(self, info: Info, id: strawberry.ID) -> DomainPayload:
        async def act(actor: Actor, name: str) -> DomainRow:
            checked = await domain_proofs.check(actor, name, Lookup(info.context.settings.dns_resolvers))
            if not checked.verdict.is_proved:
                raise NotProved(checked.verdict.text)
            return await domains.named(actor, name)

        return await _done(info, id, Right.PROVE_DOMAINS, act)

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
    async def work(actor: Actor, key: uuid.UUID) -> DomainRow | None:
        return await act(actor, await domains.name_of(actor, key, needs=needs))

    tried = await acting.on(info, id, "Domain", work, "id")
    if tried.done is None:
        return DomainPayload(user_errors=tried.user_errors)
    place, row = tried.done
    there = domain(place.organization, row) if row else None
    return DomainPayload(domain=there, user_errors=[], remembered=tried.remembered)
