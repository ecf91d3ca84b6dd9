"""Held removals in words: who asked for what, and what is the likely cause. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from . import words

_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_CAUSES = {
    "DEACTIVATED": "set them to inactive",
    "REMOVED": "deleted them",
    "DIRECTORY": "stopped sending them",
    "GROUPS": "took them out of the groups that let them in",
}

Removal = Mapping[str, Any]


def department(removal: Removal) -> str | None:
    """The department that a directory says somebody is in."""
    users = (removal["member"] or {}).get("directoryUsers") or ()
    found = [(each["document"].get(_ENTERPRISE) or {}).get("department") for each in users]
    return next((str(each) for each in found if each), None)


def groups(removal: Removal) -> list[str]:
    """The groups in which somebody is, by name."""
    member = removal["member"]
    return [each["displayName"] for each in member["groups"]["nodes"]] if member else []


def cause(removals: Sequence[Removal]) -> str:
    """What most likely led to all of these, in a sentence or two; empty where they have nothing in common."""
    if not removals:
        return ""
    acts = Counter(_CAUSES.get(each["cause"], "ended their access") for each in removals)
    directory = removals[0]["directory"]
    who = f"“{directory['name']}”" if directory else "A directory"
    said = [f"{who} {' and '.join(act for act, _ in acts.most_common(2))}."]
    if len(removals) > 1:
        requests = {each["requestId"] for each in removals}
        if len(requests) == 1 and None not in requests:
            said.append("One request did it for all of them.")
        if shared := _shared([groups(each) for each in removals]):
            said.append(f"All of them are in the group {' and '.join(f'“{each}”' for each in shared)}.")
        if shared := _shared([[found] if (found := department(each)) else [] for each in removals]):
            said.append(f"All of them are in the department “{shared[0]}”.")
    return " ".join(said)


def between(removals: Sequence[Removal]) -> str:
    """When a directory asked for these: on which day, from when to when."""
    times = sorted(time for each in removals if (time := words.moment(each["removedAt"])) is not None)
    if not times:
        return ""
    first, last = times[0], times[-1]
    if words.clock(first) == words.clock(last) and first.date() == last.date():
        return f"on {words.day(first)} at {words.clock(first)}"
    if first.date() == last.date():
        return f"on {words.day(first)} between {words.clock(first).removesuffix(' UTC')} and {words.clock(last)}"
    return f"between {words.day(first)}, {words.clock(first)}, and {words.day(last)}, {words.clock(last)}"


def _shared(lists: Sequence[Sequence[str]]) -> list[str]:
    """What stands in all of the lists; at most two."""
    common = set(lists[0]).intersection(*lists[1:])
    return sorted(common)[:2]


def by_directory(removals: Sequence[Removal]) -> dict[str, list[Removal]]:
    """The removals of each directory, by its global id."""
    found: dict[str, list[Removal]] = {}
    for each in removals:
        found.setdefault(each["directory"]["id"] if each["directory"] else "", []).append(each)
    return found
