"""`members list|show|explain|why|override|clear-override`."""

from __future__ import annotations

import argparse
import uuid
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from api.provisioning import diagnosis, members
from api.provisioning.actor import Actor
from api.provisioning.explanation import as_text, note_on_override
from api.provisioning.overrides import ClearOverrides, OverrideRoles
from api.scim import profile
from api.settings import Settings

from . import jobs, member_acts
from .acts import can_be_previewed, look_or_act
from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query, whole_number

_BY = "the operator"
_MEMBER = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c13"


def add(nouns: Verbs) -> None:
    """The verbs of members."""
    verbs = noun(nouns, "members", about="See the people of an organization, and why they have their role")
    parser = query(
        verbs, "list", show_all, does="List members", example=f"python -m api members list {IN_ORGANIZATION}"
    )
    parser.add_argument("--limit", type=whole_number(1, 1000), default=100, metavar="N", help="100 unless said")
    parser.add_argument("--after", type=an_id, metavar="ID", help="go on behind this member")
    for verb, ask, does in (
        ("show", show, "Show one member"),
        ("explain", explain, "Tell why a member has their role, and what would change it"),
    ):
        example = f"python -m api members {verb} {_MEMBER} {IN_ORGANIZATION}"
        query(verbs, verb, ask, does=does, example=example).add_argument("member", type=an_id, metavar="ID")
    parser = query(
        verbs,
        "why",
        why,
        does="Tell why somebody is not here, and what to do",
        example=f"python -m api members why ann@example.com {IN_ORGANIZATION}",
    )
    parser.add_argument("name", metavar="WHO", help="an e-mail address or userName")
    parser = query(
        verbs,
        "override",
        override,
        does="Choose a role for members by hand",
        example=f'python -m api members override {_MEMBER} --role admin --reason "on call" {IN_ORGANIZATION}',
    )
    parser.add_argument("members", nargs="+", type=an_id, metavar="ID")
    parser.add_argument("--role", required=True, metavar="KEY", help="see `roles list`")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; it is shown with the explanation")
    parser.add_argument("--until", type=_moment, metavar="TIME", help="when it ends, such as 2026-12-31T18:00Z")
    can_be_previewed(parser)
    parser = query(
        verbs,
        "clear-override",
        clear,
        does="Let the roles of members follow from their groups again",
        example=f"python -m api members clear-override {_MEMBER} {IN_ORGANIZATION}",
    )
    parser.add_argument("members", nargs="+", type=an_id, metavar="ID")
    can_be_previewed(parser)
    member_acts.add_to(verbs)
    jobs.add_to(verbs)


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """Members, oldest first."""
    actor = await acting_in(arguments.organization)
    found = await members.page(actor, after=arguments.after, limit=arguments.limit)
    rows = [
        [
            each["id"],
            each["email"],
            each["display_name"],
            each["status"],
            _seat(each),
            each["role"],
            each["is_external"],
        ]
        for each in found
    ]
    head = ("ID", "E-MAIL", "NAME", "STATUS", "SEAT", "ROLE", "EXTERNAL")
    return Result(found, table(rows, head=head, otherwise="The organization has no members yet."))


def _seat(member: Mapping[str, object]) -> str | None:
    held, awaited = member["seat"], member["awaits_seat"]
    if awaited is None:
        return None if held is None else str(held)
    return f"waits for {awaited}" if held is None else f"{held}, waits for {awaited}"


async def show(arguments: Namespace, chosen: Settings) -> Result:
    """One member, with the profile that applications ask for."""
    actor = await acting_in(arguments.organization)
    found = await members.find(actor, arguments.member)
    known = await profile.of_member(actor, arguments.member, chosen.seat_type_urn)
    told = None if known is None else msgspec.to_builtins(known)
    custom = {"custom_attributes": msgspec.json.encode(known.custom_attributes).decode()} if known else {}
    lines = {f"profile.{name}": value for name, value in {**(told or {}), **custom}.items()}
    return Result(found | {"profile": told}, listing(found | lines))


async def explain(arguments: Namespace, _: Settings) -> Result:
    """Why a member has their role."""
    return await _explained(await acting_in(arguments.organization), arguments.member)


async def why(arguments: Namespace, chosen: Settings) -> Result:
    """Why somebody is not here."""
    actor = await acting_in(arguments.organization)
    found = await diagnosis.why(actor, arguments.name, scim_url=chosen.scim_url)
    lines = [
        f"{each.text}\n  → {each.next_step}" + (f"\n  → `requests show {each.trace}`" if each.trace else "")
        for each in found
    ]
    return Result(found, "\n".join(lines))


async def override(arguments: Namespace, _: Settings) -> Result:
    """A role chosen by hand."""
    actor = await acting_in(arguments.organization)
    wanted = OverrideRoles(tuple(arguments.members), arguments.role, arguments.reason, _BY, arguments.until)
    done = await look_or_act(arguments, actor, wanted)
    return done if arguments.preview or len(arguments.members) > 1 else await _explained(actor, arguments.members[0])


async def clear(arguments: Namespace, _: Settings) -> Result:
    """A role that follows from groups again."""
    actor = await acting_in(arguments.organization)
    done = await look_or_act(arguments, actor, ClearOverrides(tuple(arguments.members)))
    return done if arguments.preview or len(arguments.members) > 1 else await _explained(actor, arguments.members[0])


async def _explained(actor: Actor, member: uuid.UUID) -> Result:
    outcome = await members.explain(actor, member)
    note = note_on_override(outcome)
    text = as_text(outcome)
    data = {**msgspec.to_builtins(outcome), "text": text, "note": note}
    return Result(data, f"{text}\n{note}" if note else text)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; times look like 2026-12-31T18:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
