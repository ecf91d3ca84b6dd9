"""Directory users and the members behind them: every way to write one, each in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from db.errors import NotUnique
from db.ids import DirectoryUserId, new_id
from db.queries import directories as directory_rows
from db.queries import group_members as group_rows
from db.queries import log
from db.queries import members as member_rows
from db.queries import users as rows
from db.rows import ChangeRow, LockedUser, MemberRow, ShownUser, UserRow
from db.together import Part, together
from db.transaction import transaction

from . import arrivals, clock, plan
from .actor import Actor, Right
from .decisions import Decided, Decision
from .errors import AlreadyTaken, NotFound, VersionMismatch
from .fields import UserFields
from .history import Historian
from .outcome import UserOutcome, UserReceipt

T = TypeVar("T")

Edit = Callable[[UserRow], tuple[UserFields, Sequence[Decision]]]
"""From a user as it is to what it should be, with what was decided on the way. Pure; may raise its edge's errors."""

_SOMEBODY_ELSE_WAS_QUICKER = frozenset({"member_account", "account_email"})
_TAKEN = {
    "directory_user_user_name": ("userName", "Another user of this directory has the userName {0.user_name!r}."),
    "member_account": ("emails", "Another member of this organization has the e-mail address {0.email!r}."),
}


async def find(actor: Actor, user_id: DirectoryUserId, *, with_groups: bool) -> ShownUser:
    """One user of the directory; raises NotFound."""
    actor.must(Right.PROVISION)
    found = await rows.shown(actor.organization, actor.directory, user_id, with_groups=with_groups)
    if found is None:
        raise _no_user(user_id)
    return found


async def create(actor: Actor, wanted: UserFields, noted: Sequence[Decision], receipt: UserReceipt) -> UserOutcome:
    """A new directory user, of a member known before or a new one.

    Users of one e-mail address are one member, also within a directory: the address is who a person is. Raises
    AlreadyTaken when the userName belongs to another user of the directory.
    """
    actor.must(Right.PROVISION)

    async def work() -> UserOutcome:
        at = clock.now()
        found = await rows.candidate(
            actor.organization,
            actor.directory,
            external_id=wanted.external_id,
            user_name_key=wanted.user_name_key,
            email_key=wanted.email_key,
        )
        joining = await _awaited_by(actor, wanted) if found.is_awaited else []
        known = await rows.lock_known(actor.organization, found.member_id) if found.member_id else None
        if known is None:
            planned = plan.first_arrival(new_id(), wanted)
        else:
            planned = plan.arrival(known, found.matched_by or "", wanted)
        member = planned.row
        assert member is not None
        user = _row(DirectoryUserId(new_id()), member.id, wanted, version=1, created_at=at, updated_at=at)
        outcome = UserOutcome(user, None, (*noted, *planned.decisions, *_arrived(joining)))
        past = Historian(actor, receipt.request, at)
        parts = [
            *(
                _new_member(actor, member, at)
                if known is None
                else [member_rows.update_part(actor.organization, member, at)]
            ),
            rows.insert_part(actor.organization, actor.directory, user),
            directory_rows.count_part(actor.organization, actor.directory, "User", 1),
            *_joining(actor, user, joining, at),
        ]
        changes = [
            past.change("created", "directory_user", user.id, member=member.id, after={"userName": user.user_name}),
            past.member("created" if known is None else "updated", member),
        ]
        await _write(parts, changes, outcome, receipt)
        return outcome

    outcome = await _unique(lambda: wanted, work)
    await arrivals.settle_arrived(actor, outcome.user.id, "User", _names(wanted), receipt.request)
    return outcome


async def change(
    actor: Actor, user_id: DirectoryUserId, edit: Edit, receipt: UserReceipt, *, if_version: frozenset[int] | None
) -> UserOutcome:
    """A directory user after `edit`, which sees no other writer's half; unchanged ones keep their version.

    Raises NotFound, VersionMismatch, AlreadyTaken, and whatever `edit` raises; nothing is written then.
    """
    actor.must(Right.PROVISION)
    wanted: UserFields | None = None
    is_renamed = False

    async def work() -> UserOutcome:
        nonlocal wanted, is_renamed
        at = clock.now()
        locked = await _locked(actor, user_id, if_version)
        wanted, noted = edit(locked.user)
        user = _row(
            user_id,
            locked.user.member_id,
            wanted,
            version=locked.user.version + 1,
            created_at=locked.user.created_at,
            updated_at=at,
        )
        if _is_same(locked.user, user):
            unchanged = Decision(Decided.UNCHANGED, "Everything was so already.")
            outcome = UserOutcome(locked.user, locked.groups, (*noted, unchanged))
            await _write([], [], outcome, receipt)
            return outcome
        planned = plan.update(locked, wanted)
        is_renamed = _is_renamed(locked.user, user)
        joining = await _awaited_by(actor, wanted) if is_renamed else []
        outcome = UserOutcome(user, locked.groups, (*noted, *planned.decisions, *_arrived(joining)))
        past = Historian(actor, receipt.request, at)
        parts = [rows.update_part(actor.organization, user), *_joining(actor, user, joining, at)]
        changes = [past.document("directory_user", locked.user, user)]
        if planned.row is not None:
            parts += await _changed_member(actor, locked, planned.row, at)
            changes.append(past.member("updated", planned.row, before=_member_before(locked)))
        await _write(parts, changes, outcome, receipt)
        return outcome

    outcome = await _unique(lambda: wanted, work)
    if is_renamed:
        await arrivals.settle_arrived(actor, user_id, "User", _names(outcome.user), receipt.request)
    return outcome


