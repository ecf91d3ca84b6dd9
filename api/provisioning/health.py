"""Whether a directory is alive: judged by its requests and by how often its provider calls (R062, R145, R149). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from db.enums import Provider
from db.rule_rows import CallsRow, MisdirectedRow

SCIM_PATH = "/scim/v2"
TOKEN_PATH = "/oauth2/token"
_ENDPOINTS = ("Users", "Groups", "Bulk", "Me", "Schemas", "ResourceTypes", "ServiceProviderConfig")
_KNOWN = {name.lower(): name for name in _ENDPOINTS}
_STALE_AFTER = 3
_FEWEST = 3


_ABANDONED = (
    "Look whether provisioning is still switched on in the identity provider. If it is gone, nobody manages its people"
    " any more: delete the directory, and choose whether they keep access, lose it, or are removed with it."
)


class Health(StrEnum):
    """The state of a connection, the first that applies."""

    DELETED = "DELETED"
    PAUSED = "PAUSED"
    NEVER_CALLED = "NEVER_CALLED"
    STALE = "STALE"
    FAILING = "FAILING"
    HEALTHY = "HEALTHY"


@dataclass(frozen=True, slots=True)
class Expected:
    """How often a provider calls at least, and who says so."""

    every: timedelta
    source: str


_BY_EVENTS = Expected(timedelta(days=1), "calls when something changes; judged by a day")
EXPECTED: Mapping[Provider, Expected] = {
    **dict.fromkeys(Provider, _BY_EVENTS),
    Provider.ENTRA_ID: Expected(
        timedelta(minutes=40), "learn.microsoft.com, “When will a specific user be able to access an application?”"
    ),
    Provider.GOOGLE_WORKSPACE: Expected(
        timedelta(hours=6), "support.google.com/a, “Automated user provisioning”: every few hours"
    ),
    Provider.AUTHENTIK: Expected(timedelta(hours=1), "docs.goauthentik.io/docs/providers/scim: once an hour"),
}
"""What each provider does; for most only changes make them call, and a day without any is not unusual."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How a directory is, since which request, when the next is expected, and what to tell people to do.

    `hints` are about single requests of the last day that cannot have reached what they were meant for.
    """

    health: Health
    last_request_at: datetime | None
    next_expected_at: datetime | None
    expected_every: timedelta
    expected_source: str
    text: str
    next_step: str
    hints: tuple[str, ...] = ()


def judge(calls: CallsRow, misdirected: Sequence[MisdirectedRow], at: datetime, scim_url: str) -> Condition:
    """The condition of a directory at a moment; `misdirected` are requests of the last day that found nothing."""
    expected = EXPECTED[Provider(calls.provider)]
    health = state(calls, at)
    last = calls.last_request_at
    return Condition(
        health,
        last,
        None if last is None or health in (Health.DELETED, Health.PAUSED) else last + expected.every,
        expected.every,
        expected.source,
        *_told(health, calls, expected, at),
        tuple(_hints(calls, misdirected, scim_url)),
    )


def state(calls: CallsRow, at: datetime) -> Health:
    """The state of a directory at a moment."""
    expected = EXPECTED[Provider(calls.provider)]
    if calls.deleted_at is not None:
        return Health.DELETED
    if calls.is_paused:
        return Health.PAUSED
    if calls.last_request_at is None:
        return Health.NEVER_CALLED
    if at - calls.last_request_at > _STALE_AFTER * expected.every:
        return Health.STALE
    is_refused = calls.refused * 2 > calls.recent and calls.recent >= _FEWEST
    return Health.FAILING if is_refused else Health.HEALTHY


def right_path(path: str) -> str:
    """Where a request was meant to go: what follows the last endpoint that its path names, below the base URL."""
    parts = path.strip("/").split("/")
    places = [place for place, part in enumerate(parts) if part.lower() in _KNOWN]
    if not places:
        return ""
    return "/".join(["", _KNOWN[parts[places[-1]].lower()], *parts[places[-1] + 1 :]])


def _told(health: Health, calls: CallsRow, expected: Expected, at: datetime) -> tuple[str, str]:
    """What there is to say, and what to do; nothing to do is an empty text."""
    name = f"“{calls.name}”"
    match health:
        case Health.DELETED:
            return f"{name} is deleted.", "Restore it, or connect another one."
        case Health.PAUSED:
            return (
                f"{name} is paused: it is answered 503, and nothing is lost.",
                "Resume it when its people may change again.",
            )
        case Health.NEVER_CALLED:
            return f"{name} has never called.", "Put the URL and a key into the identity provider, and test it there."
        case Health.STALE if calls.last_request_at is not None:
            silence, usual = _span(at - calls.last_request_at), _span(expected.every)
            habit = "within minutes of a change" if expected is _BY_EVENTS else f"every {usual}"
            text = f"Nothing from {name} for {silence}. It usually calls {habit}; check the app's provisioning tab."
            return text, _ABANDONED
        case Health.FAILING:
            text = f"{calls.refused} of the last {calls.recent} requests of {name} were refused."
            return text, "Look at the refused requests: each says what to put right."
    return f"{name} is healthy.", ""


def _hints(calls: CallsRow, misdirected: Sequence[MisdirectedRow], scim_url: str) -> list[str]:
    wrong = [each for each in misdirected if each.path and _is_wrong(each.path)]
    hints = [
        f"“{calls.name}” came {_times(each.count)} in the last day with the key …{each.key_last_four}, which has ended."
        " Put a key that lives into the identity provider."
        for each in misdirected
        if each.path is None
    ]
    if tokenless := sum(each.count for each in misdirected if each.path == TOKEN_PATH):
        hints.append(
            f"“{calls.name}” asked for an access token {_times(tokenless)} in the last day and got none."
            " The refused requests say why. Mostly the client secret has ended; put one that lives into the identity"
            " provider."
        )
    if wrong:
        path = str(wrong[0].path)
        hints.append(
            f"“{calls.name}” called {path} and found nothing there, {_times(sum(each.count for each in wrong))} in the"
            f" last day. The URL to put into the identity provider is {scim_url}; this would have been"
            f" {scim_url}{right_path(path)}."
        )
    return hints


def _is_wrong(path: str) -> bool:
    return path != TOKEN_PATH and f"{SCIM_PATH}{right_path(path)}" != path


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _span(span: timedelta) -> str:
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if span >= unit:
            count = span // unit
            return f"1 {name}" if count == 1 else f"{count} {name}s"
    return "less than a minute"
