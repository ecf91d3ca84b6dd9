"""Where what is stored differs from what follows from the facts, and members whom nobody manages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import OrganizationId, new_ids
from db.rule_rows import EditedRow, RecountRow, SeatSumRow, UnmanagedRow


async def some_members(organization: OrganizationId, after: uuid.UUID, *, limit: int) -> list[uuid.UUID]:
    """Members in the order of their ids, after the given one."""
    found = await sql.rows(
        "SELECT id FROM member WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3", organization, after, limit
    )
    return [row[0] for row in found]


async def addresses(organization: OrganizationId, members: Sequence[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    """The e-mail addresses of members."""
    found = await sql.rows(
        "SELECT id, email FROM member WHERE organization_id = $1 AND id = ANY($2)", organization, list(members)
    )
    return {row[0]: row[1] for row in found}


async def edited(organization: OrganizationId, *, limit: int) -> list[EditedRow]:
    """Members with fields that were edited here since a directory wrote them, with how many there are in all."""
    found = await sql.rows(
        """SELECT id, email, display_name, seat_type, local, count(*) OVER () FROM member
           WHERE organization_id = $1 AND local IS NOT NULL ORDER BY id LIMIT $2""",
        organization,
        limit,
    )
    return [EditedRow(*row) for row in found]


_LETS_IN = """
CASE WHEN d.deleted_at IS NULL THEN u.active OR coalesce((d.settings ->> 'suspend_on_inactive')::boolean, true) IS FALSE
END"""


async def miscounted_users(organization: OrganizationId) -> int:
    """How many directory users let their member in, or not, against what their directory says."""
    found = await sql.value(
        f"""SELECT count(*) FROM directory d
            JOIN directory_user u ON u.organization_id = d.organization_id AND u.directory_id = d.id
            WHERE d.organization_id = $1 AND u.lets_in IS DISTINCT FROM ({_LETS_IN})""",
        organization,
    )
    return int(str(found))


_COUNT_USERS_RIGHT = f"""
WITH wrong AS (
    SELECT u.id, u.lets_in AS before, ({_LETS_IN}) AS due
    FROM directory d JOIN directory_user u ON u.organization_id = d.organization_id AND u.directory_id = d.id
    WHERE d.organization_id = $1 AND u.lets_in IS DISTINCT FROM ({_LETS_IN})
    ORDER BY u.id FOR UPDATE OF u
)
UPDATE directory_user u SET lets_in = wrong.due FROM wrong
WHERE u.organization_id = $1 AND u.id = wrong.id RETURNING u.id, u.member_id, wrong.before, wrong.due
"""


async def count_users_right(organization: OrganizationId) -> list[RecountRow]:
    """Let directory users let in whom their directory says; what was changed."""
    return [RecountRow(*row) for row in await sql.rows(_COUNT_USERS_RIGHT, organization)]


_SEATS = """
SELECT t.seat_type, coalesce(c.n, 0)::bigint, coalesce(e.n, 0)::bigint, coalesce(h.n, 0)::bigint
FROM unnest($2::text[]) WITH ORDINALITY AS t (seat_type, place)
LEFT JOIN (SELECT seat_type, sum(used) AS n FROM seat_count WHERE organization_id = $1 GROUP BY 1) c USING (seat_type)
LEFT JOIN (SELECT seat_type, sum(delta) AS n FROM seat_entry WHERE organization_id = $1 GROUP BY 1) e USING (seat_type)
LEFT JOIN (SELECT seat AS seat_type, count(*) AS n FROM member WHERE organization_id = $1 GROUP BY 1) h
    USING (seat_type)
"""


async def seat_sums(organization: OrganizationId, seat_types: Sequence[str]) -> list[SeatSumRow]:
    """How many seats of each type are held, by the count, by the ledger, and by the members."""
    return [SeatSumRow(*row) for row in await sql.rows(f"{_SEATS} ORDER BY place", organization, list(seat_types))]


_RECOUNT = f"""
INSERT INTO seat_count (organization_id, seat_type, slot, used)
SELECT $1, s.seat_type, pg_backend_pid() % 16, s.held - s.counted
FROM ({_SEATS}) AS s (seat_type, counted, entered, held) WHERE s.held <> s.counted
ON CONFLICT (organization_id, seat_type, slot) DO UPDATE SET used = seat_count.used + excluded.used
"""
_UNENTERED = """
SELECT member_id, seat_type, coalesce(h.n, 0) - coalesce(e.n, 0)
FROM (SELECT id AS member_id, seat AS seat_type, 1 AS n FROM member WHERE organization_id = $1 AND seat IS NOT NULL) h
FULL JOIN (SELECT member_id, seat_type, sum(delta)::bigint AS n FROM seat_entry WHERE organization_id = $1
           GROUP BY 1, 2) e USING (member_id, seat_type)
WHERE coalesce(h.n, 0) <> coalesce(e.n, 0)
"""
_ENTER = """
INSERT INTO seat_entry (organization_id, id, seat_type, delta, member_id, cause, entered_at)
SELECT $1, made.id, made.seat_type, made.delta, made.member, $2, $3
FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::smallint[]) AS made (id, member, seat_type, delta)
"""


async def count_seats_right(
    organization: OrganizationId, seat_types: Sequence[str], *, cause: str, at: datetime
) -> int:
    """Let count and ledger say what members hold, by as many new lines of the ledger as are missing; how many."""
    await sql.rows(_RECOUNT, organization, list(seat_types))
    found = await sql.rows(_UNENTERED, organization)
    lines = [(row[0], row[1], 1 if row[2] > 0 else -1) for row in found for _ in range(abs(row[2]))]
    members, types, deltas = [line[0] for line in lines], [line[1] for line in lines], [line[2] for line in lines]
    await sql.rows(_ENTER, organization, cause, at, new_ids(len(lines)), members, types, deltas)
    return len(lines)


_UNMANAGED = """
WITH known AS (
    SELECT u.member_id, bool_or(u.lets_in IS NULL) AS was_deleted, bool_or(u.lets_in IS NOT NULL) AS is_known,
           bool_and(u.lets_in IS NULL OR u.directory_id = ANY($2)) AS is_silent
    FROM directory_user u WHERE u.organization_id = $1 GROUP BY u.member_id
), found AS (
    SELECT m.id, m.email, m.status, CASE
        WHEN m.hold = 'REMOVAL_REJECTED' THEN 'REMOVAL_REJECTED'
        WHEN m.managed_by = 'LOCAL' AND NOT coalesce(k.is_known, false)
            AND (m.source = 'SCIM' OR k.was_deleted) THEN 'DIRECTORY_DELETED'
        WHEN k.is_known AND k.is_silent THEN 'DIRECTORY_SILENT' END AS reason
    FROM member m LEFT JOIN known k ON k.member_id = m.id
    WHERE m.organization_id = $1 AND m.status NOT IN ('DEACTIVATED', 'DEPROVISIONED', 'ERASED')
)
SELECT id, email, status, reason, count(*) OVER () FROM found WHERE reason IS NOT NULL ORDER BY id LIMIT $3
"""


async def unmanaged(organization: OrganizationId, silent: Sequence[uuid.UUID], *, limit: int) -> list[UnmanagedRow]:
    """Members with access whom nobody manages any more, with how many there are in all; `silent` are directories."""
    return [UnmanagedRow(*row) for row in await sql.rows(_UNMANAGED, organization, list(silent), limit)]
