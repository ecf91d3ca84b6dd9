"""Invitations: people who come although the domain rule would not let them, with a seat from the start (R096).

Whoever has the token of an invitation may accept it, once and within seven days.
"""

from __future__ import annotations

import contextlib
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db.enums import MemberSource, MemberStatus, SeatType
from db.ids import OrganizationId
from db.invitation_rows import InvitationRow, OpenInvitation
from db.pages import Page, Span
from db.queries import invitations as rows
from db.queries import members as member_rows
from db.queries import organizations, platform
from db.rows import LockedMember, MemberRow
from db.together import Part
from db.transaction import transaction

from . import (
    addresses,
    admission,
    chosen_roles,
    clock,
    lifecycle,
    local_acts,
    notices,
    profile,
    rulebook,
    user_writes,
)
from .actor import Actor, Right, oneself, system
from .addresses import Address
from .chosen_roles import Chosen
from .decisions import Decided, Decision
from .errors import AlreadyMember, InvitationOver, NotFound
from .key_text import digest
from .lifecycle import Cause, Records
from .local_acts import Act
from .occasion import Occasion
from .outcome import MemberOutcome

VALID = timedelta(days=7)
_INVITED = frozenset({MemberStatus.INVITED, MemberStatus.WAITING_FOR_SEAT})


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is to be invited, and what they shall have; without a seat type or role, what everybody has.

    They are told by mail, unless whoever invites them does that.
    """

    email: str
    display_name: str | None = None
    seat_type: SeatType | None = None
    role: str | None = None
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is invited now; the token is shown here and never again."""

    member: MemberOutcome
    token: str
    expires_at: datetime


async def invite(actor: Actor, guest: Guest) -> Invited:
    """Invite somebody of whatever domain; whoever is invited already gets another token in place of the first.

    Raises AlreadyMember, BadAddress, BadSetting for a role that is not there and a name that is too long, Refused where
    roles cannot be chosen by hand, and SeatLimitReached.
    """
    actor.must(Right.MEMBERS_MANAGE)
    address, token = addresses.read(guest.email), f"rc_invite_{secrets.token_urlsafe(32)}"
    guest = replace(guest, display_name=profile.name(guest.display_name))

    async def work() -> Invited:
        book, at = await rulebook.load(actor.organization, hold=True), clock.now()
        occasion = Occasion(actor, book, Cause.INVITED, None, at)
        locked = await member_rows.lock_by_address(actor.organization, address.key)
        if locked is not None:
            _refuse_member(locked)
        outcome = await _written(occasion, guest, address, locked, token)
        return Invited(outcome, token, at + VALID)

    return await user_writes.unique(lambda: address, work)


@dataclass(frozen=True, slots=True)
class Shown:
    """What whoever has the token of an invitation may see of it."""

    organization: str
    invited_by: str
    email: str
    expires_at: datetime


async def look(token: str) -> Shown:
    """An invitation by its token, of which nothing is used up; raises NotFound and InvitationOver."""
    found = await platform.invitation(digest(token))
    if found is None:
        raise _no_invitation()
    actor, at = oneself(*found), clock.now()

    async def work() -> Shown:
        locked = await local_acts.locked_member(actor, found[1])
        invitation = await rows.lock(actor.organization, locked.member.id)
        organization = await organizations.view(actor.organization)
        if invitation is None or organization is None:
            raise _no_invitation()
        _refuse_over(invitation, locked.member, at)
        email = locked.member.email or ""
        return Shown(organization.name, invitation.invited_by, email, invitation.expires_at)

    return await transaction(work)


async def accept(token: str) -> MemberOutcome:
    """The member whom a token invites, who may use the organization now. The token itself is the right to that.

    Raises NotFound for no token of now, InvitationOver, and SeatLimitReached for somebody who waited for a seat.
    """
    found = await platform.invitation(digest(token))
    if found is None:
        raise _no_invitation()
    actor = oneself(*found)

    async def work() -> MemberOutcome:
        book, at = await rulebook.load(actor.organization, hold=True), clock.now()
        locked = await local_acts.locked_member(actor, found[1])
        invitation = await rows.lock(actor.organization, locked.member.id)
        if invitation is None or invitation.token_hash != digest(token):
            raise _no_invitation()
        _refuse_over(invitation, locked.member, at)
        wanted = replace(locked.member, status=MemberStatus.ACTIVE)
        act = Act("invitation_accepted", parts=[rows.accepted_part(actor.organization, locked.member.id, at)])
        records = Records(locked.records, locked.letting_in)
        occasion = Occasion(actor, book, Cause.ACCEPTED, None, at)
        return await local_acts.change(occasion, locked, wanted, act, records=records)

    return await transaction(work)


async def withdraw(actor: Actor, member: uuid.UUID) -> MemberOutcome:
    """End an invitation that nobody has accepted: its seat is free, its token worth nothing. Raises NotFound."""
    actor.must(Right.MEMBERS_MANAGE)

    async def work() -> MemberOutcome:
        book = await rulebook.load(actor.organization, hold=True)
        locked = await local_acts.locked_member(actor, member)
        if not _is_open(locked):
            raise NotFound(f"{locked.member.email or 'This member'} has no invitation that could be withdrawn.")
        wanted = replace(locked.member, managed_by=lifecycle.DIRECTORY)
        parts = [rows.withdrawn_part(actor.organization, member)]
        act = Act("invitation_withdrawn", {"by": actor.who}, parts=parts)
        records = Records(locked.records, locked.letting_in)
        occasion = Occasion(actor, book, Cause.BY_HAND, None, clock.now())
        return await local_acts.change(occasion, locked, wanted, act, records=records)

    return await transaction(work)


