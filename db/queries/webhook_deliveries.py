"""Messages on their way to endpoints, every attempt, and what came back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from db import pages, sql
from db.ids import OrganizationId, first_id
from db.pages import Order, Page, Span
from db.webhook_rows import Attempted, AttemptView, DeliveryView, Due, HourRow, NewDelivery


async def add(organization: OrganizationId, rows: Sequence[NewDelivery], at: datetime) -> None:
    """Write deliveries that are due."""
    await sql.rows(
        """INSERT INTO webhook_delivery (organization_id, id, endpoint_id, message_id, state, attempts, due_at)
           SELECT $1, made.*, 'PENDING', 0, $5 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[])
               AS made (id, endpoint_id, message_id)""",
        organization,
        [row.id for row in rows],
        [row.endpoint_id for row in rows],
        [row.message_id for row in rows],
        at,
    )


async def due(organization: OrganizationId, endpoint: uuid.UUID, at: datetime, *, limit: int) -> list[Due]:
    """What an endpoint is to be sent now, in the order in which that became so."""
    found = await sql.rows(
        """SELECT d.id, d.message_id, d.attempts, m.body FROM webhook_delivery d
           JOIN webhook_message m ON m.organization_id = d.organization_id AND m.id = d.message_id
           WHERE d.organization_id = $1 AND d.endpoint_id = $2 AND d.state = 'PENDING' AND d.due_at <= $3
           ORDER BY d.due_at, d.id LIMIT $4""",
        organization,
        endpoint,
        at,
        limit,
    )
    return [Due(*row) for row in found]


async def next_due(organization: OrganizationId, endpoint: uuid.UUID) -> datetime | None:
    """When an endpoint is to be sent something next, not before it is to be left alone no longer; None for never."""
    found = await sql.value(
        """SELECT greatest(first.due_at, e.waits_until) FROM webhook_endpoint e CROSS JOIN (
               SELECT min(due_at) AS due_at FROM webhook_delivery
               WHERE organization_id = $1 AND endpoint_id = $2 AND state = 'PENDING') first
           WHERE e.organization_id = $1 AND e.id = $2 AND first.due_at IS NOT NULL""",
        organization,
        endpoint,
    )
    return found if isinstance(found, datetime) else None


_SETTLE = """
WITH tried AS (
    INSERT INTO webhook_attempt (organization_id, id, delivery_id, status, error, response, duration_ms, sent_at)
    SELECT $1, made.id, made.delivery, made.status, made.error, made.response, made.duration_ms, made.sent_at
    FROM unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::int[], $8::timestamptz[])
        AS made (id, delivery, status, error, response, duration_ms, sent_at)
    JOIN webhook_delivery d ON d.organization_id = $1 AND d.id = made.delivery
)
UPDATE webhook_delivery d SET state = made.state, attempts = d.attempts + 1, due_at = made.due_at,
    ended_at = made.ended_at
FROM unnest($3::uuid[], $9::text[], $10::timestamptz[], $11::timestamptz[]) AS made (delivery, state, due_at, ended_at)
WHERE d.organization_id = $1 AND d.id = made.delivery AND d.state = 'PENDING'
"""


async def settle(organization: OrganizationId, rows: Sequence[Attempted]) -> None:
    """Write attempts, and how their deliveries stand then; what was deleted meanwhile is left out."""
    await sql.rows(
        _SETTLE,
        organization,
        [row.id for row in rows],
        [row.delivery_id for row in rows],
        [row.status for row in rows],
        [row.error for row in rows],
        [row.response for row in rows],
        [row.duration_ms for row in rows],
        [row.sent_at for row in rows],
        [row.state for row in rows],
        [row.due_at for row in rows],
        [row.ended_at for row in rows],
    )


async def fail_all(organization: OrganizationId, endpoint: uuid.UUID, at: datetime) -> int:
    """Let everything fail that an endpoint was still to be sent; how much that was."""
    found = await sql.rows(
        """UPDATE webhook_delivery SET state = 'FAILED', due_at = NULL, ended_at = $3
           WHERE organization_id = $1 AND endpoint_id = $2 AND state = 'PENDING' RETURNING 1""",
        organization,
        endpoint,
        at,
    )
    return len(found)


async def again(organization: OrganizationId, endpoint: uuid.UUID, ids: Sequence[uuid.UUID], at: datetime) -> int:
    """Let these deliveries of an endpoint be due again that are over; how many."""
    return await _again(organization, "id = ANY($4)", endpoint, at, list(ids))


async def failed_again(
    organization: OrganizationId, endpoint: uuid.UUID, since: datetime, to: datetime, at: datetime
) -> int:
    """Let everything be due again that an endpoint did not get of what was put between two moments; how much."""
    made = "state = 'FAILED' AND id >= $4 AND id < $5"
    return await _again(organization, made, endpoint, at, first_id(since), first_id(to))


async def _again(organization: OrganizationId, condition: str, endpoint: uuid.UUID, at: datetime, *args: object) -> int:
    found = await sql.rows(
        f"""UPDATE webhook_delivery SET state = 'PENDING', attempts = 0, due_at = $3, ended_at = NULL
            WHERE organization_id = $1 AND endpoint_id = $2 AND state <> 'PENDING' AND {condition} RETURNING 1""",
        organization,
        endpoint,
        at,
        *args,
    )
    return len(found)


_DELIVERY = """
SELECT d.organization_id, d.id, d.endpoint_id, d.message_id, m.type, m.sequence, m.member_id, m.body, m.occurred_at,
       d.state, d.due_at, d.ended_at
