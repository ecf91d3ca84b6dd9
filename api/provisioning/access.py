"""Taking access from members by hand, and giving it back (REQUIREMENTS R009 to R011, C5, C20)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from db.enums import Hold, MemberSource, MemberStatus, RemovalState
from db.queries import invitations, removals
from db.rows import LockedMember, MemberRow
from db.together import Part
from db.transaction import transaction

from . import addresses, clock, grounds, lifecycle, local_acts, rulebook
from .actor import Actor, Right
from .errors import BadSetting, DirectoryManaged, ImpossibleTransition, JitRemovalNeedsSupport
from .grounds import Grounds
from .lifecycle import CAN_USE, Cause
from .local_acts import Act
from .occasion import Occasion
from .outcome import MemberOutcome

_WAITING_FOR_DECISION = frozenset({Hold.REMOVAL, Hold.SUSPENSION})
_WAYS_IN: Mapping[MemberStatus, str] = {
    MemberStatus.INVITED: "They have to accept the invitation.",
    MemberStatus.SUSPENDED: "Put them into a group that lets people in.",
    MemberStatus.DEACTIVATED: "Activate them in the identity provider.",
    MemberStatus.DEPROVISIONED: "Assign them in the identity provider, or invite them.",
}


@dataclass(frozen=True, slots=True)
class Intent:
    """What is wanted of a member, and what has to be written besides."""

    wanted: MemberRow
    parts: Sequence[Part] = ()


Choice = Callable[[Occasion, LockedMember], Intent]


async def deactivate(
    actor: Actor, member: uuid.UUID, why: Grounds = grounds.NONE, *, allow_removing_last_admin: bool = False
) -> MemberOutcome:
    """Lock a member out until somebody lets them in again, or a directory does; what was on hold is approved by it.

    Raises NotFound, DirectoryManaged, LastAdmin, and Forbidden to those who may not take the last admin away.
    """

    def choose(occasion: Occasion, locked: LockedMember) -> Intent:
        grounds.may_change(locked, occasion.book.policies, why)
        return lock_out(occasion, locked.member)

    return await _done(actor, member, "deactivated", choose, why, needs_admin=not allow_removing_last_admin)


async def revoke_now(
    actor: Actor, member: uuid.UUID, why: Grounds, *, allow_removing_last_admin: bool = False
) -> MemberOutcome:
    """The same for what cannot wait, whatever the breaker holds and whoever else is to change members; needs a reason.

    Raises NotFound, BadSetting, LastAdmin and Forbidden.
    """
    if not (why.reason or "").strip():
        raise BadSetting("Revoking access at once needs a reason.")

    def choose(occasion: Occasion, locked: LockedMember) -> Intent:
        return lock_out(occasion, locked.member)

    return await _done(actor, member, "revoked", choose, why, needs_admin=not allow_removing_last_admin)


async def let_in(actor: Actor, member: uuid.UUID, why: Grounds = grounds.NONE) -> MemberOutcome:
    """Let a member in again whom somebody had locked out here.

    Raises NotFound, DirectoryManaged, SeatLimitReached, and ImpossibleTransition for those whom something else keeps
    out.
    """

    def choose(occasion: Occasion, locked: LockedMember) -> Intent:
        grounds.may_change(locked, occasion.book.policies, why)
        return Intent(unlock(locked, locked.member))

    return await _done(actor, member, "let_in", choose, why, needs_admin=True)


async def remove(
    actor: Actor,
    member: uuid.UUID,
    why: Grounds = grounds.NONE,
    *,
    confirmed: str | None = None,
    allow_removing_last_admin: bool = False,
) -> MemberOutcome:
    """Deprovision a member whom no directory has: their history is kept, and they may be invited again.

    `confirmed` is the member's address where somebody had to write it to be sure. Raises NotFound, LastAdmin,
    BadSetting for another address, DirectoryManaged for whom a directory has, and JitRemovalNeedsSupport.
    """

    def choose(occasion: Occasion, locked: LockedMember) -> Intent:
        if confirmed is not None and addresses.folded(confirmed.strip()) != (locked.member.email_key or ""):
            raise BadSetting("This is not the member's e-mail address. Write it to confirm whom you remove.")
        _may_remove(actor, locked)
        row = replace(_without_hold(locked.member), managed_by=lifecycle.DIRECTORY)
        ended = [invitations.withdrawn_part(actor.organization, member)] if locked.is_invited else []
        return Intent(row, [*_approved(occasion, locked.member), *ended])

    return await _done(actor, member, "removed", choose, why, needs_admin=not allow_removing_last_admin)


def lock_out(occasion: Occasion, member: MemberRow) -> Intent:
    """What is wanted of whom somebody locks out; those whom no directory has any more are out already."""
    if member.status == MemberStatus.DEPROVISIONED:
        return Intent(member)
    locked_out_at = member.locked_out_at or occasion.at
    row = member if member.hold not in _WAITING_FOR_DECISION else _without_hold(member)
    return Intent(replace(row, locked_out_at=locked_out_at), _approved(occasion, member))


def unlock(locked: LockedMember, member: MemberRow) -> MemberRow:
    """What is wanted of whom somebody lets in again; raises ImpossibleTransition that says what keeps them out."""
    wanted = replace(member, locked_out_at=None)
    standing = lifecycle.standing(wanted, local_acts.records_of(locked))
    if standing not in CAN_USE:
        raise ImpossibleTransition(f"{lifecycle.TEXTS[standing]} {_WAYS_IN[standing]}")
    return wanted


async def _done(
    actor: Actor, member: uuid.UUID, action: str, choose: Choice, why: Grounds, *, needs_admin: bool
) -> MemberOutcome:
    actor.must(Right.MEMBERS_MANAGE)
    if not needs_admin:
        actor.must(Right.PLATFORM_MANAGE)
    why.check()

    async def work() -> MemberOutcome:
        book = await rulebook.load(actor.organization, hold=True)
        locked = await local_acts.locked_member(actor, member)
        occasion = Occasion(actor, book, Cause.BY_HAND, None, clock.now())
        intent = choose(occasion, locked)
        act = Act(action, why.told(actor.who), parts=intent.parts, needs_admin=needs_admin)
        return await local_acts.change(occasion, locked, intent.wanted, act)

    return await transaction(work)


def _may_remove(actor: Actor, locked: LockedMember) -> None:
    who = locked.member.email or "This member"
    if locked.records:
        raise DirectoryManaged(
            f"{who} is in a directory: remove them in the identity provider, or deactivate them here."
        )
    if locked.member.source == MemberSource.JIT and Right.PLATFORM_MANAGE not in actor.rights:
        raise JitRemovalNeedsSupport(
            f"{who} came by signing in, and support removes such members. Deactivate them meanwhile."
        )


def _approved(occasion: Occasion, member: MemberRow) -> list[Part]:
    """The write by which a loss of access that was on hold is approved."""
    if member.hold not in _WAITING_FOR_DECISION:
        return []
    organization, by = occasion.actor.organization, occasion.actor.who
    return [removals.decided_part(organization, [member.id], RemovalState.APPROVED, occasion.at, by)]


def _without_hold(member: MemberRow) -> MemberRow:
    return replace(member, hold=None, held_role_id=None)
