"""One organization with two directories, the time that it is there, and what a step through a door is."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import strategies as st

from api.provisioning.actor import Actor
from db import sql
from db.ids import OrganizationId

from ..conversation import Scim
from ..governing import governor

NAMES = ("ann", "bob", "eve", "kim", "lea", "tom")
TEAMS = ("One", "Two")
NOBODY = uuid.UUID(int=1)

PLACES = st.integers(0, 1)
PEOPLE = st.sampled_from(NAMES)
GROUPS = st.sampled_from(TEAMS)
ANY = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5])
"""Which one of those that there are, newest first, whatever their number: some more often, so that things add up."""

SEATS = st.sampled_from([None, "full", "lite", "free"])
ROLES = st.sampled_from(["knowledge-base-viewer", "viewer", "account-manager", "admin"])

Door = Callable[..., Awaitable[httpx.Response | None]]


@dataclass(slots=True)
class World:
    """Where steps are made: who and what is in it is looked up by name, whatever happened before."""

    directories: list[Scim]
    now: datetime
    tokens: list[str] = field(default_factory=list)

    @property
    def organization(self) -> OrganizationId:
        return self.directories[0].access.organization_id

    @property
    def operator(self) -> Actor:
        return governor(self.directories[0])

    def go_on(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def use_key(self, directory: uuid.UUID, key: str) -> None:
        """Talk to a directory by another key from now on."""
        for place, each in enumerate(self.directories):
            if each.access.directory_id == directory:
                self.directories[place] = replace(each, access=replace(each.access, key=key))

    async def user(self, number: int) -> tuple[Scim, str]:
        """One of all users, with their directory; nobody when there is none."""
        return await self._one_of("directory_user", number)

    async def newcomer(self, place: int, name: str) -> str:
        """The name, or else one that the directory does not have yet if there is one."""
        query = "SELECT user_name_key FROM directory_user WHERE organization_id = $1 AND directory_id = $2"
        there = {
            row[0] for row in await sql.rows(query, self.organization, self.directories[place].access.directory_id)
        }
        return next((each for each in (name, *NAMES) if each not in there), name)

    async def group(self, number: int) -> tuple[Scim, str]:
        """One of all groups, with its directory; none when there is none."""
        return await self._one_of("directory_group", number)

    async def user_beside(self, scim: Scim, number: int) -> str:
        """One of the users of a directory."""
        query = "SELECT id FROM directory_user WHERE organization_id = $1 AND directory_id = $2 ORDER BY id DESC"
        return str(_chosen(await sql.rows(query, self.organization, scim.access.directory_id), number)[0])

    async def member(self, number: int) -> uuid.UUID:
        """One of all members."""
        query = "SELECT id FROM member WHERE organization_id = $1 AND status <> 'ERASED' ORDER BY id DESC"
        return uuid.UUID(str(_chosen(await sql.rows(query, self.organization), number)[0]))

    async def removals(self, state: str, numbers: Iterable[int]) -> list[uuid.UUID]:
        """Some of the removals in a state."""
        query = "SELECT id FROM removal WHERE organization_id = $1 AND state = $2 ORDER BY removed_at DESC, id"
        found = [row[0] for row in await sql.rows(query, self.organization, state)]
        return list(dict.fromkeys(found[number % len(found)] for number in numbers if found))

    async def _one_of(self, table: str, number: int) -> tuple[Scim, str]:
        query = f"SELECT id, directory_id FROM {table} WHERE organization_id = $1 ORDER BY id DESC"
        id, directory = _chosen(await sql.rows(query, self.organization), number)
        return next(
            (each for each in self.directories if each.access.directory_id == directory), self.directories[0]
        ), str(id)


def _chosen(rows: Sequence[Any], number: int) -> Any:
    return rows[number % len(rows)] if rows else (NOBODY, NOBODY)


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
