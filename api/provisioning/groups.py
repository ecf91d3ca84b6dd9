"""Directory groups and their members: every way to write one, each in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from db.errors import NotUnique
from db.ids import DirectoryGroupId, new_id
from db.queries import directories as directory_rows
from db.queries import group_members as member_rows
from db.queries import groups as rows
from db.queries import log
from db.queries import users as user_rows
from db.rows import ChangeRow, GroupRow, LockedGroup, ShownMember
from db.together import Part, together
from db.transaction import transaction

from . import arrivals, clock, memberships
from .actor import Actor, Right
from .decisions import Decided, Decision
from .errors import AlreadyTaken, NotFound, OwnMember, VersionMismatch
from .fields import GroupFields
from .history import Historian
from .memberships import Clear, Expect, MembershipFacts, MembershipPlan, RemoveWhere, Step
from .outcome import GroupOutcome, GroupReceipt

T = TypeVar("T")

COUNTED = 1001
"""Members are counted no further than tells whether there are more than a thousand."""

Edit = Callable[[GroupRow], tuple[GroupFields, Sequence[Decision]]]
"""From a group as it is to what it should be. Pure; may raise its edge's errors."""

_TAKEN = {
    "directory_group_unique_name": ("displayName", "Another group of this directory has the name {0.display_name!r}."),
    "directory_group_external_id": (
        "externalId",
        "Another group of this directory has the externalId {0.external_id!r}.",
    ),
}


async def find(actor: Actor, group_id: DirectoryGroupId) -> GroupRow:
    """One group of the directory; raises NotFound."""
    actor.must(Right.PROVISION)
    found = await rows.find(actor.organization, actor.directory, group_id)
    if found is None:
        raise _no_group(group_id)
    return found


def members(actor: Actor, group_id: DirectoryGroupId, *, chunk: int) -> AsyncIterator[list[ShownMember]]:
    """The members of a group in the order of their ids, in chunks, so that any number of them fits in memory."""
    actor.must(Right.PROVISION)
    return member_rows.members(actor.organization, group_id, chunk=chunk)


async def create(
    actor: Actor,
    wanted: GroupFields,
    members: Sequence[str],
    noted: Sequence[Decision],
    receipt: GroupReceipt,
    *,
    may_repeat_names: bool,
) -> GroupOutcome:
    """A new group with those of the named members who are known; the others are parked.

    Raises AlreadyTaken for its name or externalId.
    """
    actor.must(Right.PROVISION)

    async def work() -> tuple[GroupOutcome, tuple[str, ...]]:
        at = clock.now()
        group_id = DirectoryGroupId(new_id())
        steps = (memberships.Add(members),) if members else ()
        planned = await _memberships(actor, group_id, steps)
        joining = await member_rows.lock_waiting_groups(actor.organization, actor.directory, _names(wanted, group_id))
        group = _row(group_id, wanted, may_repeat_names, version=1, created_at=at, updated_at=at)
        outcome = GroupOutcome(group, _count(0, planned), (*noted, *planned.decisions))
        past = Historian(actor, receipt.request, at)
        parts = [
            rows.insert_part(actor.organization, actor.directory, group),
            directory_rows.count_part(actor.organization, actor.directory, "Group", 1),
            *_member_parts(actor, group_id, planned, at),
            *_joining(actor, group, wanted, joining, at),
        ]
        created = past.change("created", "directory_group", group_id, after={"displayName": group.display_name})
        await _write(parts, [created, *_member_changes(past, group_id, planned)], outcome, receipt)
        return outcome, planned.parked

    outcome, parked = await _unique(lambda: wanted, work)
    await arrivals.settle_arrived(actor, outcome.group.id, "Group", _names(wanted, outcome.group.id), receipt.request)
    if parked:
        await arrivals.settle_parked(actor, DirectoryGroupId(outcome.group.id), parked, receipt.request)
    return outcome


async def change(
    actor: Actor,
    group_id: DirectoryGroupId,
    edit: Edit,
    steps: Sequence[Step],
    receipt: GroupReceipt,
    *,
    may_repeat_names: bool,
    if_version: frozenset[int] | None,
) -> GroupOutcome:
    """A group after `edit` and the steps on its members; only the rows of members who come or go are touched.

    Raises NotFound, OwnMember, VersionMismatch, AlreadyTaken, NobodyThere, and whatever `edit` raises.
    """
    actor.must(Right.PROVISION)
    wanted: GroupFields | None = None

    async def work() -> tuple[GroupOutcome, tuple[str, ...]]:
        nonlocal wanted
        at = clock.now()
        locked = await _locked(actor, group_id, if_version, count_to=COUNTED + len(memberships.names(steps)))
        wanted, noted = edit(locked.group)
        planned = await _memberships(actor, group_id, steps)
        before = locked.group
        group = _row(
            group_id,
            wanted,
            may_repeat_names,
            version=before.version,
            created_at=before.created_at,
            updated_at=before.updated_at,
        )
        past = Historian(actor, receipt.request, at)
        changes = list(_member_changes(past, group_id, planned))
        if replace(group, search=before.search) != before:  # PostgreSQL prints `search` in its own way
            changes.insert(0, past.document("directory_group", before, group))
        parts = _member_parts(actor, group_id, planned, at)
        unchanged = () if changes else (Decision(Decided.UNCHANGED, "Everything was so already."),)
        if changes:
            group = replace(group, version=before.version + 1, updated_at=at)
            parts.append(rows.update_part(actor.organization, group))
        outcome = GroupOutcome(group, _count(locked.members, planned), (*noted, *planned.decisions, *unchanged))
        await _write(parts, changes, outcome, receipt)
        return outcome, planned.parked

    outcome, parked = await _unique(lambda: wanted, work)
    if parked:
        await arrivals.settle_parked(actor, group_id, parked, receipt.request)
    return outcome


