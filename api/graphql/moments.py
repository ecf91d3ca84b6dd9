"""Moments that callers name: without an offset they are UTC, and none is so far away that nothing could be reckoned."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import strawberry

From: TypeAlias = Annotated[datetime | None, strawberry.argument(name="from", description="Only from this moment on.")]
To: TypeAlias = Annotated[datetime | None, strawberry.argument(name="to", description="Only before this moment.")]

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def moment(at: datetime | None) -> datetime | None:
    """The moment that is meant."""
    if at is None:
        return None
    return min(max(at if at.tzinfo else at.replace(tzinfo=UTC), _FIRST), _LAST)
