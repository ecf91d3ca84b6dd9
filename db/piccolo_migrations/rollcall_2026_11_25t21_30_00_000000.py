"""Room on the pages of members, and fewer indexes to write."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-25T21:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Room on the pages of members, and fewer indexes to write"

# A change of a rule gives everybody another role at once. Where half of a page is free, each new row fits beside its
# old one, and no index is written. Pages that are there already get their room as they are written anew.
# One index finds members by account and keeps an account from coming in twice.
STATEMENTS = """
ALTER TABLE member SET (fillfactor = 50);
DROP INDEX member_account, member_account_id;
CREATE UNIQUE INDEX member_account ON member (account_id, organization_id);
DROP INDEX change_request;
CREATE INDEX change_request ON change (organization_id, request_id) WHERE request_id IS NOT NULL;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
