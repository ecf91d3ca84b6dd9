"""Decisions: why something was allowed, refused or chosen, in words for people and codes for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec


class Decided(StrEnum):
    """Codes of decisions; the dashboard and tools switch on them."""

    MATCHED = "MATCHED"
    CREATED = "CREATED"
    REVIVED = "REVIVED"
    LINKED = "LINKED"
    STATUS = "STATUS"
    SEAT_TYPE = "SEAT_TYPE"
    SEAT = "SEAT"
    HELD = "HELD"
    ACCOUNT = "ACCOUNT"
    ROLE = "ROLE"
    IGNORED = "IGNORED"
    REPAIRED = "REPAIRED"
    PARKED = "PARKED"
    ARRIVED = "ARRIVED"
    MEMBERS = "MEMBERS"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Decision:
    """One step of the explanation of a request."""

    code: Decided
    text: str


def to_json(decisions: Sequence[Decision]) -> str:
    """The decisions as the JSON text that is stored with the request."""
    if not decisions:
        return "[]"
    # A jsonb column takes no U+0000, and the text of a decision may quote what a client sent.
    return msgspec.json.encode(decisions).decode().replace("\\u0000", "\\ufffd")
