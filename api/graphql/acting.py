"""Acting in the organization that a global id names."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from api.provisioning.actor import Actor

from . import ids, references
from .context import Info


def in_organization(info: Info, organization: str) -> Callable[[], Awaitable[Actor]]:
    """What finds who acts in an organization, for `mutating.attempt`."""

    async def find() -> Actor:
        return info.context.acting(references.organization(organization))

    return find


OnThing: TypeAlias = Callable[[Actor, uuid.UUID], Awaitable[None]]
"""Does something to a thing by its id."""


def on(info: Info, id: str, type: str) -> Callable[[], Awaitable[Actor]]:
    """What finds who acts on the thing of a type that a global id names."""

    async def find() -> Actor:
        return info.context.acting(ids.must_be(id, type).organization)

    return find
