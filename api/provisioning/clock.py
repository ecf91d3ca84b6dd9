"""The one source of time, so that a test can set it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC, to the millisecond: what is shown is then exactly what is stored and filtered."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
