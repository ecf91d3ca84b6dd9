"""Access that directories ended or would have ended: what waits for a decision, and what can be undone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.provisioning import decision_views, removals
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import NotFound
from api.provisioning.lifecycle import Cause
from db.decision_rows import RemovalView
from db.enums import RemovalState

from . import acting, connections, ids, members, mutating, roles
from .access import field, mutation
from .connections import After, Before, CountedConnection, First, Last
from .context import Info
from .members import Member
from .mutating import Payload
from .nodes import Node, found_by
from .roles import Role

if TYPE_CHECKING:
    from .directories import Directory


@strawberry.type(description="Access that a directory ended, or would have if it were not held.")
class Removal(Node):
    row: strawberry.Private[RemovalView]
    cause: Cause
    state: RemovalState
    removed_at: datetime
    decide_by: datetime | None = strawberry.field(description="When it is decided by the policy, if nobody does.")
    decided_at: datetime | None
    decided_by: str | None = strawberry.field(description="Who, in words.")
    request_id: strawberry.ID | None = strawberry.field(description="The trace id of the request that caused it.")

    @field(description="Which directory it was.")
    async def directory(self, info: Info) -> Annotated["Directory", strawberry.lazy(".directories")] | None:  # noqa: UP037
        from .directories import find

        return await find(info, self.row.organization_id, self.row.directory_id)

    @field(description="Whose access it is.")
    async def member(self, info: Info) -> Member | None:
        return await members.find(info, self.row.organization_id, self.row.member_id)

    @field(description="The role that the member had; null for none, or one that is archived now.")
    async def role(self, info: Info) -> Role | None:
        book = await info.context.book(self.row.organization_id)
        return roles.role(self.row.organization_id, book.role(self.row.role_id))


def removal(row: RemovalView) -> Removal:
    """What the schema shows of a removal."""
    return Removal(
        id=ids.write("Removal", row.organization_id, row.id),
        row=row,
        cause=Cause(row.cause),
        state=RemovalState(row.state),
        removed_at=row.removed_at,
        decide_by=row.decide_by,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        request_id=strawberry.ID(str(row.request_id)) if row.request_id else None,
    )


@found_by("Removal")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Removal | None:
    """A removal by id."""
    row = await info.context.load(decision_views.removals, organization, id)
    return removal(row) if row else None


@strawberry.type
class OrganizationRemovals:
    """What an organization shows of removals."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Removals that wait for somebody's decision, oldest first.")
    async def held_removals(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> CountedConnection[Removal]:
        actor = info.context.actor(self.key)
        span = connections.span("heldRemovals", first, after, last, before, key=datetime)
        page = await decision_views.held(actor, span)
        return connections.counted("heldRemovals", page, span, removal, lambda: decision_views.held_count(actor))

    @field(description="What a directory removed within the window of the breaker, oldest first; all can be undone.")
    async def recent_removals(
        self,
        info: Info,
        directory_id: strawberry.ID,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CountedConnection[Removal]:
        actor, place = info.context.actor(self.key), ids.must_be(directory_id, "Directory")
        name = f"recentRemovals {place.id}"
        span = connections.span(name, first, after, last, before, key=datetime)
        page = await decision_views.recent(actor, place.id, span)
        return connections.counted(name, page, span, removal, lambda: decision_views.recent_count(actor, place.id))


@strawberry.type(description="Removals as they are after a decision.")
class RemovalsPayload(Payload):
    people: int | None = strawberry.field(description="How many people it concerned.", default=None)
    removals: list[Removal] | None = None


Decide = Callable[[Actor, Sequence[uuid.UUID]], Awaitable[int]]


async def _decided(info: Info, organization: str, texts: Sequence[str], decide: Decide) -> RemovalsPayload:
    chosen: list[ids.Place] = []

    async def act(actor: Actor) -> int:
        actor.must(Right.MEMBERS_MANAGE)
        chosen.extend({place.id: place for text in texts if (place := ids.must_be(text, "Removal"))}.values())
        if any(place.organization != actor.organization for place in chosen):
            raise NotFound("There is no such removal.")
        return await decide(actor, [place.id for place in chosen])

    tried = await mutating.attempt(acting.in_organization(info, organization), act)
    if tried.done is None:
        return RemovalsPayload(user_errors=tried.user_errors)
    shown = await mutating.seen(_all(info, chosen))
    return RemovalsPayload(user_errors=[], remembered=tried.remembered, people=tried.done, removals=shown)


async def _all(info: Info, places: Sequence[ids.Place]) -> list[Removal]:
    found = await asyncio.gather(*(find(info, place.organization, place.id) for place in places))
    return [each for each in found if each]


@strawberry.type
class RemovalMutation:
    @mutation(needs=Right.MEMBERS_MANAGE, description="Carry held removals out: all of them, or none.")
    async def held_removals_approve(
        self, info: Info, organization_id: strawberry.ID, ids: list[strawberry.ID]
    ) -> RemovalsPayload:
        return await _decided(info, organization_id, ids, removals.approve)

    @mutation(
        needs=Right.MEMBERS_MANAGE,
        description="Reject held removals: the people stay until the directory says something new of them.",
    )
    async def held_removals_keep(
        self, info: Info, organization_id: strawberry.ID, ids: list[strawberry.ID]
    ) -> RemovalsPayload:
        return await _decided(info, organization_id, ids, removals.keep)

    @mutation(
        needs=Right.MEMBERS_MANAGE,
        description="Let people in again whom a directory removed, in the role that they had; they need seats.",
    )
    async def removals_undo(
        self, info: Info, organization_id: strawberry.ID, ids: list[strawberry.ID]
    ) -> RemovalsPayload:
        return await _decided(info, organization_id, ids, removals.undo)
