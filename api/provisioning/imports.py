"""Importing the application's own users, so that a directory finds them instead of making them anew (IDEAS 13).

Whoever is a member already stays as they are, and so does whoever only looks alike: that is for people to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from db.enums import MemberSource, RowOutcome, SeatType
from db.errors import NotUnique
from db.import_rows import Newcomer
from db.job_rows import Line, LineResult
from db.queries import imports as rows
from db.rows import MemberRow
from db.transaction import attempt

from . import addresses, admission, chosen_roles, clock, likeness, local_acts, newcomers, rulebook
from .actor import Actor
from .addresses import Address
from .errors import BadRow, ProvisioningError
from .lifecycle import Cause
from .likeness import Likeness, Match
from .occasion import Occasion
from .profile import LONGEST_NAME
from .roles import Override, Role
from .seats import label

KIND = "members.import"
_REASON = "imported"


class ImportedPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user of the application; `external_id` is their id there, kept with the history.

    `is_new` says that whoever looks alike is somebody else.
    """

    email: str
    display_name: str | None = None
    external_id: str | None = None
    seat_type: SeatType | None = None
    role: str | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that can be read: the person, as a member they would be, with what was chosen for them."""

    number: int
    person: ImportedPerson
    address: Address
    row: MemberRow
    role: Role | None
    override: Override | None


async def apply(actor: Actor, lines: Sequence[Line]) -> list[LineResult]:
    """What became of some lines, within the transaction of the job: new people together, each for themselves if not."""
    book = await rulebook.load(actor.organization, hold=True)
    occasion = Occasion(actor, book, Cause.IMPORTED, None, clock.now())
    read = [_read(occasion, line) for line in lines]
    people = [each for each in read if isinstance(each, Candidate)]
    judged = await _judge(actor, people)
    done = [each for each in read if isinstance(each, LineResult)]
    done += [_left(each, judged[each.number]) for each in people if not _is_new(each, judged[each.number])]
    newcomers, twice = _once([each for each in people if _is_new(each, judged[each.number])])
    done += [LineResult(each.number, RowOutcome.UNCHANGED, "In this file twice.", None) for each in twice]
    return [*done, *await _add(occasion, newcomers)]


def _read(occasion: Occasion, line: Line) -> Candidate | LineResult:
    try:
        return _candidate(occasion, line)
    except ProvisioningError as error:
        return LineResult(line.number, RowOutcome.REFUSED, str(error), None)


def _candidate(occasion: Occasion, line: Line) -> Candidate:
    try:
        person = msgspec.json.decode(line.wanted, type=ImportedPerson, strict=False)
    except msgspec.ValidationError as error:
        raise BadRow(f"This row cannot be read: {error}.") from error
    name = " ".join((person.display_name or "").split()) or None
    if name and len(name) > LONGEST_NAME:
        raise BadRow(f"A name has at most {LONGEST_NAME} characters.")
    address = addresses.read(person.email)
    row = local_acts.newcomer(occasion, MemberSource.IMPORT, address, name, person.seat_type)
    override = chosen_roles.choose(occasion, row.id, person.role, _REASON).override if person.role else None
    return Candidate(line.number, person, address, row, local_acts.role_of(occasion, override), override)


async def _judge(actor: Actor, people: Sequence[Candidate]) -> dict[int, Likeness]:
    """How well everybody is known, by the number of their line."""
    found = [each.address for each in people]
    known = await rows.known(actor.organization, [each.key for each in found])
    names, user_names = likeness.names(each.row.display_name for each in people), likeness.user_names(found)
    alike = await rows.alike(actor.organization, names, user_names)
    return {each.number: likeness.judge(each.address, each.row.display_name, known, alike) for each in people}


def _is_new(candidate: Candidate, judged: Likeness) -> bool:
    return judged.match is Match.NONE or (judged.match is Match.LIKELY and candidate.person.is_new)


def _left(candidate: Candidate, judged: Likeness) -> LineResult:
    """What becomes of somebody who is known: nothing."""
    if judged.match is Match.EXACT:
        return LineResult(candidate.number, RowOutcome.UNCHANGED, judged.text, judged.member)
    text = f"{judged.text} Nobody is overwritten: say is_new if this is somebody else, or leave them out."
    return LineResult(candidate.number, RowOutcome.REFUSED, text, judged.member)


def _once(people: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Everybody once, and those who come again."""
    first: dict[str, Candidate] = {}
    for each in people:
        first.setdefault(each.address.key, each)
    kept = {each.number for each in first.values()}
    return list(first.values()), [each for each in people if each.number not in kept]


async def _add(occasion: Occasion, people: Sequence[Candidate]) -> list[LineResult]:
    if not people:
        return []
    try:
        return await attempt(partial(_together, occasion, people))
    except (ProvisioningError, NotUnique):
        return [await _alone(occasion, each) for each in people]


async def _alone(occasion: Occasion, one: Candidate) -> LineResult:
    """One person for themselves, where there is no seat for everybody."""
    try:
        return (await attempt(partial(_together, occasion, [one])))[0]
    except ProvisioningError as error:
        return LineResult(one.number, RowOutcome.REFUSED, str(error), None)
    except NotUnique:
        return LineResult(one.number, RowOutcome.REFUSED, "Somebody else was quicker. Look, and try again.", None)


async def _together(occasion: Occasion, people: Sequence[Candidate]) -> list[LineResult]:
    """Write new people with their seats; raises SeatLimitReached where not everybody gets in, and NotUnique."""
    organization, past = occasion.actor.organization, occasion.past
    members = {row.id: row for row in await newcomers.welcome(occasion, [each.row for each in people])}
    written = [_newcomer(occasion, each, members[each.row.id]) for each in people]
    await rows.add(organization, written, occasion.at)
    chosen = [(each.row.id, each.override.role.id) for each in people if each.override]
    if chosen:
        await rows.choose_roles(organization, chosen, reason=_REASON, by=occasion.actor.who, at=occasion.at)
    changes = [past.member("created", members[each.row.id], told=_told(occasion, each)) for each in people]
    await rows.remember(organization, changes)
    return [_made(each, members[each.row.id]) for each in people]


def _newcomer(occasion: Occasion, candidate: Candidate, member: MemberRow) -> Newcomer:
    is_proved = admission.is_inside(candidate.address.email, occasion.book.domains, verified=True)
    return Newcomer(member, candidate.role.id if candidate.role else None, is_proved)


def _told(occasion: Occasion, candidate: Candidate) -> dict[str, object]:
    person = candidate.person
    known_as = {"external_id": person.external_id} if person.external_id else {}
    chosen = {"role": person.role} if person.role else {}
    return {"source": MemberSource.IMPORT, "by": occasion.actor.who, **known_as, **chosen}


def _made(candidate: Candidate, member: MemberRow) -> LineResult:
    seat = f"has a {label(SeatType(member.seat))} seat" if member.seat else "has no seat yet"
    waits = f", waits for a {label(SeatType(member.awaits_seat))} seat" if member.awaits_seat else ""
    standing = member.status.lower().replace("_", " ")
    return LineResult(candidate.number, RowOutcome.APPLIED, f"New: {standing}, {seat}{waits}.", member.id)
