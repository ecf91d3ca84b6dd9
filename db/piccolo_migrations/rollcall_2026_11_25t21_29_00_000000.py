"""Keys of the counts of removals, and the counts of those that were there before."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-25T21:29:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys of the counts of removals, and the counts of those that were there before"

STATEMENTS = """
ALTER TABLE removal_count DROP CONSTRAINT removal_count_pkey,
    ADD PRIMARY KEY (organization_id, directory_id, minute, slot),
    ADD FOREIGN KEY (organization_id, directory_id) REFERENCES directory (organization_id, id);
ALTER TABLE removal_count SET (fillfactor = 50);
INSERT INTO removal_count (organization_id, directory_id, minute, slot, people)
SELECT r.organization_id, r.directory_id, date_trunc('minute', r.removed_at), 0, count(*)
FROM removal r JOIN directory d ON d.organization_id = r.organization_id AND d.id = r.directory_id
WHERE r.state = 'APPLIED' AND r.removed_at > now() - make_interval(days => 1) GROUP BY 1, 2, 3;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
