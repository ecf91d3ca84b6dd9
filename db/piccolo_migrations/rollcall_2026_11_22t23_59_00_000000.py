"""Keys of domains and roles, and what organizations that were made before them need."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-22T23:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys and constraints of domains and roles"

# Roles are archived and never deleted, so members name them without a foreign key, whose check would lock the one row
# of the default role for every new member. There is no index on a member's role, and room is left in their pages, so
# that a mapping that gives another role to a hundred thousand touches no index.
KEYS = """
ALTER TABLE domain DROP CONSTRAINT domain_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE domain ALTER name TYPE text COLLATE "C";
ALTER TABLE domain ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE UNIQUE INDEX domain_name ON domain (organization_id, name);
CREATE UNIQUE INDEX domain_owner ON domain (name) WHERE state = 'VERIFIED';

ALTER TABLE role DROP CONSTRAINT role_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE role ALTER key TYPE text COLLATE "C";
ALTER TABLE role ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
ALTER TABLE role ADD CONSTRAINT role_rank UNIQUE (organization_id, rank) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX role_key ON role (organization_id, key);
CREATE UNIQUE INDEX role_default ON role (organization_id) WHERE is_default;

ALTER TABLE role_override DROP CONSTRAINT role_override_pkey, ADD PRIMARY KEY (organization_id, member_id);
ALTER TABLE role_override
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id) ON DELETE CASCADE,
    ADD FOREIGN KEY (organization_id, role_id) REFERENCES role (organization_id, id);
CREATE INDEX role_override_expiry ON role_override (expires_at) WHERE expires_at IS NOT NULL;

CREATE INDEX directory_group_role ON directory_group (organization_id, role_id) WHERE role_id IS NOT NULL;
ALTER TABLE member SET (fillfactor = 80);
DROP INDEX member_email;
CREATE UNIQUE INDEX member_email ON member (organization_id, email_key);
"""

# Nobody who was let in before there were domains is to be locked out by them.
BEFORE = """
UPDATE organization SET policies = '{"domain_rule": "OFF"}' WHERE policies = '{}';
INSERT INTO role (organization_id, id, key, name, rank, is_admin, is_default, created_at)
SELECT o.id, gen_random_uuid(), ladder.key, ladder.name, ladder.rank, ladder.key = 'admin', ladder.key = 'viewer', now()
FROM organization o CROSS JOIN (VALUES
    ('knowledge-base-viewer', 'Knowledge Base Viewer', 1),
    ('viewer', 'Viewer', 2),
    ('account-manager', 'Account Manager', 3),
    ('admin', 'Admin', 4)
) AS ladder (key, name, rank);
UPDATE member m SET role_id = r.id FROM role r WHERE r.organization_id = m.organization_id AND r.is_default;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        for statements in (KEYS, BEFORE):
            await sql.script(statements)

    manager.add_raw(run)
    return manager
