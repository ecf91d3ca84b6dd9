"""Where members stand, for acts on many of them at once: those alike together, and written together."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId
from db.seat_rows import AlikeRow, StandingRow

from .role_facts import lock_members

_ALIKE = """
WITH counted AS (
    SELECT u.member_id, count(u.lets_in) AS known, count(*) FILTER (WHERE u.lets_in) AS letting_in
    FROM directory_user u WHERE u.organization_id = $1 AND u.member_id = ANY($2) GROUP BY u.member_id
)
SELECT m.status, m.managed_by, m.hold, m.locked_out_at IS NOT NULL, m.seat, m.seat_type, m.awaits_seat, m.role_id,
       coalesce(c.known, 0), coalesce(c.letting_in, 0), i.member_id IS NOT NULL,
       array_agg(m.id ORDER BY m.awaits_since, m.id)
FROM member m LEFT JOIN counted c ON c.member_id = m.id
LEFT JOIN invitation i ON i.organization_id = $1 AND i.member_id = m.id AND i.accepted_at IS NULL
WHERE m.organization_id = $1 AND m.id = ANY($2)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""


async def alike(organization: OrganizationId, members: Sequence[uuid.UUID]) -> list[AlikeRow]:
    """What the standing of members follows from, those alike together, as it is after they were locked."""
    await lock_members(organization, members)
    return await seen(organization, members)


async def seen(organization: OrganizationId, members: Sequence[uuid.UUID]) -> list[AlikeRow]:
    """The same without a lock, for who only looks."""
    found = await sql.rows(_ALIKE, organization, list(members))
    return [AlikeRow(*row) for row in found]


_ASSIGN = """
UPDATE member SET status = $3, status_since = CASE WHEN status = $3 THEN status_since ELSE $9 END,
    managed_by = $4, hold = $5,
    held_role_id = CASE WHEN $5::text IS NULL THEN NULL WHEN hold IS NULL THEN role_id ELSE held_role_id END,
    locked_out_at = CASE WHEN $6 THEN coalesce(locked_out_at, $9) END,
    seat = $7, awaits_seat = $8,
    awaits_since = CASE WHEN $8::text IS NULL THEN NULL WHEN awaits_seat = $8 THEN awaits_since ELSE $9 END,
    erase_after = CASE WHEN $3 <> 'DEPROVISIONED' THEN NULL WHEN status = $3 THEN erase_after ELSE $10 END,
    updated_at = $9, version = version + 1
FROM unnest($2::uuid[]) AS a (id) WHERE member.organization_id = $1 AND member.id = a.id
"""


async def assign(
    organization: OrganizationId,
    members: Sequence[uuid.UUID],
    row: StandingRow,
    at: datetime,
    *,
    erase_after: datetime | None,
) -> None:
    """Give members a standing; `erase_after` is for those who leave by it."""
    await sql.rows(
        _ASSIGN,
        organization,
        list(members),
        row.status,
        row.managed_by,
        row.hold,
        row.is_locked_out,
        row.seat,
        row.awaits_seat,
        at,
        erase_after,
    )
