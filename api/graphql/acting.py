"""Acting in the organization that a global id names."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.provisioning.actor import Actor

from . import ids, mutating, references
from .context import Info
from .ids import Place
from .mutating import Tried

T = TypeVar("T")


def in_organization(info: Info, organization: str) -> Callable[[], Awaitable[Actor]]:
    """What finds who acts in an organization, for `mutating.attempt`."""

    async def find() -> Actor:
        return info.context.acting(references.organization(organization))

    return find


async def on(
    info: Info, id: str, type: str, act: Callable[[Actor, uuid.UUID], Awaitable[T]], *path: str
) -> Tried[tuple[Place, T]]:
    """Try to do something to the thing of a type that a global id names; where it is, with what the act returned."""

    async def find() -> Place:
        return ids.must_be(id, type)

    return await at(info, find, act, *path)


async def at(
    info: Info, find: Callable[[], Awaitable[Place]], act: Callable[[Actor, uuid.UUID], Awaitable[T]], *path: str
) -> Tried[tuple[Place, T]]:
    """The same where it takes more to find the thing."""
    place: Place | None = None

    async def find_actor() -> Actor:
        nonlocal place
        place = await find()
        return info.context.acting(place.organization)

    async def work(actor: Actor) -> tuple[Place, T]:
        assert place is not None
        return place, await act(actor, place.id)

    return await mutating.attempt(find_actor, work, *path)
