"""Writing one member for whoever is no directory: people who sign in, invitations, admins. For use in a transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from db.enums import MemberSource, MemberStatus, SeatType
from db.ids import new_id
from db.queries import members as rows
from db.rows import ChangeRow, LockedMember, MemberRow
from db.together import Part

from . import admission, conclusion, lifecycle, member_writes, user_writes
from .actor import Actor
from .addresses import Address
from .conclusion import Writes
from .decisions import Decided, Decision
from .errors import NotFound
from .history import Historian
from .lifecycle import Records
from .occasion import Occasion
from .outcome import MemberOutcome
from .roles import Override, Role, RoleFacts, effective, is_suspended

UNCHANGED = Decision(Decided.UNCHANGED, "Everything was so already.")


@dataclass(frozen=True, slots=True)
class Act:
    """What history calls an act, what else is to be remembered of it, why it was decided so, and what goes with it.

    `parts` are further writes and `also` what history calls those, with what it says; a role that follows is given.
    """

    action: str
    told: Mapping[str, object] = field(default_factory=dict)
    decisions: Sequence[Decision] = ()
    parts: Sequence[Part] = ()
    also: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    needs_admin: bool = True


def newcomer(
    occasion: Occasion,
    source: MemberSource,
    address: Address,
    display_name: str | None,
    seat_type: SeatType | None,
) -> MemberRow:
    """Somebody whom no directory brings, active, or suspended where groups let people in."""
    is_out = is_suspended(RoleFacts(), occasion.book.role_rules)
    return lifecycle.newcomer(
        new_id(),
        source=source,
        managed_by=lifecycle.LOCAL,
        email=address.email,
        email_key=address.key,
        display_name=display_name,
        seat_type=seat_type,
        at=occasion.at,
        status=MemberStatus.SUSPENDED if is_out else MemberStatus.ACTIVE,
    )


def role_of(occasion: Occasion, override: Override | None = None) -> Role | None:
    """The role of a newcomer, who is in no group."""
    return effective(RoleFacts(override=override), occasion.book.role_rules, occasion.at)


async def add(occasion: Occasion, wanted: MemberRow, role: Role | None, act: Act) -> MemberOutcome:
    """Write a new member with the seat that they need.

    Raises SeatLimitReached, and NotUnique when somebody else was quicker; the caller's transaction is run again then.
    """
    records = Records(0, 0, is_invited=wanted.status == MemberStatus.INVITED)
    settled = await member_writes.settle(occasion, None, wanted, records)
    member, past = settled.row, occasion.past
    writes = Writes(
        [
            *user_writes.new_member(occasion.actor, member, role, occasion.at, may_share=_is_proved(member, occasion)),
            *settled.parts,
            *act.parts,
        ],
        [past.member(act.action, member, told={"source": member.source, **act.told}), *_also(act, past, member)],
    )
    followed = await conclusion.carry_out(occasion.actor, writes, past)
    return await shown(occasion, member.id, (*act.decisions, *settled.decisions, *followed))


async def change(
    occasion: Occasion, locked: LockedMember, wanted: MemberRow, act: Act, *, records: Records | None = None
) -> MemberOutcome:
    """Write a member as somebody wants them, with what follows for seat, status, role and account.

    `records` are those after the act, if it alters them. Raises LastAdmin, SeatLimitReached, ImpossibleTransition, and
    NotUnique for an address that another member has.
    """
    before = locked.member
    after = records or records_of(locked)
    if wanted == before and not act.parts and member_writes.is_settled(before, wanted, after):
        return await shown(occasion, before.id, (*act.decisions, UNCHANGED), is_changed=False)
    settled = await member_writes.settle(
        occasion, before, wanted, after, role=locked.role_id, is_urgent=True, needs_admin=act.needs_admin
    )
    member, past = settled.row, occasion.past
    if member == before and not act.parts:
        return await shown(occasion, before.id, (*act.decisions, *settled.decisions), is_changed=False)
    proved = _is_proved(member, occasion)
    account = await user_writes.changed_member(occasion.actor, locked, member, occasion.at, may_share=proved)
    writes = Writes(
        [*account, *settled.parts, *act.parts],
        [past.member(act.action, member, before, told=act.told), *_also(act, past, member)],
        members=[member.id] if act.parts or (member.status, member.hold) != (before.status, before.hold) else [],
        freed=settled.freed,
    )
    followed = await conclusion.carry_out(occasion.actor, writes, past)
    return await shown(occasion, member.id, (*act.decisions, *settled.decisions, *followed))


async def locked_member(actor: Actor, member: uuid.UUID) -> LockedMember:
    """A member, locked; raises NotFound, also for those of whom nothing but a tombstone is left."""
    found = await rows.lock(actor.organization, member)
    if found is None or found.member.status == MemberStatus.ERASED:
        raise _nobody(member)
    return found


def records_of(locked: LockedMember) -> Records:
    """What directories and invitations say of a member."""
    return Records(locked.records, locked.letting_in, locked.is_invited)


async def shown(
    occasion: Occasion, member: uuid.UUID, decisions: Sequence[Decision], *, is_changed: bool = True
) -> MemberOutcome:
    """A member as they are written now."""
    found = await rows.find(occasion.actor.organization, member)
    if found is None:
        raise _nobody(member)
    return MemberOutcome(
        member,
        email=_text(found["email"]),
        status=str(found["status"]),
        role=_text(found["role"]),
        seat=_text(found["seat"]),
        is_changed=is_changed,
        decisions=tuple(decisions),
    )


def _also(act: Act, past: Historian, member: MemberRow) -> Iterator[ChangeRow]:
    for action, after in act.also.items():
        yield past.change(action, "member", member.id, after=after)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _nobody(member: uuid.UUID) -> NotFound:
    return NotFound(f"There is no member with the id {member} in this organization.")


def _is_proved(member: MemberRow, occasion: Occasion) -> bool:
    return member.email is not None and admission.is_inside(member.email, occasion.book.domains, verified=True)
