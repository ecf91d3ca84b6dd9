"""Keys and indexes for people that are fetched."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T01:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes for people that are fetched"

STATEMENTS = """
ALTER TABLE pull DROP CONSTRAINT pull_pkey;
ALTER TABLE pull ADD PRIMARY KEY (organization_id, directory_id);
CREATE INDEX pull_next ON pull (next_at);
ALTER TABLE pull_item DROP CONSTRAINT pull_item_pkey;
ALTER TABLE pull_item ADD PRIMARY KEY (organization_id, directory_id, kind, id);
ALTER TABLE pull_item ALTER COLUMN external_id TYPE text COLLATE "C";
CREATE UNIQUE INDEX pull_item_external_id ON pull_item (organization_id, directory_id, kind, external_id);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
