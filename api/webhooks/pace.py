"""When what did not arrive is sent again, and what an answer means for that. Pure."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

GAPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
)
"""How long a message waits before each attempt; a fifth more or less. After the last it has failed for good."""

GIVE_UP_AFTER = timedelta(days=5)
"""An endpoint at which nothing has arrived for so long is told nothing any more."""

_LONGEST_PAUSE = timedelta(minutes=5)
_LONGEST_WISH = timedelta(days=1)
_GONE = 410
_THROTTLED = frozenset({429, 502, 503, 504})


class Meaning(StrEnum):
    """What an answer means: it arrived; it did not; nor would anything else now; or nobody wants any more."""

    ARRIVED = "ARRIVED"
    REFUSED = "REFUSED"
    BUSY = "BUSY"
    GONE = "GONE"


def meaning(status: int | None) -> Meaning:
    """What the status of an answer means, None for no answer; redirections are refusals, and not followed."""
    if status is None or status in _THROTTLED:
        return Meaning.BUSY
    if 200 <= status < 300:
        return Meaning.ARRIVED
    return Meaning.GONE if status == _GONE else Meaning.REFUSED


def next_attempt(attempts: int, at: datetime, wish: datetime | None = None) -> datetime | None:
    """When to send again after so many attempts, not before the receiver's wish; None if never."""
    if attempts >= len(GAPS):
        return None
    due = at + _jittered(GAPS[attempts])
    return max(due, wish) if wish else due


def pause(failures: int, at: datetime, *, is_busy: bool) -> datetime:
    """Until when an endpoint is left alone at which nothing arrived so many times in a row.

    Meanwhile its other messages wait, instead of each finding out for itself: for 5 s, 15 s … five minutes, or always
    for 5 s if it answers and only refuses.
    """
    step = min(failures - 1, 5) if is_busy else 0
    return at + _jittered(min(timedelta(seconds=5 * 3**step), _LONGEST_PAUSE))


def wish(status: int | None, retry_after: str | None, at: datetime) -> datetime | None:
    """The moment before which a receiver that is busy wants nothing, at most a day from now; None if it said none."""
    if status not in _THROTTLED or retry_after is None:
        return None
    found = _moment(retry_after.strip(), at)
    return None if found is None else min(max(found, at), at + _LONGEST_WISH)


def _moment(text: str, at: datetime) -> datetime | None:
    if text.isascii() and text.isdigit():
        return at + timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for numbers that no date has
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _jittered(gap: timedelta) -> timedelta:
    return gap * random.uniform(0.8, 1.2)
