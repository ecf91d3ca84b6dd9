"""Filters on the real database answer what `matches` answers in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.scim.filter_sql import compile_filter
from api.scim.language import filters
from api.scim.language.definitions import GROUP_TYPE

from .filter_world import (
    ACME,
    ENTRA,
    GLOBEX,
    TYPES,
    Connection,
    Database,
    Kind,
    Row,
    World,
    join,
    opened,
    select,
    worlds,
)
from .language.filter_strategies import BASE_URL, EVERY_TYPE, IDS, SEAT_URN, USER_TYPE
from .language.filter_strategies import filters as filters_of


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The tables of the directory in a schema of their own."""
    with opened(request.getfixturevalue("database_url")) as database:
        yield database


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), texts=st.lists(filters_of(USER_TYPE).map(str), max_size=12))
def test_the_database_finds_the_users_that_match_in_memory(database: Database, world: World, texts: list[str]) -> None:
    _assert_same(database, world, texts, "User")


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), texts=st.lists(filters_of(GROUP_TYPE).map(str), max_size=12))
def test_the_database_finds_the_groups_that_match_in_memory(database: Database, world: World, texts: list[str]) -> None:
    _assert_same(database, world, texts, "Group")


def _assert_same(database: Database, world: World, texts: list[str], kind: Kind) -> None:
    async def compare(connection: Connection) -> None:
        await world.store(connection)
        for text in texts:
            filter = filters.parse(text, TYPES[kind])
            assert await select(connection, filter, kind) == world.matching(filter, kind), text

    database.run(compare)


OWN = EVERY_TYPE.id
ANN, BOB, STAFF, CHIEFS = IDS[0], IDS[1], IDS[5], IDS[6]
SMALL_WORLD = World(
    (
        Row(
            "User",
            ANN,
            {
                "userName": "Ann@Example.com",
                "externalId": "A-1",
                "active": True,
                "displayName": "Ann 100%",
                "name": {"familyName": "Ång"},
                "emails": [
                    {"type": "work", "value": "ann@example.com", "primary": True},
                    {"type": "home", "value": "a@x"},
                ],
                SEAT_URN: {"seat_type": "full"},
                OWN: {"count": 5, "flag": False, "tags": ["Red"], "contacts": [{"rank": 2, "labels": ["One", "two"]}]},
            },
            version=7,
        ),
        Row(
            "User", BOB, {"userName": "bob", "active": False, "emails": [{"type": "work", "value": "a@x"}], "title": ""}
        ),
        Row("Group", STAFF, {"displayName": "Staff", "externalId": "g-1"}),
        Row("Group", CHIEFS, {"displayName": "Chiefs"}),
    ),
    ((STAFF, ANN, "User"), (STAFF, CHIEFS, "Group"), (CHIEFS, BOB, "User")),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('userName eq "ANN@example.COM"', {ANN}),
        ('userName sw "ann"', {ANN}),
        ('userName ne "bob"', {ANN}),
        ('externalId eq "A-1"', {ANN}),
        ('externalId eq "a-1"', set()),
        ('externalId ne "A-1"', {BOB}),
        ("externalId pr", {ANN}),
        ('not (externalId co "A")', {BOB}),
        ("active eq true", {ANN}),
        (f'id eq "{ANN}"', {ANN}),
        (f'id eq "{str(ANN).upper()}"', set()),
        (f'id eq "urn:uuid:{ANN}"', set()),
        ('id eq "no-uuid"', set()),
        ('id ne "no-uuid"', {ANN, BOB}),
        ('id sw "0190"', {ANN, BOB}),
        ('displayName co "%"', {ANN}),
        ('displayName co "_"', set()),
        ('name.familyName eq "ÅNG"', {ANN}),
        ('emails eq "a@x"', {ANN, BOB}),
        ('emails[type eq "work" and value eq "a@x"]', {BOB}),
        ('emails[type eq "work" and not (value sw "ann")]', {BOB}),
        ('emails[type eq "home" or primary eq true]', {ANN}),
        ('emails[type eq "work" and type eq "home"]', set()),
        ('emails[type eq "work" and (value eq "ann@example.com" or primary eq true)]', {ANN}),
        (f"{OWN}:count eq 5", {ANN}),
        (f"{OWN}:count ge 5 and not ({OWN}:count gt 5)", {ANN}),
        (f"{OWN}:count pr and {OWN}:flag pr", {ANN}),
        (f"{OWN}:flag eq false", {ANN}),
        (f'{OWN}:tags eq "red"', {ANN}),
        (f'{OWN}:tags[value eq "red"]', {ANN}),
        (f'{OWN}:tags[value sw "r" and value ne "green"]', {ANN}),
        (f'{OWN}:contacts.labels eq "ONE"', {ANN}),
        (f'{OWN}:contacts[labels eq "one" and labels eq "two"]', {ANN}),
        (f'{OWN}:contacts[labels eq "one" and rank lt 3]', {ANN}),
        (f'{OWN}:contacts[labels eq "one" and rank eq 2]', {ANN}),
        ("title pr", set()),
        ('title eq ""', {BOB}),
        (f'{SEAT_URN}:seat_type eq "FULL"', {ANN}),
        (f'schemas eq "{SEAT_URN}"', {ANN}),
        (f'schemas eq "{USER_TYPE.schema.id}"', {ANN, BOB}),
        ('meta.resourceType eq "User"', {ANN, BOB}),
        ('meta.version eq "W/\\"7\\""', {ANN}),
        (f'meta.location eq "{BASE_URL}/Users/{BOB}"', {BOB}),
        (f'meta.location eq "{BASE_URL}/Groups/{BOB}" or meta.location eq "{BOB}"', set()),
        ('meta.created ge "2026-01-31T09:00:00+01:00"', {ANN, BOB}),
        ('meta.lastModified lt "2026-01-31T08:00:01Z"', set()),
        ("meta pr and id pr", {ANN, BOB}),
        (f'groups eq "{STAFF}"', {ANN}),
        ('groups[display eq "CHIEFS" and type eq "direct"]', {BOB}),
        (f'groups.$ref ew "{CHIEFS}"', {BOB}),
        ("groups pr", {ANN, BOB}),
    ],
)
def test_users_are_found_by(database: Database, text: str, found: set[UUID]) -> None:
    assert _found(database, SMALL_WORLD, text, "User") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('displayName eq "STAFF"', {STAFF}),
        ('externalId eq "g-1"', {STAFF}),
        (f'members eq "{BOB}"', {CHIEFS}),
        (f'members ne "{BOB}"', {STAFF}),
        ('members.value eq "nobody"', set()),
        ('members[type eq "group"]', {STAFF}),
        ('members.display eq "ann 100%"', {STAFF}),
        ('members[display eq "chiefs" and type eq "Group"]', {STAFF}),
        ("members.display pr", {STAFF}),
        ("not (members pr)", set()),
        (f'members.$ref eq "{BASE_URL}/Groups/{CHIEFS}"', {STAFF}),
        (f'meta.location eq "{BASE_URL}/Groups/{CHIEFS}"', {CHIEFS}),
    ],
)
def test_groups_are_found_by(database: Database, text: str, found: set[UUID]) -> None:
    assert _found(database, SMALL_WORLD, text, "Group") == found


