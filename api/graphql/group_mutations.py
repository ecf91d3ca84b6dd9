"""Marking groups: whom they let in, and whose removals are never held."""

from __future__ import annotations

import uuid

import strawberry

from api.provisioning import governance
from api.provisioning.actor import Actor, Right
from api.provisioning.mappings import MarkGroup

from . import acting, groups, mutating
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
        async def act(actor: Actor, group: uuid.UUID) -> int:
            return await governance.apply_seen(actor, MarkGroup(group, gives_access, is_urgent), token=preview_token)

        tried = await acting.on(info, id, "Group", act)
        if tried.done is None:
            return GroupPayload(user_errors=tried.user_errors)
        place, changed = tried.done
        there = await mutating.seen(groups.find(info, place.organization, place.id))
        return GroupPayload(user_errors=[], remembered=tried.remembered, group=there, changed_members=changed)
