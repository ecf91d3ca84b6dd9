"""Thresholds of seat usage that were crossed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId, new_ids
from db.together import Part


async def standing(organization: OrganizationId, seat_type: str) -> list[int]:
    """The percents of a type that were crossed and not cleared."""
    found = await sql.rows(
        "SELECT percent FROM seat_alert WHERE organization_id = $1 AND seat_type = $2 AND cleared_at IS NULL",
        organization,
        seat_type,
    )
    return [row[0] for row in found]


def crossed_parts(
    organization: uuid.UUID,
    seat_type: str,
    *,
    raised: Sequence[int],
    cleared: Sequence[int],
    used: int,
    limit: int,
    at: datetime,
) -> list[Part]:
    """The writes by which thresholds are crossed upwards, and downwards; one may be cleared and raised anew."""
    parts = []
    if cleared:
        statement = (
            "UPDATE seat_alert SET cleared_at = $4"
            " WHERE organization_id = $1 AND seat_type = $2 AND percent = ANY($3) AND cleared_at IS NULL RETURNING 1"
        )
        parts.append(Part(f"alerts_cleared_{seat_type}", statement, (organization, seat_type, list(cleared), at)))
    if raised:
        # What is cleared has to be so before it is raised anew: one of each stands at most.
        first = f" WHERE (SELECT count(*) FROM alerts_cleared_{seat_type}) > 0" if cleared else ""
        statement = f"""
            INSERT INTO seat_alert (organization_id, id, seat_type, percent, used, seat_limit, raised_at)
            SELECT $1, made.id, $2, made.percent, $3, $4, $5
            FROM unnest($6::uuid[], $7::int[]) AS made (id, percent){first}"""
        values = (organization, seat_type, used, limit, at, new_ids(len(raised)), list(raised))
        parts.append(Part(f"alerts_raised_{seat_type}", statement, values))
    return parts


async def latest(organization: OrganizationId, *, limit: int) -> list[dict[str, object]]:
    """The newest alerts, with when they were cleared."""
    found = await sql.rows(
        "SELECT * FROM seat_alert WHERE organization_id = $1 ORDER BY raised_at DESC, id DESC LIMIT $2",
        organization,
        limit,
    )
    return [dict(row) for row in found]