async def end_expired(organization: OrganizationId) -> int:
    """Withdraw the invitations that can be accepted no more, so that their seats are free; how many. For the clock."""
    ended = 0
    for member in await rows.expired(organization, clock.now()):
        with contextlib.suppress(NotFound):
            await withdraw(system(organization), member)
            ended += 1
    return ended


async def open_ones(actor: Actor, *, after: uuid.UUID | None = None, limit: int = 100) -> list[OpenInvitation]:
    """Invitations that nobody has accepted, those that have expired among them; oldest members first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.open_ones(actor.organization, after=after, limit=limit)


async def open_page(actor: Actor, span: Span) -> Page[OpenInvitation]:
    """A page of them."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.open_page(actor.organization, span)


async def _written(
    occasion: Occasion, guest: Guest, address: Address, locked: LockedMember | None, token: str
) -> MemberOutcome:
    """The invited member, new or one known before."""
    if locked is None:
        made = local_acts.newcomer(occasion, MemberSource.INVITATION, address, guest.display_name, guest.seat_type)
        row = replace(made, status=MemberStatus.INVITED)
    else:
        row = _again(locked.member, guest)
    chosen = chosen_roles.choose(occasion, row.id, guest.role, _reason(occasion, guest.role)) if guest.role else None
    act = _act(occasion, row, locked, chosen, digest(token))
    if guest.is_told:
        act = replace(act, parts=[*act.parts, *_mail(occasion, address, token)])
    if locked is None:
        role = local_acts.role_of(occasion, chosen.override if chosen else None)
        return await local_acts.add(occasion, row, role, act)
    records = Records(locked.records, locked.letting_in, is_invited=True)
    return await local_acts.change(occasion, locked, row, act, records=records)


def _mail(occasion: Occasion, address: Address, token: str) -> list[Part]:
    """The mail to somebody who is invited, also when they are invited again."""
    by, organization = occasion.actor.who, occasion.actor.organization
    at, until = occasion.at, occasion.at + VALID
    return notices.invitation_parts(organization, address.email, token, by=by, at=at, until=until)


def _again(member: MemberRow, guest: Guest) -> MemberRow:
    """Somebody known before as they are invited now; what was not said is as it was."""
    return replace(
        member,
        status=MemberStatus.INVITED if member.status == MemberStatus.DEPROVISIONED else member.status,
        managed_by=lifecycle.LOCAL,
        display_name=guest.display_name or member.display_name,
        seat_type=guest.seat_type or member.seat_type,
        hold=None,
        held_role_id=None,
        locked_out_at=None,
    )


def _act(
    occasion: Occasion, row: MemberRow, locked: LockedMember | None, chosen: Chosen | None, token_hash: bytes
) -> Act:
    by, at, book = occasion.actor.who, occasion.at, occasion.book
    invitation = InvitationRow(row.id, token_hash, by, at, at + VALID)
    place = " from outside of the organization's domains"
    is_external = admission.is_external(row.email, book.domains, book.policies)
    text = f"Invited{place if is_external else ''}; the invitation can be accepted until {at + VALID:%Y-%m-%d %H:%M}Z."
    return Act(
        "created" if locked is None else "invited",
        {"by": by},
        [Decision(Decided.CREATED if locked is None else Decided.REVIVED, text)],
        [rows.sent_part(occasion.actor.organization, invitation), *([chosen.part] if chosen else [])],
        chosen.also if chosen else {},
    )


def _reason(occasion: Occasion, role: str) -> str:
    return f"invited as {occasion.book.named(role).name}"


def _is_open(locked: LockedMember) -> bool:
    return locked.is_invited and locked.member.status in _INVITED


def _refuse_member(locked: LockedMember) -> None:
    """Raise AlreadyMember for whom nobody has to invite."""
    member = locked.member
    if member.status == MemberStatus.DEPROVISIONED or _is_open(locked):
        return
    standing = member.status.lower().replace("_", " ")
    next_step = " Let them in again instead." if member.status == MemberStatus.DEACTIVATED else ""
    raise AlreadyMember(f"{member.email} is a member of this organization already, and {standing}.{next_step}")


def _refuse_over(invitation: InvitationRow, member: MemberRow, at: datetime) -> None:
    """Raise InvitationOver for an invitation that cannot be accepted."""
    if invitation.accepted_at is not None:
        raise InvitationOver("This invitation has been accepted already. Sign in instead.")
    if member.status not in _INVITED:
        raise InvitationOver("This invitation is not open any more. Sign in, or ask for a new one.")
    if invitation.expires_at <= at:
        raise InvitationOver(f"This invitation expired on {invitation.expires_at:%Y-%m-%d}. Ask for a new one.")


def _no_invitation() -> NotFound:
    return NotFound("There is no such invitation: it was withdrawn, or a newer one was sent. Ask who invited you.")
