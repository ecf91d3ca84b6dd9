"""Keys of billing accounts, of what providers charge for and of their secrets, and the order of what is reserved."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-26T01:49:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys of billing accounts and of secrets of providers"

# Quantities are set as a whole at Stripe, so two organizations that share a subscription would undo each other's.
KEYS = """
ALTER TABLE billing_account ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE UNIQUE INDEX billing_account_subscription ON billing_account (stripe_subscription)
    WHERE stripe_subscription IS NOT NULL;
ALTER TABLE billed_quantity DROP CONSTRAINT billed_quantity_pkey, ADD PRIMARY KEY (organization_id, seat_type),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE UNIQUE INDEX billing_secret_name ON billing_secret (name);
CREATE INDEX seat_purchase_reserved ON seat_purchase (organization_id, provider, purchased_at, id)
    WHERE state = 'RESERVED';
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        await sql.script(KEYS)

    manager.add_raw(run)
    return manager