FROM webhook_delivery d JOIN webhook_message m ON m.organization_id = d.organization_id AND m.id = d.message_id"""


async def pages_of(
    organization: OrganizationId, endpoints: Sequence[uuid.UUID], state: str | None, span: Span
) -> dict[uuid.UUID, Page[DeliveryView]]:
    """The same page of what each endpoint was sent, or is to be, newest first; of one state, if that is named."""
    conditions = ["d.organization_id = $1", "d.endpoint_id = parent.id", "($2::text IS NULL OR d.state = $2)"]
    order = Order("d.id", "d.id", is_descending=True)
    found = await pages.pages_of_each(endpoints, _DELIVERY, conditions, [organization, state], order, span)
    return {
        endpoint: Page([DeliveryView(*row[:-2]) for row in page.rows], page.places, page.has_more)
        for endpoint, page in found.items()
    }


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[DeliveryView]:
    """Deliveries by id."""
    found = await sql.rows(f"{_DELIVERY} WHERE d.organization_id = $1 AND d.id = ANY($2)", organization, list(ids))
    return [DeliveryView(*row) for row in found]


async def attempts(organization: OrganizationId, deliveries: Sequence[uuid.UUID]) -> list[AttemptView]:
    """Every attempt at deliveries, oldest first."""
    found = await sql.rows(
        """SELECT delivery_id, sent_at, status, error, response, duration_ms FROM webhook_attempt
           WHERE organization_id = $1 AND delivery_id = ANY($2) ORDER BY id""",
        organization,
        list(deliveries),
    )
    return [AttemptView(*row) for row in found]


async def counts(
    organization: OrganizationId, endpoints: Sequence[uuid.UUID], since: datetime
) -> Mapping[uuid.UUID, Mapping[str, int]]:
    """How many deliveries of endpoints that were put since a moment have which state."""
    found = await sql.rows(
        """SELECT endpoint_id, state, count(*) FROM webhook_delivery
           WHERE organization_id = $1 AND endpoint_id = ANY($2) AND id >= $3 GROUP BY 1, 2""",
        organization,
        list(endpoints),
        first_id(since),
    )
    counted: dict[uuid.UUID, dict[str, int]] = {endpoint: {} for endpoint in endpoints}
    for endpoint, state, count in found:
        counted[endpoint][state] = count
    return counted


COUNTED_AT_MOST = 50_000
"""Of an endpoint that was sent more within the time only the last deliveries are counted."""

_HOURS = """
SELECT e.id, width_bucket(d.id, $3::uuid[]) - 1 AS place, count(*) FILTER (WHERE d.state = 'DELIVERED'),
       count(*) FILTER (WHERE d.state = 'PENDING'), count(*) FILTER (WHERE d.state = 'FAILED')
FROM unnest($2::uuid[]) e(id)
CROSS JOIN LATERAL (
    SELECT id, state FROM webhook_delivery
     WHERE organization_id = $1 AND endpoint_id = e.id AND id >= ($3::uuid[])[1] ORDER BY id DESC LIMIT $4
) d
GROUP BY 1, 2 ORDER BY 1, 2
"""


async def by_hour(
    organization: OrganizationId, endpoints: Sequence[uuid.UUID], hours: Sequence[datetime]
) -> list[HourRow]:
    """The deliveries of each endpoint by the hours that began then; hours in which none was put are left out."""
    found = await sql.rows(_HOURS, organization, list(endpoints), [first_id(at) for at in hours], COUNTED_AT_MOST)
    return [HourRow(*row) for row in found]
