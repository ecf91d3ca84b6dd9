"""What API tokens may spend: a bucket of points for each, which leaks steadily and is shared by all processes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from db.queries import budgets as rows

SAVED_SECONDS = 100


@dataclass(frozen=True, slots=True)
class Budget:
    """What every token has: so many points come back each second, up to a hundred seconds' worth."""

    per_second: int

    @property
    def capacity(self) -> int:
        """How many points there are at most."""
        return self.per_second * SAVED_SECONDS


@dataclass(frozen=True, slots=True)
class Spending:
    """How many points of the bucket are spent, and for how many seconds to wait if there were not enough."""

    spent: float
    retry_after: float = 0.0


async def spend(budget: Budget, token: uuid.UUID, points: int) -> Spending:
    """Take points of a token's bucket, or none if there are not enough."""
    spent = await rows.spend(token, points, capacity=budget.capacity, per_second=budget.per_second)
    if spent is not None:
        return Spending(spent)
    spent = await rows.spent(token, per_second=budget.per_second)
    return Spending(spent, max(1.0, (spent + points - budget.capacity) / budget.per_second))
