"""Filling the database by COPY, with the columns that the application itself would have written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

import asyncpg
import msgspec

from api.provisioning import ladder, policy_values
from api.provisioning.actor import Right
from api.provisioning.directories import Settings
from api.provisioning.fields import GroupFields, UserFields
from api.provisioning.key_text import API_PREFIX, digest, new_key
from api.scim import group_map, user_map
from api.scim.language import resources
from api.scim.language.definitions import GROUP_TYPE, user_type
from api.settings import VARIABLES
from db.enums import MemberStatus, Provider, SeatType
from db.ids import new_id
from db.queries import roles
from db.rows import GroupRow, UserRow

from . import people, standing
from .people import Kind, made_id
from .populations import EMPTY, LARGE, MAPPED, MAPPED_RANK, SMALL, TENTH, Population

_AT = datetime(2020, 6, 1, tzinfo=UTC)
_USER_TYPE = user_type(str(VARIABLES["seat_type_urn"].default))
_BATCH = 5000
_GROUPS = (LARGE, TENTH, *SMALL, EMPTY, MAPPED)
_DEFAULT_RANK = next(role.rank for role in ladder.preset() if role.is_default)
_SHARED = {field.name for field in fields(UserRow)} & {field.name for field in fields(UserFields)}
USER_COLUMNS = tuple(_SHARED - {"role_keys"})
_GROUP_COLUMNS = tuple({field.name for field in fields(GroupRow)} & {field.name for field in fields(GroupFields)})


class OfAnotherSize(Exception):
    """The database was filled for a smaller measurement; use another, or the same sizes."""


async def is_seeded(connection: asyncpg.Connection, population: Population) -> bool:
    """Whether a population is there already, because the database was kept; raises OfAnotherSize."""
    found = await connection.fetchval(
        "SELECT sum(total) FROM directory_count WHERE organization_id = $1 AND directory_id = $2",
        population.organization,
        population.directory,
    )
    if found is not None and found < population.users + population.spare:
        raise OfAnotherSize(f"The database is filled with {found} users where {population.users} are wanted.")
    return found is not None


async def seed(connection: asyncpg.Connection, population: Population) -> bool:
    """Write a population, unless it is there; whether it was written."""
    if await is_seeded(connection, population):
        return False
    async with connection.transaction():
        await _frame(connection, population)
        numbers = iter(range(population.users + population.spare))
        while batch := list(islice(numbers, _BATCH)):
            await _people(connection, population, batch)
        if population.has_groups:
            for group in _GROUPS:
                await _group(connection, population, group)
        await standing.seed(connection, population)
    return True


async def new_access(connection: asyncpg.Connection, population: Population) -> str:
    """A new key of the population's directory."""
    key = new_key()
    await connection.execute(
        "INSERT INTO directory_key (organization_id, directory_id, id, hash, last_four, last_used_at)"
        " VALUES ($1, $2, $3, $4, $5, now() + interval '1 day')",
        population.organization,
        population.directory,
        new_id(),
        digest(key),
        key[-4:],
    )
    return key


async def new_token(connection: asyncpg.Connection, population: Population) -> str:
    """A new API token that may look at the population's organization."""
    text = new_key(API_PREFIX)
    await connection.execute(
        "INSERT INTO api_token (organization_id, id, name, hash, last_four, rights, created_by, last_used_at)"
        " VALUES ($1, $2, 'bench', $3, $4, $5, 'bench', now() + interval '1 day')",
        population.organization,
        new_id(),
        digest(text),
        text[-4:],
        msgspec.json.encode([Right.ORGANIZATION_READ]).decode(),
    )
    return text


async def _frame(connection: asyncpg.Connection, population: Population) -> None:
    """The organization, its directory, a key that nobody has, and the count."""
    organization, directory = population.organization, population.directory
    groups = len(_GROUPS) if population.has_groups else 0
    rules = policy_values.to_json(population.policies)
    name = f"Example Works {population.number}"
    await _copy(connection, "organization", ("id", "name", "policies"), [(organization, name, rules)])
    steps = [replace(role, id=made_id(Kind.ROLE, population.number, role.rank)) for role in ladder.preset()]
    for part in roles.add_parts(organization, steps, _AT):
        await connection.execute(part.statement, *part.args)
    settings = msgspec.json.encode(Settings()).decode()
    await _copy(
        connection,
        "directory",
        ("organization_id", "id", "name", "provider", "settings"),
        [(organization, directory, "Okta", Provider.OKTA, settings)],
    )
    await _copy(
        connection,
        "directory_key",
        ("organization_id", "directory_id", "id", "hash", "last_four"),
        [(organization, directory, made_id(Kind.KEY, population.number, 0), os.urandom(32), "0000")],
    )
    counts = (("User", population.users + population.spare), ("Group", groups))
    await _copy(
        connection,
        "directory_count",
        ("organization_id", "directory_id", "resource_type", "slot", "total"),
        [(organization, directory, kind, 0, total) for kind, total in counts],
    )


