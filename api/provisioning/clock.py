"""The one source of time, so that a test can set it."""

from datetime import datetime

from db import moment


def now() -> datetime:
    """The current time in UTC, to the millisecond: what is shown is then exactly what is stored and filtered."""
    at = moment.now()
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
