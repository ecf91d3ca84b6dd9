"""Access that directories ended or would have ended."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.enums import Passage, RemovalState
from db.ids import DirectoryId, OrganizationId, new_ids
from db.seat_rows import PassageRow, RemovalRow
from db.together import Part

_SEEN = """
SELECT (SELECT coalesce(sum(people), 0)::bigint FROM removal_count
        WHERE organization_id = $1 AND directory_id = $2 AND minute >= date_trunc('minute', $3::timestamptz)) AS lost,
       (SELECT base FROM removal_window
        WHERE organization_id = $1 AND directory_id = $2 AND counted_at > $3::timestamptz) AS base
"""

# PostgreSQL runs so many transactions at most, and each of those that pass beside others removes two people at most.
_MEANWHILE = "2 * current_setting('max_connections')::int"

_PASS = f"""
WITH seen AS ({_SEEN}), most AS (SELECT lost, base, greatest($5, base * $6 / 100) AS people FROM seen)
SELECT lost, base, {_MEANWHILE}, CASE
    WHEN base IS NOT NULL AND lost + $4 > people THEN 'FULL'
    WHEN $4 = 1 AND lost + 1 + 2 * {_MEANWHILE} <= people THEN 'BESIDE' || pg_advisory_xact_lock_shared($7)::text
    ELSE 'ALONE' || pg_advisory_xact_lock($7)::text END
