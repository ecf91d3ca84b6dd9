"""The overview of an organization: by which ways people came, and what it could do better."""

from __future__ import annotations

import uuid

import strawberry

from api.provisioning import attention, overview
from api.provisioning.actor import Actor, Right
from api.provisioning.attention import Concern
from api.provisioning.overview import Suggestion
from db.enums import MemberSource

from . import mutating
from .access import field, mutation
from .acting import in_organization
from .billing import BillingDrift, drifted
from .context import Info
from .member_lists import StatusCount
from .mutating import Payload


@strawberry.type(description="How many came by a way.")
class SourceCount:
    source: MemberSource
    count: int


@strawberry.type(name="Suggestion", description="Something that the organization could do better.")
class Hint:
    code: Suggestion
    text: str


@strawberry.type(name="Concern", description="Something that somebody has to look at.")
class Attention:
    code: Concern
    text: str = strawberry.field(description="What it means, and what to do.")
    count: int


@strawberry.type(description="What there is in an organization; who is gone is not counted.")
class OrganizationOverview:
    came_by: list[SourceCount]
    statuses: list[StatusCount]
    invitations_open: int
    directories: int
    suggestions: list[Hint]
    billing_drift: list[BillingDrift] = strawberry.field(
        description="Seats of which the provider charges for another number than there are."
    )


@strawberry.type
class OrganizationOverviews:
    """What an organization shows of itself at a glance."""

    key: strawberry.Private[uuid.UUID]

    @field(weight=5, description="What there is, and what could be done better unless that was dismissed.")
    async def overview(self, info: Info) -> OrganizationOverview:
        seen = await overview.show(info.context.actor(self.key))
        return OrganizationOverview(
            came_by=[SourceCount(source=source, count=count) for source, count in seen.came_by.items()],
            statuses=[StatusCount(status=status, count=count) for status, count in seen.statuses.items()],
            invitations_open=seen.invitations_open,
            directories=seen.directories,
            suggestions=[Hint(code=each.code, text=each.text) for each in seen.hints],
            billing_drift=[drifted(each) for each in seen.drift],
        )

    @field(weight=2, description="What somebody has to look at, the weightiest first.")
    async def concerns(self, info: Info) -> list[Attention]:
        found = await attention.show(info.context.actor(self.key))
        return [Attention(code=each.code, text=each.text, count=each.count) for each in found]


@strawberry.type(description="What came of dismissing a suggestion.")
class SuggestionPayload(Payload):
    pass


@strawberry.type
class OverviewMutation:
    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Never show a suggestion of the overview again.")
    async def suggestion_dismiss(
        self, info: Info, organization_id: strawberry.ID, code: Suggestion
    ) -> SuggestionPayload:
        async def act(actor: Actor) -> None:
            await overview.dismiss(actor, code)

        tried = await mutating.attempt(in_organization(info, organization_id), act)
        return SuggestionPayload(user_errors=tried.user_errors, remembered=tried.remembered)
