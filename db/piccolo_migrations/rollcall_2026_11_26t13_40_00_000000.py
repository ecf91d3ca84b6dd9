"""An index for requests that were refused."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T13:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "An index for requests that were refused"

# What was carried out does not pay for it, and that is nearly everything.
STATEMENTS = "CREATE INDEX request_refused ON request (organization_id, id) WHERE status >= 400;"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
