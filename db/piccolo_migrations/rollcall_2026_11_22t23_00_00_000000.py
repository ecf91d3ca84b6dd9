"""Keys, constraints and indexes that Piccolo cannot express: composite, partial, collated and inverted ones.

`organization_id` leads every key, so that tables can be distributed or partitioned by organization. Text that is
compared or sorted has the collation "C", because folding happens in Python and order must not depend on the server.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from db import sql

ID = "2026-11-22T23:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys, constraints and indexes of the first release"

EXTENSIONS = "CREATE EXTENSION IF NOT EXISTS btree_gin;"

KEYS = """
ALTER TABLE extension DROP CONSTRAINT extension_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE member DROP CONSTRAINT member_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE directory DROP CONSTRAINT directory_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE directory_key DROP CONSTRAINT directory_key_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE directory_count DROP CONSTRAINT directory_count_pkey,
    ADD PRIMARY KEY (organization_id, directory_id, resource_type, slot);
ALTER TABLE directory_user DROP CONSTRAINT directory_user_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE departed_user DROP CONSTRAINT departed_user_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE directory_group DROP CONSTRAINT directory_group_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE group_member DROP CONSTRAINT group_member_pkey, ADD PRIMARY KEY (organization_id, group_id, value);
ALTER TABLE parked_member DROP CONSTRAINT parked_member_pkey, ADD PRIMARY KEY (organization_id, group_id, value);
ALTER TABLE request DROP CONSTRAINT request_pkey, ADD PRIMARY KEY (organization_id, id);
ALTER TABLE change DROP CONSTRAINT change_pkey, ADD PRIMARY KEY (organization_id, id);
"""

COLLATIONS = """
ALTER TABLE extension ALTER urn_key TYPE text COLLATE "C";
ALTER TABLE account ALTER email_key TYPE text COLLATE "C";
ALTER TABLE member ALTER email_key TYPE text COLLATE "C";
ALTER TABLE directory_user ALTER user_name TYPE text COLLATE "C", ALTER user_name_key TYPE text COLLATE "C",
    ALTER external_id TYPE text COLLATE "C", ALTER email_key TYPE text COLLATE "C",
    ALTER display_name TYPE text COLLATE "C";
ALTER TABLE departed_user ALTER user_name_key TYPE text COLLATE "C", ALTER external_id TYPE text COLLATE "C",
    ALTER email_key TYPE text COLLATE "C";
ALTER TABLE directory_group ALTER display_name TYPE text COLLATE "C", ALTER display_name_key TYPE text COLLATE "C",
    ALTER unique_name TYPE text COLLATE "C", ALTER external_id TYPE text COLLATE "C";
ALTER TABLE parked_member ALTER value TYPE text COLLATE "C";
ALTER TABLE request ALTER subject_key TYPE text COLLATE "C";
"""

REFERENCES = """
ALTER TABLE extension ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
ALTER TABLE member ADD FOREIGN KEY (organization_id) REFERENCES organization (id),
    ADD FOREIGN KEY (account_id) REFERENCES account (id);
ALTER TABLE directory ADD FOREIGN KEY (organization_id) REFERENCES organization (id);
ALTER TABLE directory_key
    ADD FOREIGN KEY (organization_id, directory_id) REFERENCES directory (organization_id, id);
ALTER TABLE directory_user
    ADD FOREIGN KEY (organization_id, directory_id) REFERENCES directory (organization_id, id),
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id);
ALTER TABLE departed_user
    ADD FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id);
ALTER TABLE directory_group
    ADD FOREIGN KEY (organization_id, directory_id) REFERENCES directory (organization_id, id);
ALTER TABLE group_member
    ADD FOREIGN KEY (organization_id, group_id) REFERENCES directory_group (organization_id, id) ON DELETE CASCADE;
ALTER TABLE parked_member
    ADD FOREIGN KEY (organization_id, group_id) REFERENCES directory_group (organization_id, id) ON DELETE CASCADE;
"""

INDEXES = """
CREATE UNIQUE INDEX extension_urn ON extension (organization_id, urn_key);
CREATE UNIQUE INDEX account_email ON account (email_key);
CREATE UNIQUE INDEX member_account ON member (organization_id, account_id);
CREATE INDEX member_account_id ON member (account_id);
CREATE INDEX member_email ON member (organization_id, email_key);
CREATE UNIQUE INDEX directory_key_hash ON directory_key (hash);
CREATE INDEX directory_key_directory ON directory_key (organization_id, directory_id);

CREATE INDEX directory_user_order ON directory_user (organization_id, directory_id, id);
CREATE UNIQUE INDEX directory_user_user_name ON directory_user (organization_id, directory_id, user_name_key);
CREATE INDEX directory_user_member ON directory_user (organization_id, member_id);
CREATE INDEX directory_user_external_id ON directory_user (organization_id, directory_id, external_id);
CREATE INDEX directory_user_email ON directory_user (organization_id, directory_id, email_key);
CREATE INDEX directory_user_search ON directory_user USING gin (organization_id, search jsonb_path_ops)
    WITH (gin_pending_list_limit = 256);

CREATE INDEX departed_user_user_name ON departed_user (organization_id, directory_id, user_name_key);
CREATE INDEX departed_user_external_id ON departed_user (organization_id, directory_id, external_id);
CREATE INDEX departed_user_email ON departed_user (organization_id, directory_id, email_key);

CREATE INDEX directory_group_order ON directory_group (organization_id, directory_id, id);
CREATE UNIQUE INDEX directory_group_unique_name ON directory_group (organization_id, directory_id, unique_name);
CREATE INDEX directory_group_display_name ON directory_group (organization_id, directory_id, display_name_key);
CREATE UNIQUE INDEX directory_group_external_id ON directory_group (organization_id, directory_id, external_id);
CREATE INDEX directory_group_search ON directory_group USING gin (organization_id, search jsonb_path_ops)
    WITH (gin_pending_list_limit = 256);

CREATE INDEX group_member_value ON group_member (organization_id, value, group_id);
CREATE INDEX parked_member_value ON parked_member (organization_id, directory_id, value);

CREATE INDEX parked_member_folded ON parked_member (organization_id, directory_id, lower(value));

CREATE INDEX request_directory ON request (organization_id, directory_id, id);
CREATE INDEX request_subject ON request (organization_id, subject_key, id) WHERE subject_key IS NOT NULL;
CREATE INDEX change_request ON change (organization_id, request_id);
CREATE INDEX change_subject ON change (organization_id, subject_id, id);
CREATE INDEX change_member ON change (organization_id, member_id, id) WHERE member_id IS NOT NULL;
"""

# A directory determines its organization, a group its too. Unless PostgreSQL knows, it expects so few rows for both
# together that every index looks equally good to a generic plan.
STATISTICS = """
CREATE STATISTICS directory_user_tenancy (dependencies) ON organization_id, directory_id FROM directory_user;
CREATE STATISTICS departed_user_tenancy (dependencies) ON organization_id, directory_id FROM departed_user;
CREATE STATISTICS directory_group_tenancy (dependencies) ON organization_id, directory_id FROM directory_group;
CREATE STATISTICS group_member_tenancy (dependencies) ON organization_id, group_id FROM group_member;
CREATE STATISTICS parked_member_tenancy (dependencies) ON organization_id, directory_id FROM parked_member;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    async def run() -> None:
        for statements in (EXTENSIONS, KEYS, COLLATIONS, REFERENCES, INDEXES, STATISTICS):
            await sql.script(statements)

    manager.add_raw(run)
    return manager
