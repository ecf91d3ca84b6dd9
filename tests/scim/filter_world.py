"""A directory on the real database and in memory, to compare what both find."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID

import asyncpg
from hypothesis import strategies as st

from api.scim import group_map, seat_extension, user_map
from api.scim.filter_sql import compile_filter
from api.scim.language import filters
from api.scim.language.definitions import GROUP_TYPE
from api.scim.language.folding import fold, fold_text
from api.scim.language.matching import matches
from api.scim.language.schemas import Document

from .language.filter_strategies import BASE_URL, IDS, TEXTS, USER_TYPE, documents

T = TypeVar("T")
Connection = Any  # asyncpg.Connection is generic only for type checkers
Kind = Literal["User", "Group"]

SCHEMA = f"rollcall_filters_{os.getpid()}"
ACME, GLOBEX = UUID(int=1), UUID(int=2)
OKTA, ENTRA = UUID(int=11), UUID(int=12)
TYPES = {"User": USER_TYPE, "Group": GROUP_TYPE}
TABLES = {"User": "directory_user", "Group": "directory_group"}

# The real columns, collations and indexes, without references to other tables.
DDL = f"""
DROP SCHEMA IF EXISTS {SCHEMA} CASCADE;
CREATE SCHEMA {SCHEMA};
CREATE TABLE {SCHEMA}.directory_user (LIKE public.directory_user INCLUDING ALL);
CREATE TABLE {SCHEMA}.directory_group (LIKE public.directory_group INCLUDING ALL);
CREATE TABLE {SCHEMA}.group_member (LIKE public.group_member INCLUDING ALL);
SET search_path = {SCHEMA}, public;
"""


@dataclass(frozen=True, slots=True)
class Database:
    """A connection with the loop it lives on, so that Hypothesis can drive it from plain tests."""

    runner: asyncio.Runner
    connection: Connection

    def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """What the work answers; everything it wrote is undone."""
        return self.runner.run(self._undone(work))

    async def _undone(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        transaction = self.connection.transaction()
        await transaction.start()
        try:
            return await work(self.connection)
        finally:
            await transaction.rollback()


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The tables of the directory, empty, in a schema of their own that goes away in the end."""
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(url))
        runner.run(connection.execute(DDL))
        try:
            yield Database(runner, connection)
        finally:
            runner.run(connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE"))
            runner.run(connection.close())


@dataclass(frozen=True, slots=True)
class Row:
    """A stored resource."""

    kind: Kind
    id: UUID
    document: Document
    version: int = 1
    created: datetime = datetime(2026, 1, 31, 8, tzinfo=UTC)
    organization: UUID = ACME
    directory: UUID = OKTA

    def columns(self) -> dict[str, object]:
        """The columns of the row by name."""
        own: dict[str, object] = {
            "organization_id": self.organization,
            "directory_id": self.directory,
            "id": self.id,
            "external_id": self.document.get("externalId"),
            "version": self.version,
            "created_at": self.created,
            "updated_at": self.created + timedelta(seconds=1),
        }
        if self.kind == "Group":
            return own | _named(group_map.fields(self.document, GROUP_TYPE), _GROUP_COLUMNS)
        return own | {"member_id": self.id} | _named(user_map.fields(self.document, USER_TYPE), _USER_COLUMNS)

    async def store(self, connection: Connection) -> None:
        columns = self.columns()
        placeholders = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        await connection.execute(
            f"INSERT INTO {TABLES[self.kind]} ({', '.join(columns)}) VALUES ({placeholders})", *columns.values()
        )

    def resource(self, world: World) -> Document:
        """The resource as a client reads it."""
        meta = {
            "resourceType": self.kind,
            "created": self.created.isoformat(),
            "lastModified": (self.created + timedelta(seconds=1)).isoformat(),
            "location": _url(self.kind, self.id),
            "version": f'W/"{self.version}"',
        }
        related = (
            {"groups": world.groups_of(self.id)} if self.kind == "User" else {"members": world.members_of(self.id)}
        )
        return self.document | related | {"id": str(self.id), "meta": meta}


_GROUP_COLUMNS = ("display_name", "display_name_key", "document", "search")
_USER_COLUMNS = ("user_name", "user_name_key", "email", "email_key", "active", "display_name", "document", "search")


def _named(fields: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(fields, name) for name in names}


@dataclass(frozen=True, slots=True)
class World:
    """The rows of one directory and who is in which group: (group, member, kind of the member)."""

    rows: tuple[Row, ...]
    memberships: tuple[tuple[UUID, UUID, Kind], ...] = ()

    async def store(self, connection: Connection) -> None:
        for row in self.rows:
            await row.store(connection)
        for group, member, kind in self.memberships:
            await join(connection, ACME, group, member, kind)

    def matching(self, filter: filters.Filter, kind: Kind) -> set[UUID]:
        """The ids that match in memory."""
        return {row.id for row in self.rows if row.kind == kind and matches(filter, self._search(row))}

    def _search(self, row: Row) -> Document:
        resource_type = TYPES[row.kind]
        return seat_extension.under_both_names(fold(row.resource(self), resource_type), resource_type)

    def groups_of(self, id: UUID) -> list[Document]:
        return [
            {
                "value": str(row.id),
                "$ref": _url("Group", row.id),
                "display": row.document["displayName"],
                "type": "direct",
            }
            for row in self.rows
            for group, member, _ in self.memberships
            if row.id == group and member == id
        ]

    def members_of(self, id: UUID) -> list[Document]:
        display = {row.id: row.columns()["display_name"] for row in self.rows}
        return [
            {"value": str(member), "$ref": _url(kind, member), "display": display.get(member), "type": kind}
            for group, member, kind in self.memberships
            if group == id
        ]


async def join(connection: Connection, organization: UUID, group: UUID, member: UUID, kind: Kind) -> None:
    """Makes somebody a member of a group."""
    columns = "(organization_id, group_id, value, type, added_at)"
    await connection.execute(
        f"INSERT INTO group_member {columns} VALUES ($1, $2, $3, $4, now())", organization, group, member, kind
    )


def _url(kind: Kind, id: UUID) -> str:
    return f"{BASE_URL}/{kind}s/{id}"


async def select(connection: Connection, filter: filters.Filter, kind: Kind, directory: UUID = OKTA) -> set[UUID]:
    """The ids that the database finds."""
    condition = compile_filter(filter, kind, first=3, base_url=BASE_URL)
    rows = await connection.fetch(
        f"SELECT r.id FROM {TABLES[kind]} r WHERE r.organization_id = $1 AND r.directory_id = $2 AND {condition.sql}",
        *(ACME, directory, *condition.args),
    )
    return {row["id"] for row in rows}


USER_IDS, GROUP_IDS, STRANGERS = IDS[:5], IDS[5:9], IDS[9:]
TIMES = st.sampled_from((datetime(2026, 1, 31, 8, tzinfo=UTC), datetime(2026, 1, 31, 8, 0, 0, 1, tzinfo=UTC)))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A directory of up to five users and four groups, some of whose members do not exist."""
    names = st.lists(TEXTS, min_size=2, max_size=5, unique_by=fold_text)
    required = st.fixed_dictionaries({"active": st.booleans()})
    bodies = st.builds(lambda body, more: body | more, documents(USER_TYPE, without=_UNSTORED), required)
    users = [
        Row("User", id, draw(bodies) | {"userName": name}, draw(st.integers(1, 12)), draw(TIMES))
        for id, name in zip(USER_IDS, draw(names), strict=False)
    ]
    external_ids = draw(st.lists(TEXTS | st.none(), min_size=4, max_size=4, unique=True))
    bodies = documents(GROUP_TYPE, without=_UNSTORED)
    groups = [
        Row(
            "Group",
            id,
            draw(bodies) | {"displayName": name, "externalId": external},
            draw(st.integers(1, 12)),
            draw(TIMES),
        )
        for id, name, external in zip(GROUP_IDS, draw(names), external_ids, strict=False)
    ]
    members: st.SearchStrategy[tuple[UUID, Kind]] = st.sampled_from(
        [(id, "User") for id in (*USER_IDS, *STRANGERS)] + [(id, "Group") for id in GROUP_IDS]
    )
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(GROUP_IDS), members), max_size=8, unique_by=lambda p: (p[0], p[1][0]))
    )
    return World((*users, *groups), tuple((group, member, kind) for group, (member, kind) in pairs))


_UNSTORED = ("id", "meta", "groups", "members", "password", "schemas")
