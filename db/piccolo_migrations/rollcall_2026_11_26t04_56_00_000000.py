"""Keys and indexes of sessions, codes and rates."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T04:56:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of sessions, codes and rates"

STATEMENTS = """
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_account ON session (account_id, id);
CREATE INDEX session_ends ON session (ends_at);
ALTER TABLE session ADD FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE;
CREATE INDEX sign_in_code_expires ON sign_in_code (expires_at);
CREATE INDEX password_token_account ON password_token (account_id);
CREATE INDEX password_token_expires ON password_token (expires_at);
ALTER TABLE password_token ADD FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE;
ALTER TABLE break_glass DROP CONSTRAINT break_glass_pkey, ADD PRIMARY KEY (organization_id, member_id),
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id) ON DELETE CASCADE;
CREATE INDEX member_email_key ON member (email_key);
CREATE INDEX account_operator ON account (id) WHERE is_operator;
ALTER TABLE rate SET UNLOGGED;
ALTER TABLE rate SET (fillfactor = 50);
CREATE INDEX rate_at ON rate (at);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