async def remove(
    actor: Actor, user_id: DirectoryUserId, receipt: UserReceipt, *, if_version: frozenset[int] | None
) -> UserOutcome:
    """Delete a directory user: its id is gone, its names are free, the member is kept (REQUIREMENTS D1, C1).

    Raises NotFound and VersionMismatch.
    """
    actor.must(Right.PROVISION)

    async def work() -> UserOutcome:
        at = clock.now()
        await rows.lock_groups_of(actor.organization, user_id)
        locked = await _locked(actor, user_id, if_version)
        planned = plan.departure(locked)
        outcome = UserOutcome(locked.user, None, planned.decisions)
        past = Historian(actor, receipt.request, at)
        user, member = locked.user, planned.row
        assert member is not None
        parts = [
            *rows.departure_parts(actor.organization, actor.directory, user, at),
            directory_rows.count_part(actor.organization, actor.directory, "User", -1),
            member_rows.update_part(actor.organization, member, at),
        ]
        changes = [
            past.change("deleted", "directory_user", user.id, member=member.id, before={"userName": user.user_name}),
            past.member("updated", member, before=_member_before(locked)),
        ]
        await _write(parts, changes, outcome, receipt)
        return outcome

    return await transaction(work)


async def _locked(actor: Actor, user_id: DirectoryUserId, if_version: frozenset[int] | None) -> LockedUser:
    locked = await rows.lock(actor.organization, actor.directory, user_id)
    if locked is None:
        raise _no_user(user_id)
    if if_version is not None and locked.user.version not in if_version:
        raise VersionMismatch("The user has changed since it was read; read it again and repeat the change.")
    return locked


def _no_user(user_id: DirectoryUserId) -> NotFound:
    return NotFound(f"There is no user with the id {user_id} in this directory.")


def _row(
    user_id: DirectoryUserId,
    member: uuid.UUID,
    wanted: UserFields,
    *,
    version: int,
    created_at: datetime,
    updated_at: datetime,
) -> UserRow:
    return UserRow(
        id=user_id,
        member_id=member,
        user_name=wanted.user_name,
        user_name_key=wanted.user_name_key,
        external_id=wanted.external_id,
        email=wanted.email,
        email_key=wanted.email_key,
        active=wanted.active,
        display_name=wanted.display_name,
        seat_type=wanted.seat_type,
        document=wanted.document,
        search=wanted.search,
        version=version,
        created_at=created_at,
        updated_at=updated_at,
    )


def _new_member(actor: Actor, member: MemberRow, at: datetime) -> list[Part]:
    account = member_rows.account_part(new_id(), member.email, member.email_key, at)
    return [account, member_rows.insert_part(actor.organization, member, at)]


async def _changed_member(actor: Actor, locked: LockedUser, member: MemberRow, at: datetime) -> list[Part]:
    """The writes of a member; a new address renames the account, unless others use it or the address has one."""
    if member.email is None or member.email_key is None or member.email_key == locked.member_email_key:
        return [member_rows.update_part(actor.organization, member, at)]
    if locked.account_members > 1 or await member_rows.account_exists(member.email_key):
        account = member_rows.account_part(new_id(), member.email, member.email_key, at)
        return [account, member_rows.move_part(actor.organization, member, at)]
    renamed = member_rows.rename_account_part(locked.account_id, member.email, member.email_key)
    return [renamed, member_rows.update_part(actor.organization, member, at)]


def _member_before(locked: LockedUser) -> dict[str, object]:
    return {
        "status": locked.member_status,
        "email": locked.member_email,
        "display_name": locked.member_display_name,
        "seat_type": locked.member_seat_type,
    }


def _is_same(before: UserRow, after: UserRow) -> bool:
    """Whether nothing was altered. `search` follows from `document`, and PostgreSQL prints it in its own way."""
    return before == replace(after, version=before.version, updated_at=before.updated_at, search=before.search)


def _is_renamed(before: UserRow, after: UserRow) -> bool:
    return (before.user_name_key, before.external_id) != (after.user_name_key, after.external_id)


def _names(user: UserFields | UserRow) -> list[str]:
    return [name for name in (user.external_id, user.user_name, user.user_name_key) if name]


async def _awaited_by(actor: Actor, wanted: UserFields) -> list[uuid.UUID]:
    return await group_rows.lock_waiting_groups(actor.organization, actor.directory, _names(wanted))


def _arrived(groups: Sequence[uuid.UUID]) -> list[Decision]:
    if not groups:
        return []
    return [Decision(Decided.ARRIVED, f"{len(groups)} groups had named this user before it arrived; it joins them.")]


def _joining(actor: Actor, user: UserRow, groups: Sequence[uuid.UUID], at: datetime) -> list[Part]:
    if not groups:
        return []
    return group_rows.arrival_parts(actor.organization, actor.directory, groups, user.id, "User", _names(user), at)


async def _write(
    parts: Sequence[Part], changes: Sequence[ChangeRow], outcome: UserOutcome, receipt: UserReceipt
) -> None:
    await together([*parts, *log.change_parts(changes), log.request_part(receipt.record(outcome))])


async def _unique(wanted: Callable[[], UserFields | None], work: Callable[[], Awaitable[T]]) -> T:
    try:
        return await transaction(work, again_on=_SOMEBODY_ELSE_WAS_QUICKER)
    except NotUnique as violated:
        attribute, text = _TAKEN.get(violated.index, ("emails", "Somebody else has the e-mail address {0.email!r}."))
        raise AlreadyTaken(attribute, text.format(wanted())) from violated
