"""Changing a member's name, address and seat type by hand, and who wrote them when (REQUIREMENTS R157 to R159)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from db.change_rows import FieldChangeRow
from db.queries import log
from db.rows import LockedMember

from . import clock, grounds, local_acts, local_edits, profile, rulebook, user_writes
from .actor import Actor, Right
from .addresses import Address
from .errors import BadSetting, VersionMismatch
from .grounds import Grounds
from .lifecycle import Cause
from .local_acts import Act
from .occasion import Occasion
from .outcome import MemberOutcome
from .profile import ProfileEdit


class Source(StrEnum):
    """By which way a value of a field came; an actor's kind where it was no way of joining."""

    SCIM = "SCIM"
    JIT = "JIT"
    INVITATION = "INVITATION"
    IMPORT = "IMPORT"


_BY_ACTION = {"signed_in": Source.JIT, "invited": Source.INVITATION}


@dataclass(frozen=True, slots=True)
class FieldWrite:
    """A value that a field got: when, by which way, and by whom in words for people."""

    at: datetime
    value: str | None
    source: str
    by: str | None
    request: uuid.UUID | None


async def change(
    actor: Actor,
    member: uuid.UUID,
    edit: ProfileEdit,
    why: Grounds = grounds.NONE,
    *,
    expected_version: int | None = None,
) -> MemberOutcome:
    """A member after an edit by hand; the last write wins, so that a directory may write other values later (C5).

    An admin may give any address, as with an invitation: the domain rule is about who comes by themselves. Raises
    NotFound, VersionMismatch, DirectoryManaged, AlreadyTaken, BadAddress, BadSetting and SeatLimitReached.
    """
    actor.must(Right.MEMBERS_MANAGE)
    why.check()
    wanted: Address | None = None

    async def work() -> MemberOutcome:
        nonlocal wanted
        book, at = await rulebook.load(actor.organization, hold=True), clock.now()
        locked = await local_acts.locked_member(actor, member)
        _refuse_stale(locked, expected_version)
        grounds.may_change(locked, book.policies, why)
        row = profile.edited(locked.member, edit, actor.who, at)
        wanted = Address(row.email or "", row.email_key or "")
        occasion = Occasion(actor, book, Cause.BY_HAND, None, at)
        return await local_acts.change(occasion, locked, row, Act("edited", why.told(actor.who)))

    return await user_writes.unique(lambda: wanted, work)


async def written(actor: Actor, member: uuid.UUID, name: str) -> list[FieldWrite]:
    """Who gave a field of a member which value when, oldest first (R158); raises BadSetting for no such field."""
    actor.must(Right.ORGANIZATION_READ)
    if name not in local_edits.FIELDS:
        raise BadSetting(f"There is no field {name!r}. There are: {', '.join(local_edits.FIELDS)}.")
    found = await log.changes_of_field(actor.organization, member, name)
    return [field_write(each) for each in found]


def field_write(row: FieldChangeRow) -> FieldWrite:
    """What a change of a field says of who gave it its value."""
    return FieldWrite(
        row.changed_at,
        row.after,
        source=row.source or _BY_ACTION.get(row.action) or _source_of(row.actor_kind),
        by=row.by or row.directory,
        request=row.request_id,
    )


def _source_of(actor_kind: str) -> str:
    return Source.SCIM if actor_kind == "DIRECTORY" else actor_kind


def _refuse_stale(locked: LockedMember, expected: int | None) -> None:
    if expected is not None and expected != locked.version:
        raise VersionMismatch("The member has changed since they were read; read them again and repeat the change.")
