"""What was bought before anybody had to confirm it was reserved when it was bought."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T05:03:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Purchases from before they were reserved"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script("UPDATE seat_purchase SET reserved_at = purchased_at WHERE reserved_at IS NULL")

    manager.add_raw(run)
    return manager
