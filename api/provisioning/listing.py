"""Pages of a directory's users and groups, for those who may see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db.queries import lists
from db.queries.lists import FIRST, After, GroupPage, Order, Selection, UserPage

from .actor import Actor, Right

__all__ = ["FIRST", "After", "GroupPage", "Order", "Selection", "UserPage", "groups", "members_of", "users"]


async def users(actor: Actor, selection: Selection, *, with_groups: bool) -> UserPage:
    """A page of users."""
    actor.must(Right.PROVISION)
    return await lists.user_page(actor.organization, actor.directory, selection, with_groups=with_groups)


async def groups(actor: Actor, selection: Selection) -> GroupPage:
    """A page of groups, without members."""
    actor.must(Right.PROVISION)
    return await lists.group_page(actor.organization, actor.directory, selection)


async def members_of(
    actor: Actor, groups: Sequence[uuid.UUID], *, limit: int
) -> list[tuple[uuid.UUID, uuid.UUID, str, str | None]] | None:
    """Group, value, type and display of all members of these groups; None when there are more than the limit."""
    actor.must(Right.PROVISION)
    return await lists.members_of(actor.organization, list(groups), limit=limit)
