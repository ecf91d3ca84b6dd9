"""The rows that follow from what a directory says of a user, and what else has to be written with them."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec

from db.errors import NotUnique
from db.ids import DirectoryUserId, new_id
from db.queries import group_members as group_rows
from db.queries import members as member_rows
from db.rows import LockedMember, LockedUser, MemberRow, UserRow
from db.together import Part
from db.transaction import transaction

from .actor import Actor
from .addresses import Address
from .decisions import Decided, Decision
from .errors import AlreadyTaken
from .fields import UserFields
from .policy_values import AfterDeleteRead, Policies
from .roles import Role

T = TypeVar("T")

_SOMEBODY_ELSE_WAS_QUICKER = frozenset({"member_account", "member_email", "account_email"})
_ADDRESS_TAKEN = ("emails", "Another member of this organization has the e-mail address {0.email!r}.")
_TAKEN = {
    "directory_user_user_name": ("userName", "Another user of this directory has the userName {0.user_name!r}."),
    "member_account": _ADDRESS_TAKEN,
    "member_email": _ADDRESS_TAKEN,
}


def row(
    user_id: DirectoryUserId,
    member: uuid.UUID,
    wanted: UserFields,
    *,
    lets_in: bool,
    version: int,
    created_at: datetime,
    updated_at: datetime,
) -> UserRow:
    """The user as it is to be stored."""
    return UserRow(
        id=user_id,
        member_id=member,
        user_name=wanted.user_name,
        user_name_key=wanted.user_name_key,
        external_id=wanted.external_id,
        email=wanted.email,
        email_key=wanted.email_key,
        active=wanted.active,
        lets_in=lets_in,
        display_name=wanted.display_name,
        seat_type=wanted.seat_type,
        role_keys=msgspec.json.encode(wanted.role_keys).decode() if wanted.role_keys else None,
        document=wanted.document,
        search=wanted.search,
        version=version,
        created_at=created_at,
        updated_at=updated_at,
    )


def new_member(actor: Actor, member: MemberRow, role: Role | None, at: datetime, *, may_share: bool) -> list[Part]:
    """The writes of a new member with an account: that of their address, if it may be shared or nobody has it yet."""
    accounts = member_rows.account_parts(new_id(), member.email, member.email_key, at, may_share=may_share)
    return [*accounts, member_rows.insert_part(actor.organization, member, role.id if role else None, at)]


async def changed_member(
    actor: Actor, locked: LockedUser | LockedMember, member: MemberRow, at: datetime, *, may_share: bool
) -> list[Part]:
    """The writes of a member; a new address renames the account, unless others use it or the address has one."""
    if member.email is None or member.email_key is None or member.email_key == locked.member.email_key:
        return [member_rows.update_part(actor.organization, member, at)]
    if locked.account_members > 1 or await member_rows.account_exists(member.email_key):
        accounts = member_rows.account_parts(new_id(), member.email, member.email_key, at, may_share=may_share)
        return [*accounts, member_rows.move_part(actor.organization, member, at)]
    renamed = member_rows.rename_account_part(locked.account_id, member.email, member.email_key)
    return [renamed, member_rows.update_part(actor.organization, member, at)]


def is_same(before: UserRow, after: UserRow) -> bool:
    """Whether nothing was altered. What follows from `document` is left out: PostgreSQL prints JSON in its own way."""
    same = replace(after, version=before.version, updated_at=before.updated_at)
    return before == replace(same, search=before.search, role_keys=before.role_keys)


def is_renamed(before: UserRow, after: UserRow) -> bool:
    """Whether groups may know the user by another name now."""
    return (before.user_name_key, before.external_id) != (after.user_name_key, after.external_id)


def after_deletion(user: UserRow, policies: Policies) -> str | None:
    """What a directory can still read of a user that it deletes, inactive, as a JSON text; None for nothing (C1)."""
    if policies.after_delete_read is AfterDeleteRead.NOT_FOUND:
        return None
    resource = {**msgspec.json.decode(user.document), "active": False}
    kept = {"resource": resource, "version": user.version + 1, "created_at": user.created_at}
    return msgspec.json.encode(kept).decode()


def names(user: UserFields | UserRow) -> list[str]:
    """The names by which a group may have parked the user."""
    return [name for name in (user.external_id, user.user_name, user.user_name_key) if name]


async def awaited_by(actor: Actor, wanted: UserFields) -> list[uuid.UUID]:
    """The groups that wait for the user, locked."""
    return await group_rows.lock_waiting_groups(actor.organization, actor.directory, names(wanted))


def arrived(groups: Sequence[uuid.UUID]) -> list[Decision]:
    """What to tell about groups that had waited."""
    if not groups:
        return []
    return [Decision(Decided.ARRIVED, f"{len(groups)} groups had named this user before it arrived; it joins them.")]


def joining(actor: Actor, user: UserRow, groups: Sequence[uuid.UUID], at: datetime) -> list[Part]:
    """The writes by which the user joins the groups that had waited."""
    if not groups:
        return []
    return group_rows.arrival_parts(actor.organization, actor.directory, groups, user.id, "User", names(user), at)


async def unique(wanted: Callable[[], UserFields | Address | None], work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns in a transaction; raises AlreadyTaken with the attribute that another user has."""
    try:
        return await transaction(work, again_on=_SOMEBODY_ELSE_WAS_QUICKER)
    except NotUnique as violated:
        attribute, text = _TAKEN.get(violated.index, ("emails", "Somebody else has the e-mail address {0.email!r}."))
        raise AlreadyTaken(attribute, text.format(wanted())) from violated
