"""Keys and indexes of mails and contacts; nobody is mailed about what was bought before there were mails."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T01:35:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of mails and contacts"

STATEMENTS = """
ALTER TABLE contact DROP CONSTRAINT contact_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id),
    ALTER COLUMN email_key TYPE text COLLATE "C";
CREATE UNIQUE INDEX contact_email ON contact (organization_id, kind, email_key);
CREATE UNIQUE INDEX contact_unsubscribe ON contact (unsubscribe_token);
ALTER TABLE mail_message ADD FOREIGN KEY (organization_id) REFERENCES organization (id),
    ALTER COLUMN recipient_key TYPE text COLLATE "C";
CREATE INDEX mail_message_organization ON mail_message (organization_id, id);
CREATE INDEX mail_message_queued ON mail_message (due_at) WHERE state = 'QUEUED';
CREATE INDEX mail_message_readable ON mail_message (created_at) WHERE data IS NOT NULL;
CREATE UNIQUE INDEX mail_message_about ON mail_message (kind, about, organization_id, recipient_key)
    NULLS NOT DISTINCT WHERE about IS NOT NULL;
UPDATE seat_purchase SET summed_up_at = now();
CREATE INDEX seat_purchase_untold ON seat_purchase (organization_id, purchased_at) WHERE summed_up_at IS NULL;
CREATE INDEX removal_told ON removal (organization_id, directory_id, told_at) WHERE told_at IS NOT NULL;
CREATE INDEX directory_key_ending ON directory_key (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
