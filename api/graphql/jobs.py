"""Jobs: many changes that somebody asks for together, with a preview and a result for each."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import strawberry

from api.provisioning import bulk_updates, imports, jobs
from api.provisioning.actor import Actor, Right
from db.enums import JobState, RowOutcome, SeatType
from db.job_rows import Job as JobRow
from db.job_rows import LineResult
from db.pages import Page

from . import acting, connections, ids, mutating, references
from .access import field, mutation
from .connections import After, Before, Connection, First, Last
from .context import Info
from .errors import Problem
from .members import Member, find
from .mutating import Payload
from .nodes import Node, found_by

LONGEST = 20
"""A request runs a job for so many seconds at most; the job goes on where it was when it is run again."""

MOST_ROWS, PREVIEWED = 5_000, 200


@strawberry.type(description="What became of one row, or would.")
class JobLine:
    key: strawberry.Private[tuple[uuid.UUID, uuid.UUID | None]]
    number: int
    outcome: RowOutcome
    text: str | None = strawberry.field(description="Why it was refused, or what was done, for people.")
    subject: str | None = strawberry.field(description="What the row itself calls them: an address or an id.")

    @field(description="Whom it is about.")
    async def member(self, info: Info) -> Member | None:
        organization, member = self.key
        return await mutating.seen(find(info, organization, member)) if member else None


@strawberry.type(description="Many changes that somebody asked for together.")
class Job(Node):
    key: strawberry.Private[tuple[uuid.UUID, uuid.UUID]]
    kind: str
    state: JobState
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    waiting: int
    applied: int
    unchanged: int
    refused: int

    @field(description="What became of its rows, or of those that came to one outcome.")
    async def rows(
        self,
        info: Info,
        outcome: RowOutcome | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[JobLine]:
        organization, job = self.key
        list_ = f"rows {job} {outcome}"
        span = connections.span(list_, first, after, last, before, key=int)
        chosen: str | None = outcome
        page = await info.context.load(jobs.rows_of, organization, (job, chosen, span))
        return connections.connection(list_, page or Page(), span, lambda row: _line(organization, row))


def _line(organization: uuid.UUID, row: LineResult) -> JobLine:
    return JobLine(
        key=(organization, row.member_id),
        number=row.number,
        outcome=row.outcome,
        text=row.text,
        subject=row.subject,
    )


def job(organization: uuid.UUID, row: JobRow) -> Job:
    """What the schema shows of a job."""
    return Job(
        id=ids.write("Job", organization, row.id),
        key=(organization, row.id),
        kind=row.kind,
        state=JobState(row.state),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        waiting=row.waiting,
        applied=row.applied,
        unchanged=row.unchanged,
        refused=row.refused,
    )


@found_by("Job")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Job | None:
    row = await info.context.load(jobs.many, organization, id)
    return job(organization, row) if row else None


@strawberry.type
class OrganizationJobs:
    """What an organization shows of its jobs."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Jobs, newest first.")
    async def jobs(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Job]:
        span = connections.span("jobs", first, after, last, before)
        page = await jobs.page(info.context.actor(self.key), span)
        return connections.connection("jobs", page, span, lambda row: job(self.key, row))


@strawberry.input(description="What a row wants of a member; what is left out stays as it is.")
class MemberUpdateRow:
    member: str = strawberry.field(description="The member's e-mail address.")
    seat_type: strawberry.Maybe[SeatType | None]
    role_key: strawberry.Maybe[str | None] = strawberry.field(description="A role by hand; null clears it.")
    role_expires_at: strawberry.Maybe[datetime | None] = strawberry.field(
        description="When that role ends, with a zone; null for never. Goes with `roleKey`."
    )
    display_name: strawberry.Maybe[str | None]
    active: strawberry.Maybe[bool]
    reason: str | None = strawberry.field(default=None, description="Kept with the history, and with the role.")

    def wanted(self) -> Mapping[str, object]:
        """The row as a job keeps it."""
        given = {
            "seat_type": self.seat_type,
            "role": self.role_key,
            "role_expires_at": self.role_expires_at,
            "display_name": self.display_name,
            "active": self.active,
        }
        said = {name: some.value for name, some in given.items() if some is not None}
        return {"member": self.member, **said, **({"reason": self.reason} if self.reason else {})}


