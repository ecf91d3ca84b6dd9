"""The factories make rows that the database takes, with parents that fit together."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from db import sql
from db.tables import TABLES
from tests import factories
from tests.factories import (
    DirectoryFactory,
    DirectoryUserFactory,
    GroupMemberFactory,
    MemberFactory,
    OrganizationFactory,
)
from tests.factories.rows import RowFactory

pytestmark = pytest.mark.usefixtures("database")
FACTORIES: list[type[RowFactory[Any]]] = [
    each for each in vars(factories).values() if inspect.isclass(each) and issubclass(each, RowFactory)
]


def test_every_table_has_a_factory() -> None:
    assert {each._meta.model for each in FACTORIES} == set(TABLES)


@pytest.mark.parametrize("made_by", FACTORIES)
async def test_each_factory_makes_rows_that_are_not_alike(made_by: type[RowFactory[Any]]) -> None:
    rows = [await made_by.make() for _ in range(2)]
    found = await sql.value(f"SELECT count(*) FROM {made_by._meta.model._meta.tablename}")
    assert found == len(rows) == 2


@pytest.mark.parametrize("made_by", FACTORIES)
async def test_building_writes_nothing(made_by: type[RowFactory[Any]]) -> None:
    made_by.build()
    assert await sql.value("SELECT count(*) FROM organization") == 0


async def test_parents_are_made_once_and_belong_together() -> None:
    user = await DirectoryUserFactory.make()
    assert await sql.value("SELECT count(*) FROM organization") == 1
    assert await sql.value("SELECT organization_id FROM member") == user.organization_id
    await GroupMemberFactory.make()
    directories = await sql.rows(
        "SELECT u.directory_id = g.directory_id FROM group_member m JOIN directory_user u ON u.id = m.value"
        " JOIN directory_group g ON g.id = m.group_id"
    )
    assert [row[0] for row in directories] == [True]


async def test_a_parent_may_be_a_row_an_unsaved_row_or_an_id() -> None:
    saved, unsaved = await OrganizationFactory.make(), OrganizationFactory.build()
    made = [await MemberFactory.make(organization=each) for each in (saved, unsaved, saved.id)]
    assert [member.organization_id for member in made] == [saved.id, unsaved.id, saved.id]
    assert await sql.value("SELECT count(*) FROM organization") == 2


async def test_only_what_is_said_is_different() -> None:
    directory = await DirectoryFactory.make(name="Okta")
    user = await DirectoryUserFactory.make(directory=directory, user_name="ANN", active=False)
    row = await sql.row("SELECT * FROM directory_user WHERE id = $1", user.id)
    assert row is not None
    assert (row["user_name_key"], row["active"], row["directory_id"]) == ("ann", False, directory.id)
