"""The queue of tasks. It belongs to no organization: what a task is about stands in its payload."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from db import pages, sql
from db.pages import Order, Page, Span
from db.queue import LOG, SCHEDULE, SCHEMA, TASK
from db.task_rows import NewTask, ScheduleRow, TaskRow
from db.together import Part

# The predicate is that of PgQueuer's index. Updating a task that waits under the same key keeps workers away from it
# until this transaction has ended, so whoever carries it out sees what this transaction did; and one that is being
# carried out has given its key up (see release_key).
_PUT = f"""
INSERT INTO {TASK} AS task (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)
SELECT made.priority, made.entrypoint, made.payload, coalesce(made.at, now()), made.key,
       CASE WHEN made.key IS NOT NULL THEN jsonb_build_object('key', made.key) END, 'queued'
FROM unnest($1::int[], $2::text[], $3::bytea[], $4::timestamptz[], $5::text[])
     AS made (priority, entrypoint, payload, at, key)
ON CONFLICT (dedupe_key)
    WHERE status = ANY (ARRAY['queued'::{SCHEMA}.task_status, 'picked'::{SCHEMA}.task_status])
      AND dedupe_key IS NOT NULL
    DO UPDATE SET priority = greatest(task.priority, excluded.priority)
"""


def put_part(name: str, task: NewTask) -> Part:
    """The write of a task without a key, under a name of its own, to go with others."""
    return Part(
        name,
        f"INSERT INTO {TASK} (priority, entrypoint, payload, execute_after, status)"
        " VALUES ($1, $2, $3, coalesce($4::timestamptz, now()), 'queued')",
        (task.priority, task.entrypoint, task.payload, task.at),
    )


async def put(tasks: Sequence[NewTask]) -> None:
    """Queue tasks, no two of them with the same key; one whose key waits already is not queued again."""
    await sql.rows(
        _PUT,
        [task.priority for task in tasks],
        [task.entrypoint for task in tasks],
        [task.payload for task in tasks],
        [task.at for task in tasks],
        [task.key for task in tasks],
    )


def for_each_part(rows: str, entrypoint: str, priority: int) -> Part:
    """The write of a task for each row that the part named `rows` returns, with its `id` as payload."""
    return Part(
        f"{rows}_tasks",
        f"INSERT INTO {TASK} (priority, entrypoint, payload, execute_after, status)"
        f" SELECT $1, $2, convert_to(to_json(made.id)::text, 'UTF8'), now(), 'queued' FROM {rows} made",
        (priority, entrypoint),
    )


async def release_key(task: int) -> None:
    """Let the next task with the key of this one be queued, because this one begins."""
    await sql.rows(f"UPDATE {TASK} SET dedupe_key = NULL WHERE id = $1", task)


_GIVE_BACK = f"""
WITH given AS (
    UPDATE {TASK} SET status = 'queued', execute_after = now() + $3, attempts = attempts + 1, updated = now(),
                      queue_manager_id = NULL, headers = $4
    WHERE id = $1 AND queue_manager_id = $2 RETURNING id, entrypoint, priority
)
INSERT INTO {LOG} (job_id, status, entrypoint, priority, traceback)
SELECT id, 'queued', entrypoint, priority, $5 FROM given
"""


async def give_back(task: int, worker: uuid.UUID | None, delay: timedelta, headers: str, error: str | None) -> None:
    """Let a task wait again, if this worker still has it; `headers` and `error` are JSON, the latter is remembered."""
    await sql.rows(_GIVE_BACK, task, worker, delay, headers, error)


_TASK = f"""
SELECT t.id, t.entrypoint, convert_from(t.payload, 'UTF8'), t.status::text, t.created, t.execute_after, t.updated,
       t.attempts + (t.status = 'failed')::int, l.traceback ->> 'exception_message', l.traceback ->> 'traceback'
FROM {TASK} t LEFT JOIN LATERAL (
    SELECT traceback FROM {LOG} WHERE job_id = t.id AND traceback IS NOT NULL ORDER BY created DESC, id DESC LIMIT 1
) l ON true"""

# Cursors and global ids carry UUIDs; this is the one whose number is the task's.
_AS_UUID = "lpad(to_hex(t.id), 32, '0')::uuid"


async def page(status: str | None, entrypoint: str | None, span: Span) -> Page[TaskRow]:
    """Tasks that are still there, newest first, of a status and an entrypoint if given."""
    conditions, args = list[str](), list[object]()
    for column, value in (("t.status::text", status), ("t.entrypoint", entrypoint)):
        if value is not None:
            args.append(value)
            conditions.append(f"{column} = ${len(args)}")
    order = Order(_AS_UUID, _AS_UUID, is_descending=True)
    found = await pages.page(_TASK, conditions, args, order, span)
    return Page([TaskRow(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def find(task: int) -> TaskRow | None:
    """One task, as long as it is there."""
    found = await sql.row(f"{_TASK} WHERE t.id = $1", task)
    return TaskRow(*found) if found else None


_REPLAY = f"""
WITH again AS (
    UPDATE {TASK} SET status = 'queued', execute_after = now(), updated = now(), attempts = 0,
                      headers = headers - 'failures'
    WHERE status = 'failed' AND ($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR entrypoint = $2)
    RETURNING id, entrypoint, priority
), logged AS (
    INSERT INTO {LOG} (job_id, status, entrypoint, priority) SELECT id, 'queued', entrypoint, priority FROM again
)
SELECT count(*) FROM again
"""


async def replay(task: int | None = None, entrypoint: str | None = None) -> int:
    """Let failed tasks be tried anew: one, those of an entrypoint, or all; how many there were."""
    return int(str(await sql.value(_REPLAY, task, entrypoint)))


_DISCARD = f"""
WITH gone AS (DELETE FROM {TASK} WHERE id = $1 AND status = 'failed' RETURNING id, entrypoint, priority), logged AS (
    INSERT INTO {LOG} (job_id, status, entrypoint, priority) SELECT id, 'deleted', entrypoint, priority FROM gone
)
SELECT count(*) FROM gone
"""


async def discard(task: int) -> bool:
    """Drop a failed task; whether there was one."""
    return bool(await sql.value(_DISCARD, task))


async def schedules() -> list[ScheduleRow]:
    """All schedules that a worker ever kept, by name."""
    found = await sql.rows(
        f"""SELECT entrypoint, expression, status = 'picked', last_run, next_run FROM {SCHEDULE}
            ORDER BY entrypoint, expression"""
    )
    return [ScheduleRow(*row) for row in found]


_FORGET = f"""
WITH gone AS (
    DELETE FROM {LOG} l WHERE created < now() - make_interval(days => $1)
      AND NOT EXISTS (SELECT FROM {TASK} t WHERE t.id = l.job_id) RETURNING 1
)
SELECT count(*) FROM gone
"""


async def forget(*, days: int) -> int:
    """Delete what was remembered of tasks that have been gone for so many days; how many lines there were."""
    return int(str(await sql.value(_FORGET, days)))
