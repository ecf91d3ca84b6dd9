"""Times as SAML writes them: UTC, with a Z (SAML-CORE §1.3.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from .refusals import NotTaken, Why

SKEW = timedelta(seconds=60)
"""How far the clocks of two honest machines may be apart."""

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z")


def read(text: str | None) -> datetime | None:
    """A time, None where there is none; raises NotTaken for text that is none."""
    if text is None:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise NotTaken(Why.FORM, "A time is not written as SAML wants it, in UTC with a Z.")
    try:
        whole = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
        return whole.replace(microsecond=int((found[2] or "0")[:6].ljust(6, "0")))
    except ValueError:
        raise NotTaken(Why.FORM, "A time is none that there is.") from None


def write(at: datetime) -> str:
    """A time as others read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def over(end: datetime) -> datetime:
    """When nobody takes any more what ends at a time, whichever clock they have; some write the last year there is."""
    return min(end, datetime.max.replace(tzinfo=UTC) - SKEW) + SKEW


def check_begun(at: datetime | None, now: datetime) -> None:
    """Raise NotTaken for a time that is still to come."""
    if at is not None and at > now + SKEW:
        raise NotTaken(Why.TIME, f"The assertion is for later than now. {_CLOCKS}")


def check_lasting(end: datetime | None, now: datetime) -> None:
    """Raise NotTaken for an end that has come."""
    if end is not None and end <= now - SKEW:
        raise NotTaken(Why.TIME, f"The assertion is over. {_CLOCKS}")


_CLOCKS = "If that happens always, the clocks of the identity provider and of this server are apart: set both by NTP."
