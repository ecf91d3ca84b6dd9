"""Seals on the history of what belongs to no organization."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T02:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Seals on the history of what belongs to no organization"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script("ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_organization_id_fkey")

    manager.add_raw(run)
    return manager
