"""The queue of tasks. It belongs to no organization: what a task is about stands in its payload."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from db import sql
from db.queue import LOG, SCHEMA, TASK
from db.task_rows import NewTask
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
