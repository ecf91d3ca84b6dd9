"""Making what measuring changed as it was at first, so that the next turn finds the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache

import asyncpg

from api.provisioning.fields import UserFields
from db.enums import MemberStatus, SeatType

from . import seeding, standing
from .people import Kind
from .populations import Population

Undo = Callable[[asyncpg.Connection, Population, Sequence[int]], Awaitable[None]]
"""Undoes what requests about people with these numbers did."""


async def take_out(connection: asyncpg.Connection, population: Population, numbers: Sequence[int]) -> None:
    """Take the spare people out of the groups to which they were added, and give them the role that they had."""
    spare = range(population.users, population.users + population.spare)
    await connection.execute(
        "DELETE FROM group_member WHERE organization_id = $1 AND value = ANY($2)",
        population.organization,
        [population.user(number) for number in spare],
    )
    await connection.execute(
        "UPDATE member SET role_id = $3 WHERE organization_id = $1 AND id = ANY($2) AND role_id <> $3",
        population.organization,
        _members(population, spare),
        seeding.default_role(population),
    )


async def let_in_again(connection: asyncpg.Connection, population: Population, numbers: Sequence[int]) -> None:
    """Make people as they were seeded, where they differ: what was said of them, access and seat."""
    columns = seeding.USER_COLUMNS
    assignments = ", ".join(f"{column} = ${place}" for place, column in enumerate(columns, 3))
    await connection.executemany(
        f"UPDATE directory_user SET {assignments}, lets_in = true"
        f" WHERE organization_id = $1 AND id = $2 AND search <> ${columns.index('search') + 3}",
        [
            (population.organization, population.user(n), *seeding.values(_fields(population, n), columns))
            for n in numbers
        ],
    )
    await connection.execute(
        "DELETE FROM removal WHERE organization_id = $1 AND state = 'HELD'", population.organization
    )
    await connection.execute(
        """UPDATE member SET status = $3, seat = $4, hold = NULL, held_role_id = NULL
           WHERE organization_id = $1 AND id = ANY($2) AND (status <> $3 OR seat IS NULL)""",
        population.organization,
        _members(population, numbers),
        MemberStatus.ACTIVE,
        SeatType.FULL,
    )
    await standing.count_seats(connection, population)


@lru_cache(maxsize=20_000)
def _fields(population: Population, number: int) -> UserFields:
    return seeding.user_fields(population, number)


def _members(population: Population, numbers: Sequence[int]) -> list[object]:
    return [seeding.made(population, Kind.MEMBER, number) for number in numbers]
