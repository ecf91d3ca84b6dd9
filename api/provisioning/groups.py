"""Directory groups and their members: every way to write one, each in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from db.ids import DirectoryGroupId, new_id
from db.queries import access_groups as access_rows
from db.queries import directories as directory_rows
from db.queries import group_members as member_rows
from db.queries import groups as rows
from db.queries import roles as role_rows
from db.queries import users as user_rows
from db.rows import GroupRow, LockedGroup, ShownMember
from db.transaction import transaction

from . import arrivals, clock, group_writes, groups_as_roles, memberships, rulebook
from .actor import Actor, Right
from .conclusion import Writes, conclude
from .decisions import Decided, Decision
from .errors import NotFound, OwnMember, VersionMismatch
from .fields import GroupFields
from .history import Historian
from .memberships import Clear, Expect, MembershipFacts, MembershipPlan, RemoveWhere, Step
from .outcome import GroupOutcome, GroupReceipt

T = TypeVar("T")

COUNTED = 1001
"""Members are counted no further than tells whether there are more than a thousand."""

Edit = Callable[[GroupRow], tuple[GroupFields, Sequence[Decision]]]
"""From a group as it is to what it should be. Pure; may raise its edge's errors."""


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
        book = await rulebook.load(actor.organization, hold=True)
        planned = await _memberships(actor, group_id, steps)
        joining = await member_rows.lock_waiting_groups(
            actor.organization, actor.directory, group_writes.names(wanted, group_id)
        )
        group = group_writes.row(group_id, wanted, may_repeat_names, version=1, created_at=at, updated_at=at)
        role = groups_as_roles.role_for(group, book)
        decisions = (*noted, *planned.decisions, *groups_as_roles.told(role))
        outcome = GroupOutcome(group, group_writes.count(0, planned), decisions)
        past = Historian(actor, receipt.request, at)
        parts = [
            *role_rows.add_parts(actor.organization, [role] if role else [], at),
            rows.insert_part(actor.organization, actor.directory, group, role.id if role else None),
            directory_rows.count_part(actor.organization, actor.directory, "Group", 1),
            *group_writes.member_parts(actor, group_id, planned, at),
            *group_writes.joining(actor, group, wanted, joining, at),
        ]
        created = past.change("created", "directory_group", group_id, after={"displayName": group.display_name})
        writes = Writes(parts, [created, *group_writes.member_changes(past, group_id, planned)])
        if role is not None and planned.users:
            writes.members = await role_rows.members_of_users(actor.organization, planned.users)
        return await conclude(actor, outcome, writes, receipt.record, past), planned.parked

    outcome, parked = await group_writes.unique(lambda: wanted, work)
    await arrivals.settle_arrived(
        actor, outcome.group.id, "Group", group_writes.names(wanted, outcome.group.id), receipt.request
    )
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
        group = group_writes.row(
            group_id,
            wanted,
            may_repeat_names,
            version=before.version,
            created_at=before.created_at,
            updated_at=before.updated_at,
        )
        past = Historian(actor, receipt.request, at)
        changes = list(group_writes.member_changes(past, group_id, planned))
        if replace(group, search=before.search) != before:  # PostgreSQL prints `search` in its own way
            changes.insert(0, past.document("directory_group", before, group))
        parts = group_writes.member_parts(actor, group_id, planned, at)
        unchanged = () if changes else (Decision(Decided.UNCHANGED, "Everything was so already."),)
        if changes:
            group = replace(group, version=before.version + 1, updated_at=at)
            parts.append(rows.update_part(actor.organization, group))
        outcome = GroupOutcome(
            group, group_writes.count(locked.members, planned), (*noted, *planned.decisions, *unchanged)
        )
        writes, moving = Writes(parts, changes), [*planned.users, *planned.removed]
        if locked.matters and moving:
            writes.members = await role_rows.members_of_users(actor.organization, moving)
        return await conclude(actor, outcome, writes, receipt.record, past), planned.parked

    outcome, parked = await group_writes.unique(lambda: wanted, work)
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
        writes = Writes(parts, [past.change("deleted", "directory_group", group_id, before=before)])
        if locked.matters:
            writes.members = await _left_behind(actor, group_id, locked)
            book = await rulebook.load(actor.organization, hold=True)
            writes.parts += groups_as_roles.end_of(group_id, locked.role_id, book, actor, at)
        return await conclude(actor, outcome, writes, receipt.record, past)

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


async def _left_behind(actor: Actor, group_id: DirectoryGroupId, locked: LockedGroup) -> list[uuid.UUID]:
    """Members to whom the end of a group matters; that of the only one that gives access, to all of its directory."""
    if not locked.gives_access:
        return await role_rows.members_of_groups(actor.organization, [group_id])
    # Else two that end at once would both take the other for one that is left.
    await role_rows.lock_organization(actor.organization)
    return await access_rows.concerned(actor.organization, actor.directory, group_id)


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
