"""What can be chosen of an endpoint. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from api.provisioning.errors import BadSetting

from .event_types import TYPES

_LONGEST_URL, _LONGEST_TEXT = 2000, 500
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def url(given: str) -> str:
    """A URL that can be told of changes; where it leads is looked at whenever something is sent. Raises BadSetting."""
    wanted = given.strip()
    if not _is_url(wanted):
        raise BadSetting(
            "An endpoint is an https URL, such as https://app.example.com/rollcall, without password or fragment; http"
            " only on localhost."
        )
    return wanted


def text(given: str) -> str:
    """A description; raises BadSetting."""
    if len(given) > _LONGEST_TEXT:
        raise BadSetting(f"A description has at most {_LONGEST_TEXT} characters.")
    return given.strip()


def types(given: Sequence[str]) -> list[str]:
    """Types of events, each once, in their order; raises BadSetting for what is none."""
    unknown = sorted(set(given) - TYPES.keys())
    if unknown:
        raise BadSetting(f"There is no event type {unknown[0]!r}. There are: {', '.join(TYPES)}.")
    return [name for name in TYPES if name in given]


def _is_url(wanted: str) -> bool:
    if len(wanted) > _LONGEST_URL or not wanted.isascii() or not wanted.isprintable() or " " in wanted:
        return False
    try:
        parts = urlsplit(wanted)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)
    return is_safe and bool(host) and port != 0 and not (parts.username or parts.password or parts.fragment)
