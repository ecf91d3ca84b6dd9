"""Keys and indexes of single sign-on."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T05:05:27:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of single sign-on"

# A connection is found by its id alone, for a browser that says nothing else. A provider's ids are only its own, so
# they go with the connection.
STATEMENTS = """
ALTER TABLE sso_connection DROP CONSTRAINT sso_connection_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE UNIQUE INDEX sso_connection_id ON sso_connection (id);
ALTER TABLE sso_identity DROP CONSTRAINT sso_identity_pkey,
    ADD PRIMARY KEY (organization_id, connection_id, subject),
    ADD FOREIGN KEY (organization_id, connection_id) REFERENCES sso_connection (organization_id, id) ON DELETE CASCADE,
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id) ON DELETE CASCADE;
CREATE INDEX sso_identity_member ON sso_identity (organization_id, member_id);
ALTER TABLE sso_attempt DROP CONSTRAINT sso_attempt_pkey, ADD PRIMARY KEY (organization_id, state_hash),
    ADD FOREIGN KEY (organization_id, connection_id) REFERENCES sso_connection (organization_id, id) ON DELETE CASCADE;
CREATE INDEX sso_attempt_connection ON sso_attempt (organization_id, connection_id);
CREATE INDEX sso_attempt_expires ON sso_attempt (expires_at);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
