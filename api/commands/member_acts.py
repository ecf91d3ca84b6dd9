"""`members change|writes|deactivate|let-in|revoke|remove|erase`: what is done to one member by hand."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Awaitable
from typing import Protocol
from uuid import UUID

from msgspec import UNSET

from api.provisioning import access, erasures, profiles
from api.provisioning.actor import Actor
from api.provisioning.grounds import Grounds
from api.provisioning.local_edits import FIELDS
from api.provisioning.outcome import MemberOutcome
from api.provisioning.profile import ProfileEdit
from api.settings import Settings
from db.enums import SeatType

from . import outcomes
from .results import Result, table
from .verbs import IN_ORGANIZATION, Query, Verbs, acting_in, an_id, query, whole_number

_MEMBER = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c13"
_CLEARABLE = ("display_name", "seat_type")


class _Ending(Protocol):
    def __call__(
        self, actor: Actor, member: UUID, why: Grounds, /, *, allow_removing_last_admin: bool
    ) -> Awaitable[MemberOutcome]: ...


def add_to(verbs: Verbs) -> None:
    """The verbs by which a member is changed."""
    parser = _verb(verbs, "change", change, "Change a member's name, address or seat type", '--name "Ann Lee"')
    parser.add_argument("--email", metavar="E-MAIL")
    parser.add_argument("--name", metavar="NAME")
    parser.add_argument("--seat", choices=[each.value for each in SeatType])
    parser.add_argument("--clear", nargs="+", choices=_CLEARABLE, default=[], help="no name, the default seat type")
    parser.add_argument("--lock", nargs="*", choices=FIELDS, help="exactly these fields are overwritten by nobody")
    parser.add_argument("--if-version", type=whole_number(1, 10**9), metavar="N", help="only if nobody changed them")
    for verb, ask, does in (
        ("deactivate", deactivate, "Lock a member out, until somebody lets them in again"),
        ("revoke", revoke, "Take access away at once, whatever is on hold"),
        ("remove", remove, "Deprovision a member whom no directory has"),
    ):
        parser = _verb(verbs, verb, ask, does, '--reason "left the company"', needs_reason=verb == "revoke")
        parser.add_argument("--allow-removing-last-admin", action="store_true", help="leave nobody who is an admin")
    _verb(verbs, "let-in", let_in, "Let a member in again who was locked out here", '--reason "back"')
    parser = _member_verb(verbs, "erase", erase, "Erase a member: nothing is left but ids and times", '--reason "GDPR"')
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; it is kept")
    parser = _member_verb(verbs, "writes", writes, "Tell who gave a field of a member which value", "email")
    parser.add_argument("field", choices=FIELDS)


async def change(arguments: Namespace, _: Settings) -> Result:
    """A member after an edit."""
    cleared = arguments.clear
    edit = ProfileEdit(
        email=UNSET if arguments.email is None else arguments.email,
        display_name=None if "display_name" in cleared else UNSET if arguments.name is None else arguments.name,
        seat_type=None if "seat_type" in cleared else SeatType(arguments.seat) if arguments.seat else UNSET,
        locked=UNSET if arguments.lock is None else frozenset(arguments.lock),
    )
    actor = await acting_in(arguments.organization)
    version = arguments.if_version
    changed = await profiles.change(actor, arguments.member, edit, _why(arguments), expected_version=version)
    return outcomes.of_member(changed)


async def deactivate(arguments: Namespace, _: Settings) -> Result:
    """A member who is locked out."""
    return await _ended(access.deactivate, arguments)


async def revoke(arguments: Namespace, _: Settings) -> Result:
    """A member who is locked out at once."""
    return await _ended(access.revoke_now, arguments)


async def remove(arguments: Namespace, _: Settings) -> Result:
    """A member who is deprovisioned."""
    return await _ended(access.remove, arguments)


async def _ended(act: _Ending, arguments: Namespace) -> Result:
    actor = await acting_in(arguments.organization)
    allowed = arguments.allow_removing_last_admin
    return outcomes.of_member(await act(actor, arguments.member, _why(arguments), allow_removing_last_admin=allowed))


async def let_in(arguments: Namespace, _: Settings) -> Result:
    """A member who may come in again."""
    actor = await acting_in(arguments.organization)
    return outcomes.of_member(await access.let_in(actor, arguments.member, _why(arguments)))


async def erase(arguments: Namespace, _: Settings) -> Result:
    """Nobody any more."""
    await erasures.erase_now(await acting_in(arguments.organization), arguments.member, Grounds(arguments.reason))
    return Result({"erased": arguments.member}, f"Erased: of {arguments.member} nothing is left but ids and times.")


async def writes(arguments: Namespace, _: Settings) -> Result:
    """Who wrote a field."""
    actor = await acting_in(arguments.organization)
    found = await profiles.written(actor, arguments.member, arguments.field)
    rows = [[each.at, each.value, each.source, each.by] for each in found]
    return Result(found, table(rows, head=("AT", "VALUE", "SOURCE", "BY"), otherwise="Nobody ever wrote it."))


def _member_verb(verbs: Verbs, name: str, ask: Query, does: str, given: str) -> argparse.ArgumentParser:
    example = f"python -m api members {name} {_MEMBER} {given} {IN_ORGANIZATION}"
    parser = query(verbs, name, ask, does=does, example=example)
    parser.add_argument("member", type=an_id, metavar="ID")
    return parser


def _verb(
    verbs: Verbs, name: str, ask: Query, does: str, given: str, *, needs_reason: bool = False
) -> argparse.ArgumentParser:
    parser = _member_verb(verbs, name, ask, does, given)
    parser.add_argument("--reason", required=needs_reason, metavar="TEXT", help="why; it is kept in the history")
    parser.add_argument("--break-glass", action="store_true", help="also where only the directory may; needs a reason")
    return parser


def _why(arguments: Namespace) -> Grounds:
    return Grounds(arguments.reason, arguments.break_glass)
