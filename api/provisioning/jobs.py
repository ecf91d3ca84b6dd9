"""Jobs: many changes that somebody asks for together, with a preview and a result for each (REQUIREMENTS R160).

A line is done in the same transaction in which it is remembered to be, so that a job that was interrupted goes on
where it was: nothing is lost, nothing done twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import msgspec

from db.enums import JobState
from db.ids import new_id
from db.job_rows import Job, Line, LineResult
from db.pages import Page, Span
from db.queries import jobs as rows
from db.transaction import rehearsal, transaction

from . import bulk_updates, clock, imports
from .actor import Actor, Right
from .errors import BadSetting, NotFound
from .history import remember

MOST_LINES = 100_000


@dataclass(frozen=True, slots=True)
class Kind:
    """How lines of one kind are done: by what, and how many in one transaction."""

    apply: Callable[[Actor, Sequence[Line]], Awaitable[list[LineResult]]]
    at_once: int


KINDS: Mapping[str, Kind] = {
    bulk_updates.KIND: Kind(bulk_updates.apply, 20),
    imports.KIND: Kind(imports.apply, 500),
}
"""By the name that a job has of it."""


async def prepare(actor: Actor, kind: str, wanted: Sequence[Mapping[str, object]]) -> uuid.UUID:
    """Keep what is wanted as a job that is ready to run; its id. Raises BadSetting for nothing, and for too much."""
    actor.must(Right.MEMBERS_MANAGE)
    if not 1 <= len(wanted) <= MOST_LINES:
        raise BadSetting(f"A job has from 1 to {MOST_LINES} rows, not {len(wanted)}.")
    texts = [msgspec.json.encode(each).decode().replace("\\u0000", "\\ufffd") for each in wanted]
    job = Job(new_id(), kind, JobState.READY, actor.who, clock.now(), None)

    async def work() -> None:
        await rows.add(actor.organization, job, [Line(number, text) for number, text in enumerate(texts, start=1)])
        told = {"kind": kind, "rows": len(texts), "by": actor.who}
        await remember(actor, job.asked_at, "job_created", "job", job.id, after=told)

    await transaction(work)
    return job.id


async def preview(actor: Actor, job: uuid.UUID, *, limit: int = MOST_LINES) -> list[LineResult]:
    """What would become of the first lines that wait, by doing them and undoing that; raises NotFound.

    Lines that are done in one transaction see each other, such as the last seat that one of them takes.
    """
    actor.must(Right.MEMBERS_MANAGE)
    kind, after, found = KINDS[(await _found(actor, job)).kind], 0, list[LineResult]()
    while lines := await rows.waiting(
        actor.organization, job, after=after, limit=min(kind.at_once, limit - len(found))
    ):
        subjects = {line.number: _subject(line.wanted) for line in lines}
        done = await rehearsal(partial(kind.apply, actor, lines))
        found += [replace(each, subject=subjects[each.number]) for each in done]
        after = lines[-1].number
    return found


async def run(actor: Actor, job: uuid.UUID, *, within: timedelta | None = None) -> Job:
    """Do every line that waits, and what came of it; one that is refused is in nobody's way. Raises NotFound.

    With `within` no more is begun after that time, and the job goes on when it is run again.
    """
    actor.must(Right.MEMBERS_MANAGE)
    begun = await rows.begin(actor.organization, job)
    if begun is None:
        raise _no_job(job)
    end = None if within is None else clock.now() + within
    while await transaction(partial(_some, actor, job, KINDS[begun])):
        if end is not None and clock.now() >= end:
            break
    await transaction(partial(_close, actor, job))
    return await _found(actor, job)


async def find(actor: Actor, job: uuid.UUID) -> Job:
    """One job with how many lines came to what; raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    return await _found(actor, job)


async def results(
    actor: Actor, job: uuid.UUID, *, outcome: str | None = None, after: int = 0, limit: int = 1000
) -> list[LineResult]:
    """What became of the lines of a job, or of those that came to one outcome."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.results(actor.organization, job, outcome=outcome, after=after, limit=limit)


async def newest(actor: Actor, *, limit: int = 20) -> list[Job]:
    """The newest jobs."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.newest(actor.organization, limit=limit)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Job]:
    """Jobs by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def page(actor: Actor, span: Span) -> Page[Job]:
    """Jobs, newest first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.page(actor.organization, span)


RowsOf = tuple[uuid.UUID, str | None, Span]
"""A page of the lines of one job, or of those that came to an outcome."""


async def rows_of(actor: Actor, asked: Sequence[RowsOf]) -> Mapping[RowsOf, Page[LineResult]]:
    """Pages of the lines of jobs: a statement for all that are asked for the same page."""
    actor.must(Right.ORGANIZATION_READ)
    found = dict[RowsOf, Page[LineResult]]()
    for outcome, span in dict.fromkeys((outcome, span) for _, outcome, span in asked):
        ids = [job for job, *same in asked if same == [outcome, span]]
        pages = await rows.rows_of(actor.organization, ids, outcome, span)
        found |= {(job, outcome, span): page for job, page in pages.items()}
    return found


async def _found(actor: Actor, job: uuid.UUID) -> Job:
    found = await rows.find(actor.organization, job)
    if found is None:
        raise _no_job(job)
    return found


async def _some(actor: Actor, job: uuid.UUID, kind: Kind) -> int:
    """Do the first lines that wait, and remember that; how many these were."""
    lines = await rows.lock_waiting(actor.organization, job, limit=kind.at_once)
    if lines:
        await rows.remember(actor.organization, job, await kind.apply(actor, lines))
    return len(lines)


async def _close(actor: Actor, job: uuid.UUID) -> None:
    """Say that a job is done and what came of it, if nothing of it waits any more."""
    at = clock.now()
    if not await rows.close(actor.organization, job, at):
        return
    done = await rows.find(actor.organization, job)
    if done is not None:
        told = {"kind": done.kind, "applied": done.applied, "unchanged": done.unchanged, "refused": done.refused}
        await remember(actor, at, "job_finished", "job", job, after=told)


def _subject(wanted: str) -> str | None:
    """Whom a line names, by an address or an id; None for a line that names nobody."""
    given = msgspec.json.decode(wanted)
    found = (given.get("email") or given.get("member")) if isinstance(given, dict) else None
    return str(found) if found else None


def _no_job(job: uuid.UUID) -> NotFound:
    return NotFound(f"There is no job with the id {job} in this organization.")
