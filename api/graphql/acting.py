"""Acting in the organization that a global id names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from api.provisioning.actor import Actor

from . import references
from .context import Info


def in_organization(info: Info, organization: str) -> Callable[[], Awaitable[Actor]]:
    """What finds who acts in an organization, for `mutating.attempt`."""

    async def find() -> Actor:
        return info.context.acting(references.organization(organization))

    return find
