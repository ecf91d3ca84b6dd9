"""Purchases of which billing contacts were not told yet."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from db import sql
from db.ids import OrganizationId, first_id, made_at
from db.seat_rows import PurchaseRow

_SLACK = timedelta(minutes=5)
"""What was written in one transaction has ids that were made within that."""

_TAKE = """
UPDATE seat_purchase SET summed_up_at = $2 WHERE organization_id = $1 AND summed_up_at IS NULL
RETURNING id, seat_type, quantity, price_minor, amount_minor, currency, period_start, period_end, added_on, state,
          provider, member_id, request_id, purchased_at
"""


async def take(organization: OrganizationId, at: datetime) -> list[PurchaseRow]:
    """Purchases of which nobody was told, oldest first; they count as told now. Those that failed are told of apart."""
    found = await sql.rows(_TAKE, organization, at)
    return [PurchaseRow(*row) for row in sorted(found, key=lambda row: (row["purchased_at"], row["id"]))]


# Who got a seat on that occasion. A purchase for one person is for that one, others are for all who came together.
_PEOPLE = """
SELECT bought.id, array_agg(found.name ORDER BY found.place) FILTER (WHERE found.place <= $7), count(*)
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[])
     AS bought (id, first, last, seat_type, at)
CROSS JOIN LATERAL (
    SELECT coalesce(nullif(m.display_name, ''), m.email, 'somebody') AS name,
           row_number() OVER (ORDER BY e.id) AS place
    FROM seat_entry e
    JOIN member m ON m.organization_id = e.organization_id AND m.id = e.member_id
    JOIN seat_purchase p ON p.organization_id = e.organization_id AND p.id = bought.id
    WHERE e.organization_id = $1 AND e.id >= bought.first AND e.id < bought.last AND e.seat_type = bought.seat_type
      AND e.entered_at = bought.at AND e.delta = 1 AND e.request_id IS NOT DISTINCT FROM p.request_id
      AND (p.member_id IS NULL OR p.member_id = e.member_id)
) found
GROUP BY bought.id
"""


async def people(
    organization: OrganizationId, bought: Sequence[PurchaseRow], *, limit: int
) -> dict[uuid.UUID, tuple[list[str], int]]:
    """For whom purchases were: the names of the first of them, and how many there are."""
    found = await sql.rows(
        _PEOPLE,
        organization,
        [each.id for each in bought],
        [first_id(made_at(each.id) - _SLACK) for each in bought],
        [first_id(made_at(each.id) + _SLACK) for each in bought],
        [each.seat_type for each in bought],
        [each.purchased_at for each in bought],
        limit,
    )
    return {row[0]: (row[1], row[2]) for row in found}