async def remove(
    actor: Actor, group_id: DirectoryGroupId, receipt: GroupReceipt, *, if_version: frozenset[int] | None
) -> GroupOutcome:
    """Delete a group with its memberships; its names are free. Raises NotFound and VersionMismatch."""
    actor.must(Right.PROVISION)

    async def work() -> GroupOutcome:
        at = clock.now()
        await user_rows.lock_groups_of(actor.organization, group_id)
        locked = await _locked(actor, group_id, if_version, count_to=COUNTED)
        past = Historian(actor, receipt.request, at)
        parts = [
            rows.delete_part(actor.organization, group_id),
            directory_rows.count_part(actor.organization, actor.directory, "Group", -1),
        ]
        parts += user_rows.leaving_parts(actor.organization, group_id, at)
        before = {"displayName": locked.group.display_name, "externalId": locked.group.external_id}
        outcome = GroupOutcome(locked.group, locked.members, ())
        await _write(parts, [past.change("deleted", "directory_group", group_id, before=before)], outcome, receipt)
        return outcome

    return await transaction(work)


async def _locked(
    actor: Actor, group_id: DirectoryGroupId, if_version: frozenset[int] | None, *, count_to: int
) -> LockedGroup:
    locked = await rows.lock(actor.organization, actor.directory, group_id, count_to=count_to)
    if locked is None:
        raise _no_group(group_id)
    if if_version is not None and locked.group.version not in if_version:
        raise VersionMismatch("The group has changed since it was read; read it again and repeat the change.")
    return locked


async def _memberships(actor: Actor, group_id: DirectoryGroupId, steps: Sequence[Step]) -> MembershipPlan:
    """Load what the steps need to know, and plan them."""
    if not steps:
        return MembershipPlan()
    standing = await member_rows.resolve(actor.organization, actor.directory, group_id, memberships.names(steps))
    current: Iterable[uuid.UUID] = ()
    if any(isinstance(step, Clear) for step in steps):
        current = await member_rows.member_values(actor.organization, group_id)
    selected = {
        step: await _selected(actor, group_id, step) for step in steps if isinstance(step, RemoveWhere | Expect)
    }
    planned = memberships.plan(steps, MembershipFacts(standing, frozenset(current), selected))
    if group_id in planned.groups:
        raise OwnMember("A group cannot be a member of itself. Remove it from the list of its members.")
    return planned


async def _selected(actor: Actor, group_id: DirectoryGroupId, step: RemoveWhere | Expect) -> frozenset[uuid.UUID]:
    return frozenset(await member_rows.values_where(actor.organization, group_id, step.condition, step.args))


def _no_group(group_id: DirectoryGroupId) -> NotFound:
    return NotFound(f"There is no group with the id {group_id} in this directory.")


def _count(before: int, planned: MembershipPlan) -> int:
    return before + len(planned.users) + len(planned.groups) - len(planned.removed)


def _row(
    group_id: DirectoryGroupId,
    wanted: GroupFields,
    may_repeat_names: bool,
    *,
    version: int,
    created_at: datetime,
    updated_at: datetime,
) -> GroupRow:
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


def _member_parts(actor: Actor, group_id: uuid.UUID, planned: MembershipPlan, at: datetime) -> list[Part]:
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


def _member_changes(past: Historian, group_id: uuid.UUID, planned: MembershipPlan) -> Iterable[ChangeRow]:
    return past.members(group_id, [*planned.users, *planned.groups], planned.removed)


def _names(wanted: GroupFields, group_id: uuid.UUID) -> list[str]:
    return [wanted.external_id or str(group_id)]


def _joining(
    actor: Actor, group: GroupRow, wanted: GroupFields, groups: Sequence[uuid.UUID], at: datetime
) -> list[Part]:
    if not groups:
        return []
    names = _names(wanted, group.id)
    return member_rows.arrival_parts(actor.organization, actor.directory, groups, group.id, "Group", names, at)


async def _unique(wanted: Callable[[], GroupFields | None], work: Callable[[], Awaitable[T]]) -> T:
    try:
        return await transaction(work)
    except NotUnique as violated:
        attribute, text = _TAKEN[violated.index]
        raise AlreadyTaken(attribute, text.format(wanted())) from violated


async def _write(
    parts: Sequence[Part], changes: Sequence[ChangeRow], outcome: GroupOutcome, receipt: GroupReceipt
) -> None:
    await together([*parts, *log.change_parts(changes), log.request_part(receipt.record(outcome))])
