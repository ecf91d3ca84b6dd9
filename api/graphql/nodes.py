"""Things with a global id, and finding them by it (Relay)."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import strawberry

from api.provisioning.errors import Forbidden, NotFound

from . import ids

if TYPE_CHECKING:
    from .context import Info


@strawberry.interface(description="Something that can be found again by its id.")
class Node:
    id: strawberry.ID = strawberry.field(description="An opaque id that is unique among everything.")


Finder: TypeAlias = Callable[["Info", uuid.UUID, uuid.UUID], Awaitable[Node | None]]
"""Finds the thing of one type by organization and id."""

F = TypeVar("F", bound=Finder)

_finders: dict[str, Finder] = {}


def found_by(type: str) -> Callable[[F], F]:
    """Marks the function that finds things of a type."""

    def mark(finder: F) -> F:
        _finders[type] = finder
        return finder

    return mark


async def find(info: Info, id: str) -> Node | None:
    """What has a global id, or None: for what never was, and for what the caller has nothing to do with."""
    place = ids.read(id)
    finder = _finders.get(place.type) if place else None
    if place is None or finder is None or not info.context.caller.may_enter(place.organization):
        return None
    try:
        return await finder(info, place.organization, place.id)
    except (Forbidden, NotFound):
        return None
