"""Planning for users: facts and an intent go in, what to write and why comes out. No database, no clock, no web."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from db.enums import MemberStatus
from db.rows import KnownMember, LockedUser, MemberRow

from .decisions import Decided, Decision
from .explanation import RoleOutcome
from .fields import UserFields

_STATUS_TEXT = {
    MemberStatus.ACTIVE: "The member can use the organization.",
    MemberStatus.SUSPENDED: "The member is suspended: in no group that lets them in.",
    MemberStatus.DEACTIVATED: "The member is deactivated: no directory says that they are active.",
    MemberStatus.DEPROVISIONED: "The member is deprovisioned: no directory has them any more. Their history is kept.",
}


_CHANGES_ARE_OFF = Decision(
    Decided.UNCHANGED, "Changes are switched off for this directory: the member keeps name, address and seat type."
)


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """What becomes of a member, and why; `row` is None when nothing changes."""

    row: MemberRow | None
    decisions: tuple[Decision, ...]


def status_of(*, active: int, known: int, before: str | None = None) -> MemberStatus:
    """A member's status from how many directory users they have and how many of those are active.

    Who is suspended because of their groups stays so: the groups decide about that.
    """
    if active:
        return MemberStatus.SUSPENDED if before == MemberStatus.SUSPENDED else MemberStatus.ACTIVE
    return MemberStatus.DEACTIVATED if known else MemberStatus.DEPROVISIONED


def first_arrival(new_member: uuid.UUID, wanted: UserFields, roles: RoleOutcome) -> MemberPlan:
    """A directory user whom nobody here is: a new member, with the role that newcomers have."""
    before = MemberStatus.SUSPENDED if roles.is_suspended else None
    status = status_of(active=wanted.active, known=1, before=before)
    made = Decision(Decided.CREATED, "Nobody here has this externalId, userName or e-mail address: a new member.")
    name = roles.role.name if roles.role else "no role"
    role = Decision(Decided.ROLE, f"{name}: {_because(roles)}")
    return MemberPlan(_row(new_member, status, wanted), (made, _status(status), role, _seat(wanted)))


def arrival(known: KnownMember, matched_by: str, wanted: UserFields, *, with_profile: bool) -> MemberPlan:
    """A directory user who is a member known before: linked, or revived when no directory had them any more.

    Without the profile the member keeps name, address and seat type.
    """
    status = status_of(active=known.others_active + wanted.active, known=known.others + 1, before=known.status)
    matched = Decision(Decided.MATCHED, f"Recognised by {matched_by} as a member of this organization.")
    if not with_profile:
        kept = MemberRow(known.id, status, known.email, known.email_key, known.display_name, known.seat_type)
        return MemberPlan(kept, (matched, _return_of(known), _status(status), _CHANGES_ARE_OFF))
    decisions = (matched, _return_of(known), _status(status), _seat(wanted))
    return MemberPlan(_row(known.id, status, wanted), decisions)


def update(locked: LockedUser, wanted: UserFields, *, with_profile: bool) -> MemberPlan:
    """What a changed directory user means for the member behind it; without the profile, for their status only."""
    active = locked.others_active + wanted.active
    status = status_of(active=active, known=locked.others + 1, before=locked.member_status)
    if not with_profile:
        return _status_alone(locked, status, _CHANGES_ARE_OFF)
    row = _row(locked.user.member_id, status, wanted)
    before = (locked.member_status, locked.member_email, locked.member_display_name, locked.member_seat_type)
    if before == (row.status, row.email, row.display_name, row.seat_type):
        return MemberPlan(None, ())
    decisions = [] if locked.member_status == status else [_status(status)]
    if locked.member_seat_type != wanted.seat_type:
        decisions.append(_seat(wanted))
    return MemberPlan(row, tuple(decisions))


def departure(locked: LockedUser) -> MemberPlan:
    """What the removal of a directory user means for the member behind it (REQUIREMENTS C1)."""
    status = status_of(active=locked.others_active, known=locked.others, before=locked.member_status)
    return MemberPlan(_kept(locked, status), (_status(status),))


def _status_alone(locked: LockedUser, status: MemberStatus, note: Decision) -> MemberPlan:
    if status == locked.member_status:
        return MemberPlan(None, (note,))
    return MemberPlan(_kept(locked, status), (_status(status), note))


def _kept(locked: LockedUser, status: MemberStatus) -> MemberRow:
    """The member as it is, but for the status."""
    profile = (locked.member_email, locked.member_email_key, locked.member_display_name, locked.member_seat_type)
    return MemberRow(locked.user.member_id, status, *profile)


def _row(member: uuid.UUID, status: MemberStatus, wanted: UserFields) -> MemberRow:
    return MemberRow(member, status, wanted.email, wanted.email_key, wanted.full_name, wanted.seat_type)


def _because(roles: RoleOutcome) -> str:
    winner = next((step for step in roles.steps if step.wins), None)
    return "in no mapped group yet." if winner is None else f"{winner.label}."


def _return_of(known: KnownMember) -> Decision:
    if known.status == MemberStatus.DEPROVISIONED:
        return Decision(Decided.REVIVED, "The member had been deprovisioned and is back, history kept.")
    return Decision(Decided.LINKED, "Linked to the existing member; no second member is made.")


def _status(status: MemberStatus) -> Decision:
    return Decision(Decided.STATUS, _STATUS_TEXT[status])


def _seat(wanted: UserFields) -> Decision:
    if wanted.seat_type is None:
        return Decision(Decided.SEAT_TYPE, "No seat type was sent: the organization's default applies.")
    return Decision(Decided.SEAT_TYPE, f"The directory asks for a {wanted.seat_type} seat.")
