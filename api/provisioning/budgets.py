"""What API tokens may spend: a bucket of points for each, which leaks steadily and is shared by all processes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from db.queries import budgets as rows

CAPACITY = 20_000
PER_SECOND = 200


@dataclass(frozen=True, slots=True)
class Spending:
    """How many points of the bucket are spent, and for how many seconds to wait if there were not enough."""

    spent: float
    retry_after: float = 0.0


async def spend(token: uuid.UUID, points: int) -> Spending:
    """Take points of a token's bucket, or none if there are not enough."""
    spent = await rows.spend(token, points, capacity=CAPACITY, per_second=PER_SECOND)
    if spent is not None:
        return Spending(spent)
    spent = await rows.spent(token, per_second=PER_SECOND)
    return Spending(spent, max(1.0, (spent + points - CAPACITY) / PER_SECOND))
