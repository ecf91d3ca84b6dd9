"""Acts that decide about many members: looking at what one would do, and doing exactly that (REQUIREMENTS §1.13).

Who looks and who acts run the same code: an intent writes what is wanted and plans what follows for members. Then
either everything is taken back, or the moves are carried out, too.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from db.billing_rows import CostRow
from db.queries import log
from db.queries import members as member_rows
from db.queries import purchases as purchase_rows
from db.queries import roles as role_rows
from db.transaction import rehearsal, transaction

from . import clock, lifecycle, moves, preview_tokens, previews, role_changes, rulebook
from .actor import Actor, Right
from .errors import NeedsConfirmation, PreviewRequired
from .history import Historian
from .moves import Move
from .occasion import Occasion
from .previews import Person, Preview
from .roles import Role
from .rulebook import Rulebook

Check = Callable[[], Awaitable[None]]
"""Raises whatever forbids an act."""

NAMED_PEOPLE = 50
"""How many people a preview names by itself."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An act whose wish is written and whose moves are planned; `finish` writes the rest.

    `entries` are what will be remembered of it besides the moves; `warnings` are reasons to think twice: the act needs
    a second word then. `buys` is what seats it buys for people who need one.
    """

    headline: str
    moves: Sequence[Move]
    entries: Sequence[Entry]
    finish: Callable[[], Awaitable[None]]
    warnings: tuple[str, ...] = ()
    buys: Sequence[CostRow] = ()

    @property
    def replaced(self) -> object:
        """What stands where the wish was written: who saw something else has to look again."""
        return [(entry.action, sorted(entry.subjects), entry.before) for entry in self.entries]


class Intent(Protocol):
    """A wish that members may change by: a frozen dataclass that the same wish makes anew, word by word."""

    @property
    def right(self) -> Right:
        """What whoever wants it needs."""

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Write what is wanted, in the current transaction, and plan what follows; may be called again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A change that is remembered alike of each of its subjects."""

    action: str
    subject_type: str
    subjects: Sequence[uuid.UUID]
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What an intent wrote from which roles follow: whom it concerns, and what to remember when so many changed.

    `earlier` is what the organization had chosen before; `is_alone` tells that it is locked.
    """

    headline: str
    members: Sequence[uuid.UUID]
    entries: Callable[[int], Sequence[Entry]]
    earlier: Rulebook
    warnings: tuple[str, ...] = ()
    is_alone: bool = False


async def follow(actor: Actor, written: Written, at: datetime) -> Prepared:
    """The act that gives members the roles that follow from what is written; raises LastAdmin."""
    groups = await role_rows.mapped_groups(actor.organization)
    planned = await role_changes.plan_moves(
        actor, written.members, at, earlier=written.earlier, groups=groups, is_alone=written.is_alone
    )

    entries = written.entries(moves.people(planned))

    async def finish() -> None:
        past = Historian(actor, None, at)
        await _remember(past, entries)
        await role_changes.carry_out(actor, planned, past, at)

    return Prepared(written.headline, planned, entries, finish, written.warnings)


async def watch(occasion: Occasion, written: Written, act: Callable[[], Awaitable[object]]) -> Prepared:
    """An act that moves members in more than their roles: it is done, and what it did to whom is seen by looking.

    Whoever waits for a seat may get one by it, so they are looked at, too.
    """
    organization = occasion.actor.organization
    concerned = [*written.members, *await member_rows.awaiting_seats(organization)]
    before = await _standings(occasion, concerned, written.earlier)
    await act()
    after = await _standings(occasion, concerned, await rulebook.load(organization))
    planned = [
        Move((member,), before[member], stands, lifecycle.TEXTS[stands.status])
        for member, stands in after.items()
        if before[member] != stands
    ]

    entries = written.entries(moves.people(planned))

    async def finish() -> None:
        await _remember(occasion.past, entries)

    bought = await purchase_rows.costs(organization, occasion.at)
    return Prepared(written.headline, moves.merged(planned, by_cause=True), entries, finish, written.warnings, bought)


async def apply(actor: Actor, intent: Intent, *, token: str | None = None, is_sure: bool = False) -> int:
    """Do what is wanted; how many members change.

    With the token of a preview, raises FactsMoved when others would change than it showed, or when what it replaces is
    not as it was then, and BadSetting when it is too old or of another act. Raises NeedsConfirmation for what needs a
    second word, unless the caller is sure; LastAdmin; and whatever the intent raises.
    """
    return moves.people(await carried_out(actor, intent, token=token, is_sure=is_sure))


async def apply_seen(
    actor: Actor, intent: Intent, *, token: str | None, is_sure: bool = False, unless: Check | None = None
) -> int:
    """The same, but raises PreviewRequired when members would change and nobody has looked whom.

    `unless` raises whatever forbids the act; it is asked behind the locks of the intent, before anything is remembered.
    """
    done = await carried_out(actor, intent, token=token, is_sure=is_sure, must_be_seen=True, unless=unless)
    return moves.people(done)


async def carried_out(
    actor: Actor,
    intent: Intent,
    *,
    token: str | None = None,
    is_sure: bool = False,
    must_be_seen: bool = False,
    unless: Check | None = None,
) -> Sequence[Move]:
    """The same for who wants to know what became of whom."""
    actor.must(intent.right)
    seen = preview_tokens.read(token, actor.organization, intent, clock.now()) if token else None

    async def work() -> Sequence[Move]:
        prepared = await intent.prepare(actor, clock.now())
        if unless is not None:
            await unless()
        if prepared.warnings and not is_sure:
            raise NeedsConfirmation(f"{' '.join(prepared.warnings)} Confirm to go on.")
        if seen is not None:
            seen.must_be(prepared.moves, prepared.replaced)
        elif must_be_seen and (people := moves.people(prepared.moves)):
            raise PreviewRequired(f"This changes members: {people}. Preview it, and send the token of the preview.")
        await prepared.finish()
        return prepared.moves

    return await transaction(work)


async def preview(actor: Actor, intent: Intent) -> Preview:
    """What an act would do, after it was done up to the moves and taken back; raises what `apply` would raise."""
    actor.must(intent.right)

    async def work() -> tuple[Prepared, Role | None]:
        prepared = await intent.prepare(actor, clock.now())
        return prepared, (await rulebook.load(actor.organization)).top

    prepared, top = await rehearsal(work)
    ordered, at = previews.in_order(prepared.moves, top), clock.now()
    return Preview(
        headline=prepared.headline,
        warnings=prepared.warnings,
        moves=ordered,
        top=top,
        buys=tuple(prepared.buys),
        people=await people(actor, ordered),
        token=preview_tokens.make(actor.organization, intent, ordered, at, prepared.replaced),
        valid_until=at + preview_tokens.LIFETIME,
    )


async def people(
    actor: Actor, planned: Sequence[Move], *, start: int = 0, limit: int = NAMED_PEOPLE
) -> tuple[Person, ...]:
    """Some of those whom moves change, by name, in the order of the moves."""
    actor.must(Right.ORGANIZATION_READ)
    everybody = ((member, move) for move in planned for member in move.members)
    listed = list(islice(everybody, start, start + limit))
    names = await member_rows.names(actor.organization, [member for member, _ in listed])
    return tuple(Person(member, *names[member], move.before, move.after, move.because) for member, move in listed)


async def _standings(
    occasion: Occasion, members: Sequence[uuid.UUID], book: Rulebook
) -> dict[uuid.UUID, moves.Standing]:
    found = await member_rows.standings(occasion.actor.organization, members)
    return {
        member: moves.Standing(book.role(role) or occasion.book.role(role), status, seat, hold)
        for member, role, status, seat, hold in found
    }


async def _remember(past: Historian, entries: Sequence[Entry]) -> None:
    for entry in entries:
        change = past.change(
            entry.action, entry.subject_type, entry.subjects[0], before=entry.before, after=entry.after
        )
        await log.add_alike(change, entry.subjects)
