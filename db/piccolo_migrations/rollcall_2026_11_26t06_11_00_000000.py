"""Keys and indexes of OAuth clients and of sign-ins that are told of."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T06:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of OAuth clients and of sign-ins that are told of"

STATEMENTS = """
ALTER TABLE oauth_client DROP CONSTRAINT oauth_client_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, directory_id) REFERENCES directory (organization_id, id);
CREATE UNIQUE INDEX oauth_client_id ON oauth_client (id);
CREATE INDEX oauth_client_directory ON oauth_client (organization_id, directory_id, id);
ALTER TABLE oauth_secret DROP CONSTRAINT oauth_secret_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES oauth_client (organization_id, id) ON DELETE CASCADE;
CREATE UNIQUE INDEX oauth_secret_hash ON oauth_secret (organization_id, client_id, hash);
CREATE INDEX oauth_secret_ending ON oauth_secret (expires_at) WHERE revoked_at IS NULL;
ALTER TABLE oauth_token DROP CONSTRAINT oauth_token_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES oauth_client (organization_id, id) ON DELETE CASCADE;
CREATE UNIQUE INDEX oauth_token_hash ON oauth_token (hash);
CREATE INDEX oauth_token_client ON oauth_token (organization_id, client_id);
CREATE INDEX oauth_token_expires ON oauth_token (expires_at);
ALTER TABLE oauth_assertion DROP CONSTRAINT oauth_assertion_pkey, ADD PRIMARY KEY (organization_id, client_id, hash),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES oauth_client (organization_id, id) ON DELETE CASCADE;
CREATE INDEX oauth_assertion_expires ON oauth_assertion (expires_at);
ALTER TABLE sign_in_report DROP CONSTRAINT sign_in_report_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id),
    ALTER email_key TYPE text COLLATE "C", ALTER call_id TYPE text COLLATE "C";
CREATE UNIQUE INDEX sign_in_report_call ON sign_in_report (organization_id, token_id, call_id)
    WHERE outcome <> 'REFUSED';
CREATE INDEX sign_in_report_address ON sign_in_report (organization_id, email_key, id) WHERE email_key IS NOT NULL;
CREATE INDEX sign_in_report_member ON sign_in_report (organization_id, member_id) WHERE member_id IS NOT NULL;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
