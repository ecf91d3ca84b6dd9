"""What time it is for this process: the machine's, unless the process lives through a time that is over.

`demo` does that, so that what it fills in happened on the days on which it is said to have happened: times, and ids,
which are made of time. It is alone in its process then. What PostgreSQL calls `now()` stays the machine's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_BACK = timedelta(0)
_BACK_NS = 0


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC) - _BACK


def nanoseconds() -> int:
    """The same in nanoseconds since 1970."""
    return time.time_ns() - _BACK_NS


def go_to(at: datetime) -> None:
    """Let it be another time from now on, which goes on as usual; never a later one than the machine's."""
    global _BACK, _BACK_NS
    _BACK = max(timedelta(0), datetime.now(UTC) - at)
    _BACK_NS = _BACK // timedelta(microseconds=1) * 1000


@contextmanager
def elsewhere(at: datetime) -> Iterator[None]:
    """Another time for the length of the block, and the machine's after it."""
    go_to(at)
    try:
        yield
    finally:
        go_to(datetime.now(UTC))
