"""Just in time: what a successful sign-on says of a person creates or updates a member (REQUIREMENTS §1.1, C19).

A sign-on never changes groups, seats of people who are here, or roles, and takes access from nobody. Whether it was
successful is for the application to know: nothing else is reported here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from db.enums import MemberSource, MemberStatus, SeatType
from db.queries import invitations
from db.queries import members as member_rows
from db.rows import LockedMember, MemberRow

from . import addresses, admission, clock, lifecycle, local_acts, local_edits, refusals, rulebook, user_writes
from .actor import Actor, Right
from .addresses import Address
from .decisions import Decided, Decision
from .errors import CapReached, LockedOut, Refused
from .lifecycle import Cause, Records
from .local_acts import Act
from .occasion import Occasion
from .outcome import MemberOutcome

_GROUPS_AND_ROLES = frozenset({"groups", "roles", "role"})
_INVITED = frozenset({MemberStatus.INVITED, MemberStatus.WAITING_FOR_SEAT})
_ENDED = frozenset({MemberStatus.DEACTIVATED, MemberStatus.DEPROVISIONED})


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a successful sign-on said of a person.

    `subject` is their id at the identity provider, kept with the history of who comes by it. `besides` names whatever
    else was said: it is ignored, and the outcome says so.
    """

    email: str
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


async def sign_in(actor: Actor, seen: SignIn) -> MemberOutcome:
    """The member who has signed in: a new one, or the one of this address with the name that was said now.

    Raises Refused where just in time is off, BadAddress, OutsideDomains for an address whose domain is not verified,
    LockedOut for whom the organization has let go, and SeatLimitReached.
    """
    actor.must(Right.SIGN_IN)
    address = addresses.read(seen.email)

    async def work() -> MemberOutcome:
        book = await rulebook.load(actor.organization, hold=True)
        if not book.policies.jit_enabled:
            raise Refused("Signing in makes and updates nobody here: just-in-time provisioning is off (jit_enabled).")
        occasion = Occasion(actor, book, Cause.SIGNED_IN, None, clock.now())
        locked = await member_rows.lock_by_address(actor.organization, address.key)
        if locked is None:
            return await _join(occasion, seen, address)
        return await _return(occasion, seen, address, locked)

    try:
        return await user_writes.unique(lambda: address, work)
    except CapReached as problem:
        await refusals.tell_of_cap(actor.organization, problem)
        raise


async def _join(occasion: Occasion, seen: SignIn, address: Address) -> MemberOutcome:
    book = occasion.book
    admission.admit_sign_in(address.email, book.domains, book.policies)
    row = local_acts.newcomer(occasion, MemberSource.JIT, address, seen.full_name, SeatType.FULL)
    made = Decision(Decided.CREATED, "Nobody here has this e-mail address: a new member, by signing in.")
    told = {"subject": seen.subject} if seen.subject else {}
    act = Act("created", told, (made, *_ignored(seen, "who joins by signing in gets a Full seat")))
    return await local_acts.add(occasion, row, local_acts.role_of(occasion), act)


async def _return(occasion: Occasion, seen: SignIn, address: Address, locked: LockedMember) -> MemberOutcome:
    member = locked.member
    if member.status in _ENDED:
        raise LockedOut(f"{member.email} cannot use this organization. {_way_back(member)}")
    told = [Decision(Decided.MATCHED, "Recognised by the e-mail address as a member of this organization.")]
    told += _ignored(seen, "signing in changes nobody's seat")
    if not lifecycle.is_local(member):
        told.append(Decision(Decided.UNCHANGED, "A directory manages this member: signing in changes nothing."))
        return await local_acts.shown(occasion, member.id, told, is_changed=False)
    wanted = local_edits.written(member, _said(member, seen, address))
    records, parts = local_acts.records_of(locked), []
    if locked.is_invited and member.status in _INVITED:
        await _admit_invited(occasion, address, member)
        wanted = replace(wanted, status=MemberStatus.ACTIVE)
        records = Records(locked.records, locked.letting_in)
        parts.append(invitations.accepted_part(occasion.actor.organization, member.id, occasion.at))
        told.append(Decision(Decided.STATUS, "Signing in accepts the invitation."))
    return await local_acts.change(occasion, locked, wanted, Act("signed_in", {}, told, parts), records=records)


async def _admit_invited(occasion: Occasion, address: Address, member: MemberRow) -> None:
    """An invitation that has expired is none: then the domain decides, as about somebody new."""
    invitation = await invitations.lock(occasion.actor.organization, member.id)
    if invitation is None or invitation.expires_at <= occasion.at:
        admission.admit_sign_in(address.email, occasion.book.domains, occasion.book.policies)


def _said(member: MemberRow, seen: SignIn, address: Address) -> MemberRow:
    """The member as sign-ons say they are; what this one did not say is as it was said last."""
    last = local_edits.as_said(member)
    return replace(last, email=address.email, email_key=address.key, display_name=seen.full_name or last.display_name)


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
