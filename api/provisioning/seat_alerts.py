"""Thresholds of seat usage: raised once for each crossing, cleared when usage falls below (REQUIREMENTS R135)."""

from __future__ import annotations

from collections.abc import Sequence

from db.enums import SeatType
from db.queries import seat_alerts as rows
from db.queries import seats as seat_rows
from db.together import Part, together

from . import notices, thresholds
from .occasion import Occasion


async def parts(
    occasion: Occasion, seat_type: SeatType, before: int, after: int, *, limit_before: int, limit: int
) -> list[Part]:
    """The writes for a pool, locked, of which so many seats are taken now instead of before.

    Nothing is asked while usage is below every threshold; what still stands from before is cleared by `settle`. Who
    buys the seat that they take crosses nothing that was not crossed.
    """
    percents = occasion.book.policies.seat_thresholds
    reached = thresholds.reached(percents, after, limit)
    if not reached:
        return []
    standing = set(await rows.standing(occasion.actor.organization, seat_type))
    stale = standing - thresholds.reached(percents, before, limit_before)
    return _parts(occasion, seat_type, standing - stale, reached, used=after, limit=limit, stale=stale)


async def settle(occasion: Occasion, seat_type: SeatType) -> None:
    """Raise and clear what follows from usage as it is: after a change of the limit, and by the clock."""
    organization = occasion.actor.organization
    limit, used = await seat_rows.lock_pool(organization, seat_type)
    standing = set(await rows.standing(organization, seat_type))
    reached = thresholds.reached(occasion.book.policies.seat_thresholds, used, limit)
    await together(_parts(occasion, seat_type, standing, reached, used=used, limit=limit or 0, stale=set()))


def _parts(
    occasion: Occasion,
    seat_type: SeatType,
    standing: set[int],
    reached: frozenset[int],
    *,
    used: int,
    limit: int,
    stale: set[int],
) -> list[Part]:
    crossing = thresholds.crossed(standing, reached)
    return [
        *rows.crossed_parts(
            occasion.actor.organization,
            seat_type,
            raised=crossing.raised,
            cleared=sorted({*crossing.cleared, *stale}),
            used=used,
            limit=limit,
            at=occasion.at,
        ),
        *_told(occasion, seat_type, standing, crossing.raised, used=used, limit=limit),
    ]


def _told(
    occasion: Occasion, seat_type: SeatType, standing: set[int], raised: Sequence[int], *, used: int, limit: int
) -> list[Part]:
    """The mail about the highest of thresholds that were crossed at once, unless people know of a higher one."""
    highest = max(raised, default=0)
    if highest <= max(standing, default=0):
        return []
    policy, organization = occasion.book.policies.seat_limit, occasion.actor.organization
    return notices.threshold_parts(
        organization, seat_type, highest, used=used, limit=limit, policy=policy, at=occasion.at
    )
