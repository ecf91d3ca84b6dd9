"""People who are brought in many at once: whom of them the organization knows, and writing those whom it does not."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId, new_ids
from db.import_rows import Alike, Known, Newcomer
from db.rows import ChangeRow


async def known(organization: OrganizationId, email_keys: Sequence[str]) -> dict[str, Known]:
    """The members with these folded addresses, by those."""
    found = await sql.rows(
        "SELECT m.email_key, m.id, m.status FROM member m WHERE m.organization_id = $1 AND m.email_key = ANY($2)",
        organization,
        list(email_keys),
    )
    return {key: Known(id, status) for key, id, status in found}


# Who was imported is left out: the application tells its own users apart.
_ALIKE = """
SELECT m.id, m.email, lower(m.display_name), NULL FROM member m
WHERE m.organization_id = $1 AND lower(m.display_name) = ANY($2) AND m.source <> 'IMPORT'
UNION ALL
SELECT m.id, m.email, NULL, u.user_name_key FROM directory_user u
JOIN member m ON m.organization_id = u.organization_id AND m.id = u.member_id
WHERE u.organization_id = $1 AND u.user_name_key = ANY($3)
"""


async def alike(organization: OrganizationId, names: Sequence[str], user_names: Sequence[str]) -> list[Alike]:
    """Members who have one of these names, or are known to a directory by one of these userNames; all folded."""
    return [Alike(*row) for row in await sql.rows(_ALIKE, organization, list(names), list(user_names))]


_ADD = """
WITH wanted AS (
    SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::text[], $10::text[], $11::uuid[], $12::bool[])
        AS w (id, account_id, status, email, email_key, display_name, seat_type, seat, awaits_seat, role_id, may_share)
), shared AS (
    INSERT INTO account (id, email, email_key, created_at)
    SELECT account_id, email, email_key, $13 FROM wanted WHERE may_share ORDER BY email_key
    ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key RETURNING id, email_key
), own AS (
    INSERT INTO account (id, email, email_key, created_at)
    SELECT account_id, email, email_key, $13 FROM wanted WHERE NOT may_share ORDER BY email_key
    ON CONFLICT (email_key) DO NOTHING RETURNING id
), apart AS (
    INSERT INTO account (id, created_at)
    SELECT account_id, $13 FROM wanted WHERE NOT may_share AND account_id NOT IN (SELECT id FROM own) RETURNING id
)
INSERT INTO member (organization_id, id, account_id, status, status_since, source, managed_by, email, email_key,
    display_name, seat_type, seat, awaits_seat, awaits_since, role_id, created_at, updated_at)
SELECT $1, w.id, coalesce(s.id, w.account_id), w.status, $13, 'IMPORT', 'LOCAL', w.email, w.email_key,
    w.display_name, w.seat_type, w.seat, w.awaits_seat, CASE WHEN w.awaits_seat IS NOT NULL THEN $13 END, w.role_id,
    $13, $13
FROM wanted w LEFT JOIN shared s ON w.may_share AND s.email_key = w.email_key
"""


async def add(organization: OrganizationId, people: Sequence[Newcomer], at: datetime) -> None:
    """Write new members with their accounts; see `members.account_parts` for whose account may be shared."""
    await sql.rows(
        _ADD,
        organization,
        [each.member.id for each in people],
        new_ids(len(people)),
        [each.member.status for each in people],
        [each.member.email for each in people],
        [each.member.email_key for each in people],
        [each.member.display_name for each in people],
        [each.member.seat_type for each in people],
        [each.member.seat for each in people],
        [each.member.awaits_seat for each in people],
        [each.role_id for each in people],
        [each.may_share for each in people],
        at,
    )


_CHANGES = """
INSERT INTO change (organization_id, id, actor_kind, actor_id, subject_type, subject_id, action, after, changed_at)
SELECT $1, c.* FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::jsonb[],
                           $9::timestamptz[]) AS c
"""


async def remember(organization: OrganizationId, changes: Sequence[ChangeRow]) -> None:
    """Write what happened to many members, for the first time each."""
    await sql.rows(
        _CHANGES,
        organization,
        [each.id for each in changes],
        [each.actor_kind for each in changes],
        [each.actor_id for each in changes],
        [each.subject_type for each in changes],
        [each.subject_id for each in changes],
        [each.action for each in changes],
        [each.after for each in changes],
        [each.changed_at for each in changes],
    )


_OVERRIDES = """
INSERT INTO role_override (organization_id, member_id, role_id, reason, set_by, set_at)
SELECT $1, chosen.member, chosen.role, $4, $5, $6 FROM unnest($2::uuid[], $3::uuid[]) AS chosen (member, role)
"""


async def choose_roles(
    organization: OrganizationId, roles: Sequence[tuple[uuid.UUID, uuid.UUID]], *, reason: str, by: str, at: datetime
) -> None:
    """Write the roles that somebody chose for new members."""
    members, chosen = [member for member, _ in roles], [role for _, role in roles]
    await sql.rows(_OVERRIDES, organization, members, chosen, reason, by, at)
