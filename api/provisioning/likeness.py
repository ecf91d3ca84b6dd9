"""Whether somebody who is to be imported is a member already: for sure, likely, or not at all. Pure (IDEAS 13)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from db.import_rows import Alike, Known

from . import addresses
from .addresses import Address


class Match(StrEnum):
    """How well somebody is known."""

    EXACT = "EXACT"
    LIKELY = "LIKELY"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well somebody is known, as whom, and why in words for people."""

    match: Match
    member: uuid.UUID | None
    text: str


def names(display_names: Iterable[str | None]) -> list[str]:
    """The folded names that are to be looked for."""
    return [addresses.folded(name) for name in display_names if name]


def user_names(people: Iterable[Address]) -> list[str]:
    """The folded userNames by which a directory may know somebody: their address, and what is in front of the @."""
    return [name for each in people for name in _user_names(each)]


def judge(address: Address, display_name: str | None, known: Mapping[str, Known], alike: Sequence[Alike]) -> Likeness:
    """Who somebody is, by the members that were found for them and for others."""
    found = known.get(address.key)
    if found is not None:
        standing = found.status.lower().replace("_", " ")
        return Likeness(Match.EXACT, found.id, f"Known: a member of this organization with this address, {standing}.")
    for each in alike:
        by = _by(each, address, display_name)
        if by:
            as_whom = each.email or "a member without address"
            return Likeness(Match.LIKELY, each.id, f"Likely known: {as_whom} has the same {by}.")
    return Likeness(Match.NONE, None, "New.")


def _by(each: Alike, address: Address, display_name: str | None) -> str | None:
    if each.user_name is not None and each.user_name in _user_names(address):
        return f"userName {each.user_name}"
    if display_name and each.name == addresses.folded(display_name):
        return "name"
    return None


def _user_names(address: Address) -> tuple[str, str]:
    return address.key, address.key.rpartition("@")[0]
