"""An index for what is spent in a month, and keys of secrets that belong to an organization."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T05:04:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What is spent in a month, and secrets of organizations"

KEYS = """
CREATE INDEX seat_purchase_spent ON seat_purchase (organization_id, reserved_at) WHERE state <> 'FAILED';
ALTER TABLE billing_secret ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
DROP INDEX billing_secret_name;
CREATE UNIQUE INDEX billing_secret_name ON billing_secret (name) WHERE organization_id IS NULL;
CREATE UNIQUE INDEX billing_secret_of ON billing_secret (organization_id, name)
    WHERE organization_id IS NOT NULL AND ends_at IS NULL;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(KEYS)

    manager.add_raw(run)
    return manager
