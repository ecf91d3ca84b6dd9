"""Why somebody is not here: what Rollcall knows of them, what was refused, and what to do (REQUIREMENTS R152, R155)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from db.enums import MemberStatus, SeatType
from db.queries import diagnosis as rows
from db.queries import role_facts
from db.rule_rows import LookedFor, SeenDirectory, SeenRequest

from . import addresses, admission, connections, roles, rulebook
from .actor import Actor, Right
from .directories import State, read_settings
from .errors import BadSetting, NoAddress, OutsideDomains
from .health import SCIM_PATH, Condition, Health
from .roles import LeftOut
from .rulebook import Rulebook
from .seats import label

_REQUESTS = 20
_LET_IN = {
    LeftOut.NO_MAPPED_GROUP: "Put the person into a group that is mapped to a role, or change on_no_mapped_group.",
    LeftOut.NO_ACCESS_GROUP: "Put the person into a group that gives access.",
}


_TRIED = {
    "POST": "tried to bring them",
    "DELETE": "tried to remove them",
    rows.SIGN_IN: "told of their sign-in",
}
"""What a directory did, by the method of its request."""


class Found(StrEnum):
    """Codes of findings; the dashboard and tools switch on them."""

    MEMBER = "MEMBER"
    ON_HOLD = "ON_HOLD"
    WAITS_FOR_SEAT = "WAITS_FOR_SEAT"
    NOT_ALLOWED_IN = "NOT_ALLOWED_IN"
    REFUSED = "REFUSED"
    INACTIVE_IN_DIRECTORY = "INACTIVE_IN_DIRECTORY"
    OUTSIDE_DOMAINS = "OUTSIDE_DOMAINS"
    NEVER_RECEIVED = "NEVER_RECEIVED"
    DIRECTORY_HOLDS_BACK = "DIRECTORY_HOLDS_BACK"
    NO_DIRECTORY = "NO_DIRECTORY"
    DIRECTORY_UNWELL = "DIRECTORY_UNWELL"
    WRONG_URL_OR_KEY = "WRONG_URL_OR_KEY"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that explains why a person is here or not, with what to do about it, and the request to look at."""

    code: Found
    text: str
    next_step: str
    trace: str | None = None


async def why(actor: Actor, name: str, *, scim_url: str = SCIM_PATH) -> list[Finding]:
    """What is to be known about a person by e-mail address or userName, the most telling first; raises BadSetting.

    Only what happened in this organization counts, and only that is told. `scim_url` is the URL to tell whose directory
    calls elsewhere.
    """
    actor.must(Right.ORGANIZATION_READ)
    text = name.strip()
    if not text:
        raise BadSetting("Say whom you look for: an e-mail address or a userName.")
    key = addresses.folded(text)
    known = await rows.looked_for(actor.organization, key)
    book = await rulebook.load(actor.organization)
    names = {key, *(user.user_name_key for user in known.users)}
    requests = await rows.requests_about(actor.organization, sorted(names), limit=_REQUESTS)
    directories = await rows.directories(actor.organization)
    found = findings(text, known, requests, directories, book, await _left_out(actor, known, book))
    if known.status == MemberStatus.ACTIVE:
        return list(found)
    return [*found, *_unwell((await connections.conditions(actor, scim_url=scim_url)).values())]


def findings(
    name: str,
    known: LookedFor,
    requests: Sequence[SeenRequest],
    directories: Sequence[SeenDirectory],
    book: Rulebook,
    left_out: LeftOut | None,
) -> Iterator[Finding]:
    """What the facts say. Pure."""
    if known.status is not None:
        yield _membership(known, known.status, left_out)
    for user in known.users:
        if not user.active:
            text = f"“{user.directory}” says that {user.user_name} is not active, since {_at(user.updated_at)}."
            yield Finding(Found.INACTIVE_IN_DIRECTORY, text, "Activate the person in the identity provider.")
    refused = next((each for each in requests if each.status >= 400), None)
    if refused is not None and refused is requests[0]:
        yield _refusal(refused)
    if known.status is not None:
        return
    yield from _outside(name, book)
    yield from _holding_back(directories)
    if not requests:
        yield _never_received(name, directories)


async def _left_out(actor: Actor, known: LookedFor, book: Rulebook) -> LeftOut | None:
    facts = await role_facts.facts(actor.organization, known.member_id) if known.member_id else None
    return None if facts is None else roles.left_out(book.facts_of(facts), book.role_rules)


