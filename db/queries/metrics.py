"""How everything stands, in numbers, over all organizations; each statement is cheap, or ends after some seconds.

The lists end: `most` rows of each, those that matter most first.
"""

from __future__ import annotations

import asyncpg

from db import sql
from db.metric_rows import DirectoryUse, Endpoints, HeldRemovals, Queued, SeatUse, Total
from db.queue import SCHEDULE, TASK

SECONDS = 3.0
COUNTED_AT_MOST = 100_000


async def totals() -> Total:
    """How many organizations and directories there are."""
    [found] = await _rows(
        "SELECT (SELECT count(*) FROM organization), (SELECT count(*) FROM directory WHERE deleted_at IS NULL)"
    )
    return Total(*found)


async def held_removals(most: int) -> list[HeldRemovals]:
    """Removals that wait for a decision, by organization, the longest lists first."""
    found = await _rows(
        """SELECT organization_id, count(*), extract(epoch FROM now() - min(removed_at))::float8
           FROM removal WHERE state = 'HELD' GROUP BY organization_id ORDER BY 2 DESC, 1 LIMIT $1""",
        most,
    )
    return [HeldRemovals(*row) for row in found]


async def seat_uses(most: int) -> list[SeatUse]:
    """Seats that have a limit, by organization and type, the fullest first."""
    found = await _rows(
        """SELECT p.organization_id, p.seat_type, p.seat_limit, coalesce(sum(c.used), 0)::bigint
           FROM seat_pool p
           LEFT JOIN seat_count c ON c.organization_id = p.organization_id AND c.seat_type = p.seat_type
           WHERE p.seat_limit IS NOT NULL GROUP BY p.organization_id, p.seat_type, p.seat_limit
           ORDER BY coalesce(sum(c.used), 0) / greatest(p.seat_limit, 1) DESC, 1, 2 LIMIT $1""",
        most,
    )
    return [SeatUse(*row) for row in found]


async def directory_uses(most: int) -> list[DirectoryUse]:
    """Directories, those whose key or OAuth client was used last first."""
    found = await _rows(
        """SELECT d.organization_id, d.id, d.provider, extract(epoch FROM now() - k.last_used_at)::float8
           FROM directory d LEFT JOIN LATERAL (
               SELECT greatest(
                   (SELECT max(last_used_at) FROM directory_key
                     WHERE organization_id = d.organization_id AND directory_id = d.id),
                   (SELECT max(last_used_at) FROM oauth_client
                     WHERE organization_id = d.organization_id AND directory_id = d.id)) AS last_used_at
           ) k ON true
           WHERE d.deleted_at IS NULL ORDER BY k.last_used_at DESC NULLS LAST, d.id LIMIT $1""",
        most,
    )
    return [DirectoryUse(*row) for row in found]


async def tasks() -> list[Queued]:
    """Tasks that are still there, by entrypoint and state."""
    found = await _rows(
        f"""SELECT entrypoint, status::text, count(*), coalesce(extract(epoch FROM now() - min(execute_after) FILTER
                (WHERE status = 'queued' AND execute_after <= now())), 0)::float8
            FROM {TASK} GROUP BY 1, 2 ORDER BY 1, 2"""
    )
    return [Queued(*row) for row in found]


async def schedules_idle_seconds() -> float | None:
    """For how many seconds no schedule has been kept, of which one is each minute; None for ever since."""
    [found] = await _rows(f"SELECT extract(epoch FROM now() - max(last_run))::float8 FROM {SCHEDULE}")
    return found[0]  # type: ignore[no-any-return]  # asyncpg knows no columns


async def outbox() -> tuple[int, float]:
    """How many changes webhooks are still to be told of, counted up to a limit; and for how many seconds the oldest."""
    [found] = await _rows(
        """SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT $1) counted),
                  (SELECT extract(epoch FROM now() - c.changed_at)::float8
                   FROM outbox o JOIN change c ON c.organization_id = o.organization_id AND c.id = o.change_id
                   ORDER BY o.number LIMIT 1)""",
        COUNTED_AT_MOST,
    )
    return found[0], found[1] or 0.0


async def webhook_endpoints() -> list[Endpoints]:
    """How many webhook endpoints are well, fail, and are told nothing."""
    found = await _rows(
        """SELECT CASE WHEN NOT is_enabled THEN 'disabled' WHEN failing_since IS NULL THEN 'healthy' ELSE 'failing' END,
                  count(*)
           FROM webhook_endpoint GROUP BY 1 ORDER BY 1"""
    )
    return [Endpoints(*row) for row in found]


async def _rows(statement: str, *args: object) -> list[asyncpg.Record]:
    return await sql.search(statement, *args, seconds=SECONDS)
