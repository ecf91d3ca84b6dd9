"""How much of something is used up: leaking buckets that all processes share."""

from __future__ import annotations

from datetime import datetime

from db import sql

# In one statement, so that of many at once only as many get through as there is room for.
_SPEND = """
INSERT INTO rate AS r (key, spent, at) VALUES ($1, 1, now())
ON CONFLICT (key) DO UPDATE
    SET spent = greatest(0, r.spent - $2::float * extract(epoch FROM now() - r.at)) + 1, at = now()
    WHERE greatest(0, r.spent - $2::float * extract(epoch FROM now() - r.at)) + 1 <= $3::float
RETURNING spent
"""
_WAIT = """
SELECT (greatest(0, spent - $2::float * extract(epoch FROM now() - at)) + 1 - $3::float) / $2::float
FROM rate WHERE key = $1
"""


async def spend(key: str, *, per_second: float, most: float) -> float | None:
    """Use one up; None, or for how many seconds to wait when there is none left."""
    if await sql.row(_SPEND, key, per_second, most):
        return None
    waits = await sql.value(_WAIT, key, per_second, most)
    return max(1.0, float(str(waits))) if waits is not None else 1.0


async def forget(before: datetime) -> int:
    """Delete buckets that nobody used since a moment; how many."""
    return len(await sql.rows("DELETE FROM rate WHERE at < $1 RETURNING 1", before))
