"""Many new members at once, with the seats that they get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from db.enums import MemberStatus, SeatType
from db.rows import MemberRow
from db.seat_rows import AlikeRow, StandingRow
from db.together import together

from . import lifecycle, seating, standings
from .occasion import Occasion
from .standings import Pair


async def welcome(occasion: Occasion, newcomers: Sequence[MemberRow]) -> list[MemberRow]:
    """New members with the seats that they get, as many as there are in their order; seats are written, they are not.

    Raises SeatLimitReached.
    """
    people = {row.id: row for row in newcomers}
    lacks: dict[SeatType, list[MemberRow]] = {}
    for row in newcomers:
        if seat_type := standings.needed(row, occasion):
            lacks.setdefault(seat_type, []).append(row)
    planned = await standings.seat_all(occasion, {each: [_nobody_yet(rows)] for each, rows in lacks.items()})
    for claim in planned.claims:
        await together(claim.parts)
    for each in planned.moved:
        lifecycle.check(None, MemberStatus(each.after.status), occasion.cause)
        await together(seating.exchanged(occasion, None, each.after.seat, each.members))
    return [_standing_so(people[id], each.after, occasion.at) for each in planned.moved for id in each.members]


def _standing_so(member: MemberRow, row: StandingRow, at: datetime) -> MemberRow:
    since = at if row.awaits_seat else None
    return replace(member, status=row.status, seat=row.seat, awaits_seat=row.awaits_seat, awaits_since=since)


def _nobody_yet(newcomers: Sequence[MemberRow]) -> Pair:
    """New members of one status, as members who are alike and have no seat yet."""
    one, ids = newcomers[0], [each.id for each in newcomers]
    alike = AlikeRow(one.status, one.managed_by, None, False, None, one.seat_type, None, None, 0, 0, False, ids)
    return alike, one
