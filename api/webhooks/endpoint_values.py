"""What can be chosen of an endpoint. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from api.net.client import Unreachable, checked
from api.provisioning.errors import BadSetting

from .event_types import TYPES

_LONGEST_TEXT = 500


def url(given: str, *, may_be_plain: bool) -> str:
    """A URL that can be told of changes; raises BadSetting.

    Where it leads is looked at whenever something is sent. It `may_be_plain` http where the operator allowed networks
    that are not the internet, and leads nowhere else then.
    """
    wanted = given.strip()
    try:
        parsed = checked(wanted)
    except Unreachable as error:
        raise BadSetting(str(error)) from None
    if parsed.scheme != "https" and not may_be_plain:
        raise BadSetting("An endpoint is an https URL, such as https://app.example.com/rollcall.")
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
