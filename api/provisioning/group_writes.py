"""The rows that follow from what a directory says of a group, and what else has to be written with them."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from db.errors import NotUnique
from db.ids import DirectoryGroupId
from db.queries import group_members as member_rows
from db.rows import ChangeRow, GroupRow
from db.together import Part
from db.transaction import transaction

from .actor import Actor
from .errors import AlreadyTaken
from .fields import GroupFields
from .history import Historian
from .memberships import MembershipPlan

T = TypeVar("T")

_TAKEN = {
    "directory_group_unique_name": ("displayName", "Another group of this directory has the name {0.display_name!r}."),
    "directory_group_external_id": (
        "externalId",
        "Another group of this directory has the externalId {0.external_id!r}.",
    ),
}


def count(before: int, planned: MembershipPlan) -> int:
    """How many members the group has after the plan, counted as far as before."""
    return before + len(planned.users) + len(planned.groups) - len(planned.removed)


def row(
    group_id: DirectoryGroupId,
    wanted: GroupFields,
    may_repeat_names: bool,
    *,
    version: int,
    created_at: datetime,
    updated_at: datetime,
) -> GroupRow:
    """The group as it is to be stored."""
    return GroupRow(
        id=group_id,
        display_name=wanted.display_name,
        display_name_key=wanted.display_name_key,
        unique_name=None if may_repeat_names else wanted.display_name_key,
        external_id=wanted.external_id,
        document=wanted.document,
        search=wanted.search,
        version=version,
        created_at=created_at,
        updated_at=updated_at,
    )


def member_parts(actor: Actor, group_id: uuid.UUID, planned: MembershipPlan, at: datetime) -> list[Part]:
    """The writes of members who come, go, are parked or forgotten."""
    organization = actor.organization
    parts = []
    if planned.users:
        parts.append(member_rows.add_users_part(organization, group_id, planned.users, at))
    if planned.groups:
        parts.append(member_rows.add_groups_part(organization, group_id, planned.groups, at))
    if planned.removed:
        parts.append(member_rows.remove_part(organization, group_id, planned.removed))
    if planned.unparked or planned.unpark_all:
        parts.append(
            member_rows.unpark_part(
                organization, group_id, planned.unparked, planned.parked, all_of_them=planned.unpark_all
            )
        )
    if planned.parked:
        parts.append(member_rows.park_part(organization, actor.directory, group_id, planned.parked, at))
    return parts


def member_changes(past: Historian, group_id: uuid.UUID, planned: MembershipPlan) -> Iterable[ChangeRow]:
    """The history of who joined and left."""
    return past.members(group_id, [*planned.users, *planned.groups], planned.removed)


def names(wanted: GroupFields, group_id: uuid.UUID) -> list[str]:
    """The names by which another group may have parked this one."""
    return [wanted.external_id or str(group_id)]


def joining(
    actor: Actor, group: GroupRow, wanted: GroupFields, groups: Sequence[uuid.UUID], at: datetime
) -> list[Part]:
    """The writes by which the group joins those that had waited for it."""
    if not groups:
        return []
    known_as = names(wanted, group.id)
    return member_rows.arrival_parts(actor.organization, actor.directory, groups, group.id, "Group", known_as, at)


async def unique(wanted: Callable[[], GroupFields | None], work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns in a transaction; raises AlreadyTaken with the attribute that another group has."""
    try:
        return await transaction(work)
    except NotUnique as violated:
        attribute, text = _TAKEN[violated.index]
        raise AlreadyTaken(attribute, text.format(wanted())) from violated
