"""Equality finds a row through an index, on some thousands of rows that the planner knows about."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from api.scim.filter_sql import compile_filter
from api.scim.language import filters
from api.scim.language.schemas import Document

from .filter_world import ACME, OKTA, Connection, Database, Row, opened
from .language.filter_strategies import BASE_URL, SEAT_URN, USER_TYPE


@pytest.fixture(scope="module")
def crowd(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Some thousands of users in one directory."""
    with opened(request.getfixturevalue("database_url")) as database:
        database.runner.run(_fill(database.connection))
        yield database


async def _fill(connection: Connection) -> None:
    people = [Row("User", UUID(int=number), _person(number)).columns() for number in range(4000)]
    records = [tuple(person.values()) for person in people]
    await connection.copy_records_to_table("directory_user", records=records, columns=list(people[0]))
    await connection.execute("VACUUM ANALYZE directory_user")


def _person(number: int) -> Document:
    return {
        "userName": f"user{number}@example.com",
        "externalId": f"ext-{number}",
        "name": {"familyName": f"Family {number}", "givenName": "Sam"},
        "emails": [{"type": "work", "value": f"user{number}@example.com", "primary": True}],
        SEAT_URN: {"seat_type": f"seat {number}"},
    }


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('userName eq "USER77@example.com"', "user_name_key"),
        ('userName sw "user77"', "user_name_key"),
        ('externalId eq "ext-77"', "external_id"),
        (f'id eq "{UUID(int=77)}"', "id"),
        (f'meta.location eq "{BASE_URL}/Users/{UUID(int=77)}"', "id"),
        ('emails.value eq "user77@example.com"', "search"),
        ('emails[type eq "work"].value eq "user77@example.com"', "search"),
        ('emails[type eq "work" and value eq "user77@example.com"]', "search"),
        ('name.familyName eq "Family 77"', "search"),
        (f'{SEAT_URN}:seat_type eq "Seat 77"', "search"),
    ],
)
def test_an_index_finds_the_one_user_by(crowd: Database, text: str, column: str) -> None:
    filter = filters.parse(text, USER_TYPE, tolerant=True)
    condition = compile_filter(filter, "User", first=3, base_url=BASE_URL)
    statement = f"SELECT FROM directory_user r WHERE organization_id = $1 AND directory_id = $2 AND {condition.sql}"

    async def explain() -> str:
        return str(await crowd.connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", ACME, OKTA, *condition.args))

    plan = crowd.runner.run(explain())
    assert f"({column} " in plan.partition('"Index Cond": ')[2].partition("\n")[0]
    assert "Seq Scan" not in plan
