"""The queue is where this application says, and as new as its library."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from db import migrations, queue, sql
from db.engine import DB


def test_no_environment_changes_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = queue.settings()
    for name in type(mine).model_fields:
        monkeypatch.setenv(f"PGQUEUER_{name.upper()}", "volatile" if name == "durability" else "elsewhere")
        monkeypatch.setenv(name.upper(), "elsewhere")
    monkeypatch.setenv("PGQUEUER_SCHEMA", "elsewhere")
    assert queue.settings.__wrapped__() == mine


@pytest.fixture
async def comment(database: None) -> AsyncIterator[None]:
    """Keeps what the schema says of its version."""
    kept = await sql.value("SELECT obj_description('queue'::regnamespace, 'pg_namespace')")
    yield
    await sql.rows(f"COMMENT ON SCHEMA queue IS '{kept}'")


@pytest.mark.usefixtures("comment")
async def test_a_database_that_a_newer_version_has_migrated_is_current_for_an_older_one() -> None:
    """In a rolling upgrade both serve for a while."""
    await sql.rows("COMMENT ON SCHEMA queue IS '1.999.0'")
    assert await migrations.is_current()


@pytest.mark.usefixtures("comment")
async def test_a_queue_of_an_older_version_is_upgraded_and_stays_quiet() -> None:
    await sql.rows("COMMENT ON SCHEMA queue IS '1.5.0'")
    await sql.rows("ALTER TABLE queue.task DROP COLUMN slot")
    await sql.rows("DROP TRIGGER task_changed ON queue.task")
    assert not await migrations.is_current()
    async with DB.connection() as connection:
        [done] = await queue.install(connection)
    assert "PgQueuer" in done
    assert await migrations.is_current()
    assert await sql.value("SELECT tgenabled = 'D' FROM pg_trigger WHERE tgname = 'task_changed'")
