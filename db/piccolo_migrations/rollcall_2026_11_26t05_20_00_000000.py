"""Idempotency keys are for people who have signed in, too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T05:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Idempotency keys are for people who have signed in, too"

STATEMENTS = "ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_token_id_fkey;"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    manager.rename_column(
        table_class_name="IdempotencyKey",
        tablename="idempotency_key",
        old_column_name="token_id",
        new_column_name="caller_id",
        old_db_column_name="token_id",
        new_db_column_name="caller_id",
        schema=None,
    )
    return manager
