"""Just in time: what a successful sign-on says of a person creates or updates a member (REQUIREMENTS §1.1, C19).

A sign-on never changes groups, seats of people who are here, or roles, and takes access from nobody. Whether it was
successful is for the application to know: nothing else is reported here.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from db.enums import MemberSource, MemberStatus, SeatType
from db.queries import invitations
from db.queries import members as member_rows
from db.rows import LockedMember, MemberRow

from . import addresses, admission, clock, lifecycle, local_acts, local_edits, refusals, rulebook, user_writes
from .actor import Actor, Right
from .addresses import Address
from .decisions import Decided, Decision
from .errors import CapReached, ImmutableAddress, LockedOut, NoAddress, OutsideDomains, Refused
from .lifecycle import Cause, Records
from .local_acts import Act
from .occasion import Occasion
from .outcome import MemberOutcome

T = TypeVar("T")

_GROUPS_AND_ROLES = frozenset({"groups", "roles", "role"})
_INVITED = frozenset({MemberStatus.INVITED, MemberStatus.WAITING_FOR_SEAT})
_ENDED = frozenset({MemberStatus.DEACTIVATED, MemberStatus.DEPROVISIONED})


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a successful sign-on said of a person.

    `subject` is their id at the identity provider, kept with the history of who comes by it. `besides` names whatever
    else was said: it is ignored, and the outcome says so. Without an address only somebody known already signs in.
    """

    email: str | None
    subject: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    display_name: str | None = None
    besides: Sequence[str] = ()

    @property
    def full_name(self) -> str | None:
        """The best name that was said."""
        if self.display_name and self.display_name.strip():
            return self.display_name.strip()
        return " ".join(name.strip() for name in (self.given_name, self.family_name) if name and name.strip()) or None


async def sign_in(actor: Actor, seen: SignIn, *, member: uuid.UUID | None = None) -> MemberOutcome:
    """The member who has signed in: a new one, or the one of this address with the name that was said now.

    `member` is whose the id at the identity provider is, where that is known: then an address recognises nobody.

    Raises Refused where just in time is off, BadAddress, NoAddress, OutsideDomains for an address whose domain is not
    verified, LockedOut for whom the organization has let go, and SeatLimitReached.
    """
    return await carrying_out(actor, seen, lambda: arrive(actor, seen, member=member), member=member)


async def carrying_out(
    actor: Actor, seen: SignIn, work: Callable[[], Awaitable[T]], *, member: uuid.UUID | None = None
) -> T:
    """What `work` returns in a transaction, in which somebody may `arrive` or be recognised; raises what these do."""
    actor.must(Right.SIGN_IN)
    address = _address(seen, member)
    try:
        return await user_writes.unique(lambda: address, work)
    except CapReached as problem:
        await refusals.tell_of_cap(actor.organization, problem)
        raise


async def arrive(actor: Actor, seen: SignIn, *, member: uuid.UUID | None = None) -> MemberOutcome:
    """The member who has signed in, as `sign_in` has it. For use in a transaction, see `carrying_out`."""
    address, book = _address(seen, member), await rulebook.load(actor.organization, hold=True)
    if not book.policies.jit_enabled:
        raise Refused("Signing in makes and updates nobody here: just-in-time provisioning is off (jit_enabled).")
    occasion = Occasion(actor, book, Cause.SIGNED_IN, None, clock.now())
    locked = await _locked(actor, address, member)
    if locked is not None:
        return await _return(occasion, seen, address, locked, _recognised(member))
    assert address is not None
    return await _join(occasion, seen, address)


async def recognise(actor: Actor, seen: SignIn, *, member: uuid.UUID | None = None) -> MemberOutcome:
    """The member who has signed in where signing in makes and updates nobody; somebody invited accepts by it.

    `member` is as for `sign_in`. Raises Refused for somebody who is no member, BadAddress, NoAddress, OutsideDomains
    for an invitation that has expired, LockedOut for whom the organization has let go, and SeatLimitReached. For use in
    a transaction, see `carrying_out`.
    """
    address, book = _address(seen, member), await rulebook.load(actor.organization, hold=True)
    locked = await _locked(actor, address, member)
    if locked is None:
        raise Refused(
            f"{seen.email} is no member of this organization, and signing in makes nobody one"
            " (jit_enabled is off). A directory can bring them, or an admin invite them."
        )
    _refuse_ended(locked.member)
    occasion = Occasion(actor, book, Cause.SIGNED_IN, None, clock.now())
    if not _accepts(locked):
        return await local_acts.shown(occasion, locked.member.id, [_recognised(member)], is_changed=False)
    return await _come_in(occasion, locked, locked.member, [_recognised(member)])


def _address(seen: SignIn, member: uuid.UUID | None) -> Address | None:
    if seen.email is not None:
        return addresses.read(seen.email)
    if member is None:
        raise NoAddress("The identity provider said no e-mail address, and does not know this person from before.")
    return None