FROM most
"""


async def enter(
    organization: OrganizationId, directory: DirectoryId, since: datetime, count: int, *, people: int, percent: int
) -> PassageRow:
    """Come in to remove so many people: beside others, alone until the transaction ends, or not, see PassageRow.

    `people` and `percent` of the base are how many a directory may remove `since` then. Only a removal that is near
    the limit has to be alone to count exactly; what was counted before the lock is to be counted again.
    """
    found = await sql.row(_PASS, organization, directory, since, count, people, percent, _key(organization, directory))
    assert found is not None
    return PassageRow(found[0], found[1], found[2], Passage(found[3]))


async def stay_alone(organization: OrganizationId, directory: DirectoryId) -> None:
    """Let nobody else remove people by the directory until the transaction ends."""
    await sql.rows("SELECT pg_advisory_xact_lock($1)", _key(organization, directory))


async def counted(organization: OrganizationId, directory: DirectoryId, since: datetime) -> tuple[int, int | None]:
    """How many members lost access by a directory since the minute of a moment, and of how many, if that is known."""
    found = await sql.row(_SEEN, organization, directory, since)
    assert found is not None
    return found[0], found[1]


def _key(organization: uuid.UUID, directory: uuid.UUID) -> int:
    """The number of the lock; two directories with the same would only wait for each other."""
    number: int = (organization.int ^ directory.int) & 0xFFFF_FFFF_FFFF_FFFF
    return number - (1 << 63)


_BASE = """
WITH forgotten AS (
    DELETE FROM removal_count
    WHERE organization_id = $1 AND directory_id = $2 AND minute < $4::timestamptz - make_interval(days => 1)
)
INSERT INTO removal_window (organization_id, directory_id, base, counted_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (organization_id, directory_id) DO UPDATE SET base = excluded.base, counted_at = excluded.counted_at
"""


async def set_base(organization: OrganizationId, directory: DirectoryId, base: int, at: datetime) -> None:
    """Remember against how many members removals are measured from now on, and forget what no window reaches."""
    await sql.rows(_BASE, organization, directory, base, at)


async def able(organization: OrganizationId) -> int:
    """How many members can use the organization."""
    found = await sql.value(
        "SELECT count(*) FROM member WHERE organization_id = $1 AND status IN ('ACTIVE', 'HELD')", organization
    )
    return int(str(found))


_REMOVE = """
INSERT INTO removal
    (organization_id, id, directory_id, member_id, request_id, cause, state, role_id, removed_at, decide_by)
SELECT $1, made.id, $2, made.member, $3, $4, $5, m.role_id, $6, $7
FROM unnest($8::uuid[], $9::uuid[]) AS made (id, member)
JOIN member m ON m.organization_id = $1 AND m.id = made.member
"""


_COUNT = """
INSERT INTO removal_count (organization_id, directory_id, minute, slot, people)
VALUES ($1, $2, date_trunc('minute', $3::timestamptz), pg_backend_pid() % 16, $4)
ON CONFLICT (organization_id, directory_id, minute, slot)
DO UPDATE SET people = removal_count.people + excluded.people
"""


def removed_parts(organization: uuid.UUID, row: RemovalRow, members: Sequence[uuid.UUID]) -> list[Part]:
    """The writes that remember who lost access, or would have, with the role that they had; and count the former."""
    values = (row.directory_id, row.request_id, row.cause, row.state, row.removed_at, row.decide_by)
    parts = [Part("removed", _REMOVE, (organization, *values, new_ids(len(members)), list(members)))]
    if row.state == RemovalState.APPLIED:
        parts.append(Part("removal_counted", _COUNT, (organization, row.directory_id, row.removed_at, len(members))))
    return parts


def decided_part(
    organization: uuid.UUID, members: Sequence[uuid.UUID], state: str, at: datetime, by: str | None
) -> Part:
    """The write that ends what is on hold for members."""
    return Part(
        "removal_decided",
        "UPDATE removal SET state = $3, decided_at = $4, decided_by = $5"
        " WHERE organization_id = $1 AND member_id = ANY($2) AND state = 'HELD'",
        (organization, list(members), state, at, by),
    )


_LISTED = """
SELECT r.id, r.directory_id, d.name AS directory, r.member_id, m.email, m.display_name, m.status, r.request_id, r.cause,
       r.state, o.key AS role, r.removed_at, r.decide_by, r.decided_at, r.decided_by
FROM removal r
JOIN directory d ON d.organization_id = r.organization_id AND d.id = r.directory_id
JOIN member m ON m.organization_id = r.organization_id AND m.id = r.member_id
LEFT JOIN role o ON o.organization_id = r.organization_id AND o.id = r.role_id
"""


async def held(organization: OrganizationId, *, limit: int) -> list[dict[str, object]]:
    """Removals that wait for a decision, oldest first."""
    found = await sql.rows(
        f"{_LISTED} WHERE r.organization_id = $1 AND r.state = 'HELD' ORDER BY r.removed_at, r.id LIMIT $2",
        organization,
        limit,
    )
    return [dict(row) for row in found]


async def applied(
    organization: OrganizationId, directory: uuid.UUID, since: datetime, *, limit: int
) -> list[dict[str, object]]:
    """Removals by a directory since a moment that were carried out, oldest first."""
    found = await sql.rows(
        f"{_LISTED} WHERE r.organization_id = $1 AND r.directory_id = $2 AND r.state = 'APPLIED' AND r.removed_at > $3"
        " ORDER BY r.removed_at, r.id LIMIT $4",
        organization,
        directory,
        since,
        limit,
    )
    return [dict(row) for row in found]


async def lock(organization: OrganizationId, ids: Sequence[uuid.UUID], state: str) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Those of the removals that are in a state, with their members; locked."""
    found = await sql.rows(
        "SELECT id, member_id FROM removal WHERE organization_id = $1 AND id = ANY($2) AND state = $3"
        " ORDER BY member_id, id FOR UPDATE",
        organization,
        list(ids),
        state,
    )
    return [(row[0], row[1]) for row in found]


async def due(organization: OrganizationId, at: datetime) -> list[uuid.UUID]:
    """Removals whose time to decide is over."""
    found = await sql.rows(
        "SELECT id FROM removal WHERE organization_id = $1 AND state = 'HELD' AND decide_by <= $2 ORDER BY id",
        organization,
        at,
    )
    return [row[0] for row in found]


async def members_of(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Whom removals are about."""
    found = await sql.rows(
        "SELECT DISTINCT member_id FROM removal WHERE organization_id = $1 AND id = ANY($2)", organization, list(ids)
    )
    return [row[0] for row in found]


async def decide(
    organization: OrganizationId,
    ids: Sequence[uuid.UUID],
    members: Sequence[uuid.UUID],
    state: str,
    at: datetime,
    by: str,
) -> list[uuid.UUID]:
    """Write what was decided about removals, and with them about what waits for a decision on the same members.

    Returns all that was decided, in order.
    """
    found = await sql.rows(
        "UPDATE removal SET state = $4, decided_at = $5, decided_by = $6"
        " WHERE organization_id = $1 AND (id = ANY($2) OR (member_id = ANY($3) AND state = 'HELD')) RETURNING id",
        organization,
        list(ids),
        list(members),
        state,
        at,
        by,
    )
    return sorted(row[0] for row in found)


_UNCOUNT = """
INSERT INTO removal_count (organization_id, directory_id, minute, slot, people)
SELECT $1, directory_id, date_trunc('minute', removed_at), pg_backend_pid() % 16, -count(*)
FROM removal WHERE organization_id = $1 AND id = ANY($2) GROUP BY 2, 3 ORDER BY 2, 3
ON CONFLICT (organization_id, directory_id, minute, slot)
DO UPDATE SET people = removal_count.people + excluded.people
"""


async def uncount(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> None:
    """Count removals no more that are undone."""
    await sql.rows(_UNCOUNT, organization, list(ids))


async def roles_before(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> None:
    """Give the members of removals the role back, as the one that is kept, which they had before."""
    await sql.rows(
        "UPDATE member SET held_role_id = r.role_id FROM removal r"
        " WHERE r.organization_id = $1 AND r.id = ANY($2)"
        " AND member.organization_id = $1 AND member.id = r.member_id",
        organization,
        list(ids),
    )
