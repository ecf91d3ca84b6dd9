"""Thresholds of seat usage: raised once for each crossing, cleared when usage falls below (REQUIREMENTS R135)."""

from __future__ import annotations

from db.enums import SeatType
from db.queries import log
from db.queries import seat_alerts as rows
from db.queries import seats as seat_rows
from db.together import Part, together

from . import thresholds
from .occasion import Occasion


async def parts(occasion: Occasion, seat_type: SeatType, before: int, after: int, *, limit: int) -> list[Part]:
    """The writes for a pool, locked, of which so many seats are taken now instead of before.

    Nothing is asked while usage is below every threshold; what still stands from before is cleared by `settle`.
    """
    percents = occasion.book.policies.seat_thresholds
    reached = thresholds.reached(percents, after, limit)
    if not reached:
        return []
    standing = set(await rows.standing(occasion.actor.organization, seat_type))
    stale = standing - thresholds.reached(percents, before, limit)
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
    crossing, organization = thresholds.crossed(standing, reached), occasion.actor.organization
    raised, cleared = crossing.raised, sorted({*crossing.cleared, *stale})
    parts = rows.crossed_parts(
        organization, seat_type, raised=raised, cleared=cleared, used=used, limit=limit, at=occasion.at
    )
    for action, percents in (("seat_alert_cleared", cleared), ("seat_alert_raised", raised)):
        if percents:
            told = {"seat_type": seat_type, "percents": percents, "used": used, "limit": limit}
            change = occasion.past.change(action, "organization", organization, after=told)
            parts.append(log.change_part(f"{action}_{seat_type}", change))
    return parts
