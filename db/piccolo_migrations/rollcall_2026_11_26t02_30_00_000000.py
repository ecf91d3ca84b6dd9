"""An index for domains that are to be looked for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T02:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "An index for domains that are to be looked for"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script("CREATE INDEX domain_check_next ON domain (check_next) WHERE check_next IS NOT NULL")

    manager.add_raw(run)
    return manager