async def _locked(actor: Actor, address: Address | None, member: uuid.UUID | None) -> LockedMember | None:
    if member is not None:
        return await local_acts.locked_member(actor, member)
    assert address is not None
    return await member_rows.lock_by_address(actor.organization, address.key)


async def _join(occasion: Occasion, seen: SignIn, address: Address) -> MemberOutcome:
    book = occasion.book
    admission.admit_sign_in(address.email, book.domains, book.policies)
    row = local_acts.newcomer(occasion, MemberSource.JIT, address, seen.full_name, SeatType.FULL)
    made = Decision(Decided.CREATED, "Nobody here has this e-mail address: a new member, by signing in.")
    told = {"subject": seen.subject} if seen.subject else {}
    act = Act("created", told, (made, *_ignored(seen, "who joins by signing in gets a Full seat")))
    return await local_acts.add(occasion, row, local_acts.role_of(occasion), act)


async def _return(
    occasion: Occasion, seen: SignIn, address: Address | None, locked: LockedMember, recognised: Decision
) -> MemberOutcome:
    member = locked.member
    _refuse_ended(member)
    told = [recognised, *_ignored(seen, "signing in changes nobody's seat")]
    if not lifecycle.is_local(member):
        told.append(Decision(Decided.UNCHANGED, "A directory manages this member: signing in changes nothing."))
        return await local_acts.shown(occasion, member.id, told, is_changed=False)
    if address is not None and (why_not := await _why_not(occasion, member, address)) is not None:
        told.append(Decision(Decided.IGNORED, f"The e-mail address was not taken over. {why_not}"))
        address = None
    wanted = local_edits.written(member, _said(member, seen, address))
    return await _come_in(occasion, locked, wanted, told)


async def _come_in(occasion: Occasion, locked: LockedMember, wanted: MemberRow, told: list[Decision]) -> MemberOutcome:
    member, records, parts = locked.member, local_acts.records_of(locked), []
    if _accepts(locked):
        await _admit_invited(occasion, member)
        wanted = replace(wanted, status=MemberStatus.ACTIVE)
        records = Records(locked.records, locked.letting_in)
        parts.append(invitations.accepted_part(occasion.actor.organization, member.id, occasion.at))
        told.append(Decision(Decided.STATUS, "Signing in accepts the invitation."))
    return await local_acts.change(occasion, locked, wanted, Act("signed_in", {}, told, parts), records=records)


def _accepts(locked: LockedMember) -> bool:
    return locked.is_invited and locked.member.status in _INVITED


async def _admit_invited(occasion: Occasion, member: MemberRow) -> None:
    """An invitation that has expired is none: then the domain decides, as about somebody new."""
    invitation = await invitations.lock(occasion.actor.organization, member.id)
    if invitation is None or invitation.expires_at <= occasion.at:
        admission.admit_sign_in(member.email or "", occasion.book.domains, occasion.book.policies)


async def _why_not(occasion: Occasion, member: MemberRow, address: Address) -> str | None:
    """Why somebody known by their id does not get another address by signing in (C2), None if they do."""
    said = local_edits.as_said(member).email
    if address.key in (member.email_key, addresses.folded(said or "")):
        return None
    book = occasion.book
    try:
        admission.admit_change(member.email, address.email, book.domains, book.policies)
        admission.admit_sign_in(address.email, book.domains, book.policies)
    except (ImmutableAddress, NoAddress, OutsideDomains) as problem:
        return str(problem)
    if await member_rows.lock_by_address(occasion.actor.organization, address.key) is not None:
        return f"Another member of this organization has {address.email}."
    return None


def _said(member: MemberRow, seen: SignIn, address: Address | None) -> MemberRow:
    """The member as sign-ons say they are; what this one did not say is as it was said last."""
    last = local_edits.as_said(member)
    named = replace(last, display_name=seen.full_name or last.display_name)
    return named if address is None else replace(named, email=address.email, email_key=address.key)


def _recognised(member: uuid.UUID | None) -> Decision:
    by = "their id at the identity provider" if member else "the e-mail address"
    return Decision(Decided.MATCHED, f"Recognised by {by} as a member of this organization.")


def _refuse_ended(member: MemberRow) -> None:
    if member.status in _ENDED:
        raise LockedOut(f"{member.email} cannot use this organization. {_way_back(member)}")


def _ignored(seen: SignIn, about_seats: str) -> Sequence[Decision]:
    return [Decision(Decided.IGNORED, f"{name} was ignored: {_why(name, about_seats)}.") for name in seen.besides]


def _why(name: str, about_seats: str) -> str:
    if name == "seat_type":
        return about_seats
    return "groups and roles come by other ways than signing in" if name in _GROUPS_AND_ROLES else "it is not kept"


def _way_back(member: MemberRow) -> str:
    if member.status == MemberStatus.DEPROVISIONED:
        return "They were removed, and signing in brings nobody back: assign them in the identity provider again."
    return "They were deactivated, and signing in does not change that: an admin or their directory can let them in."
