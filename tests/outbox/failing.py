"""A task that failed for good."""

from __future__ import annotations

from api.outbox import tasks
from db import queue, sql


async def failed(entrypoint: str = "letters.send", *, because: str = "ValueError: no stamp") -> int:
    """The number of a new task that failed ten times."""
    await tasks.put(entrypoint, {"letter": 1})
    number = await sql.value(
        f"""UPDATE {queue.TASK} SET status = 'failed', attempts = 9, headers = '{{"failures": 9}}'
            WHERE id = (SELECT max(id) FROM {queue.TASK}) RETURNING id"""
    )
    assert isinstance(number, int)
    await sql.rows(
        f"""INSERT INTO {queue.LOG} (job_id, status, entrypoint, priority, traceback)
            VALUES ($1, 'failed', $2, 0, jsonb_build_object('exception_message', $3::text, 'traceback', 'line 1'))""",
        number,
        entrypoint,
        because,
    )
    return number
