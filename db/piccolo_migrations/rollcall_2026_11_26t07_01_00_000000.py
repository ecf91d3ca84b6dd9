"""Keys and indexes of portal links."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T07:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of portal links"

# Whoever comes with a link or its session says nothing of an organization.
STATEMENTS = """
ALTER TABLE portal_link DROP CONSTRAINT portal_link_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE UNIQUE INDEX portal_link_hash ON portal_link (hash);
CREATE UNIQUE INDEX portal_link_session ON portal_link (session_hash) WHERE session_hash IS NOT NULL;
CREATE INDEX portal_link_expires ON portal_link (expires_at);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
