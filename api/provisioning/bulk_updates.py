"""One row of a bulk update: what it wants of a member, and what became of that (REQUIREMENTS R160)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from db.enums import RowOutcome, SeatType
from db.errors import NotUnique
from db.ids import parse_id
from db.job_rows import Line, LineResult
from db.member_rows import OverrideView
from db.queries import members as member_rows
from db.queries import overrides
from db.rows import LockedMember, MemberRow
from db.together import Part
from db.transaction import attempt

from . import access, addresses, chosen_roles, clock, grounds, local_acts, profile, rulebook
from .actor import Actor
from .errors import BadRow, NotFound, ProvisioningError
from .grounds import Grounds
from .lifecycle import Cause
from .local_acts import Act
from .occasion import Occasion
from .outcome import MemberOutcome
from .profile import ProfileEdit

KIND = "members.update"


class MemberUpdate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a row wants of the member with that id or e-mail address; what it does not name stays as it is.

    None clears the override of the role, its end, the name, or leaves the seat type to the organization.
    """

    member: str
    seat_type: SeatType | UnsetType | None = UNSET
    role: str | UnsetType | None = UNSET
    role_expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | UnsetType | None = UNSET
    display_name: str | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET
    reason: str | None = None

    @property
    def is_about_them(self) -> bool:
        """Whether it changes what a directory says of its people."""
        return any(each is not UNSET for each in (self.seat_type, self.display_name, self.active))


async def apply(actor: Actor, lines: Sequence[Line]) -> list[LineResult]:
    """What became of some rows, each for itself, within the transaction of the job."""
    book = await rulebook.load(actor.organization, hold=True)
    occasion = Occasion(actor, book, Cause.BY_HAND, None, clock.now())
    return [await _tried(occasion, line) for line in lines]


async def _tried(occasion: Occasion, line: Line) -> LineResult:
    try:
        return await attempt(partial(_applied, occasion, line))
    except ProvisioningError as error:
        return LineResult(line.number, RowOutcome.REFUSED, str(error), None)
    except NotUnique:
        return LineResult(line.number, RowOutcome.REFUSED, "Somebody else was quicker. Look, and try again.", None)


async def _applied(occasion: Occasion, line: Line) -> LineResult:
    update = _read(line.wanted)
    why = Grounds(update.reason)
    why.check()
    locked = await _find(occasion.actor, update.member)
    if update.is_about_them:
        grounds.may_change(locked, occasion.book.policies, why)
    edit = ProfileEdit(display_name=update.display_name, seat_type=update.seat_type)
    row = profile.edited(locked.member, edit, occasion.actor.who, occasion.at)
    row, parts = _access(occasion, locked, row, update)
    chosen, also = await _role(occasion, locked.member.id, update)
    act = Act("bulk_updated", why.told(occasion.actor.who), parts=[*parts, *chosen], also=also)
    outcome = await local_acts.change(occasion, locked, row, act)
    if not outcome.is_changed:
        return LineResult(line.number, RowOutcome.UNCHANGED, "Everything was so already.", outcome.member)
    text = "; ".join(_differences(occasion, locked, row, outcome)) or "The override of the role."
    return LineResult(line.number, RowOutcome.APPLIED, text, outcome.member)


def _read(wanted: str) -> MemberUpdate:
    try:
        return msgspec.json.decode(wanted, type=MemberUpdate, strict=False)
    except msgspec.ValidationError as error:
        raise BadRow(f"This row cannot be read: {error}.") from error


async def _find(actor: Actor, reference: str) -> LockedMember:
    id = parse_id(reference.strip())
    if id is not None:
        return await local_acts.locked_member(actor, id)
    found = await member_rows.lock_by_address(actor.organization, addresses.read(reference).key)
    if found is None:
        raise NotFound(f"There is no member with the address {reference.strip()} in this organization.")
    return found


def _access(
    occasion: Occasion, locked: LockedMember, row: MemberRow, update: MemberUpdate
) -> tuple[MemberRow, Sequence[Part]]:
    if update.active is UNSET:
        return row, ()
    if update.active:
        return access.unlock(locked, row), ()
    intent = access.lock_out(occasion, row)
    return intent.wanted, intent.parts


async def _role(
    occasion: Occasion, member: uuid.UUID, update: MemberUpdate
) -> tuple[Sequence[Part], Mapping[str, Mapping[str, object]]]:
    """The write of another override, or of none any more, and what history says; nothing where it is so already.

    Who has the role by an override keeps its end and its reason, as far as the row has no others.
    """
    if not update.role and update.role_expires_at is not UNSET:
        raise BadRow("role_expires_at is when a role ends that is chosen by hand. Name the role in the same row.")
    if update.role is UNSET:
        return (), {}
    organization = occasion.actor.organization
    before = await overrides.chosen(organization, member)
    if update.role is None:
        return ((), {}) if before is None else ([overrides.clear_part(organization, member)], {"override_cleared": {}})
    if before is not None and (before.role_id != occasion.book.named(update.role).id or _is_over(before, occasion.at)):
        before = None
    ends = (before.expires_at if before else None) if update.role_expires_at is UNSET else update.role_expires_at
    reason = (update.reason or "").strip() or (before.reason if before else "bulk update")
    chosen = chosen_roles.choose(occasion, member, update.role, reason, expires_at=ends)
    return ((), {}) if before is not None and before.expires_at == ends else ([chosen.part], chosen.also)


def _is_over(override: OverrideView, at: datetime) -> bool:
    return override.expires_at is not None and override.expires_at <= at


def _differences(occasion: Occasion, locked: LockedMember, row: MemberRow, outcome: MemberOutcome) -> Iterator[str]:
    before, role = locked.member, occasion.book.role(locked.role_id)
    facts = (
        ("status", before.status, outcome.status),
        ("seat", before.seat, outcome.seat),
        ("role", role.key if role else None, outcome.role),
        ("seat type", before.seat_type, row.seat_type),
        ("name", before.display_name, row.display_name),
    )
    for name, was, becomes in facts:
        if was != becomes:
            yield f"{name}: {was or 'none'} → {becomes or 'none'}"