async def _people(connection: asyncpg.Connection, population: Population, numbers: list[int]) -> None:
    viewer = default_role(population)
    wanted = [(number, user_fields(population, number)) for number in numbers]
    organization, directory = population.organization, population.directory
    await _copy(
        connection,
        "account",
        ("id", "email", "email_key", "created_at"),
        ((made(population, Kind.ACCOUNT, n), user.email, user.email_key, _AT) for n, user in wanted),
    )
    await _copy(
        connection,
        "member",
        (
            *("organization_id", "id", "account_id", "status", "email", "email_key", "display_name", "seat_type"),
            *("seat", "role_id", "created_at", "updated_at"),
        ),
        (
            (
                *(
                    organization,
                    made(population, Kind.MEMBER, n),
                    made(population, Kind.ACCOUNT, n),
                    MemberStatus.ACTIVE,
                ),
                *(user.email, user.email_key, user.full_name, user.seat_type, SeatType.FULL, viewer, _AT, _AT),
            )
            for n, user in wanted
        ),
    )
    await _copy(
        connection,
        "directory_user",
        (
            *("organization_id", "directory_id", "id", "member_id"),
            *USER_COLUMNS,
            *("lets_in", "created_at", "updated_at"),
        ),
        (
            (
                organization,
                directory,
                population.user(n),
                made(population, Kind.MEMBER, n),
                *values(user, USER_COLUMNS),
                user.active,
                _AT,
                _AT,
            )
            for n, user in wanted
        ),
    )


def user_fields(population: Population, number: int) -> UserFields:
    """What the directory says of a person."""
    sent = people.document(population.token(number), number, population.users)
    return user_map.fields(resources.read(sent, _USER_TYPE, tolerant=True).document, _USER_TYPE)


async def _group(connection: asyncpg.Connection, population: Population, number: int) -> None:
    organization, group = population.organization, population.group(number)
    wanted = _group_fields(number)
    await _copy(
        connection,
        "directory_group",
        (
            *("organization_id", "directory_id", "id", "unique_name", "role_id", "created_at", "updated_at"),
            *_GROUP_COLUMNS,
        ),
        [
            (
                organization,
                population.directory,
                group,
                wanted.display_name_key,
                made(population, Kind.ROLE, MAPPED_RANK) if number == MAPPED else None,
                _AT,
                _AT,
                *values(wanted, _GROUP_COLUMNS),
            )
        ],
    )
    await _copy(
        connection,
        "group_member",
        ("organization_id", "group_id", "value", "type", "added_at"),
        ((organization, group, population.user(n), "User", _AT) for n in population.members(number)),
    )


def default_role(population: Population) -> UUID:
    """The role of everybody who is seeded."""
    return made(population, Kind.ROLE, _DEFAULT_RANK)


def _group_fields(number: int) -> GroupFields:
    sent = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": f"Team {number:04d}",
        "externalId": f"00g{number:04d}x5d7",
    }
    return group_map.fields(resources.read(sent, GROUP_TYPE, tolerant=True).document, GROUP_TYPE)


def made(population: Population, kind: Kind, number: int) -> UUID:
    """The id of something of a population."""
    return made_id(kind, population.number, number)


def values(wanted: UserFields | GroupFields, columns: Iterable[str]) -> list[object]:
    """The values of these columns."""
    return [getattr(wanted, column) for column in columns]


async def _copy(
    connection: asyncpg.Connection, table: str, columns: tuple[str, ...], records: Iterable[tuple[object, ...]]
) -> None:
    rows: Iterator[tuple[object, ...]] = iter(records)
    await connection.copy_records_to_table(table, columns=columns, records=rows, timeout=600)
