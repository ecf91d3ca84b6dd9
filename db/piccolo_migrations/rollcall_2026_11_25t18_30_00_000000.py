"""Keys of seats, removals, invitations and jobs, and the seats of members who were there before seats were counted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-25T18:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and constraints of seats, removals, invitations and jobs"

# The ledger, like the record of requests, has no foreign keys: it outlives what it tells of, and a check would lock
# one row of the pool or member for every entry.
KEYS = """
ALTER TABLE invitation DROP CONSTRAINT invitation_pkey, ADD PRIMARY KEY (organization_id, member_id),
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id) ON DELETE CASCADE;
CREATE UNIQUE INDEX invitation_token ON invitation (token_hash);

ALTER TABLE seat_pool DROP CONSTRAINT seat_pool_pkey, ADD PRIMARY KEY (organization_id, seat_type),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id),
    ADD CONSTRAINT seat_pool_sense CHECK (seat_limit >= 0 AND price_minor >= 0);
ALTER TABLE seat_count DROP CONSTRAINT seat_count_pkey, ADD PRIMARY KEY (organization_id, seat_type, slot),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
ALTER TABLE seat_count SET (fillfactor = 50);
ALTER TABLE billing_terms ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
ALTER TABLE seat_entry DROP CONSTRAINT seat_entry_pkey, ADD PRIMARY KEY (organization_id, id);
CREATE INDEX seat_entry_member ON seat_entry (organization_id, member_id, id);
ALTER TABLE seat_purchase DROP CONSTRAINT seat_purchase_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE INDEX seat_purchase_time ON seat_purchase (organization_id, purchased_at);
ALTER TABLE seat_snapshot DROP CONSTRAINT seat_snapshot_pkey, ADD PRIMARY KEY (organization_id, day, seat_type),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
ALTER TABLE seat_alert DROP CONSTRAINT seat_alert_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE UNIQUE INDEX seat_alert_open ON seat_alert (organization_id, seat_type, percent) WHERE cleared_at IS NULL;

ALTER TABLE removal DROP CONSTRAINT removal_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id);
CREATE INDEX removal_recent ON removal (organization_id, directory_id, removed_at) WHERE state = 'APPLIED';
CREATE UNIQUE INDEX removal_held ON removal (organization_id, member_id) WHERE state = 'HELD';
CREATE INDEX removal_due ON removal (decide_by) WHERE state = 'HELD';
ALTER TABLE removal_window DROP CONSTRAINT removal_window_pkey, ADD PRIMARY KEY (organization_id, directory_id),
    ADD FOREIGN KEY (organization_id, directory_id) REFERENCES directory (organization_id, id);
ALTER TABLE link_request DROP CONSTRAINT link_request_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, directory_id) REFERENCES directory (organization_id, id),
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id);
CREATE UNIQUE INDEX link_request_pair ON link_request (organization_id, directory_id, member_id);

ALTER TABLE job DROP CONSTRAINT job_pkey, ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
ALTER TABLE job_row DROP CONSTRAINT job_row_pkey, ADD PRIMARY KEY (organization_id, job_id, number),
    ADD FOREIGN KEY (organization_id, job_id) REFERENCES job (organization_id, id) ON DELETE CASCADE;
CREATE INDEX job_row_waiting ON job_row (organization_id, job_id, number) WHERE outcome = 'WAITING';

CREATE INDEX member_awaiting ON member (organization_id, awaits_seat, awaits_since, id) WHERE awaits_seat IS NOT NULL;
CREATE INDEX member_local ON member (organization_id, id) WHERE local IS NOT NULL;
CREATE INDEX member_erase ON member (erase_after) WHERE erase_after IS NOT NULL;
CREATE INDEX directory_deleted ON directory (deleted_at) WHERE deleted_at IS NOT NULL;
"""

# Who could use the organization before seats were counted holds the seat that was asked for.
BEFORE = """
UPDATE directory_user SET lets_in = active;
UPDATE member SET seat = coalesce(seat_type, 'full') WHERE status IN ('ACTIVE', 'SUSPENDED');
INSERT INTO seat_count (organization_id, seat_type, slot, used)
SELECT organization_id, seat, 0, count(*) FROM member WHERE seat IS NOT NULL GROUP BY 1, 2;
INSERT INTO seat_entry (organization_id, id, seat_type, delta, member_id, cause, entered_at)
SELECT organization_id, gen_random_uuid(), seat, 1, id, 'ARRIVED', now() FROM member WHERE seat IS NOT NULL;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        for statements in (KEYS, BEFORE):
            await sql.script(statements)

    manager.add_raw(run)
    return manager
