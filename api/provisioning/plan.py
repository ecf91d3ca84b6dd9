"""Planning for users: what a directory says of a person, as what is wanted of the member. Pure.

`member_writes.settle` makes standing and seat of what is wanted here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from db.enums import Hold, MemberSource, MemberStatus
from db.rows import KnownMember, LockedUser, MemberRow

from . import lifecycle, local_edits
from .decisions import Decided, Decision
from .explanation import RoleOutcome
from .fields import UserFields
from .lifecycle import Cause, Records

_CHANGES_ARE_OFF = Decision(
    Decided.UNCHANGED, "Changes are switched off for this directory: the member keeps name, address and seat type."
)


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """What a directory wants of a member, with the directory users that they have then, and why."""

    wanted: MemberRow
    records: Records
    cause: Cause
    decisions: tuple[Decision, ...]


def first_arrival(
    new_member: uuid.UUID, wanted: UserFields, roles: RoleOutcome, at: datetime, *, lets_in: bool
) -> MemberPlan:
    """A directory user whom nobody here is: a new member, with the role that newcomers have."""
    status = MemberStatus.SUSPENDED if roles.is_suspended else MemberStatus.ACTIVE
    made = Decision(Decided.CREATED, "Nobody here has this externalId, userName or e-mail address: a new member.")
    name = roles.role.name if roles.role else "no role"
    role = Decision(Decided.ROLE, f"{name}: {_because(roles)}")
    row = lifecycle.newcomer(
        new_member,
        source=MemberSource.SCIM,
        managed_by=lifecycle.DIRECTORY,
        email=wanted.email,
        email_key=wanted.email_key,
        display_name=wanted.full_name,
        seat_type=wanted.seat_type,
        at=at,
        status=status,
    )
    return MemberPlan(row, Records(1, int(lets_in)), Cause.ARRIVED, (made, role, _seat_type(wanted)))


def arrival(
    known: KnownMember, matched_by: str, wanted: UserFields, *, with_profile: bool, lets_in: bool
) -> MemberPlan:
    """A directory user who is a member known before: linked, or revived when no directory had them any more.

    Without the profile the member keeps name, address and seat type.
    """
    member = replace(known.member, managed_by=lifecycle.DIRECTORY)
    if wanted.active:
        member = replace(member, locked_out_at=None)
    records = Records(known.records + 1, known.letting_in + lets_in)
    matched = Decision(Decided.MATCHED, f"Recognised by {matched_by} as a member of this organization.")
    told = (matched, _return_of(known.member))
    if not with_profile:
        return MemberPlan(member, records, Cause.ARRIVED, (*told, _CHANGES_ARE_OFF))
    row = local_edits.written(member, _said(member, wanted))
    return MemberPlan(row, records, Cause.ARRIVED, (*told, _seat_type(wanted)))


def update(locked: LockedUser, wanted: UserFields, *, with_profile: bool, lets_in: bool) -> MemberPlan:
    """What a changed directory user means for the member behind it; without the profile, for their status only.

    A directory that lets somebody in again, whom an admin had locked out, has the last word.
    """
    member = locked.member
    if lets_in and not locked.user.lets_in:
        member = replace(member, locked_out_at=None)
    records = Records(locked.others + 1, locked.others_in + lets_in)
    cause = _cause(locked.user.lets_in, lets_in)
    if not with_profile:
        return MemberPlan(member, records, cause, (_CHANGES_ARE_OFF,))
    row = local_edits.written(member, _said(member, wanted))
    told = (_seat_type(wanted),) if row.seat_type != member.seat_type else ()
    return MemberPlan(row, records, cause, told)


def departure(locked: LockedUser) -> MemberPlan:
    """What the removal of a directory user means for the member behind it (REQUIREMENTS C1).

    It is something new: that an earlier removal was rejected keeps nobody any more.
    """
    member = locked.member
    if member.hold == Hold.REMOVAL_REJECTED:
        member = replace(member, hold=None, held_role_id=None)
    return MemberPlan(member, Records(locked.others, locked.others_in), Cause.REMOVED, ())


def _cause(before: bool, after: bool) -> Cause:
    if before == after:
        return Cause.CHANGED
    return Cause.ACTIVATED if after else Cause.DEACTIVATED


def _said(member: MemberRow, wanted: UserFields) -> MemberRow:
    return replace(
        member,
        email=wanted.email,
        email_key=wanted.email_key,
        display_name=wanted.full_name,
        seat_type=wanted.seat_type,
    )


def _because(roles: RoleOutcome) -> str:
    winner = next((step for step in roles.steps if step.wins), None)
    return "in no mapped group yet." if winner is None else f"{winner.label}."


def _return_of(member: MemberRow) -> Decision:
    if member.status == MemberStatus.DEPROVISIONED:
        return Decision(Decided.REVIVED, "The member had been deprovisioned and is back, history kept.")
    return Decision(Decided.LINKED, "Linked to the existing member; no second member is made.")


def _seat_type(wanted: UserFields) -> Decision:
    if wanted.seat_type is None:
        return Decision(Decided.SEAT_TYPE, "No seat type was sent: the organization's default applies.")
    return Decision(Decided.SEAT_TYPE, f"The directory asks for a {wanted.seat_type} seat.")
