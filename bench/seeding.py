"""Filling the database by COPY, with the columns that the application itself would have written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

import asyncpg
import msgspec

from api.provisioning import ladder, policy_values
from api.provisioning.directories import Settings
from api.provisioning.fields import GroupFields, UserFields
from api.provisioning.key_text import digest, new_key
from api.provisioning.policy_values import DomainRule, Policies
from api.scim import group_map, user_map
from api.scim.language import resources
from api.scim.language.definitions import GROUP_TYPE, user_type
from api.settings import VARIABLES
from db.enums import MemberStatus, Provider
from db.ids import new_id
from db.queries import roles
from db.rows import GroupRow, UserRow

from . import people
from .people import Kind, made_id
from .populations import LARGE, SMALL, TENTH, Population

_AT = datetime(2020, 6, 1, tzinfo=UTC)
_USER_TYPE = user_type(str(VARIABLES["seat_type_urn"].default))
_BATCH = 5000
_DEFAULT_RANK = next(role.rank for role in ladder.preset() if role.is_default)
_SHARED = {field.name for field in fields(UserRow)} & {field.name for field in fields(UserFields)}
_USER_COLUMNS = tuple(_SHARED - {"role_keys"})
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
            for group in (LARGE, TENTH, *SMALL):
                await _group(connection, population, group)
    return True


async def reset(connection: asyncpg.Connection, population: Population, numbers: Sequence[int]) -> None:
    """Make people as they were seeded, where they differ."""
    assignments = ", ".join(f"{column} = ${place}" for place, column in enumerate(_USER_COLUMNS, 3))
    assignments += ", lets_in = true"
    search = f"${_USER_COLUMNS.index('search') + 3}"
    await connection.executemany(
        f"UPDATE directory_user SET {assignments} WHERE organization_id = $1 AND id = $2 AND search <> {search}",
        [
            (population.organization, population.user(n), *_values(_user_fields(population, n), _USER_COLUMNS))
            for n in numbers
        ],
    )
    await connection.execute(
        "UPDATE member SET status = $3 WHERE organization_id = $1 AND id = ANY($2) AND status <> $3",
        population.organization,
        [_id(population, Kind.MEMBER, n) for n in numbers],
        MemberStatus.ACTIVE,
    )


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


async def _frame(connection: asyncpg.Connection, population: Population) -> None:
    """The organization, its directory, a key that nobody has, and the count."""
    organization, directory = population.organization, population.directory
    groups = len(SMALL) + 2 if population.has_groups else 0
    rules = policy_values.to_json(Policies(domain_rule=DomainRule.OFF))
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
    viewer = made_id(Kind.ROLE, population.number, _DEFAULT_RANK)
    wanted = [(number, _user_fields(population, number)) for number in numbers]
    organization, directory = population.organization, population.directory
    await _copy(
        connection,
        "account",
        ("id", "email", "email_key", "created_at"),
        ((_id(population, Kind.ACCOUNT, n), user.email, user.email_key, _AT) for n, user in wanted),
    )
    await _copy(
        connection,
        "member",
        (
            *("organization_id", "id", "account_id", "status", "email", "email_key", "display_name", "seat_type"),
            *("role_id", "created_at", "updated_at"),
        ),
        (
            (
                *(organization, _id(population, Kind.MEMBER, n), _id(population, Kind.ACCOUNT, n), MemberStatus.ACTIVE),
                *(user.email, user.email_key, user.full_name, user.seat_type, viewer, _AT, _AT),
            )
            for n, user in wanted
        ),
    )
    await _copy(
        connection,
        "directory_user",
        (
            *("organization_id", "directory_id", "id", "member_id"),
            *_USER_COLUMNS,
            *("lets_in", "created_at", "updated_at"),
        ),
        (
            (
                organization,
                directory,
                population.user(n),
                _id(population, Kind.MEMBER, n),
                *_values(user, _USER_COLUMNS),
                user.active,
                _AT,
                _AT,
            )
            for n, user in wanted
        ),
    )


def _user_fields(population: Population, number: int) -> UserFields:
    sent = people.document(population.token(number), number, population.users)
    return user_map.fields(resources.read(sent, _USER_TYPE, tolerant=True).document, _USER_TYPE)


async def _group(connection: asyncpg.Connection, population: Population, number: int) -> None:
    organization, group = population.organization, population.group(number)
    wanted = _group_fields(number)
    await _copy(
        connection,
        "directory_group",
        (
            *("organization_id", "directory_id", "id", "unique_name", "created_at", "updated_at"),
            *_GROUP_COLUMNS,
        ),
        [
            (
                organization,
                population.directory,
                group,
                wanted.display_name_key,
                _AT,
                _AT,
                *_values(wanted, _GROUP_COLUMNS),
            )
        ],
    )
    await _copy(
        connection,
        "group_member",
        ("organization_id", "group_id", "value", "type", "added_at"),
        ((organization, group, population.user(n), "User", _AT) for n in population.members(number)),
    )


def _group_fields(number: int) -> GroupFields:
    sent = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": f"Team {number:04d}",
        "externalId": f"00g{number:04d}x5d7",
    }
    return group_map.fields(resources.read(sent, GROUP_TYPE, tolerant=True).document, GROUP_TYPE)


def _id(population: Population, kind: Kind, number: int) -> UUID:
    return made_id(kind, population.number, number)


def _values(wanted: UserFields | GroupFields, columns: Iterable[str]) -> list[object]:
    return [getattr(wanted, column) for column in columns]


async def _copy(
    connection: asyncpg.Connection, table: str, columns: tuple[str, ...], records: Iterable[tuple[object, ...]]
) -> None:
    rows: Iterator[tuple[object, ...]] = iter(records)
    await connection.copy_records_to_table(table, columns=columns, records=rows, timeout=600)
