"""Erasing members: what of them goes, and what stays without saying who they were."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId, new_ids
from db.queries import accounts


async def lock_due(organization: OrganizationId, at: datetime, *, limit: int) -> list[uuid.UUID]:
    """Members whose time to be erased has come, locked; those whom somebody else has locked are left out."""
    found = await sql.rows(
        "SELECT id FROM member WHERE organization_id = $1 AND erase_after <= $2 AND status = 'DEPROVISIONED'"
        " ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED",
        organization,
        at,
        limit,
    )
    return [row[0] for row in found]


# Everything that directories sent about these members, by name: whose, until when it was theirs.
_NAMES = """
names AS (
    SELECT u.directory_id, u.user_name_key AS name, $3::timestamptz AS until FROM directory_user u
    WHERE u.organization_id = $1 AND u.member_id = ANY($2)
    UNION ALL
    SELECT d.directory_id, d.user_name_key, d.departed_at FROM departed_user d
    WHERE d.organization_id = $1 AND d.member_id = ANY($2)
)"""

# A name that was free again may be somebody else's by now, whose requests are not to be touched.
_FORGET_REQUESTS = f"""
WITH {_NAMES}, theirs AS (
    SELECT c.request_id AS id FROM change c
    WHERE c.organization_id = $1 AND (c.member_id = ANY($2) OR c.subject_id = ANY($2)) AND c.request_id IS NOT NULL
    UNION
    SELECT r.id FROM names n
    JOIN request r ON r.organization_id = $1 AND r.subject_key = n.name AND r.directory_id = n.directory_id
    WHERE r.resource_type IS DISTINCT FROM 'Group' AND (r.received_at <= n.until OR NOT EXISTS (
        SELECT FROM directory_user o
        WHERE o.organization_id = $1 AND o.directory_id = n.directory_id AND o.user_name_key = n.name
          AND o.member_id <> ALL($2)))
)
UPDATE request r SET request_body = NULL, response_body = NULL, query = NULL,
    detail = CASE WHEN r.resource_type = 'Group' THEN r.detail END,
    subject_key = CASE WHEN r.resource_type = 'Group' THEN r.subject_key END,
    decisions = CASE WHEN r.resource_type = 'Group' THEN r.decisions ELSE (
        SELECT coalesce(jsonb_agg(jsonb_set(d, '{{text}}', '""')), '[]') FROM jsonb_array_elements(r.decisions) d) END
WHERE r.organization_id = $1 AND r.id IN (
    SELECT id FROM theirs UNION
    SELECT b.bulk_request_id FROM request b JOIN theirs t ON t.id = b.id
    WHERE b.organization_id = $1 AND b.bulk_request_id IS NOT NULL)
"""
_FORGET_CHANGES = """
UPDATE change SET before = NULL, after = NULL
WHERE organization_id = $1 AND (member_id = ANY($2) OR subject_id = ANY($2))
  AND (before IS NOT NULL OR after IS NOT NULL)
"""


_FORGET_REPORTS = """
UPDATE sign_in_report s SET email = NULL, email_key = NULL, detail = NULL, answer = NULL
WHERE s.organization_id = $1 AND (s.member_id = ANY($2) OR s.email_key IN (
    SELECT m.email_key FROM member m WHERE m.organization_id = $1 AND m.id = ANY($2)))
"""


async def forget_history(organization: OrganizationId, members: Sequence[uuid.UUID], at: datetime) -> None:
    """Leave of requests about members, and of changes to them, what happened, when and by whom.

    Requests about groups that concerned them lose their bodies only.
    """
    await sql.rows(_FORGET_REQUESTS, organization, list(members), at)
    await sql.rows(_FORGET_REPORTS, organization, list(members))
    await sql.rows(_FORGET_CHANGES, organization, list(members))


_LEAVE_DIRECTORIES = """
WITH gone AS (
    DELETE FROM directory_user WHERE organization_id = $1 AND member_id = ANY($2) RETURNING directory_id, id
), left_groups AS (
    DELETE FROM group_member WHERE organization_id = $1 AND value IN (SELECT id FROM gone)
)
INSERT INTO directory_count AS c (organization_id, directory_id, resource_type, slot, total)
SELECT $1, directory_id, 'User', pg_backend_pid() % 16, -count(*) FROM gone GROUP BY directory_id
ON CONFLICT (organization_id, directory_id, resource_type, slot) DO UPDATE SET total = c.total + excluded.total
"""


async def leave_directories(organization: OrganizationId, members: Sequence[uuid.UUID]) -> None:
    """Delete what deleted directories still hold of members."""
    await sql.rows(_LEAVE_DIRECTORIES, organization, list(members))


async def delete_belongings(organization: OrganizationId, members: Sequence[uuid.UUID]) -> None:
    """Delete what else there is of members: invitations, choices, the traces by which they would be known again."""
    for table in ("role_override", "invitation", "departed_user", "link_request", "sso_identity"):
        await sql.rows(
            f"DELETE FROM {table} WHERE organization_id = $1 AND member_id = ANY($2)", organization, list(members)
        )
    await sql.rows(
        "UPDATE job_row SET wanted = '{}', text = NULL WHERE organization_id = $1 AND member_id = ANY($2)",
        organization,
        list(members),
    )


_BLANK = """
WITH accounts AS (
    INSERT INTO account (id, created_at) SELECT id, $4 FROM unnest($3::uuid[]) AS a (id)
)
UPDATE member m SET status = 'ERASED', status_since = $4, account_id = a.account, email = NULL, email_key = NULL,
    display_name = NULL, local = NULL, role_id = NULL, hold = NULL, held_role_id = NULL, seat_type = NULL,
    awaits_seat = NULL, awaits_since = NULL, erase_after = NULL, updated_at = $4, version = version + 1
FROM unnest($2::uuid[], $3::uuid[]) AS a (member, account)
WHERE m.organization_id = $1 AND m.id = a.member
"""
_ACCOUNTS = "SELECT account_id FROM member WHERE organization_id = $1 AND id = ANY($2)"
_LOCK_ACCOUNTS = "SELECT 1 FROM account WHERE id = ANY($1) ORDER BY id FOR UPDATE"


async def blank(organization: OrganizationId, members: Sequence[uuid.UUID], at: datetime) -> None:
    """Make tombstones of members, each with an account of its own that nobody can sign in to.

    Their accounts go unless another organization uses them; that is read once the accounts are locked.
    """
    theirs = [row[0] for row in await sql.rows(_ACCOUNTS, organization, list(members))]
    await sql.rows(_LOCK_ACCOUNTS, theirs)
    await sql.rows(_BLANK, organization, list(members), new_ids(len(members)), at)
    await accounts.delete_empty(theirs)
