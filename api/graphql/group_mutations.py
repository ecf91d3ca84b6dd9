"""Marking groups: whom they let in, and whose removals are never held."""

from __future__ import annotations

import strawberry

from api.provisioning import governance
from api.provisioning.actor import Actor, Right
from api.provisioning.mappings import MarkGroup

from . import acting, groups, ids, mutating
from .access import mutation
from .context import Info
from .groups import Group
from .mutating import Payload


@strawberry.type(description="A group as it is after an act.")
class GroupPayload(Payload):
    group: Group | None = None
    changed_members: int | None = None


@strawberry.type
class GroupMutation:
    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Let a group give access, or never hold its removals; preview it where members would change.",
    )
    async def group_mark(
        self,
        info: Info,
        id: strawberry.ID,
        gives_access: bool | None = None,
        is_urgent: bool | None = None,
        preview_token: str | None = None,
    ) -> GroupPayload:
        async def act(actor: Actor) -> int:
            wanted = MarkGroup(ids.must_be(id, "Group").id, gives_access, is_urgent)
            return await governance.apply_seen(actor, wanted, token=preview_token)

        tried = await mutating.attempt(acting.on(info, id, "Group"), act)
        if tried.done is None:
            return GroupPayload(user_errors=tried.user_errors)
        place = ids.must_be(id, "Group")
        shown = await mutating.seen(groups.find(info, place.organization, place.id))
        return GroupPayload(user_errors=[], remembered=tried.remembered, group=shown, changed_members=tried.done)
