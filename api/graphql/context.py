"""What resolvers know of the request: who calls, for which trace id, and what was loaded already."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

from api.provisioning import rulebook
from api.provisioning.actor import Actor
from api.provisioning.budgets import Budget
from api.provisioning.caller import NOWHERE, Caller
from api.provisioning.rulebook import Rulebook
from api.settings import Settings
from db.ids import OrganizationId, RequestId, new_id

from .limits import Cost

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
W = TypeVar("W")

Reader: TypeAlias = Callable[[Actor, Sequence[K]], Awaitable[Mapping[K, V]]]
"""A service that reads many things of one kind at once; what is missing is left out."""

ReaderAnywhere: TypeAlias = Callable[[Caller, Sequence[K]], Awaitable[Mapping[K, V]]]
"""The same for what is read from many organizations at once."""


@dataclass(slots=True)
class Context:
    """One for each request; resolvers may run side by side, so nothing here is a transaction."""

    caller: Caller
    settings: Settings
    trace: RequestId
    cost: Cost
    spent: float = 0.0
    _loaders: dict[tuple[object, uuid.UUID], DataLoader[Any, Any]] = field(default_factory=dict)

    @property
    def budget(self) -> Budget:
        """What every token may spend."""
        return Budget(self.settings.api_points_per_second)

    def actor(self, organization: uuid.UUID) -> Actor:
        """The caller, looking around in an organization; raises NotFound for one that is not theirs."""
        return self.caller.within(organization)

    def acting(self, organization: uuid.UUID) -> Actor:
        """The caller, about to change something; everything that follows is remembered under one request id."""
        self._loaders.clear()  # what was read before may not be so afterwards
        return self.caller.within(organization, RequestId(new_id()))

    async def load(self, reader: Reader[K, V], organization: uuid.UUID, key: K) -> V | None:
        """What a service reads for a key, together with what siblings want of it; None for what there is not."""
        return await self._loaded(reader, organization, key, lambda: self.actor(organization))

    async def load_anywhere(self, reader: ReaderAnywhere[K, V], key: K) -> V | None:
        """The same by a service that reads from many organizations at once."""
        return await self._loaded(reader, NOWHERE, key, lambda: self.caller)

    async def _loaded(
        self,
        reader: Callable[[W, Sequence[K]], Awaitable[Mapping[K, V]]],
        place: uuid.UUID,
        key: K,
        who: Callable[[], W],
    ) -> V | None:
        found = self._loaders.get((reader, place))
        if found is None:
            asking = who()

            async def read(keys: list[K]) -> list[V | None]:
                there = await reader(asking, keys)
                return [there.get(key) for key in keys]

            found = self._loaders[reader, place] = DataLoader(read)
        return await found.load(key)  # type: ignore[no-any-return]  # one dictionary for loaders of all kinds

    def close(self) -> None:
        """Let go of what was loaded: loaders and resolvers hold each other, which only a search for garbage ends."""
        self._loaders.clear()

    async def book(self, organization: uuid.UUID) -> Rulebook:
        """What an organization has chosen, read once a request; raises NotFound."""
        found = await self.load(_books, organization, organization)
        assert found is not None
        return found


async def _books(actor: Actor, _: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Rulebook]:
    return {actor.organization: await rulebook.load(OrganizationId(actor.organization))}


Info: TypeAlias = strawberry.Info[Context, None]
