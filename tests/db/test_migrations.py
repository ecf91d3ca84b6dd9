"""The migrations bring a database to where the tables say it is."""

import pytest

from db import migrations


@pytest.mark.usefixtures("database")
async def test_the_tables_declare_nothing_that_no_migration_does() -> None:
    assert await migrations.unmigrated_changes() == []


@pytest.mark.usefixtures("database")
async def test_running_them_again_does_nothing() -> None:
    assert await migrations.is_current()
    assert await migrations.migrate() == []
