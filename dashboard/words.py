"""What people read: enums in words, times, numbers, amounts. Pure.

A status is a word, a shape and a colour (see `tone`), never a colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from markupsafe import Markup

from api.provisioning import currencies, global_ids

_UUID = re.compile(r"([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECONDS = (("day", 86_400), ("hour", 3600), ("minute", 60))

_WORDS: Mapping[str, str] = {
    "SAML": "SAML 2.0",
    "OIDC": "OpenID Connect",
    "WAITING_FOR_SEAT": "Waiting for a seat",
    "HELD": "On hold",
    "DEPROVISIONED": "Removed by directory",
    "SCIM": "SCIM",
    "JIT": "Just in time",
    "ENTRA_ID": "Microsoft Entra ID",
    "OKTA": "Okta",
    "JUMPCLOUD": "JumpCloud",
    "GOOGLE_WORKSPACE": "Google Workspace",
    "ONELOGIN": "OneLogin",
    "PING": "Ping Identity",
    "CYBERARK": "CyberArk",
    "GENERIC": "Another SCIM 2.0 provider",
    "SSO": "Single sign-on",
    "CODE": "Code by mail",
    "NO_ROLE": "No role",
    "FREE": "Guest",
}
"""Where the name of an enum's value, in small letters, is not what people read."""

_GOOD = ("ACTIVE", "VERIFIED", "HEALTHY", "APPLIED", "DELIVERED", "LIVE", "SENT", "OK", "PROCESSED")
_WAIT = ("WAITING_FOR_SEAT", "HELD", "STALE", "PENDING", "REGISTERED", "QUEUED", "INVITED", "PAUSED", "NEVER_CALLED")
_BAD = ("FAILING", "LAPSED", "FAILED", "REFUSED", "SUSPENDED", "ERROR", "EXPIRED", "REVOKED")
_TONES: Mapping[str, str] = {
    **dict.fromkeys(_GOOD, "good"),
    **dict.fromkeys(_WAIT, "wait"),
    **dict.fromkeys(_BAD, "bad"),
}
"""What a value means for whoever looks: `good`, `wait`, `bad`; anything else is `calm`."""


def word(value: str | None) -> str:
    """The name of an enum's value as people read it; a dash for none."""
    if value is None:
        return "–"
    return _WORDS.get(value) or value.replace("_", " ").capitalize()


def choices(kind: type[Enum]) -> list[tuple[str, str]]:
    """What an enum can be, as GraphQL calls it and in words."""
    return [(each.name, word(each.name)) for each in kind]


def tone(value: str | None) -> str:
    """What a value means for whoever looks: good, wait, bad or calm."""
    return _TONES.get(value or "", "calm")


def number(value: int | None) -> str:
    """A number with thin spaces between thousands; a dash for none."""
    return "–" if value is None else f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def count(value: int, one: str, many: str | None = None) -> str:
    """So many of something: `count(1, "person", "people")`."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def money(amount: int | None, currency: str | None) -> str:
    """An amount in minor units with its currency; a dash for none."""
    if amount is None or currency is None:
        return "–"
    digits = currencies.decimals(currency)
    whole, rest = divmod(abs(amount), 10**digits)
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    fraction = f".{rest:0{digits}}" if digits else ""
    return f"{sign}{number(whole)}{fraction}\N{NO-BREAK SPACE}{currency}"


def moment(value: str | datetime | None) -> datetime | None:
    """A time as GraphQL gives it."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value)


def ago(value: str | datetime | None, now: datetime | None = None) -> str:
    """How long ago something was, or in how long it will be; a day beyond a month. Never for none."""
    at = moment(value)
    if at is None:
        return "never"
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    if abs(seconds) > 30 * 86_400:
        return day(at)
    for unit, length in _SECONDS:
        if abs(seconds) >= length:
            told = count(int(abs(seconds) // length), unit)
            return f"{told} ago" if seconds > 0 else f"in {told}"
    return "just now" if seconds >= 0 else "in a moment"


def when(value: str | datetime | None) -> Markup:
    """A time for people and programs: relative in sight, in full for whoever asks."""
    at = moment(value)
    if at is None:
        return Markup('<span class="quiet">never</span>')
    full = at.astimezone(UTC).strftime("%-d %B %Y, %H:%M:%S UTC")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), full, ago(at))


def clock(value: str | datetime) -> str:
    """The time of day of a moment that is near."""
    at = moment(value)
    assert at is not None
    return f"{at.astimezone(UTC):%H:%M} UTC"


def near(value: str | datetime, now: datetime | None = None) -> Markup:
    """A moment of these days by the clock, such as 12:04 UTC, with its day unless that is today."""
    at = moment(value)
    assert at is not None
    at = at.astimezone(UTC)
    days = (at.date() - (now or datetime.now(UTC)).date()).days
    told = f"{at:%H:%M} UTC" if abs(days) <= 1 else f"{day(at)}, {at:%H:%M} UTC"
    which = {1: " tomorrow", -1: " yesterday"}.get(days, "")
    return Markup('<time datetime="{}">{}{}</time>').format(at.isoformat(), told, which)


def day(value: str | date | datetime | None) -> str:
    """A day in words."""
    if value is None:
        return "–"
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found.day} {found.strftime('%b %Y')}"


def short(path: str) -> str:
    """A path of SCIM below its base URL, with the beginnings of ids instead of all of them."""
    return _UUID.sub(lambda found: f"{found[1]}…", path.removeprefix("/scim/v2") or "/")


def dotted(name: str) -> Markup:
    """A domain that breaks at its dots and nowhere else."""
    return Markup(".<wbr>").join(name.split("."))


def initials(name: str | None) -> str:
    """Two letters for somebody without a picture."""
    parts = [each for each in (name or "?").partition("@")[0].replace(".", " ").split() if each[0].isalnum()] or ["?"]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def uid(id: str) -> str:
    """The UUID in a global id, as it stands in addresses of pages."""
    place = global_ids.read(id)
    assert place is not None
    return str(place.id)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "word": word,
    "tone": tone,
    "number": number,
    "money": money,
    "ago": ago,
    "clock": clock,
    "near": near,
    "when": when,
    "day": day,
    "initials": initials,
    "short": short,
    "dotted": dotted,
    "uid": uid,
}
GLOBALS: Mapping[str, Callable[..., Any]] = {"count": count}
