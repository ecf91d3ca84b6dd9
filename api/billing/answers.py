"""What answers of providers have in common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def again_at(retry_after: str | None, now: datetime) -> datetime | None:
    """Not before when to ask again, by the header `Retry-After`: seconds or a date (RFC 9110 §10.2.3)."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 8:
        return now + timedelta(seconds=int(retry_after))
    try:
        found = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):  # the latter for numbers that no date has
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
