"""Equality finds a row through an index, on some thousands of rows that the planner knows about."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from uuid import UUID

import pytest

from api.scim.filter_sql import compile_filter
from api.scim.language import filters
from api.scim.language.folding import fold
from api.scim.language.schemas import Document

from .filter_world import ENTRA, GLOBEX, Connection, Database, opened
from .language.filter_strategies import BASE_URL, SEAT_URN, USER_TYPE


@pytest.fixture(scope="module")
def crowd(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Some thousands of users in one directory."""
    with opened(os.environ.get("TEST_DATABASE_URL") or request.getfixturevalue("database_url")) as database:
        database.runner.run(_fill(database.connection))
        yield database


async def _fill(connection: Connection) -> None:
    records = []
    for number in range(4000):
        document: Document = {
            "userName": f"user{number}@example.com",
            "externalId": f"ext-{number}",
            "name": {"familyName": f"Family {number}", "givenName": "Sam"},
            "emails": [{"type": "work", "value": f"user{number}@example.com", "primary": True}],
            SEAT_URN: {"seat_type": f"seat {number}"},
        }
        search = json.dumps(fold(document, USER_TYPE))
        records.append((GLOBEX, ENTRA, UUID(int=number), document["userName"], document["externalId"], search))
    columns = ["organization_id", "directory_id", "id", "user_name_key", "external_id", "search"]
    await connection.copy_records_to_table("directory_user", records=records, columns=columns)
    await connection.execute("VACUUM ANALYZE directory_user")


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ('userName eq "USER77@example.com"', "user_name"),
        ('userName sw "user77"', "user_name"),
        ('externalId eq "ext-77"', "user_external_id"),
        (f'id eq "{UUID(int=77)}"', "directory_user_pkey"),
        (f'meta.location eq "{BASE_URL}/Users/{UUID(int=77)}"', "directory_user_pkey"),
        ('emails.value eq "user77@example.com"', "user_search"),
        ('emails[type eq "work"].value eq "user77@example.com"', "user_search"),
        ('emails[type eq "work" and value eq "user77@example.com"]', "user_search"),
        ('name.familyName eq "Family 77"', "user_search"),
        (f'{SEAT_URN}:seat_type eq "Seat 77"', "user_search"),
    ],
)
def test_an_index_finds_the_one_user_by(crowd: Database, text: str, index: str) -> None:
    filter = filters.parse(text, USER_TYPE, tolerant=True)
    condition = compile_filter(filter, "User", first=3, base_url=BASE_URL)
    statement = f"SELECT FROM directory_user r WHERE organization_id = $1 AND directory_id = $2 AND {condition.sql}"

    async def explain() -> str:
        return str(
            await crowd.connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", GLOBEX, ENTRA, *condition.args)
        )

    plan = crowd.runner.run(explain())
    assert f'"Index Name": "{index}"' in plan
    assert "Seq Scan" not in plan
