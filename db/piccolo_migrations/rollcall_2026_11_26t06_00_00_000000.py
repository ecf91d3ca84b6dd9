"""Members sorted and searched by name and address."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Members sorted and searched by name and address"

# Names and addresses change rarely, so that a change of status, seat or role still writes no index. There is none over
# the times of changes for the same reason: it would be written with every change of everybody.
SORTED = """
CREATE INDEX member_by_name ON member
    (organization_id, (coalesce(replace(lower(display_name), 'ς', 'σ'), '') COLLATE "C"), id);
CREATE INDEX member_by_email ON member (organization_id, (coalesce(email_key, '') COLLATE "C"), id);
"""

# Who runs a database for others may not let us have the extension. Then a search reads all members of an organization.
# What new members bring to it waits until there is a megabyte, five hundred of them: more at once costs less for each.
SEARCHED = """
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX member_words ON member USING gin (organization_id, email_key gin_trgm_ops,
        (coalesce(replace(lower(display_name), 'ς', 'σ'), '')) gin_trgm_ops) WITH (gin_pending_list_limit = 1024);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
    RAISE NOTICE 'Without the extension pg_trgm, searching members takes longer.';
END $$;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(SORTED)
        await sql.script(SEARCHED)

    manager.add_raw(run)
    return manager