@strawberry.input(description="A user of the application who is to become a member.")
class MemberImportRow:
    email: str
    display_name: str | None = None
    external_id: str | None = strawberry.field(default=None, description="Their id there; kept with the history.")
    seat_type: SeatType | None = None
    role_key: str | None = None
    is_new: bool = strawberry.field(default=False, description="Whoever looks alike is somebody else.")

    def wanted(self) -> Mapping[str, object]:
        """The row as a job keeps it."""
        return {
            "email": self.email,
            "display_name": self.display_name,
            "external_id": self.external_id,
            "seat_type": self.seat_type,
            "role": self.role_key,
            "is_new": self.is_new,
        }


@strawberry.type(description="A job as it is after an act.")
class JobPayload(Payload):
    job: Job | None = None


@strawberry.type
class JobQuery:
    @field(
        needs=Right.MEMBERS_MANAGE,
        weight=50,
        description=f"What would become of the first {PREVIEWED} rows of a job that wait; nothing is changed by it.",
    )
    async def job_preview(self, info: Info, id: strawberry.ID) -> list[JobLine]:
        place = ids.must_be(id, "Job")
        found = await jobs.preview(info.context.actor(place.organization), place.id, limit=PREVIEWED)
        return [_line(place.organization, row) for row in found]


@strawberry.type
class JobMutation:
    @mutation(needs=Right.MEMBERS_MANAGE, description="Keep changes of many members as a job; `jobRun` carries it out.")
    async def members_bulk_update(
        self,
        info: Info,
        organization_id: strawberry.ID,
        rows: list[MemberUpdateRow],
        idempotency_key: str | None = None,
    ) -> JobPayload:
        wanted = [row.wanted() for row in rows]
        return await _prepared(info, organization_id, bulk_updates.KIND, wanted, idempotency_key)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Keep users of the application as a job that makes them members.")
    async def members_import(
        self,
        info: Info,
        organization_id: strawberry.ID,
        rows: list[MemberImportRow],
        idempotency_key: str | None = None,
    ) -> JobPayload:
        wanted = [row.wanted() for row in rows]
        return await _prepared(info, organization_id, imports.KIND, wanted, idempotency_key)

    @mutation(
        needs=Right.MEMBERS_MANAGE,
        weight=100,
        description="Carry out a job. While `waiting` is more than nothing, run it again: it goes on where it was.",
    )
    async def job_run(
        self,
        info: Info,
        id: strawberry.ID,
        within_seconds: Annotated[
            int, strawberry.argument(description=f"For how long at most, 1 to {LONGEST} seconds.")
        ] = LONGEST,
    ) -> JobPayload:
        async def act(actor: Actor, job: uuid.UUID) -> None:
            await jobs.run(actor, job, within=timedelta(seconds=min(max(within_seconds, 1), LONGEST)))

        return await _done(info, id, act)


async def _prepared(
    info: Info, organization: str, kind: str, wanted: Sequence[Mapping[str, object]], key: str | None
) -> JobPayload:
    async def act(actor: Actor) -> uuid.UUID:
        return await jobs.prepare(actor, kind, wanted)

    if len(wanted) > MOST_ROWS:
        raise Problem("TOO_LARGE", f"A request has at most {MOST_ROWS} rows. Make several jobs.")
    once = mutating.once(info, key, (kind, organization, wanted), act)
    tried = await mutating.attempt(acting.in_organization(info, organization), once, "rows")
    if tried.done is None:
        return JobPayload(user_errors=tried.user_errors)
    there = await mutating.seen(_find(info, references.organization(organization), tried.done))
    return JobPayload(job=there, user_errors=[], remembered=tried.remembered)


async def _done(info: Info, id: str, act: Callable[[Actor, uuid.UUID], Awaitable[None]]) -> JobPayload:
    tried = await acting.on(info, id, "Job", act, "id")
    if tried.done is None:
        return JobPayload(user_errors=tried.user_errors)
    place, _ = tried.done
    there = await mutating.seen(_find(info, place.organization, place.id))
    return JobPayload(job=there, user_errors=[], remembered=tried.remembered)
