"""Keys of tokens, budgets, idempotency keys and seals."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-25T22:13:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys of tokens, budgets, idempotency keys and seals"

STATEMENTS = """
CREATE UNIQUE INDEX api_token_hash ON api_token (hash);
CREATE INDEX api_token_organization ON api_token (organization_id, id);
ALTER TABLE api_token ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
ALTER TABLE api_budget SET UNLOGGED;
ALTER TABLE api_budget SET (fillfactor = 50);
CREATE UNIQUE INDEX idempotency_key_key ON idempotency_key (token_id, key);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
ALTER TABLE idempotency_key ADD FOREIGN KEY (token_id) REFERENCES api_token (id);
ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_pkey, ADD PRIMARY KEY (organization_id, number),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
