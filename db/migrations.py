"""Bringing the database to the state that this version needs."""

from __future__ import annotations

import contextlib
import io
from itertools import chain

from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.apps.migrations.tables import Migration

from db import queue
from db.engine import DB
from db.piccolo_app import APP_CONFIG

OLDEST_SERVER = 15
_LOCK = 0x726F6C6C63616C6C  # "rollcall" in ASCII


class DatabaseUnusable(Exception):
    """The server cannot serve Rollcall; the text says why and what to do."""


async def migrate() -> list[str]:
    """Run what has not been run, and return its descriptions. Of two processes at once, the second waits.

    Raises DatabaseUnusable when the server is older than PostgreSQL 15 or a migration fails.
    """
    connection = await DB.get_new_connection()
    try:
        _require_a_recent_server(connection.get_server_version().major)
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        pending = await _pending()
        manager = ForwardsMigrationManager(app_name=APP_CONFIG.app_name)
        with contextlib.redirect_stdout(io.StringIO()):
            result = await manager.run_migrations(APP_CONFIG)
        if not result.success:
            raise DatabaseUnusable(f"The database could not be migrated: {result.message}")
        return [*pending.values(), *await queue.install(connection)]
    finally:
        await connection.close()


async def is_current() -> bool:
    """Whether every migration of this version has been run."""
    return not await _pending() and await queue.is_installed()


async def unmigrated_changes() -> list[str]:
    """What the tables declare that no migration does yet; empty when the migrations are fresh."""
    altered = await AutoMigrationManager().get_alter_statements(APP_CONFIG)
    return list(chain.from_iterable(statements.statements for statements in altered))


def _require_a_recent_server(version: int) -> None:
    if version < OLDEST_SERVER:
        raise DatabaseUnusable(f"Rollcall needs PostgreSQL 15 or newer; this server is {version}. Upgrade it.")


async def _pending() -> dict[str, str]:
    manager = ForwardsMigrationManager(app_name=APP_CONFIG.app_name)
    with contextlib.redirect_stdout(io.StringIO()):
        await manager.create_migration_table()
    modules = manager.get_migration_modules(APP_CONFIG.resolved_migrations_folder_path)
    done = set(await Migration.get_migrations_which_ran(app_name=APP_CONFIG.app_name))
    return {key: str(modules[key].DESCRIPTION) for key in sorted(modules) if key not in done}
