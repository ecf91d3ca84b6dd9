"""Moments that callers name: with their zone, and none so far away that nothing could be reckoned."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import strawberry

from .errors import Problem

From: TypeAlias = Annotated[datetime | None, strawberry.argument(name="from", description="Only from this moment on.")]
To: TypeAlias = Annotated[datetime | None, strawberry.argument(name="to", description="Only before this moment.")]

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def moment(at: datetime | None) -> datetime | None:
    """The moment that is meant; raises Problem for one without a zone."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise Problem("BAD_REQUEST", "Write times with their zone, such as 2026-11-25T12:00:00Z.")
    return min(max(at, _FIRST), _LAST)
