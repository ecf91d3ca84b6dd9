"""Users by the thousand, straight into the database, for tests to which only their number matters."""

from __future__ import annotations

from db import sql
from tests.conftest import DirectoryAccess


async def seeded(access: DirectoryAccess, count: int) -> list[str]:
    """The ids of so many users of the directory, all of one person.

    PostgreSQL is told at once how many there are: should it count for itself while the insertion is under way, it finds
    an empty table, and believes in it for up to a minute.
    """
    rows = await sql.rows(
        """
        WITH person AS (INSERT INTO account (id, created_at) VALUES (gen_random_uuid(), now()) RETURNING id),
        one AS (INSERT INTO member (organization_id, id, account_id, status, version, created_at, updated_at)
          SELECT $1, gen_random_uuid(), id, 'ACTIVE', 1, now(), now() FROM person RETURNING id)
        INSERT INTO directory_user (organization_id, directory_id, id, member_id, user_name, user_name_key, active,
            lets_in, document, search, version, created_at, updated_at)
        SELECT $1, $2, gen_random_uuid(), one.id, 'seed' || n, 'seed' || n, true, true,
               json_build_object('schemas', '[]'::json, 'userName', 'seed' || n), '{}', 1, now(), now()
        FROM one, generate_series(1, $3) n RETURNING id
        """,
        access.organization_id,
        access.directory_id,
        count,
    )
    await sql.script("ANALYZE directory_user, member, account")
    return [str(row["id"]) for row in rows]
