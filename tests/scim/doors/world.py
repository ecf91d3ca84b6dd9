"""One organization with two directories, the time that it is there, and what a step through a door is."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import strategies as st

from api.provisioning.actor import Actor
from db import sql
from db.ids import OrganizationId

from ..conversation import Scim
from ..governing import governor

NAMES = ("ann", "bob", "eve", "kim", "lea")
TEAMS = ("One", "Two")
NOBODY = uuid.UUID(int=1)

PLACES = st.integers(0, 1)
PEOPLE = st.sampled_from(NAMES)
GROUPS = st.sampled_from(TEAMS)
SEATS = st.sampled_from([None, "full", "lite", "free"])
ROLES = st.sampled_from(["knowledge-base-viewer", "viewer", "account-manager", "admin"])

Door = Callable[..., Awaitable[httpx.Response | None]]


@dataclass(slots=True)
class World:
    """Where steps are made: who and what is in it is looked up by name, whatever happened before."""

    directories: Sequence[Scim]
    now: datetime

    @property
    def organization(self) -> OrganizationId:
        return self.directories[0].access.organization_id

    @property
    def operator(self) -> Actor:
        return governor(self.directories[0])

    def go_on(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    async def user(self, place: int, name: str) -> str:
        """The path of somebody in one of the directories."""
        query = "SELECT id FROM directory_user WHERE organization_id = $1 AND directory_id = $2 AND user_name_key = $3"
        return f"/Users/{await self._one(query, self.directories[place].access.directory_id, name)}"

    async def group(self, place: int, name: str) -> uuid.UUID:
        """A group in one of the directories."""
        query = "SELECT id FROM directory_group WHERE organization_id = $1 AND directory_id = $2 AND display_name = $3"
        return await self._one(query, self.directories[place].access.directory_id, name)

    async def member(self, name: str) -> uuid.UUID:
        """The member with somebody's address."""
        query = "SELECT id FROM member WHERE organization_id = $1 AND email_key = $2"
        return await self._one(query, f"{name}@example.com")

    async def removals(self, state: str) -> list[uuid.UUID]:
        """Removals in a state, oldest first."""
        query = "SELECT id FROM removal WHERE organization_id = $1 AND state = $2 ORDER BY removed_at, id"
        return [row[0] for row in await sql.rows(query, self.organization, state)]

    async def _one(self, query: str, *args: object) -> uuid.UUID:
        found = await sql.value(query, self.organization, *args)
        return found if isinstance(found, uuid.UUID) else NOBODY


@dataclass(frozen=True, slots=True)
class Step:
    """A door, and what is brought through it."""

    door: Door
    given: tuple[Any, ...]

    async def play(self, world: World) -> httpx.Response | None:
        """Make the step; the answer if it was a request. Raises what services raise."""
        return await self.door(world, *self.given)

    def __str__(self) -> str:
        return f"{self.door.__name__}{self.given}"

    __repr__ = __str__


def door(through: Door, *given: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """Steps through a door."""
    return st.builds(Step, st.just(through), st.tuples(*given))
