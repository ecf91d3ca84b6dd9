"""What the roles of members follow from, read behind locks, and writing what follows.

Of a directory that is deleted nothing counts: its users have no `lets_in`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.rule_rows import MemberRoleFacts, RoleCombination

MANY = 1000
"""For more members than this a statement is planned anew."""

GATES = """
SELECT d.id FROM directory d
WHERE d.organization_id = $1 AND d.deleted_at IS NULL AND d.settings ->> 'suspend_on_leaving_groups' = 'true'
  AND EXISTS (SELECT FROM directory_group g
              WHERE g.organization_id = d.organization_id AND g.directory_id = d.id AND g.gives_access)
"""
"""The directories whose people are let in by groups: they are to suspend whoever leaves these, and there are some."""

# One of the member's directories lets people in by groups, and the member is in none of those groups.
_LACKING = f"""
FROM directory_user u
WHERE u.organization_id = $1 AND {{members}} AND u.lets_in IS NOT NULL AND u.directory_id IN ({GATES})
GROUP BY u.member_id, u.directory_id
HAVING NOT bool_or(EXISTS (
    SELECT FROM group_member gm
    JOIN directory_group g ON g.organization_id = gm.organization_id AND g.id = gm.group_id AND g.gives_access
    WHERE gm.organization_id = u.organization_id AND gm.value = u.id))
"""

FACTS = f"""
SELECT m.id, m.status, m.role_id, m.hold, m.held_role_id, o.role_id, o.reason, o.set_by, o.set_at, o.expires_at,
       granted.groups, named.keys, EXISTS (SELECT {_LACKING.format(members="u.member_id = m.id")})
FROM member m
LEFT JOIN role_override o ON o.organization_id = m.organization_id AND o.member_id = m.id
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(g.display_name, g.role_id, g.id) ORDER BY g.display_name, g.id)::text AS groups
    FROM directory_user u
    JOIN group_member gm ON gm.organization_id = u.organization_id AND gm.value = u.id
    JOIN directory_group g ON g.organization_id = gm.organization_id AND g.id = gm.group_id AND g.role_id IS NOT NULL
    WHERE u.organization_id = m.organization_id AND u.member_id = m.id AND u.lets_in IS NOT NULL
) granted ON true
LEFT JOIN LATERAL (
    SELECT json_agg(DISTINCT key)::text AS keys
    FROM directory_user u, jsonb_array_elements_text(u.role_keys) AS key
    WHERE u.organization_id = m.organization_id AND u.member_id = m.id AND u.lets_in IS NOT NULL
) named ON true"""
"""What the roles of members follow from, with the names that explain it; without its WHERE."""


async def facts(organization: OrganizationId, member: uuid.UUID) -> MemberRoleFacts | None:
    """What the role of a member follows from, with the names that explain it."""
    found = await sql.row(f"{FACTS} WHERE m.organization_id = $1 AND m.id = $2", organization, member)
    return MemberRoleFacts(*found) if found else None


_LOCK = """
WITH held AS (
    SELECT FROM organization WHERE id = $1 FOR KEY SHARE
), locked AS (
    SELECT FROM member m WHERE m.organization_id = $1 AND m.id = ANY($2) ORDER BY m.id FOR UPDATE
)
SELECT (SELECT count(*) FROM held), (SELECT count(*) FROM locked)
"""


async def lock_members(organization: OrganizationId, members: Sequence[uuid.UUID]) -> int:
    """Hold what the organization has chosen, then lock members in the order of their ids; how many there are.

    What follows is to be read by later statements: one that had to wait for a lock reads all that it did not lock as
    it was before it waited.
    """
    found = await sql.row(_LOCK, organization, list(members))
    return found[1] if found else 0


_COMBINATIONS = f"""
WITH granted AS (
    SELECT u.member_id, array_agg(DISTINCT g.role_id ORDER BY g.role_id) AS roles
    FROM directory_user u
    JOIN group_member gm ON gm.organization_id = u.organization_id AND gm.value = u.id
    JOIN directory_group g ON g.organization_id = gm.organization_id AND g.id = gm.group_id
    WHERE u.organization_id = $1 AND u.member_id = ANY($2) AND u.lets_in IS NOT NULL AND g.role_id IS NOT NULL
    GROUP BY u.member_id
), named AS (
    SELECT u.member_id, array_agg(DISTINCT key ORDER BY key) AS keys
    FROM directory_user u, jsonb_array_elements_text(u.role_keys) AS key
    WHERE u.organization_id = $1 AND u.member_id = ANY($2) AND u.lets_in IS NOT NULL AND u.role_keys IS NOT NULL
    GROUP BY u.member_id
), lacking AS (
    SELECT DISTINCT l.member_id FROM (SELECT u.member_id {_LACKING.format(members="u.member_id = ANY($2)")}) l
)
SELECT m.status, m.seat, m.role_id, m.hold, m.held_role_id, o.role_id, o.expires_at, coalesce(granted.roles, '{{}}'),
       coalesce(named.keys, '{{}}'), lacking.member_id IS NOT NULL, array_agg(m.id ORDER BY m.id)
FROM member m
LEFT JOIN role_override o ON o.organization_id = $1 AND o.member_id = m.id
LEFT JOIN granted ON granted.member_id = m.id
LEFT JOIN named ON named.member_id = m.id
LEFT JOIN lacking ON lacking.member_id = m.id
WHERE m.organization_id = $1 AND m.id = ANY($2)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""

_FOR_MANY = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true)
"""


async def combinations(organization: OrganizationId, members: Sequence[uuid.UUID]) -> list[RoleCombination]:
    """What the roles of any number of members follow from, those alike together; to be asked in a transaction."""
    if len(members) > MANY:
        # PostgreSQL's plan for an unknown number of members is one for ten, and takes minutes for a hundred thousand.
        # What it sorts and hashes of these does not fit into what it takes for itself otherwise.
        await sql.rows(_FOR_MANY)
    found = await sql.rows(_COMBINATIONS, organization, list(members))
    return [RoleCombination(*row) for row in found]


_ASSIGN = """
UPDATE member SET role_id = $3, status = $4, hold = $5, updated_at = $6, version = version + 1,
    held_role_id = CASE WHEN $5::text IS NULL THEN NULL WHEN hold IS NULL THEN role_id ELSE held_role_id END,
    status_since = CASE WHEN status = $4 THEN status_since ELSE $6 END
FROM unnest($2::uuid[]) AS a (id) WHERE member.organization_id = $1 AND member.id = a.id
"""


async def assign(
    organization: OrganizationId,
    members: Sequence[uuid.UUID],
    *,
    role: uuid.UUID | None,
    status: str,
    hold: str | None,
    at: datetime,
) -> None:
    """Give members a role, a status and the reason why they keep it."""
    await sql.rows(_ASSIGN, organization, list(members), role, status, hold, at)
