"""Indexes for what auditors look for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-25T22:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes for what auditors look for"

# None of them has what directories write all day long, so their requests do not pay for them.
STATEMENTS = """
CREATE INDEX change_break_glass ON change (organization_id, id) WHERE after ->> 'break_glass' = 'true';
CREATE INDEX change_actor ON change (organization_id, actor_kind, id) WHERE actor_kind <> 'DIRECTORY';
CREATE INDEX change_action ON change (organization_id, action, id)
    WHERE action NOT IN ('created', 'updated', 'deleted', 'members_added', 'members_removed', 'role_changed');
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