def _membership(known: LookedFor, status: str, left_out: LeftOut | None) -> Finding:
    who, since = known.email or "This person", f"since {_at(known.since)}"
    seat = label(SeatType(known.awaits_seat)).lower() if known.awaits_seat else ""
    match status:
        case MemberStatus.ACTIVE:
            text = f"{who} is a member with the role {known.role or 'none'}."
            return Finding(Found.MEMBER, text, f"They wait for a {seat} seat." if seat else "Nothing is wrong.")
        case MemberStatus.HELD:
            text = f"{who} is still a member. Their removal is on hold {since}: a directory removes too many at once."
            return Finding(Found.ON_HOLD, text, "Approve the removal, or keep them.")
        case MemberStatus.INVITED:
            text = f"{who} is invited and has not accepted, {since}."
            return Finding(Found.NOT_ALLOWED_IN, text, "Ask them to open the invitation, or invite them again.")
        case MemberStatus.WAITING_FOR_SEAT:
            text = f"{who} waits for a {seat} seat, {since}: all are taken."
            return Finding(Found.WAITS_FOR_SEAT, text, "Free a seat or raise the limit.")
        case MemberStatus.SUSPENDED:
            text = f"{who} is suspended{f': {left_out}' if left_out else ''}, {since}."
            return Finding(Found.NOT_ALLOWED_IN, text, _LET_IN[left_out or LeftOut.NO_MAPPED_GROUP])
        case MemberStatus.DEACTIVATED if known.is_locked_out:
            text = f"{who} was deactivated by hand, {since}."
            return Finding(Found.NOT_ALLOWED_IN, text, "Let them in again, here or in the identity provider.")
        case MemberStatus.DEACTIVATED:
            text = f"{who} is deactivated: no directory says that they are active, {since}."
            return Finding(Found.NOT_ALLOWED_IN, text, "Activate the person in the identity provider.")
    text = f"{who} is deprovisioned: no directory has them any more, {since}. Their history is kept."
    return Finding(
        Found.NOT_ALLOWED_IN, text, "Assign the person to the application again; they come back as who they were."
    )


def _refusal(request: SeenRequest) -> Finding:
    tried = _TRIED.get(request.method, "tried to change them")
    text = f"“{request.directory}” {tried} on {_at(request.received_at)}. That was refused: {request.detail}"
    again = "let them sign in again" if request.method == rows.SIGN_IN else "let the directory try again"
    return Finding(Found.REFUSED, text, f"Put right what the answer says, and {again}.", str(request.id))


def _outside(name: str, book: Rulebook) -> Iterator[Finding]:
    if "@" not in name:
        return
    try:
        admission.admit(name, book.domains, book.policies)
    except (OutsideDomains, NoAddress) as error:
        yield Finding(Found.OUTSIDE_DOMAINS, str(error), "Add and verify the domain, or invite the person by hand.")


def _holding_back(directories: Sequence[SeenDirectory]) -> Iterator[Finding]:
    for directory in directories:
        settings = read_settings(directory.settings)
        reasons = {
            "it is paused": settings.state is State.PAUSED,
            f"it is in pilot mode with {settings.pilot_users} users at most": settings.state is State.PILOT,
            "it may bring nobody new": not settings.import_new_users,
        }
        for reason in (reason for reason, holds in reasons.items() if holds):
            text = f"“{directory.name}” would not bring them: {reason}."
            yield Finding(Found.DIRECTORY_HOLDS_BACK, text, "Change the directory's settings.")


def _unwell(conditions: Iterable[Condition]) -> Iterator[Finding]:
    """What is the matter with directories: why somebody may not have come, or is still what they were long ago."""
    for condition in conditions:
        if condition.health in (Health.STALE, Health.FAILING):
            yield Finding(Found.DIRECTORY_UNWELL, condition.text, condition.next_step)
        for hint in condition.hints:
            yield Finding(Found.WRONG_URL_OR_KEY, hint, "Put it right in the identity provider, and test it there.")


def _never_received(name: str, directories: Sequence[SeenDirectory]) -> Finding:
    if not directories:
        return Finding(Found.NO_DIRECTORY, "No directory is connected.", "Connect one, or invite the person.")
    last = "; ".join(f"“{each.name}” last called {_ago(each.last_request_at)}" for each in directories)
    next_step = (
        "Look whether the person, or a group of theirs, is assigned to the application in the identity provider."
    )
    return Finding(Found.NEVER_RECEIVED, f"No directory ever sent {name}. {last}.", next_step)


def _at(moment: datetime | None) -> str:
    return "an unknown time" if moment is None else f"{moment.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def _ago(moment: datetime | None) -> str:
    return "never" if moment is None else f"on {_at(moment)}"
