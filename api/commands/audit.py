"""`audit export|seal|verify`."""

from __future__ import annotations

import sys
import uuid
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime
from typing import TextIO

from api import logs
from api.provisioning import audit, seals
from api.provisioning.actor import Actor, operator
from api.provisioning.caller import NOWHERE
from api.provisioning.errors import BadSetting
from api.provisioning.seals import Head, Verified
from api.settings import Settings

from . import database
from .results import Result, listing
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, command, noun, query

_NOWHERE = f"The history of what belongs to no organization, such as the operator's tokens, is that of {NOWHERE}."
_KEEP = """\
Keep the head that it prints, number:hash, where nobody who can write the database can change it, and give it with
--head the next time: whoever cuts off the end of the history or makes a new chain is found by nothing else."""


def add(nouns: Verbs) -> None:
    """The verbs of the audit."""
    verbs = noun(nouns, "audit", about="Read who changed what, and find out whether somebody tampered with it")
    parser = command(
        verbs,
        "export",
        export,
        does="Write every change as a line of JSON, oldest first",
        more=f"Times are ISO 8601, in UTC where they do not say; --to is not included. {_NOWHERE}",
        example=f"python -m api audit export {IN_ORGANIZATION} --from 2026-11-01 > audit.jsonl",
    )
    parser.add_argument("--organization", required=True, type=an_id, metavar="ID", help="the organization's id")
    _time(parser, "--from", "since", "leave out what was before")
    _time(parser, "--to", "to", "leave out what was then or later")
    query(
        verbs,
        "seal",
        seal,
        does="Seal what is older than fifteen minutes; `maintain` does it, too",
        example=f"python -m api audit seal {IN_ORGANIZATION}",
    )
    parser = query(
        verbs,
        "verify",
        verify,
        does="Compare the history with its seals; exits with 1 when something is not as it was",
        more=_KEEP,
        example=f"python -m api audit verify {IN_ORGANIZATION}",
    )
    parser.add_argument("--head", type=_head, metavar="NUMBER:HASH", help="a head that was noted earlier")


def export(arguments: Namespace, chosen: Settings) -> None:
    """Write the history to the standard output."""
    logs.configure(chosen)

    async def work() -> None:
        await write(arguments.organization, arguments.since, arguments.to, sys.stdout)

    with database.at_hand(chosen):
        database.run(lambda: database.pooled(work))


async def write(organization: uuid.UUID, since: datetime | None, to: datetime | None, out: TextIO) -> None:
    """Write the changes of a time, a line each."""
    actor = await _in(organization)
    async for line in audit.export(actor, since, to):
        out.write(f"{line}\n")


async def seal(arguments: Namespace, _: Settings) -> Result:
    """How many changes were sealed, and the head."""
    actor = await _in(arguments.organization)
    sealed = await seals.seal(actor.organization)
    found = (await seals.heads(actor, [])).get(actor.organization)
    head = Head(found.number, found.hash.hex()) if found else None
    return Result({"sealed": sealed, "head": head}, listing({"Changes sealed": sealed, "Head": head}))


async def verify(arguments: Namespace, _: Settings) -> Result:
    """What is not as it was sealed."""
    found = await seals.verify(await _in(arguments.organization), arguments.head)
    return Result(found, _told(found), exit_code=int(bool(found.findings)))


async def _in(organization: uuid.UUID) -> Actor:
    """The operator in an organization, or in the history of what belongs to none."""
    return operator(NOWHERE) if organization == NOWHERE else await acting_in(organization)


def _told(found: Verified) -> str:
    facts = {
        "Links": found.links,
        "Changes": found.changes,
        "Erased, cannot be checked": found.erased,
        "Not sealed yet": found.unsealed,
        "Head": found.head,
    }
    lines = [f"{each.what}: {each.text}" for each in found.findings]
    if len(lines) == seals.MOST_FINDINGS:
        lines.append("There may be more.")
    return "\n".join([*(lines or ["Everything that is sealed is as it was."]), "", listing(facts)])


def _time(parser: ArgumentParser, flag: str, name: str, meaning: str) -> None:
    parser.add_argument(flag, dest=name, type=_moment, metavar="TIME", help=meaning)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time; write it like 2026-11-01 or 2026-11-01T08:30:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _head(text: str) -> Head:
    try:
        return seals.parse_head(text)
    except BadSetting as error:
        raise ArgumentTypeError(str(error)) from None
