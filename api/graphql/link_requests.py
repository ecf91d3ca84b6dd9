"""May a directory have somebody who is a member already? Asked where the policy says so."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.provisioning import decision_views, link_requests
from api.provisioning.actor import Actor, Right
from db.decision_rows import LinkRequestView
from db.enums import LinkState

from . import acting, connections, ids, members, mutating
from .access import field, mutation
from .connections import After, Before, CountedConnection, First, Last
from .context import Info
from .members import Member
from .mutating import Payload
from .nodes import Node, found_by

if TYPE_CHECKING:
    from .directories import Directory


@strawberry.type(description="A directory brought somebody who is a member already: may it have them?")
class LinkRequest(Node):
    row: strawberry.Private[LinkRequestView]
    state: LinkState
    user_name: str = strawberry.field(description="What the directory calls them.")
    email: str | None = strawberry.field(description="The address by which they were recognized.")
    asked_at: datetime = strawberry.field(description="When the directory tried last.")
    decided_at: datetime | None
    decided_by: str | None = strawberry.field(description="Who, in words.")
    request_id: strawberry.ID | None = strawberry.field(description="The trace id of the request that asked last.")

    @field(description="Which directory asks.")
    async def directory(self, info: Info) -> Annotated["Directory", strawberry.lazy(".directories")] | None:  # noqa: UP037
        from .directories import find

        return await find(info, self.row.organization_id, self.row.directory_id)

    @field(description="Who is a member already.")
    async def member(self, info: Info) -> Member | None:
        return await members.find(info, self.row.organization_id, self.row.member_id)


def link_request(row: LinkRequestView) -> LinkRequest:
    """What the schema shows of a question."""
    return LinkRequest(
        id=ids.write("LinkRequest", row.organization_id, row.id),
        row=row,
        state=LinkState(row.state),
        user_name=row.user_name,
        email=row.email,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        request_id=strawberry.ID(str(row.request_id)) if row.request_id else None,
    )


@found_by("LinkRequest")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> LinkRequest | None:
    """A question by id."""
    row = await info.context.load(decision_views.questions_by_id, organization, id)
    return link_request(row) if row else None


@strawberry.type
class OrganizationLinkRequests:
    """What an organization shows of questions about linking."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Whom directories may have or not, in the order in which it was asked first; all by default.")
    async def link_requests(
        self,
        info: Info,
        state: LinkState | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CountedConnection[LinkRequest]:
        actor, name = info.context.actor(self.key), f"linkRequests {state}"
        span = connections.span(name, first, after, last, before)
        page = await decision_views.questions(actor, state, span)
        return connections.counted(name, page, span, link_request, lambda: decision_views.question_count(actor, state))


@strawberry.type(description="A question as it is after a decision.")
class LinkRequestPayload(Payload):
    link_request: LinkRequest | None = None


@strawberry.type
class LinkRequestMutation:
    @mutation(
        needs=Right.MEMBERS_MANAGE,
        description="Decide whether a directory may have a member: LINK or KEEP_APART. Its next attempt follows that.",
    )
    async def link_request_decide(self, info: Info, id: strawberry.ID, decision: LinkState) -> LinkRequestPayload:
        async def act(actor: Actor, request: uuid.UUID) -> None:
            await link_requests.decide(actor, request, decision)

        tried = await acting.on(info, id, "LinkRequest", act)
        if tried.done is None:
            return LinkRequestPayload(user_errors=tried.user_errors)
        place, _ = tried.done
        there = await mutating.seen(find(info, place.organization, place.id))
        return LinkRequestPayload(user_errors=[], remembered=tried.remembered, link_request=there)
