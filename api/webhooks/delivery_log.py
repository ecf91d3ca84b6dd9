"""What endpoints were sent, how that went, and sending it again."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.provisioning import clock
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import NotFound
from api.provisioning.grouping import by_owner
from api.provisioning.history import remember
from api.provisioning.traffic import HOURS, first_hour
from db.pages import Page, Span
from db.queries import webhook_deliveries as rows
from db.transaction import transaction
from db.webhook_rows import AttemptView, DeliveryView, HourRow

from . import endpoints

_LATELY = timedelta(days=1)
_HOUR = timedelta(hours=1)

PageOf = tuple[uuid.UUID, str | None, Span]
"""A page of what one endpoint was sent, or of what came to a state."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What became of the deliveries that were put within an hour; `is_known` says whether all of them were counted."""

    at: datetime
    delivered: int = 0
    pending: int = 0
    failed: int = 0
    is_known: bool = True


async def replay(actor: Actor, endpoint: uuid.UUID, deliveries: Sequence[uuid.UUID]) -> int:
    """Send these deliveries again, under the ids that they had; how many. What is still to be sent stays as it is.

    Raises NotFound, InTheWay for a disabled endpoint.
    """

    async def again() -> int:
        known = {row.id for row in await rows.many(actor.organization, deliveries) if row.endpoint_id == endpoint}
        if missing := set(deliveries) - known:
            raise NotFound(f"There is no delivery with the id {min(missing)} to this endpoint.")
        return await rows.again(actor.organization, endpoint, deliveries, clock.now())

    return await _replayed(actor, endpoint, again)


async def replay_failed(actor: Actor, endpoint: uuid.UUID, since: datetime, to: datetime) -> int:
    """Send everything again that failed of what was put between two moments; how much.

    Raises NotFound, InTheWay for a disabled endpoint.
    """

    async def again() -> int:
        return await rows.failed_again(actor.organization, endpoint, since, to, clock.now())

    return await _replayed(actor, endpoint, again)


async def pages(actor: Actor, asked: Sequence[PageOf]) -> Mapping[PageOf, Page[DeliveryView]]:
    """What endpoints were sent, or are to be, newest first: a statement for all that are asked for the same page."""
    actor.must(Right.DEVELOPERS_MANAGE)
    found = dict[PageOf, Page[DeliveryView]]()
    for state, span in dict.fromkeys((state, span) for _, state, span in asked):
        ids = [endpoint for endpoint, *same in asked if same == [state, span]]
        there = await rows.pages_of(actor.organization, ids, state, span)
        found |= {(endpoint, state, span): page for endpoint, page in there.items()}
    return found


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, DeliveryView]:
    """Deliveries by id."""
    actor.must(Right.DEVELOPERS_MANAGE)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def attempts(actor: Actor, deliveries: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[AttemptView]]:
    """Every attempt at deliveries, oldest first."""
    actor.must(Right.DEVELOPERS_MANAGE)
    return by_owner(deliveries, await rows.attempts(actor.organization, deliveries), lambda row: row.delivery_id)


async def lately(actor: Actor, endpoints: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[str, int]]:
    """How many deliveries of the last day have which state, by endpoint."""
    actor.must(Right.DEVELOPERS_MANAGE)
    return await rows.counts(actor.organization, endpoints, clock.now() - _LATELY)


async def _replayed(actor: Actor, endpoint: uuid.UUID, again: Callable[[], Awaitable[int]]) -> int:
    actor.must(Right.DEVELOPERS_MANAGE)

    async def work() -> int:
        endpoints.must_be_enabled(await endpoints.locked(actor, endpoint))
        count = await again()
        if count:
            await endpoints.send_now(actor, endpoint)
            told = {"deliveries": count}
            await remember(actor, clock.now(), "deliveries_replayed", "webhook_endpoint", endpoint, after=told)
        return count

    return await transaction(work)


async def hours(actor: Actor, endpoints: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[Hour]]:
    """The last 24 hours of endpoints, oldest first; the last one is not over yet."""
    actor.must(Right.DEVELOPERS_MANAGE)
    first = first_hour(clock.now())
    every = [first + number * _HOUR for number in range(HOURS)]
    counted = await rows.by_hour(actor.organization, endpoints, every)
    return {
        endpoint: filled(found, every)
        for endpoint, found in by_owner(endpoints, counted, lambda row: row.endpoint_id).items()
    }


def filled(counted: Sequence[HourRow], every: Sequence[datetime]) -> list[Hour]:
    """All hours, those too in which nothing was put. Pure.

    When as many were counted as are counted at most, the oldest hour that was reached is not known, nor is any before.
    """
    by_place = {row.place: row for row in counted}
    total = sum(row.delivered + row.pending + row.failed for row in counted)
    known_from = counted[0].place + 1 if total >= rows.COUNTED_AT_MOST else 0
    return [
        Hour(at, row.delivered, row.pending, row.failed)
        if place >= known_from and (row := by_place.get(place))
        else Hour(at, is_known=place >= known_from)
        for place, at in enumerate(every)
    ]
