"""What hangs on members: who took which seat, how many there are, and whom the directory has removed."""

from __future__ import annotations

from datetime import date

import asyncpg

from db.enums import SeatType

from .populations import Population

_LEDGER = """
INSERT INTO seat_entry (organization_id, id, seat_type, delta, member_id, cause, entered_at)
SELECT $1, gen_random_uuid(), seat, 1, id, 'ARRIVED', created_at FROM member WHERE organization_id = $1
"""
_COUNT = """
INSERT INTO seat_count (organization_id, seat_type, slot, used)
SELECT $1, seat, 0, count(*) FROM member WHERE organization_id = $1 AND seat IS NOT NULL GROUP BY seat
"""
_POOL = "INSERT INTO seat_pool (organization_id, seat_type, seat_limit) VALUES ($1, $2, $3)"

_SNAPSHOTS = """
INSERT INTO seat_snapshot (organization_id, day, seat_type, used, seat_limit)
SELECT $1, day, seat_type, $4, NULL FROM generate_series($2::date, $3::date, interval '1 day') AS day,
    unnest(ARRAY['full', 'lite', 'free']) AS seat_type
"""
YEAR = (date(2025, 11, 1), date(2026, 10, 31))
"""The first and the last of the days whose seats are remembered."""

# In a far future, so that they are within the window of the breaker whenever that is.
_REMOVALS = """
INSERT INTO removal_count (organization_id, directory_id, minute, slot, people) VALUES ($1, $2, '2120-06-01Z', 0, $3)
"""


async def seed(connection: asyncpg.Connection, population: Population) -> None:
    """Write it for people who were written before."""
    organization = population.organization
    await connection.execute(_LEDGER, organization, timeout=600)
    await count_seats(connection, population)
    if population.seats is not None:
        await connection.execute(_POOL, organization, SeatType.FULL, population.seats)
    await connection.execute(_SNAPSHOTS, organization, *YEAR, population.users)
    await connection.execute(_REMOVALS, organization, population.directory, population.removed)


async def count_seats(connection: asyncpg.Connection, population: Population) -> None:
    """Write how many seats are taken."""
    await connection.execute("DELETE FROM seat_count WHERE organization_id = $1", population.organization)
    await connection.execute(_COUNT, population.organization, timeout=600)