def _found(database: Database, world: World, text: str, kind: Kind) -> set[UUID]:
    async def find(connection: Connection) -> set[UUID]:
        await world.store(connection)
        return await select(connection, filters.parse(text, TYPES[kind]), kind)

    return database.run(find)


@pytest.mark.parametrize("prefix", ["a", "\ud7ff", "a\U0010ffff", "\U0010ffff", ""])
def test_a_prefix_finds_what_begins_with_it_whatever_its_last_character_is(database: Database, prefix: str) -> None:
    names = [prefix + "x", prefix + "\U0010ffff", "0", "b", "\ue000"]
    rows = {id: Row("User", id, {"userName": name}) for id, name in zip(IDS, names, strict=False)}
    found = _found(database, World(tuple(rows.values())), f"userName sw {json.dumps(prefix)}", "User")
    assert found == {id for id, name in zip(rows, names, strict=True) if name.startswith(prefix)}


@pytest.mark.parametrize(
    "text",
    [
        f"{OWN}:count gt 4",
        f"{OWN}:count eq 5",
        f'{OWN}:note sw "x"',
        f"{OWN}:contacts[rank ge 1]",
        f'{OWN}:tags ew "x"',
    ],
)
def test_a_document_older_than_its_schema_is_not_found_and_breaks_nothing(database: Database, text: str) -> None:
    older = json.dumps({OWN.lower(): {"count": "5", "note": ["x"], "contacts": 7, "tags": {"value": "x"}}})

    async def find(connection: Connection) -> set[UUID]:
        await Row("User", ANN, {"userName": "ann"}).store(connection)
        await connection.execute("UPDATE directory_user SET search = $1", older)
        return await select(connection, filters.parse(text, USER_TYPE), "User")

    assert database.run(find) == set()


def test_groups_of_another_directory_or_organization_are_nobody_s_groups(database: Database) -> None:
    async def find(connection: Connection) -> set[UUID]:
        await Row("User", ANN, {"userName": "ann"}).store(connection)
        await Row("Group", STAFF, {"displayName": "Staff"}, directory=ENTRA).store(connection)
        await Row("Group", CHIEFS, {"displayName": "Chiefs"}, organization=GLOBEX).store(connection)
        for organization, group in ((ACME, STAFF), (GLOBEX, CHIEFS)):
            await join(connection, organization, group, ANN, "User")
        return await select(connection, filters.parse("groups pr", USER_TYPE), "User")

    assert database.run(find) == set()


def test_no_text_of_the_client_is_part_of_the_statement() -> None:
    hostile = "zzz'; DROP TABLE x; --"
    quoted = json.dumps(hostile)
    text = " or ".join(
        f"{path} {operator} {quoted}"
        for path in ("userName", "id", "title", "emails", "schemas", "groups.display", f"{SEAT_URN}:seat_type")
        for operator in filters.Operator
    )
    condition = compile_filter(filters.parse(text, USER_TYPE), "User", first=3, base_url=BASE_URL)
    assert "zzz" not in condition.sql
    assert BASE_URL not in condition.sql


def test_placeholders_begin_at_the_number_asked_for() -> None:
    condition = compile_filter(
        filters.parse('userName eq "a" and title co "b"', USER_TYPE), "User", first=5, base_url=""
    )
    assert [placeholder in condition.sql for placeholder in ("$4", "$5", "$6", "$7", "$8")] == [
        False,
        *[True] * 3,
        False,
    ]
    assert len(condition.args) == 3
