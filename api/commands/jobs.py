"""`jobs list|show|run`, and `members update|import` that make them."""

from __future__ import annotations

import uuid
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence

import msgspec

from api.provisioning import bulk_updates, imports, jobs
from api.provisioning.actor import Actor
from api.settings import Settings
from db.enums import RowOutcome
from db.job_rows import Job, LineResult

from . import row_files
from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query, whole_number

_JOB = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c17"
_SHOWN = 1000
_UPDATES = f"""\
{row_files.FORMAT}

Columns: member (id or e-mail), seat_type, role (chosen by hand), role_expires_at (such as 2026-12-31T00:00:00Z),
display_name, active (yes or no), reason."""
_PEOPLE = f"""\
{row_files.FORMAT}

Columns: email, display_name, external_id, seat_type, role, is_new. Whoever is a member stays as they are; whoever only
looks like one is left out, unless is_new says yes, this is somebody else. A directory that brings them finds them."""


def add(nouns: Verbs) -> None:
    """The verbs of jobs."""
    verbs = noun(nouns, "jobs", about="See what became of many changes in one go, and go on with them")
    query(verbs, "list", show_all, does="List the newest jobs", example=f"python -m api jobs list {IN_ORGANIZATION}")
    parser = query(
        verbs,
        "show",
        show,
        does="Show a job and what became of its rows",
        example=f"python -m api jobs show {_JOB} --only REFUSED {IN_ORGANIZATION}",
    )
    parser.add_argument("job", type=an_id, metavar="ID")
    parser.add_argument("--only", choices=[each.value for each in RowOutcome], help="rows that came to this")
    parser.add_argument("--after", type=whole_number(0, 10**8), default=0, metavar="N", help="go on behind this row")
    parser = query(
        verbs,
        "run",
        run,
        does="Do the rows of a job that wait, such as after an interruption",
        example=f"python -m api jobs run {_JOB} {IN_ORGANIZATION}",
    )
    parser.add_argument("job", type=an_id, metavar="ID")


def add_to(verbs: Verbs) -> None:
    """The verbs of members that make jobs."""
    for name, ask, does, more in (
        ("update", update, "Change many members by a file", _UPDATES),
        ("import", bring_in, "Import the application's own users by a file", _PEOPLE),
    ):
        example = f"python -m api members {name} --file changes.csv --preview {IN_ORGANIZATION}"
        parser = query(verbs, name, ask, does=does, more=more, example=example)
        parser.add_argument("--file", required=True, metavar="FILE", help="the file; - for standard input")
        parser.add_argument("--preview", action="store_true", help="say what would happen, and keep it for `jobs run`")


async def update(arguments: Namespace, _: Settings) -> Result:
    """Many members, changed."""
    return await _made(arguments, bulk_updates.KIND)


async def bring_in(arguments: Namespace, _: Settings) -> Result:
    """Many members, brought in."""
    return await _made(arguments, imports.KIND)


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The newest jobs."""
    found = await jobs.newest(await acting_in(arguments.organization))
    rows = [
        [each.id, each.kind, each.state, each.waiting, each.applied, each.unchanged, each.refused, each.asked_at]
        for each in found
    ]
    head = ("ID", "KIND", "STATE", "WAITING", "APPLIED", "UNCHANGED", "REFUSED", "ASKED")
    return Result(found, table(rows, head=head, otherwise="There was no job yet."))


async def show(arguments: Namespace, _: Settings) -> Result:
    """One job with its rows."""
    actor = await acting_in(arguments.organization)
    found = await jobs.find(actor, arguments.job)
    rows = await jobs.results(actor, arguments.job, outcome=arguments.only, after=arguments.after, limit=_SHOWN)
    return _told(found, rows)


async def run(arguments: Namespace, _: Settings) -> Result:
    """A job that is done."""
    return await _run(await acting_in(arguments.organization), arguments.job)


async def _made(arguments: Namespace, kind: str) -> Result:
    wanted = row_files.read(arguments.file)
    actor = await acting_in(arguments.organization)
    job = await jobs.prepare(actor, kind, wanted)
    if not arguments.preview:
        return await _run(actor, job)
    rows = await jobs.preview(actor, job)
    counted = Counter(each.outcome for each in rows)
    would = ", ".join(f"{counted[outcome]} {outcome.lower()}" for outcome in RowOutcome if counted[outcome])
    data = {"job": job, "rows": rows}
    return Result(data, f"{_rows(rows)}\n\nWould be {would}. Nothing was changed yet; to do it: `jobs run {job}`.")


async def _run(actor: Actor, job: uuid.UUID) -> Result:
    done = await jobs.run(actor, job)
    return _told(done, await jobs.results(actor, done.id, outcome=RowOutcome.REFUSED, limit=_SHOWN))


def _told(job: Job, rows: Sequence[LineResult]) -> Result:
    facts = msgspec.to_builtins(job)
    return Result({**facts, "rows": rows}, f"{listing(facts)}\n\n{_rows(rows)}")


def _rows(rows: Sequence[LineResult]) -> str:
    lines = [[each.number, each.outcome, each.text, each.member_id] for each in rows]
    return table(lines, head=("ROW", "OUTCOME", "WHY", "MEMBER"), otherwise="No row to show.")
