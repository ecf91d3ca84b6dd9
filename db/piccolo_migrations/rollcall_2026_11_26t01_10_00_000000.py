"""Keys of webhook endpoints and the outbox, and the trigger that fills it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T01:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys of webhook endpoints and the outbox, and the trigger that fills it"

# Ids of changes sort by the time at which they were made; the numbers of one statement follow them.
STATEMENTS = """
ALTER TABLE webhook_endpoint DROP CONSTRAINT webhook_endpoint_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE FUNCTION change_into_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (organization_id, change_id)
    SELECT c.organization_id, c.id FROM added c
    WHERE EXISTS (SELECT FROM webhook_endpoint e WHERE e.organization_id = c.organization_id AND e.is_enabled)
    ORDER BY c.id;
    RETURN NULL;
END $$;
CREATE TRIGGER change_into_outbox AFTER INSERT ON change
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION change_into_outbox();
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
