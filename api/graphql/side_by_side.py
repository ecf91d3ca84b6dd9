"""How many organizations may be looked into at once: what is in one is read by statements of its own."""

from __future__ import annotations

from .errors import Problem

ORGANIZATION = "Organization"

MOST_LOOKED_INTO = 20

READ_TOGETHER = frozenset({"__typename", "counts", "createdAt", "id", "name", "plan", "retention", "supportContact"})
"""Fields that cost no statement for each organization."""


def check(type: str | None, field: str, times: int) -> None:
    """Raise Problem for a field of a type that would be looked up for each of too many organizations."""
    if times > MOST_LOOKED_INTO and type == ORGANIZATION and field not in READ_TOGETHER:
        raise Problem(
            "TOO_LARGE",
            f"`{field}` is looked up for each organization by itself, here for up to {times}; {MOST_LOOKED_INTO} are"
            " allowed. Ask for smaller pages, or for one organization by its id.",
        )
