"""Keys and indexes of webhooks."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T01:36:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of webhooks"

# What an endpoint was sent goes with it, and whatever became of a message goes with that.
STATEMENTS = """
ALTER TABLE webhook_secret DROP CONSTRAINT webhook_secret_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, endpoint_id) REFERENCES webhook_endpoint (organization_id, id) ON DELETE CASCADE;
CREATE INDEX webhook_secret_endpoint ON webhook_secret (organization_id, endpoint_id);
ALTER TABLE webhook_message DROP CONSTRAINT webhook_message_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE INDEX webhook_message_member ON webhook_message (organization_id, member_id) WHERE member_id IS NOT NULL;
ALTER TABLE webhook_delivery DROP CONSTRAINT webhook_delivery_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, endpoint_id) REFERENCES webhook_endpoint (organization_id, id) ON DELETE CASCADE,
    ADD FOREIGN KEY (organization_id, message_id) REFERENCES webhook_message (organization_id, id) ON DELETE CASCADE;
CREATE INDEX webhook_delivery_endpoint ON webhook_delivery (organization_id, endpoint_id, id);
CREATE INDEX webhook_delivery_message ON webhook_delivery (organization_id, message_id);
CREATE INDEX webhook_delivery_due ON webhook_delivery (organization_id, endpoint_id, due_at, id)
    WHERE state = 'PENDING';
ALTER TABLE webhook_attempt DROP CONSTRAINT webhook_attempt_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, delivery_id) REFERENCES webhook_delivery (organization_id, id) ON DELETE CASCADE;
CREATE INDEX webhook_attempt_delivery ON webhook_attempt (organization_id, delivery_id, id);
ALTER TABLE access_revocation DROP CONSTRAINT access_revocation_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id);
CREATE INDEX outbox_organization ON outbox (organization_id, number);
CREATE INDEX access_revocation_open ON access_revocation (organization_id, deadline, id) WHERE confirmed_at IS NULL;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(STATEMENTS)

    manager.add_raw(run)
    return manager
