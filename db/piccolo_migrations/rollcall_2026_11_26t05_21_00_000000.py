"""Keys and indexes of single sign-on by SAML."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T05:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of single sign-on by SAML"

# Ids of assertions are their provider's own, so they go with the connection.
STATEMENTS = """
ALTER TABLE saml_assertion DROP CONSTRAINT saml_assertion_pkey,
    ADD PRIMARY KEY (organization_id, connection_id, id_hash),
    ADD FOREIGN KEY (organization_id, connection_id) REFERENCES sso_connection (organization_id, id) ON DELETE CASCADE;
CREATE INDEX saml_assertion_expires ON saml_assertion (expires_at);
ALTER TABLE sso_ticket DROP CONSTRAINT sso_ticket_pkey, ADD PRIMARY KEY (organization_id, ticket_hash),
    ADD FOREIGN KEY (organization_id, connection_id) REFERENCES sso_connection (organization_id, id) ON DELETE CASCADE;
CREATE INDEX sso_ticket_connection ON sso_ticket (organization_id, connection_id);
CREATE INDEX sso_ticket_expires ON sso_ticket (expires_at);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
