"""Jobs: many changes in one go, with a result for each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import pages, sql
from db.enums import RowOutcome
from db.ids import OrganizationId
from db.job_rows import Job, Line, LineResult
from db.pages import Order, Page, Span

_ADD = """
WITH made AS (
    INSERT INTO job (organization_id, id, kind, state, asked_by, asked_at) VALUES ($1, $2, $3, 'READY', $4, $5)
)
INSERT INTO job_row (organization_id, job_id, number, wanted, outcome)
SELECT $1, $2, line.number, line.wanted, 'WAITING' FROM unnest($6::int[], $7::jsonb[]) AS line (number, wanted)
"""


async def add(organization: OrganizationId, job: Job, lines: Sequence[Line]) -> None:
    """Write a job whose lines all wait."""
    await sql.rows(
        _ADD,
        organization,
        job.id,
        job.kind,
        job.asked_by,
        job.asked_at,
        [line.number for line in lines],
        [line.wanted for line in lines],
    )


_JOB = """
SELECT j.id, j.kind, j.state, j.asked_by, j.asked_at, j.finished_at, counted.*
FROM job j CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE r.outcome = 'WAITING'), count(*) FILTER (WHERE r.outcome = 'APPLIED'),
           count(*) FILTER (WHERE r.outcome = 'UNCHANGED'), count(*) FILTER (WHERE r.outcome = 'REFUSED')
    FROM job_row r WHERE r.organization_id = j.organization_id AND r.job_id = j.id
) counted"""


async def find(organization: OrganizationId, job: uuid.UUID) -> Job | None:
    """One job."""
    found = await sql.row(f"{_JOB} WHERE j.organization_id = $1 AND j.id = $2", organization, job)
    return Job(*found) if found else None


async def newest(organization: OrganizationId, *, limit: int) -> list[Job]:
    """The newest jobs."""
    found = await sql.rows(f"{_JOB} WHERE j.organization_id = $1 ORDER BY j.id DESC LIMIT $2", organization, limit)
    return [Job(*row) for row in found]


async def page(organization: OrganizationId, span: Span) -> Page[Job]:
    """Jobs, newest first."""
    order = Order("j.id", "j.id", is_descending=True)
    found = await pages.page(_JOB, ["j.organization_id = $1"], [organization], order, span)
    return Page([Job(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[Job]:
    """Jobs by id."""
    found = await sql.rows(f"{_JOB} WHERE j.organization_id = $1 AND j.id = ANY($2)", organization, list(ids))
    return [Job(*row) for row in found]


_SUBJECT = "coalesce(r.wanted ->> 'email', r.wanted ->> 'member')"

_ROW = f"""
SELECT r.number, r.outcome, r.text, r.member_id, {_SUBJECT}
FROM job_row r"""


async def rows_of(
    organization: OrganizationId, jobs: Sequence[uuid.UUID], outcome: str | None, span: Span
) -> dict[uuid.UUID, Page[LineResult]]:
    """The same page of the lines of each job, or of those that came to an outcome."""
    conditions = ["r.organization_id = $1", "r.job_id = parent.id", "($2::text IS NULL OR r.outcome = $2)"]
    order = Order("r.number", "r.job_id", "int")
    found = await pages.pages_of_each(jobs, _ROW, conditions, [organization, outcome], order, span)
    return {
        job: Page([_result(*row[:-2]) for row in page.rows], page.places, page.has_more) for job, page in found.items()
    }


def _result(number: int, outcome: str, text: str | None, member: uuid.UUID | None, subject: str | None) -> LineResult:
    return LineResult(number, RowOutcome(outcome), text, member, subject)


async def results(
    organization: OrganizationId, job: uuid.UUID, *, outcome: str | None, after: int, limit: int
) -> list[LineResult]:
    """What became of lines, of all or of those with an outcome, in their order behind the given one."""
    found = await sql.rows(
        f"{_ROW} WHERE r.organization_id = $1 AND r.job_id = $2"
        " AND r.number > $3 AND ($4::text IS NULL OR r.outcome = $4) ORDER BY r.number LIMIT $5",
        organization,
        job,
        after,
        outcome,
        limit,
    )
    return [_result(*row) for row in found]


async def begin(organization: OrganizationId, job: uuid.UUID) -> str | None:
    """The kind of a job, which runs from now on unless it is done."""
    found = await sql.row(
        "UPDATE job SET state = CASE WHEN state = 'DONE' THEN state ELSE 'RUNNING' END"
        " WHERE organization_id = $1 AND id = $2 RETURNING kind",
        organization,
        job,
    )
    return found[0] if found else None


_WAITING = """
SELECT number, wanted FROM job_row
WHERE organization_id = $1 AND job_id = $2 AND outcome = 'WAITING' AND number > $3 ORDER BY number LIMIT $4
"""


async def waiting(organization: OrganizationId, job: uuid.UUID, *, after: int, limit: int) -> list[Line]:
    """The first lines behind the given one that wait."""
    return [Line(*row) for row in await sql.rows(_WAITING, organization, job, after, limit)]


async def lock_waiting(organization: OrganizationId, job: uuid.UUID, *, limit: int) -> list[Line]:
    """The first lines that wait, locked; those that somebody else works on are left to them."""
    found = await sql.rows(f"{_WAITING} FOR UPDATE SKIP LOCKED", organization, job, 0, limit)
    return [Line(*row) for row in found]


_REMEMBER = """
UPDATE job_row SET outcome = done.outcome, text = done.text, member_id = done.member_id
FROM unnest($3::int[], $4::text[], $5::text[], $6::uuid[]) AS done (number, outcome, text, member_id)
WHERE job_row.organization_id = $1 AND job_row.job_id = $2 AND job_row.number = done.number
"""


async def remember(organization: OrganizationId, job: uuid.UUID, done: Sequence[LineResult]) -> None:
    """Write what became of lines."""
    await sql.rows(
        _REMEMBER,
        organization,
        job,
        [each.number for each in done],
        [each.outcome for each in done],
        [each.text for each in done],
        [each.member_id for each in done],
    )


async def close(organization: OrganizationId, job: uuid.UUID, at: datetime) -> bool:
    """Say that a job is done, if none of its lines waits any more and nobody has said so; whether that is new."""
    found = await sql.rows(
        """UPDATE job SET state = 'DONE', finished_at = $3 WHERE organization_id = $1 AND id = $2 AND state <> 'DONE'
           AND NOT EXISTS (SELECT FROM job_row r
             WHERE r.organization_id = $1 AND r.job_id = $2 AND r.outcome = 'WAITING') RETURNING 1""",
        organization,
        job,
        at,
    )
    return bool(found)
