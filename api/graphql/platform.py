"""The platform: what the operator of an installation sees and does in all organizations."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from api.provisioning import idempotency, organizations, plans, platform
from api.provisioning.actor import Actor, Right
from api.provisioning.health import Health
from api.provisioning.plan_catalogue import Contact as Asked
from api.provisioning.plan_catalogue import Feature
from db.ids import OrganizationId, RequestId, new_id

from . import acting, connections, mutating
from .access import field, mutation
from .connections import After, Before, Connection, First, Last
from .context import Info
from .mutating import Payload
from .organizations import Counts, Organization, organization
from .plans import ContactInput


@strawberry.input(description="A new organization.")
class OrganizationCreateInput:
    name: str
    domains: list[str] = strawberry.field(
        description="E-mail domains that you know to be theirs. Without one, people of any domain may come.",
        default_factory=list,
    )


@strawberry.input(description="For how many days requests are kept, and their bodies, which is not longer.")
class RetentionInput:
    headline_days: int
    body_days: int


@strawberry.type(description="An organization as it is after an act.")
class OrganizationPayload(Payload):
    organization: Organization | None = None


@strawberry.type
class PlatformQuery:
    @field(needs=Right.PLATFORM_MANAGE, description="All organizations, in the order in which they were made.")
    async def organizations(
        self,
        info: Info,
        query: str | None = None,
        plan_key: str | None = None,
        health: Annotated[
            list[Health] | None,
            strawberry.argument(description="Of which a directory is so; deleted ones do not count."),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Organization]:
        list_ = f"organizations {query!r} {plan_key!r} {health}"
        span = connections.span(list_, first, after, last, before)
        page = await platform.page(info.context.caller, query, plan_key, span, health=health)
        counted = Counts([row.id for row in page.rows])
        return connections.connection(list_, page, span, lambda row: organization(row, counted))


@strawberry.type
class PlatformMutation:
    @mutation(
        needs=Right.PLATFORM_MANAGE,
        description="Make an organization with the usual roles and plan. With an idempotency key it is made once.",
    )
    async def organization_create(
        self, info: Info, input: OrganizationCreateInput, idempotency_key: str | None = None
    ) -> OrganizationPayload:
        caller, request, made = info.context.caller, RequestId(new_id()), False

        async def act() -> uuid.UUID:
            nonlocal made
            done = await platform.create(caller, input.name, domains=input.domains, request=request)
            made = True
            return done

        async def once() -> uuid.UUID:
            if idempotency_key is None:
                return await act()
            asked = ("organizationCreate", input.name, input.domains)
            return await idempotency.once(caller, idempotency_key, asked, act)

        tried = await mutating.tried(once, "input")
        return OrganizationPayload(
            organization=await _shown(info, tried.done) if tried.done else None,
            user_errors=tried.user_errors,
            remembered=(OrganizationId(tried.done), request) if tried.done and made else None,
        )

    @mutation(needs=Right.PLATFORM_MANAGE, description="Choose how long requests and their bodies are kept.")
    async def organization_retention_set(
        self, info: Info, organization_id: strawberry.ID, input: RetentionInput
    ) -> OrganizationPayload:
        async def act(actor: Actor) -> None:
            await organizations.keep_requests_for(actor, headline_days=input.headline_days, body_days=input.body_days)

        return await _change(info, organization_id, act, "input")

    @mutation(needs=Right.PLATFORM_MANAGE, description="Give an organization another plan; add-ons stay granted.")
    async def plan_choose(self, info: Info, organization_id: strawberry.ID, plan_key: str) -> OrganizationPayload:
        return await _change(info, organization_id, lambda actor: plans.choose(actor, plan_key), "planKey")

    @mutation(
        needs=Right.PLATFORM_MANAGE,
        description="Choose whom an organization asks for help; without a contact it is that of its plan.",
    )
    async def support_contact_set(
        self, info: Info, organization_id: strawberry.ID, contact: ContactInput | None = None
    ) -> OrganizationPayload:
        chosen = Asked(contact.name, contact.mail, contact.link) if contact else None
        return await _change(info, organization_id, lambda actor: plans.set_contact(actor, chosen), "contact")

    @mutation(needs=Right.PLATFORM_MANAGE, description="Grant an add-on to an organization.")
    async def add_on_grant(self, info: Info, organization_id: strawberry.ID, add_on: Feature) -> OrganizationPayload:
        return await _change(info, organization_id, lambda actor: plans.grant(actor, add_on), "addOn")

    @mutation(needs=Right.PLATFORM_MANAGE, description="Take an add-on back; who uses it is refused from now on.")
    async def add_on_withdraw(self, info: Info, organization_id: strawberry.ID, add_on: Feature) -> OrganizationPayload:
        return await _change(info, organization_id, lambda actor: plans.withdraw(actor, add_on), "addOn")


async def _change(info: Info, id: str, act: Callable[[Actor], Awaitable[object]], *path: str) -> OrganizationPayload:
    """Do something to an organization, and show it as it is then."""

    async def work(actor: Actor) -> uuid.UUID:
        await act(actor)
        return actor.organization

    tried = await mutating.attempt(acting.in_organization(info, id), work, *path)
    there = await _shown(info, tried.done) if tried.done else None
    return OrganizationPayload(organization=there, user_errors=tried.user_errors, remembered=tried.remembered)


async def _shown(info: Info, id: uuid.UUID) -> Organization | None:
    row = await platform.find(info.context.caller, id)
    return organization(row) if row else None
