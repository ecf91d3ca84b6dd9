"""What API tokens have spent."""

from __future__ import annotations

import uuid

from db import sql

_LEFT = "greatest(0, b.spent - {rate} * extract(epoch FROM now() - b.at))"
_SPEND = f"""
INSERT INTO api_budget AS b (token_id, spent, at) VALUES ($1, $2, now())
ON CONFLICT (token_id) DO UPDATE SET spent = {_LEFT.format(rate="$4::float")} + $2, at = now()
WHERE {_LEFT.format(rate="$4::float")} + $2 <= $3::float
RETURNING spent
"""


async def spend(token: uuid.UUID, points: int, *, capacity: int, per_second: float) -> float | None:
    """Add points to what a token has spent, and tell the sum; None, and nothing is added, beyond its capacity."""
    found = await sql.row(_SPEND, token, float(points), float(capacity), float(per_second))
    return found[0] if found else None


async def spent(token: uuid.UUID, *, per_second: float) -> float:
    """What a token has spent and not got back."""
    found = await sql.row(
        f"SELECT {_LEFT.format(rate='$2::float')} FROM api_budget b WHERE token_id = $1", token, float(per_second)
    )
    return float(found[0]) if found else 0.0
